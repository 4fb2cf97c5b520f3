"""Turns the errors a user can meet into one clear line and the exit code of design.md section 4.

0 done · 2 wrong use or configuration · 3 refused for safety · 4 broker or service not reachable ·
5 a verification failed · 1 anything else, which is a bug and shows its traceback.
"""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import typer

from bot.adapters.control import ControlError, NotRunningError, UnavailableError
from bot.app.ports import AccountRefusedError, BrokerError, ClockSkewError, JournalError
from bot.bootstrap.usage import UsageError
from bot.cli.output import ExitCode, complain
from bot.review.shelf import RecordError
from bot.settings.problems import ConfigurationError

P = ParamSpec("P")
R = TypeVar("R")


EXITS: tuple[tuple[type[Exception], ExitCode], ...] = (
    (ConfigurationError, ExitCode.WRONG_USE),
    (UsageError, ExitCode.WRONG_USE),
    (JournalError, ExitCode.WRONG_USE),
    (RecordError, ExitCode.VERIFICATION_FAILED),
    (AccountRefusedError, ExitCode.REFUSED),
    (ClockSkewError, ExitCode.REFUSED),
    (NotRunningError, ExitCode.UNREACHABLE),
    (UnavailableError, ExitCode.UNREACHABLE),
    (BrokerError, ExitCode.UNREACHABLE),
    (ControlError, ExitCode.WRONG_USE),
)
"""Which error ends a command how; the first match holds."""


def exit_of(error: Exception) -> ExitCode | None:
    """Return how `error` ends a command, None for a bug."""
    return next((code for kind, code in EXITS if isinstance(error, kind)), None)


def told(command: Callable[P, R]) -> Callable[P, R]:
    """Make a command end with one line on standard error instead of a traceback."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except Exception as error:
            code = exit_of(error)
            if code is None:
                raise
            complain(f"alvh: {error}")
            raise typer.Exit(code) from error

    return run
