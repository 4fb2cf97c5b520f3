"""Past ticks: only what was new, and whole seconds at the ends."""

import math
from decimal import Decimal

import numpy as np

from bot.exchange.market.quote import Samples
from bot.exchange.venue.past_ticks import first_of, last_of, mid_points, quotes, trades
from bot.exchange.wire.replies import PastTick

NAN = math.nan


def samples(**columns: list[float]) -> Samples:
    count = len(next(iter(columns.values())))
    filled = {name: columns.get(name, [1.0] * count) for name in Samples._fields}
    filled["at"] = columns.get("at", [float(5 * n) for n in range(count)])
    return Samples(**{name: np.array(values) for name, values in filled.items()})


def test_a_trade_is_volume_and_of_an_index_a_move() -> None:
    line = samples(last=[1.0, 1.0, 1.1, NAN, 1.1], volume=[0, 2, 0, 9, 3])
    told = trades(line, "CBOE")
    assert [(t.time, t.price, int(t.size), t.exchange) for t in told] == [
        (5, Decimal("1.0"), 2, "CBOE"),
        (20, Decimal("1.1"), 3, "CBOE"),
    ]
    assert [t.time for t in trades(line, "CBOE", of_index=True)] == [0, 10]


def test_a_quote_is_any_change_of_a_side() -> None:
    line = samples(bid=[1.0, 1.0, NAN, NAN], ask=[2.0, 2.0, 2.0, NAN], bid_size=[5, 6, 0, 0])
    told = quotes(line)
    assert [(t.time, t.bid, t.ask, int(t.bid_size)) for t in told] == [
        (0, Decimal("1.0"), Decimal("2.0"), 5),
        (5, Decimal("1.0"), Decimal("2.0"), 6),
        (10, Decimal(-1), Decimal("2.0"), 0),
    ]
    assert [t.time for t in quotes(line, ignore_size=True)] == [0, 10]


def test_a_middle_needs_both_sides() -> None:
    told = mid_points(samples(bid=[1.0, 1.0, NAN, 1.0], ask=[2.0, 2.0, 2.0, 3.0]))
    assert told == [
        PastTick(time=0, price=Decimal("1.5")),
        PastTick(time=15, price=Decimal("2.0")),
    ]


def test_the_last_second_is_told_whole() -> None:
    ticks = [PastTick(time=second, price=Decimal(n)) for n, second in enumerate([1, 2, 2, 3, 3])]
    assert [t.time for t in first_of(iter(ticks), 2)] == [1, 2, 2]
    assert [t.time for t in last_of(ticks, 1)] == [3, 3]
    assert first_of(iter(ticks), 9) == ticks
