"""The tables of a journal file and the triggers that keep them append-only.

`events` holds one row an event, `blobs` content-addressed bytes, `head` one row that says how far
the record reaches (a tail cut off is seen by it), `meta` what kind of file this is. `body` comes
last in its row, so that a scan by kind need not read the bodies. The tables are strict: a value of
another type is refused by SQLite and found by its integrity check.
"""

from functools import cache

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    create_engine,
    insert,
    select,
    text,
)

from bot.app.ports import JournalError
from bot.domain.decision import GENESIS

FORMAT = "alvh-journal"
SCHEMA_VERSION = 1
META_ROWS = {"format": FORMAT, "schema": str(SCHEMA_VERSION)}

metadata = MetaData()

events = Table(
    "events",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_strict=True,
)

blobs = Table(
    "blobs",
    metadata,
    Column("key", Text, primary_key=True),
    Column("data", LargeBinary, nullable=False),
    sqlite_strict=True,
)

head = Table(
    "head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sequence", Integer, nullable=False),
    Column("hash", Text, nullable=False),
    Column("blobs", Integer, nullable=False),
    sqlite_strict=True,
)

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_strict=True,
)


def _refuse(name: str, when: str, message: str, condition: str = "") -> str:
    test = f" WHEN {condition}" if condition else ""
    return f"CREATE TRIGGER {name} BEFORE {when}{test} BEGIN SELECT RAISE(ABORT, '{message}'); END"


# REPLACE deletes without a delete trigger: hence the insert triggers.
TRIGGERS = (
    *(
        _refuse(f"{table}_{verb.lower()}", f"{verb} ON {table}", "the journal is append-only")
        for table in ("events", "blobs", "meta")
        for verb in ("UPDATE", "DELETE")
    ),
    _refuse(
        "events_insert",
        "INSERT ON events",
        "events are numbered without a gap",
        "NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM events)",
    ),
    *(
        _refuse(
            f"{table}_insert",
            f"INSERT ON {table}",
            "the journal is append-only",
            f"EXISTS (SELECT 1 FROM {table} WHERE key = NEW.key)",  # noqa: S608 - our own names
        )
        for table in ("blobs", "meta")
    ),
    _refuse("head_delete", "DELETE ON head", "the journal is append-only"),
    _refuse(
        "head_insert",
        "INSERT ON head",
        "the journal has one head",
        "EXISTS (SELECT 1 FROM head)",
    ),
    _refuse(
        "head_update",
        "UPDATE ON head",
        "the head only moves forward",
        "NEW.id <> OLD.id OR NEW.sequence <= OLD.sequence OR NEW.blobs < OLD.blobs",
    ),
)


def create(connection: Connection) -> None:
    """Make an empty file a journal of the current schema."""
    metadata.create_all(connection)
    for trigger in TRIGGERS:
        connection.execute(text(trigger))
    rows = [{"key": key, "value": value} for key, value in META_ROWS.items()]
    connection.execute(insert(meta), rows)
    connection.execute(insert(head), {"id": 1, "sequence": 0, "hash": GENESIS, "blobs": 0})


def is_empty(connection: Connection) -> bool:
    """Tell whether the file holds nothing at all yet."""
    return not objects(connection)


Objects = dict[tuple[str, str], tuple[str, str | None]]


def objects(connection: Connection) -> Objects:
    """Return the table and definition of each table, index and trigger by its type and name."""
    rows = connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master"))
    return {(kind, name): (table, sql) for kind, name, table, sql in rows}


@cache
def expected_objects() -> Objects:
    """Return what `objects` says of an untouched journal."""
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            create(connection)
            return objects(connection)
    finally:
        engine.dispose()


def require_known(connection: Connection) -> None:
    """Check that the file is a journal this program can read.

    Raises:
        JournalError: it is another kind of file, or of a schema this program does not know.
    """
    if ("table", "meta") not in objects(connection):
        raise JournalError("this SQLite file is not a journal: it has no table `meta`")
    found = {row.key: row.value for row in connection.execute(select(meta))}
    if found.get("format") != FORMAT:
        raise JournalError(f"this SQLite file is not a journal: its format is not {FORMAT}")
    if found.get("schema") != str(SCHEMA_VERSION):
        raise JournalError(
            f"the journal has schema {found.get('schema')}; this program knows {SCHEMA_VERSION}"
        )
