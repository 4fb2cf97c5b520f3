"""A table as a Parquet file.

The only home of pyarrow, which is an extra: the command line loads this module when Parquet is
asked for. Money is exact to six decimals; instants are UTC in microseconds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bot.adapters.tables.files import whole_file

ROWS_AT_ONCE = 1000
"""Rows held in memory, and in one row group."""

MONEY_STEP = Decimal("0.000001")

_TYPES = {
    "text": pa.string(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "flag": pa.bool_(),
    "money": pa.decimal128(18, 6),
    "instant": pa.timestamp("us", tz="UTC"),
    "day": pa.date32(),
}


def write_parquet(
    path: Path, columns: Sequence[tuple[str, str]], rows: Iterable[Mapping[str, object]]
) -> int:
    """Write columns of (name, kind), whole or not at all; return the number of rows.

    A kind is text, whole, number, flag, money, instant or day.

    Raises:
        OSError: the file cannot be written.
    """
    schema = pa.schema([(name, _TYPES[kind]) for name, kind in columns])
    count = 0
    with (
        whole_file(path) as part,
        pq.ParquetWriter(part, schema, compression="zstd") as writer,
    ):
        for batch in _batches(iter(rows)):
            count += len(batch)
            arrays = [
                pa.array([_cell(row.get(name), kind) for row in batch], type=_TYPES[kind])
                for name, kind in columns
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
    return count


def _batches(rows: Iterator[Mapping[str, object]]) -> Iterator[list[Mapping[str, object]]]:
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        yield batch


def _cell(value: object, kind: str) -> Any:
    if value is None:
        return None
    if kind == "money":
        assert isinstance(value, Decimal)
        return value.quantize(MONEY_STEP)
    return str(value) if kind == "text" else value
