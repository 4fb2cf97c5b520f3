"""Which journal a command reads: the one named, else the one that the bot of this place writes.

The settings that `alvh run` would take tell which that is, so that `alvh decisions list` needs no
option where the bot needs none.
"""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import ExitCode, stop
from bot.settings.problems import ConfigurationError
from bot.settings.run import RunSettings, load_settings

DEFAULT_JOURNAL: Path = RunSettings.model_fields["journal"].default


def _of_this_place(context: typer.Context, parameter: typer.CallbackParam, given: Path) -> Path:
    """Return `given` where somebody gave it, else what the settings name."""
    source = context.get_parameter_source(str(parameter.name))
    if source is None or source.name != "DEFAULT":
        return given
    try:
        return load_settings(None).journal
    except ConfigurationError as error:
        stop(ExitCode.WRONG_USE, f"alvh: {error}")


JournalOption = Annotated[
    Path,
    typer.Option(
        "--journal", help="The journal file.", envvar="ALVH_JOURNAL", callback=_of_this_place
    ),
]
