"""Instruments are told apart by what the broker says of them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.instruments import (
    ConId,
    Future,
    Instrument,
    Right,
    Universe,
    is_spx_option,
    is_vix_call,
)
from bot.domain.money import price_grid
from tests.support.orders import vix_call, vix_index


def future(con_id: int, month: int, **changes: Any) -> Future:
    fields: dict[str, Any] = {
        "con_id": ConId(con_id),
        "symbol": "VIX",
        "trading_class": "VX",
        "exchange": "CFE",
        "multiplier": 1000,
        "last_trading_day": date(2018, month, 14),
        "settlement": datetime(2018, month, 14, 14, 30, tzinfo=UTC),
        "grid": price_grid(("0", "0.05")),
        "local_symbol": "VX",
    }
    return Future(**(fields | changes))


@pytest.mark.parametrize(
    ("instrument", "is_call", "is_spx"),
    [
        (vix_call(), True, False),
        (vix_call(trading_class="VIXW"), True, False),
        (vix_call(right=Right.PUT), False, False),
        (vix_call(symbol="SPX"), False, True),
        (vix_index(), False, False),
        (future(3, 2), False, False),
    ],
)
def test_kinds(instrument: Instrument, is_call: bool, is_spx: bool) -> None:  # noqa: FBT001
    assert (is_vix_call(instrument), is_spx_option(instrument)) == (is_call, is_spx)


def test_a_universe_names_each_contract_once() -> None:
    with pytest.raises(ValueError, match="once"):
        Universe(instruments=(vix_call(5), vix_call(5)))


def test_a_universe_finds_and_orders_its_instruments() -> None:
    late = datetime(2018, 4, 18, 13, 30, tzinfo=UTC)
    instruments: tuple[Instrument, ...] = (
        vix_call(13, settlement=late, strike=Decimal(10)),
        vix_call(12, strike=Decimal(25)),
        vix_call(11, strike=Decimal(15)),
        vix_call(14, right=Right.PUT),
        future(22, 3),
        future(21, 2),
        future(23, 1, trading_class="VXM"),
        vix_index(),
    )
    universe = Universe(instruments=instruments)
    assert [o.con_id for o in universe.options("VIX", Right.CALL)] == [11, 12, 13]
    assert [f.con_id for f in universe.futures("VIX", "VX")] == [21, 22]
    assert universe.index("VIX") == vix_index()
    assert universe.index("SPX") is None
    assert universe.by_id()[ConId(14)] is instruments[3]
