"""SQLite's errors become the journal's, in one place."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from bot.app.ports import JournalError

DATABASE_ERRORS = (SQLAlchemyError, sqlite3.Error, UnicodeDecodeError)
"""What comes out of a database; the last one out of a message that quotes damaged text."""


@contextmanager
def journal_errors(doing: str) -> Iterator[None]:
    """Turn an error of the database within the block into a `JournalError` that says `doing`."""
    try:
        yield
    except DATABASE_ERRORS as error:
        raise JournalError(f"{doing}: {cause_of(error)}") from error


def cause_of(error: Exception) -> Exception:
    """Return SQLite's own error, without SQLAlchemy's page of statement around it."""
    cause = getattr(error, "orig", None)
    return cause if isinstance(cause, Exception) else error
