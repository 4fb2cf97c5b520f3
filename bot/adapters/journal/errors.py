"""SQLite's errors become the journal's, in one place."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from bot.app.ports import JournalError


@contextmanager
def journal_errors(doing: str) -> Iterator[None]:
    """Turn an error of the database within the block into a `JournalError` that says `doing`."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        cause = getattr(error, "orig", None) or error
        raise JournalError(f"{doing}: {cause}") from error
