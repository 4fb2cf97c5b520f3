"""Which journal a command reads: the one named, else the one that the bot of this place writes.

The settings that `alvh run` would take tell which that is, so that `alvh decisions list` needs no
option where the bot needs none; `--config` names other settings.
"""

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.output import ExitCode, stop
from bot.settings.problems import ConfigurationError
from bot.settings.run import RunSettings, load_settings

_CONFIG = "bot.cli.journal.config"

DEFAULT_JOURNAL: Path = RunSettings.model_fields["journal"].default


def _of_this_place(context: typer.Context, parameter: typer.CallbackParam, given: Path) -> Path:
    """Return `given` where somebody gave it, else what the settings name."""
    source = context.get_parameter_source(str(parameter.name))
    if source is None or source.name != "DEFAULT":
        return given
    try:
        return load_settings(context.meta.get(_CONFIG)).journal
    except ConfigurationError as error:
        stop(ExitCode.WRONG_USE, f"alvh: {error}")


JournalOption = Annotated[
    Path,
    typer.Option(
        "--journal", help="The journal file.", envvar="ALVH_JOURNAL", callback=_of_this_place
    ),
]


def _remember(context: typer.Context, given: Path | None) -> None:
    context.meta[_CONFIG] = given


_ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="Settings file of the bot whose journal is read.",
        callback=_remember,
        is_eager=True,  # the journal's own option asks for it
    ),
]


def by_config(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that takes a `JournalOption` the option `--config` as well."""
    own = inspect.signature(command)
    config = inspect.Parameter(
        "config", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_ConfigOption
    )

    @functools.wraps(command)
    def run(*, config: Path | None = None, **given: Any) -> None:
        del config  # what it names reached `journal` already
        command(**given)

    run.__signature__ = own.replace(parameters=[*own.parameters.values(), config])  # type: ignore[attr-defined]
    run.__annotations__ = {**command.__annotations__, "config": _ConfigOption}
    return run
