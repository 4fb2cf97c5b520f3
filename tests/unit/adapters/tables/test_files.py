"""Tables as files: whole or not at all, and the same rows are the same bytes."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from bot.adapters.tables.files import write_csv, write_jsonl
from bot.adapters.tables.parquet import ROWS_AT_ONCE, write_parquet

AT = datetime(2018, 2, 5, 10, 5, tzinfo=timezone(timedelta(hours=-5)))
COLUMNS = (
    ("name", "text"),
    ("count", "whole"),
    ("vix", "number"),
    ("spike", "flag"),
    ("price", "money"),
    ("at", "instant"),
    ("day", "day"),
)
NAMES = [name for name, _ in COLUMNS]
FULL: Mapping[str, object] = {
    "name": 'a "b", c',
    "count": 3,
    "vix": 18.25,
    "spike": True,
    "price": Decimal("1.10"),
    "at": AT,
    "day": date(2018, 2, 5),
}
EMPTY: Mapping[str, object] = {"name": "x"}

Write = Callable[[Path, Iterator[Mapping[str, object]]], int]
WRITERS: dict[str, Write] = {
    "jsonl": lambda path, rows: write_jsonl(path, NAMES, rows),
    "csv": lambda path, rows: write_csv(path, NAMES, rows),
    "parquet": lambda path, rows: write_parquet(path, COLUMNS, rows),
}
each_writer = pytest.mark.parametrize("write", list(WRITERS.values()), ids=list(WRITERS))


@each_writer
class TestAny:
    def test_the_rows_are_counted_and_nothing_else_is_left(
        self, tmp_path: Path, write: Write
    ) -> None:
        path = tmp_path / "table"
        assert write(path, iter([FULL, EMPTY])) == 2
        assert [one.name for one in tmp_path.iterdir()] == ["table"]

    def test_no_rows_are_a_table_too(self, tmp_path: Path, write: Write) -> None:
        assert write(tmp_path / "table", iter([])) == 0
        assert (tmp_path / "table").exists()

    def test_the_same_rows_are_the_same_bytes(self, tmp_path: Path, write: Write) -> None:
        for name in ("one", "two"):
            write(tmp_path / name, iter([FULL, EMPTY]))
        assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()

    def test_a_failure_half_way_leaves_what_stood_there(self, tmp_path: Path, write: Write) -> None:
        path = tmp_path / "table"
        path.write_text("an older table", encoding="utf-8")

        def rows() -> Iterator[Mapping[str, object]]:
            yield FULL
            raise RuntimeError("the journal cannot be read further")

        with pytest.raises(RuntimeError, match="further"):
            write(path, rows())
        assert path.read_text(encoding="utf-8") == "an older table"
        assert [one.name for one in tmp_path.iterdir()] == ["table"]

    def test_a_place_that_is_not_there_is_the_systems_error(
        self, tmp_path: Path, write: Write
    ) -> None:
        with pytest.raises(OSError, match="No such file"):
            write(tmp_path / "none" / "table", iter([FULL]))


def test_json_keeps_kinds_and_the_order_of_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "table.jsonl"
    write_jsonl(path, NAMES, [FULL, EMPTY])
    full, empty = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    assert list(full) == NAMES
    assert full == {
        "name": 'a "b", c',
        "count": 3,
        "vix": 18.25,
        "spike": True,
        "price": "1.10",
        "at": "2018-02-05T10:05:00-05:00",
        "day": "2018-02-05",
    }
    assert empty == dict.fromkeys(NAMES) | {"name": "x"}


def test_csv_is_one_line_a_row_with_instants_in_utc(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    write_csv(path, NAMES, [FULL, EMPTY])
    assert path.read_bytes().decode() == (
        "name,count,vix,spike,price,at,day\n"
        '"a ""b"", c",3,18.25,true,1.10,2018-02-05T15:05:00.000000+00:00,2018-02-05\n'
        "x,,,,,,\n"
    )
    write_csv(path, ["spike"], [{"spike": False}])
    assert path.read_text(encoding="utf-8") == "spike\nfalse\n"


def test_parquet_keeps_every_kind_exactly(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    write_parquet(path, COLUMNS, [FULL, EMPTY])
    table = pq.read_table(path)
    assert [str(field.type) for field in table.schema] == [
        "string",
        "int64",
        "double",
        "bool",
        "decimal128(18, 6)",
        "timestamp[us, tz=UTC]",
        "date32[day]",
    ]
    full, empty = table.to_pylist()
    assert full == dict(FULL) | {"at": AT.astimezone(UTC)}
    assert empty == dict.fromkeys(NAMES) | {"name": "x"}


def test_parquet_writes_what_is_mixed_as_text_and_rounds_money(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    rows: list[Mapping[str, object]] = [{"any": True, "price": Decimal(1) / 3}, {"any": 1.5}]
    write_parquet(path, [("any", "text"), ("price", "money")], rows)
    assert pq.read_table(path).to_pylist() == [
        {"any": "True", "price": Decimal("0.333333")},
        {"any": "1.5", "price": None},
    ]


def test_parquet_holds_no_more_than_one_group_of_rows_at_once(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    count = 2 * ROWS_AT_ONCE + 1
    assert write_parquet(path, [("n", "whole")], ({"n": n} for n in range(count))) == count
    assert pq.ParquetFile(path).num_row_groups == 3
