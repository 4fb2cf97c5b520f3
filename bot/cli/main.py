"""The console script `alvh`: mounts the commands.

Only the command that is called is loaded: the service takes seconds to load, and a health check
that runs twice a minute should not.
"""

import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from bot.cli.ending import end_on_sigterm

COMMANDS = {
    "demo": "bot.cli.demo",
    "run": "bot.cli.run",
    "exchange": "bot.cli.exchange",
    "status": "bot.cli.status",
    "health": "bot.cli.status",
    "doctor": "bot.cli.doctor",
    "book": "bot.cli.book",
    "adopt": "bot.cli.adopt",
    "policy": "bot.cli.policy",
    "decisions": "bot.cli.decisions",
    "evaluate": "bot.cli.evaluate",
    "preview": "bot.cli.preview",
    "schema": "bot.cli.schema",
}
"""The module of each command: a function of the command's name, or `app` for a group of them."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; exit codes are those of design.md section 4."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    end_on_sigterm(given[0] if given else "")
    command_line(given)(args=given, prog_name="alvh")


def command_line(arguments: Sequence[str]) -> typer.Typer:
    """Return the command line with the command that is called, or with all where none is."""
    app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
    app.callback()(alvh)
    called = arguments[0] if arguments else ""
    for name in [called] if called in COMMANDS else COMMANDS:
        module = import_module(COMMANDS[name])
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(getattr(module, name))
    return app


def alvh() -> None:
    """The ALVH bot: an adaptive layered VIX hedge kept alive against SPX iron condors."""
