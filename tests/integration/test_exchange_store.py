"""The state file: durable, exclusive, and refused where it does not belong."""

import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest

from bot.exchange.store import FileStore, Identity, MemoryStore, StoreError
from bot.exchange.venue.records import AccountOpened, ClockNoted, OrderBooked, Record
from tests.support.venue_rig import CALL_15, ORDER, at

MINE = Identity(scenario="volmageddon-2018", seed=1, account="")
OPENED = AccountOpened(account="SIM1", at=at("2018-01-16T09:34"), cash_usd=Decimal("5.10"))


def test_records_come_back_in_order_with_the_last_clock(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    records: list[Record] = [OPENED, OrderBooked(order=ORDER)]
    with FileStore(path, MINE) as store:
        store.append(records)
        store.append([ClockNoted(at=at("2018-01-16T10:00"))])
        store.append([ClockNoted(at=at("2018-01-16T10:01"))])
    with FileStore(path, MINE) as store:
        assert store.replay() == [*records, ClockNoted(at=at("2018-01-16T10:01"))]
    assert ORDER.con_id == CALL_15


def test_a_new_file_is_empty(tmp_path: Path) -> None:
    with FileStore(tmp_path / "state.db", MINE) as store:
        assert store.replay() == []


def test_a_batch_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with FileStore(tmp_path / "state.db", MINE) as store:
        with pytest.raises(TypeError):
            store.append([OPENED, object()])  # type: ignore[list-item]
        assert store.replay() == []


def test_a_file_in_use_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with FileStore(path, MINE), pytest.raises(StoreError, match="locked"):
        FileStore(path, MINE)


@pytest.mark.parametrize(
    "other",
    [
        Identity(scenario="calm-2017", seed=1, account=""),
        Identity(scenario="volmageddon-2018", seed=2, account=""),
        Identity(scenario="volmageddon-2018", seed=1, account="DU1"),
    ],
)
def test_a_file_of_another_exchange_is_refused(tmp_path: Path, other: Identity) -> None:
    path = tmp_path / "state.db"
    FileStore(path, MINE).close()
    with pytest.raises(StoreError, match="belongs"):
        FileStore(path, other)
    FileStore(path, MINE).close()


def test_what_is_no_state_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_text("a letter to a friend, long enough to be read as a file header, and no more")
    with pytest.raises(StoreError, match=r"state\.db"):
        FileStore(path, MINE)
    with pytest.raises(StoreError):
        FileStore(tmp_path / "nowhere" / "state.db", MINE)


def test_a_spoiled_record_is_named(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    FileStore(path, MINE).close()
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO record (body) VALUES (?)", (b'{"type":"order_booked"}',))
    db.close()
    with FileStore(path, MINE) as store, pytest.raises(StoreError, match="cannot be read"):
        store.replay()


def test_a_memory_store_forgets() -> None:
    with MemoryStore() as store:
        store.append([OPENED])
        assert store.replay() == []
