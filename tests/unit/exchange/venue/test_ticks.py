"""A line tells what changed and nothing else."""

from decimal import Decimal

import msgspec

from bot.exchange.market.quote import MarketQuote
from bot.exchange.venue.computations import Computation, Computations
from bot.exchange.venue.ticks import OF_DELAYED, computation_ticks, line_ticks
from bot.exchange.wire.replies import TickGeneric, TickPrice, TickSize, TickString
from tests.support.venue_rig import CALL_15, at, only

AT = int(at("2018-01-16T10:00").timestamp())

FULL = MarketQuote(
    con_id=CALL_15,
    bid=Decimal("1.00"),
    ask=Decimal("1.10"),
    bid_size=5,
    ask_size=6,
    last=Decimal("1.05"),
    last_size=3,
    volume=100,
    close=Decimal("0.95"),
    open=Decimal("0.90"),
    high=Decimal("1.20"),
    low=Decimal("0.80"),
    iv=0.9,
    delta=0.3,
    gamma=0.1,
    vega=0.02,
    theta=-0.01,
    underlying_price=12.5,
)


def changed(**changes: object) -> list[tuple[str, int]]:
    ticks = line_ticks(9, FULL, msgspec.structs.replace(FULL, **changes), AT)
    return [(type(tick).__name__, tick.tick_type) for tick in ticks]


def test_a_new_line_tells_all_it_shows() -> None:
    ticks = list(line_ticks(9, None, FULL, AT))
    prices: dict[int, tuple[Decimal | None, Decimal]] = {
        t.tick_type: (t.price, t.size) for t in only(ticks, TickPrice)
    }
    assert prices == {
        1: (Decimal("1.00"), Decimal(5)),
        2: (Decimal("1.10"), Decimal(6)),
        4: (Decimal("1.05"), Decimal(3)),
        6: (Decimal("1.20"), Decimal(0)),
        7: (Decimal("0.80"), Decimal(0)),
        9: (Decimal("0.95"), Decimal(0)),
        14: (Decimal("0.90"), Decimal(0)),
    }
    sizes = [(t.tick_type, t.size) for t in only(ticks, TickSize)]
    assert sizes == [(5, Decimal(3)), (8, Decimal(100))]
    assert [(t.tick_type, t.value) for t in only(ticks, TickString)] == [(45, "1516114800")]
    assert [(t.tick_type, t.value) for t in only(ticks, TickGeneric)] == [(49, 0.0)]
    assert {tick.request_id for tick in ticks} == {9}


def test_an_empty_line_tells_that_nobody_stands_there() -> None:
    empty = MarketQuote(
        con_id=CALL_15, bid=None, ask=None, bid_size=0, ask_size=0, last=None, volume=0, close=None
    )
    ticks = list(line_ticks(9, None, empty, AT))
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
    assert changed(last=Decimal("1.06"), volume=101) == [
        ("TickString", 45),
        ("TickPrice", 4),
        ("TickSize", 5),
        ("TickSize", 8),
    ]
    assert changed(last=Decimal("1.06"), last_size=0)[-2:] == [("TickPrice", 4), ("TickSize", 8)]
    assert changed(high=Decimal("1.21")) == [("TickPrice", 6)]
    assert changed(low=Decimal("0.79")) == [("TickPrice", 7)]
    assert changed(open=None) == []
    assert changed(close=Decimal("1.06")) == [("TickPrice", 9)]
    assert changed(delta=0.31) == []


def numbers(volatility: float | None) -> Computation:
    return Computation(volatility, 0.3, 1.0, 0.0, 0.1, 0.02, -0.01, 12.5)


def test_a_computation_is_told_when_it_changed_and_under_its_prices_type() -> None:
    old = Computations(numbers(0.9), numbers(1.1), None, numbers(1.0))
    new = Computations(numbers(0.9), numbers(1.2), numbers(None), numbers(1.0))
    told = [(t.tick_type, t.implied_volatility) for t in computation_ticks(9, old, new)]
    assert told == [(11, 1.2), (12, None)]
    every = [t.tick_type for t in computation_ticks(9, None, new, OF_DELAYED)]
    assert every == [80, 81, 82, 83]
    (model,) = computation_ticks(9, None, Computations(None, None, None, numbers(1.0)))
    assert (model.tick_type, model.delta, model.underlying_price) == (13, 0.3, 12.5)
