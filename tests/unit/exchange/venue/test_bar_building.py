"""Bars from samples: by hand, and empty where there is nothing."""

import math

import numpy as np
import pytest

from bot.exchange.venue.bar_building import (
    Bar,
    align,
    bid_ask_bars,
    merge,
    quote_bars,
    trade_bars,
)

STARTS = np.array([0.0, 0.0, 0.0, 60.0])
PRICES = np.array([2.0, 3.0, 1.0, 4.0])


def test_trades_have_open_high_low_close_volume_average_and_number() -> None:
    first, second = trade_bars(STARTS, PRICES, np.array([1.0, 0.0, 3.0, 0.0]))
    assert first == Bar(0.0, 2.0, 3.0, 1.0, 1.0, 4.0, 1.25, 2.0)
    assert second == Bar(60.0, 4.0, 4.0, 4.0, 4.0, 0.0, 4.0, 0.0)


def test_a_sample_without_a_price_is_left_out() -> None:
    holes = np.array([math.nan, 3.0, math.nan, math.nan])
    assert quote_bars(STARTS, holes) == [Bar(0.0, 3.0, 3.0, 3.0, 3.0)]
    assert trade_bars(STARTS, holes, np.ones(4)) == [Bar(0.0, 3.0, 3.0, 3.0, 3.0, 1.0, 3.0, 1.0)]
    (bar,) = bid_ask_bars(STARTS, holes, PRICES)
    assert (bar.open, bar.high, bar.low, bar.close) == (3.0, 3.0, 3.0, 3.0)


def test_nothing_makes_no_bars() -> None:
    nothing = np.full(4, math.nan)
    assert quote_bars(STARTS, nothing) == []
    assert trade_bars(STARTS, nothing, nothing) == []
    assert bid_ask_bars(STARTS, nothing, PRICES) == []


def test_bars_begin_at_whole_multiples_and_the_first_with_trading() -> None:
    times = np.array([95.0, 119.0, 120.0, 185.0])
    assert align(times, 60, 0.0, 90.0).tolist() == [90.0, 90.0, 120.0, 180.0]


@pytest.mark.parametrize(
    ("volumes", "expected"),
    [
        ((2.0, 6.0), (8.0, 17.5, 3.0)),
        ((0.0, 0.0), (0.0, 20.0, 3.0)),
        ((-1.0, -1.0), (-1.0, -1.0, -1.0)),
    ],
)
def test_merged_bars_weigh_their_averages(
    volumes: tuple[float, float], expected: tuple[float, ...]
) -> None:
    first, second = volumes
    one = Bar(0.0, 9.0, 12.0, 8.0, 10.0, first, 10.0, 1.0)
    two = Bar(60.0, 11.0, 25.0, 9.0, 20.0, second, 20.0, 2.0)
    assert merge([one, two]) == Bar(60.0, 9.0, 25.0, 8.0, 20.0, *expected)
