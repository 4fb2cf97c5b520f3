"""The price walk by hand: from the middle outwards, a step an evaluation, up to a hard limit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.orders import Side
from bot.domain.policy import SlippagePolicy
from bot.domain.quotes import Quote
from bot.strategy.walk import hard_limit, walked
from tests.support.strategy_world import VIX_GRID, call_id, moment, quote

POLICY = SlippagePolicy()
NOW = moment("2018-02-05 10:00")


def shown(bid: object, ask: object) -> Quote:
    return quote(call_id("mar", 16), NOW, bid, ask)


def walk(side: Side, bid: str, ask: str, evaluations: int) -> list[str]:
    """Return the limits of an order in so many evaluations that do not fill it."""
    limits: list[Decimal] = []
    for _ in range(evaluations):
        working = limits[-1] if limits else None
        limits.append(walked(shown(bid, ask), side, VIX_GRID, POLICY, working))
    return [f"{limit:.2f}" for limit in limits]


@pytest.mark.parametrize(
    ("bid", "ask"), [("0.95", "1.10"), ("0.55", "0.65"), ("0.34", "0.46"), ("4.70", "5.30")]
)
def test_where_the_spread_would_pass_the_far_side_is_taken_at_once(bid: str, ask: str) -> None:
    assert walk(Side.BUY, bid, ask, 2) == [ask, ask]
    assert walk(Side.SELL, bid, ask, 2) == [bid, bid]


def test_a_purchase_walks_up_to_the_ask() -> None:
    """A middle of 1.00: R29 lets 0.15 pass, so half of it, 0.075, is a step; in whole cents."""
    assert walk(Side.BUY, "0.80", "1.20", 5) == ["1.08", "1.16", "1.20", "1.20", "1.20"]


def test_a_sale_walks_down_to_the_bid() -> None:
    assert walk(Side.SELL, "0.80", "1.20", 5) == ["0.92", "0.84", "0.80", "0.80", "0.80"]


def test_neither_goes_beyond_half_the_middle() -> None:
    """A middle of 1.00 between 0.20 and 1.80."""
    assert walk(Side.BUY, "0.20", "1.80", 9)[-2:] == ["1.50", "1.50"]
    assert walk(Side.SELL, "0.20", "1.80", 9)[-2:] == ["0.50", "0.50"]


def test_what_is_cheap_may_always_go_ten_cents() -> None:
    """A middle of 0.08: half would be four cents, and steps of 0.012 still move by a tick."""
    assert walk(Side.BUY, "0.01", "0.15", 9)[-1] == "0.15"
    assert walk(Side.SELL, "0.01", "0.15", 9)[-1] == "0.01"
    assert len(set(walk(Side.BUY, "0.01", "0.15", 3))) == 3


def test_a_market_that_comes_nearer_starts_the_walk_anew_from_its_middle() -> None:
    """The purchase works at 1.08; the middle rises to 1.30, so it may stand at 1.40."""
    limit = walked(shown("1.10", "1.50"), Side.BUY, VIX_GRID, POLICY, Decimal("1.08"))
    assert limit == Decimal("1.40")


@pytest.mark.parametrize(("mid", "points"), [(0.05, 0.10), (0.20, 0.10), (1.0, 0.5), (4.0, 2.0)])
def test_the_hard_limit(mid: float, points: float) -> None:
    assert hard_limit(mid, POLICY) == pytest.approx(points)


@given(
    bid=st.integers(1, 900),
    width=st.integers(0, 900),
    working=st.one_of(st.none(), st.integers(1, 2000)),
    side=st.sampled_from(list(Side)),
)
def test_a_limit_is_legal_within_the_far_side_and_the_hard_limit(
    bid: int, width: int, working: int | None, side: Side
) -> None:
    line = shown(Decimal(bid) / 100, Decimal(bid + width) / 100)
    at = None if working is None else Decimal(working) / 100
    limit = walked(line, side, VIX_GRID, POLICY, at)
    assert limit > 0
    assert VIX_GRID.is_legal(limit)
    assert line.bid is not None
    assert line.ask is not None
    assert VIX_GRID.floor(line.bid) <= limit <= VIX_GRID.ceil(line.ask)
    mid = (line.bid + line.ask) / 2
    # one tick of slack: no legal price may lie between the middle and the hard limit
    far = Decimal(str(hard_limit(float(mid), POLICY))) + VIX_GRID.increment_at(mid)
    assert abs(limit - mid) <= far


@given(bid=st.integers(1, 290), width=st.integers(0, 600), side=st.sampled_from(list(Side)))
def test_the_walk_arrives(bid: int, width: int, side: Side) -> None:
    """After ten steps it stands at the far side or at its hard limit, and goes no farther."""
    ends = walk(side, str(bid / 100), str((bid + width) / 100), 12)
    assert ends[-1] == ends[-2]
    steps = [side.sign * Decimal(limit) for limit in ends]
    assert steps == sorted(steps)
