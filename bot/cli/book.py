"""`alvh book`: what the account holds and what it is for."""

import asyncio
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from bot.adapters.control import NotRunningError, ask, socket_path
from bot.bootstrap.stored_book import stored_book
from bot.cli.book_tables import print_book
from bot.cli.failure import told
from bot.cli.output import console, print_json
from bot.review.holding_rows import BookView
from bot.settings.run import load_settings

PATIENCE_SECONDS = 60.0
"""How long the bot may take: it asks the broker, and finishes an evaluation first."""


@told
def book(
    config: Annotated[
        Path | None, typer.Option("--config", help="Settings file of the bot.")
    ] = None,
    journal: Annotated[
        Path | None,
        typer.Option("--journal", help="Tell what this journal holds; no bot is asked."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON value.")] = False,  # noqa: FBT002
) -> None:
    """Show condors, rungs, calls that are nobody's, and the cover."""
    found = _asked(config) if journal is None else stored_book(journal)
    if as_json:
        print_json(found)
    else:
        print_book(console(), found)


def _asked(config: Path | None) -> BookView:
    path = load_settings(config).journal
    try:
        answer = asyncio.run(ask(socket_path(path), "book", {}, patience_seconds=PATIENCE_SECONDS))
    except NotRunningError as error:
        hint = f"its journal tells what it held: alvh book --journal {path}"
        raise NotRunningError(f"{error}; {hint}") from error
    return msgspec.convert(answer, BookView)
