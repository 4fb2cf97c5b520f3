"""How every command speaks: text for people, or one JSON value on one line; and its exit codes.

Answers go to stdout, trouble to stderr. When stdout is no terminal, lines are not cut to a width.
"""

import sys
from enum import IntEnum
from typing import Any, NoReturn

import msgspec
import typer
from rich.console import Console
from rich.markup import escape

PIPED_WIDTH = 200
"""Columns assumed where nothing says how wide the reader is."""


class ExitCode(IntEnum):
    """What a command ends with."""

    DONE = 0
    BUG = 1
    WRONG_USE = 2
    REFUSED = 3
    UNREACHABLE = 4
    VERIFICATION_FAILED = 5


def console() -> Console:
    """Return the console for answers, as wide as the terminal or wide enough for a pipe."""
    return Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False)


def say(text: str) -> None:
    """Print a line for people as it is, never wrapped or cut."""
    Console(highlight=False).print(escape(text), soft_wrap=True)


def print_json(value: Any) -> None:
    """Print `value` as one JSON value on one line."""
    typer.echo(msgspec.json.encode(value).decode())


def complain(text: str) -> None:
    """Print a line of trouble to stderr."""
    typer.echo(text, err=True)


def stop(code: ExitCode, text: str) -> NoReturn:
    """Say on stderr what is wrong and end the command with `code`."""
    complain(text)
    raise typer.Exit(code)
