"""A line tells what changed and nothing else."""

from decimal import Decimal

import msgspec

from bot.exchange.market.quote import MarketQuote
from bot.exchange.venue.ticks import line_ticks
from bot.exchange.wire.replies import TickOptionComputation, TickPrice, TickSize
from tests.support.venue_rig import CALL_15, only

FULL = MarketQuote(
    con_id=CALL_15,
    bid=Decimal("1.00"),
    ask=Decimal("1.10"),
    bid_size=5,
    ask_size=6,
    last=Decimal("1.05"),
    volume=100,
    close=Decimal("0.95"),
    iv=0.9,
    delta=0.3,
    gamma=0.1,
    vega=0.02,
    theta=-0.01,
    underlying_price=12.5,
)


def changed(**changes: object) -> list[tuple[str, int]]:
    ticks = line_ticks(9, FULL, msgspec.structs.replace(FULL, **changes))
    return [(type(tick).__name__, tick.tick_type) for tick in ticks]


def test_a_new_line_tells_all_it_shows() -> None:
    ticks = list(line_ticks(9, None, FULL))
    prices: dict[int, tuple[Decimal | None, Decimal]] = {
        t.tick_type: (t.price, t.size) for t in only(ticks, TickPrice)
    }
    assert prices == {
        1: (Decimal("1.00"), Decimal(5)),
        2: (Decimal("1.10"), Decimal(6)),
        4: (Decimal("1.05"), Decimal(0)),
        9: (Decimal("0.95"), Decimal(0)),
    }
    assert [(t.tick_type, t.size) for t in only(ticks, TickSize)] == [(8, Decimal(100))]
    (model,) = only(ticks, TickOptionComputation)
    assert (model.tick_type, model.delta, model.underlying_price) == (13, 0.3, 12.5)
    assert {tick.request_id for tick in ticks} == {9}


def test_an_empty_line_tells_that_nobody_stands_there() -> None:
    empty = MarketQuote(
        con_id=CALL_15, bid=None, ask=None, bid_size=0, ask_size=0, last=None, volume=0, close=None
    )
    ticks = list(line_ticks(9, None, empty))
    assert [(t.tick_type, t.price, t.size) for t in only(ticks, TickPrice)] == [
        (1, None, Decimal(0)),
        (2, None, Decimal(0)),
    ]


def test_nothing_changed_tells_nothing() -> None:
    assert changed() == []


def test_each_change_is_one_message() -> None:
    assert changed(bid=Decimal("1.01"), bid_size=9) == [("TickPrice", 1)]
    assert changed(bid_size=9) == [("TickSize", 0)]
    assert changed(ask=Decimal("1.11")) == [("TickPrice", 2)]
    assert changed(ask_size=9) == [("TickSize", 3)]
    assert changed(last=Decimal("1.06"), volume=101) == [("TickPrice", 4), ("TickSize", 8)]
    assert changed(close=Decimal("1.06")) == [("TickPrice", 9)]
    assert changed(delta=0.31) == [("TickOptionComputation", 13)]
