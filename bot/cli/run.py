"""`alvh run`: the service."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap.service import serve
from bot.cli.failure import told
from bot.settings.run import load_settings


@told
def run(
    config: Annotated[
        Path | None, typer.Option("--config", help="Settings file; without it mode sim.")
    ] = None,
) -> None:
    """Watch, decide and trade until stopped; JSON log lines tell what happens."""
    asyncio.run(serve(load_settings(config)))
