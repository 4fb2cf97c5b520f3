"""A table as a file of lines: JSON, or comma-separated values.

The file is written beside its place and moved there when it is whole, so that what stands at its
name is always complete. The same rows give the same bytes.
"""

import csv
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

Names = Sequence[str]
Rows = Iterable[Mapping[str, object]]


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield where to write; it becomes `path` at the end of the block, or is gone if that raises.

    Raises:
        OSError: the place cannot be written to.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_jsonl(path: Path, names: Names, rows: Rows) -> int:
    """Write one JSON object a line, keys in the order of `names`; return the number of rows."""
    count = 0
    with whole_file(path) as part, part.open("xb") as file:
        for count, row in enumerate(rows, start=1):  # noqa: B007 - how many there were
            file.write(msgspec.json.encode({name: row.get(name) for name in names}) + b"\n")
    return count


def write_csv(path: Path, names: Names, rows: Rows) -> int:
    """Write a header and one line a row, empty where a row has nothing; return their number."""
    count = 0
    with whole_file(path) as part, part.open("x", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        for count, row in enumerate(rows, start=1):  # noqa: B007 - how many there were
            writer.writerow([_text(row.get(name)) for name in names])
    return count


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value)
