"""`alvh decisions export`: a journal as one flat table in a file."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from importlib import import_module
from pathlib import Path

from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.adapters.journal.rows import Span
from bot.adapters.tables.files import write_csv, write_jsonl
from bot.bootstrap.usage import UsageError
from bot.cli.decisions_reading import made_decisions
from bot.domain.decision import Decision
from bot.domain.events import DecisionMade, InputsTaken
from bot.domain.instruments import Universe
from bot.review.following import ORDER_KINDS, all_stories
from bot.review.shelf import Shelf
from bot.review.tables import (
    EVENT_COLUMNS,
    FILL_COLUMNS,
    ORDER_COLUMNS,
    Row,
    Table,
    decision_columns,
    decision_row,
    event_row,
    fill_rows,
    order_rows,
)


class What(StrEnum):
    """Which table."""

    DECISIONS = "decisions"
    ORDERS = "orders"
    FILLS = "fills"
    EVENTS = "events"


class Format(StrEnum):
    """Which kind of file."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


def format_of(out: Path, given: Format | None) -> Format:
    """Return the format that is wanted: the one given, else the one the file's name ends with.

    Raises:
        UsageError: neither says it.
    """
    if given is not None:
        return given
    suffix = out.suffix.removeprefix(".").lower()
    if suffix not in set(Format):
        endings = ", ".join(f".{kind}" for kind in Format)
        raise UsageError(f"--out {out}: name its --format, or end its name with one of {endings}")
    return Format(suffix)


def export(opened: ReadOnlyJournal, what: What, span: Span, out: Path, kind: Format) -> int:
    """Write the table of a span to `out`, whole or not at all; return its number of rows.

    Raises:
        UsageError: the file cannot be written, or a library for it is not installed.
        JournalError, RecordError: the journal cannot be read; then nothing is written.
    """
    try:
        return _write(_table(opened, what, span), out, kind)
    except OSError as error:
        raise UsageError(f"--out {out}: {error.strerror or error}") from error


def _write(table: Table, out: Path, kind: Format) -> int:
    names = [column.name for column in table.columns]
    if kind is Format.JSONL:
        return write_jsonl(out, names, table.rows)
    if kind is Format.CSV:
        return write_csv(out, names, table.rows)
    try:
        parquet = import_module("bot.adapters.tables.parquet")
    except ModuleNotFoundError as error:
        raise UsageError(
            f"Parquet needs the extra `analysis` ({error.name} is not installed): "
            "pip install 'alvh-bot[analysis]'"
        ) from error
    columns = [(column.name, column.kind.value) for column in table.columns]
    rows: int = parquet.write_parquet(out, columns, table.rows)
    return rows


def _table(opened: ReadOnlyJournal, what: What, span: Span) -> Table:
    if what is What.DECISIONS:
        columns = decision_columns(_decisions(opened, span))
        return Table(columns, map(decision_row, _decisions(opened, span)))
    if what is What.ORDERS:
        return Table(ORDER_COLUMNS, _orders(opened, span))
    if what is What.FILLS:
        return Table(FILL_COLUMNS, _fills(opened, span))
    return Table(EVENT_COLUMNS, map(event_row, opened.select(span)))


def _decisions(opened: ReadOnlyJournal, span: Span) -> Iterator[Decision]:
    return (one.decision for one in made_decisions(opened, span))


def _orders(opened: ReadOnlyJournal, span: Span) -> Iterator[Row]:
    """Yield the orders of a span's decisions, whenever what became of them was heard."""
    stories = all_stories(stored.event for stored in opened.events(kinds=ORDER_KINDS))
    shelf = Shelf(opened.blob)
    taken: InputsTaken | None = None
    for stored in opened.select(span._replace(kinds=["inputs_taken", "decision_made"])):
        if isinstance(stored.event, InputsTaken):
            taken = stored.event
        elif isinstance(stored.event, DecisionMade) and stored.event.decision.intents:
            universe = shelf.take(Universe, taken.blobs.universe) if taken else None
            names = universe.by_id() if universe else {}
            yield from order_rows(stored.event.decision, stories, names)


def _fills(opened: ReadOnlyJournal, span: Span) -> Iterator[Row]:
    """Yield the executions of a span; their orders may have been wanted before it."""
    kinds = ["order_intended", "fill_received", "commission_received"]
    for row in fill_rows(stored.event for stored in opened.events(kinds=kinds)):
        at = row["executed_at"]
        assert isinstance(at, datetime)
        since, until = span.since or at, span.until or at
        if since <= at <= until:
            yield row
