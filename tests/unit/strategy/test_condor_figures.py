"""A condor in numbers, worked out by hand."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.domain.account import Position
from bot.domain.instruments import ConId
from bot.domain.quotes import DataType, Quote
from bot.domain.value import replace
from bot.strategy.condor_figures import CondorFigures, figures_of
from bot.strategy.positions import Group, find_condors
from tests.support.strategy_world import UNIVERSE, moment, spx_id

NOW = moment("2018-02-05 10:00")
LONG_PUT, SHORT_PUT = spx_id("P", 2500), spx_id("P", 2550)
SHORT_CALL, LONG_CALL = spx_id("C", 2850), spx_id("C", 2900)

HELD = {
    LONG_PUT: Position(con_id=LONG_PUT, quantity=2, average_cost_usd=Decimal("401.00")),
    SHORT_PUT: Position(con_id=SHORT_PUT, quantity=-2, average_cost_usd=Decimal("799.00")),
    SHORT_CALL: Position(con_id=SHORT_CALL, quantity=-2, average_cost_usd=Decimal("599.00")),
    LONG_CALL: Position(con_id=LONG_CALL, quantity=2, average_cost_usd=Decimal("197.00")),
}
"""Credit: 7.99 + 5.99 - 4.01 - 1.97 = 8.00 points."""


def quote(con_id: ConId, bid: str | None, ask: str | None) -> Quote:
    return Quote(
        con_id=con_id,
        as_of=datetime(2018, 2, 5, 15, tzinfo=UTC),
        data_type=DataType.LIVE,
        bid=None if bid is None else Decimal(bid),
        ask=None if ask is None else Decimal(ask),
        bid_size=1,
        ask_size=1,
    )


QUOTES = {
    LONG_PUT: quote(LONG_PUT, "1.00", "1.20"),
    SHORT_PUT: quote(SHORT_PUT, "2.80", "3.00"),
    SHORT_CALL: quote(SHORT_CALL, "0.80", "1.00"),
    LONG_CALL: quote(LONG_CALL, "0.20", "0.40"),
}
"""Closing costs 3.00 + 1.00 - 1.00 - 0.20 = 2.80 points."""


def condor(held: dict[ConId, Position] | None = None) -> Group:
    found = find_condors((held or HELD).values(), UNIVERSE.by_id(), NOW).found
    assert len(found) == 1
    return found[0]


def test_every_figure() -> None:
    """Two condors 50 wide: 10,000 USD at risk, less 1,600 USD credit; 5.20 of 8.00 captured."""
    assert figures_of(condor(), HELD, QUOTES) == CondorFigures(
        credit=Decimal("8.00"),
        cost_to_close=Decimal("2.80"),
        captured=0.65,
        lower=Decimal("2542.00"),
        upper=Decimal("2858.00"),
        notional_usd=Decimal(10_000),
        max_loss_usd=Decimal(8_400),
    )


def test_the_wider_wing_is_at_risk() -> None:
    """Puts 100 wide, calls 50: the put side can cost more."""
    far = spx_id("P", 2450)
    held = {far: replace(HELD[LONG_PUT], con_id=far)} | {
        con_id: position for con_id, position in HELD.items() if con_id != LONG_PUT
    }
    figures = figures_of(condor(held), held, {})
    assert (figures.notional_usd, figures.max_loss_usd) == (Decimal(20_000), Decimal(18_400))


@pytest.mark.parametrize(
    "shared",
    [
        {SHORT_PUT: replace(HELD[SHORT_PUT], quantity=-3)},
        {SHORT_PUT: None},
    ],
)
def test_where_a_strike_is_shared_the_credit_and_what_hangs_on_it_is_unknown(
    shared: dict[ConId, Position | None],
) -> None:
    """The broker's average cost then speaks of more than this condor."""
    held = {con_id: one for con_id, one in (HELD | shared).items() if one is not None}
    figures = figures_of(condor(), held, QUOTES)
    assert (figures.credit, figures.captured, figures.max_loss_usd) == (None, None, None)
    assert (figures.lower, figures.upper) == (None, None)
    assert figures.cost_to_close == Decimal("2.80")
    assert figures.notional_usd == Decimal(10_000)


@pytest.mark.parametrize(
    "gone",
    [
        {LONG_CALL: quote(LONG_CALL, None, None)},
        {SHORT_PUT: quote(SHORT_PUT, "2.80", None)},
        {SHORT_PUT: None},
    ],
)
def test_without_a_side_that_closing_needs_its_cost_is_unknown(
    gone: dict[ConId, Quote | None],
) -> None:
    quotes = {con_id: one for con_id, one in (QUOTES | gone).items() if one is not None}
    figures = figures_of(condor(), HELD, quotes)
    assert (figures.cost_to_close, figures.captured) == (None, None)
    assert figures.credit == Decimal("8.00")


def test_a_long_leg_that_nobody_bids_for_brings_nothing() -> None:
    """3.00 + 1.00 - 1.00 without the 0.20 of the far call."""
    quotes = QUOTES | {LONG_CALL: quote(LONG_CALL, None, "0.05")}
    assert figures_of(condor(), HELD, quotes).cost_to_close == Decimal("3.00")


def test_a_condor_that_was_paid_for_has_captured_nothing() -> None:
    """There is no credit of which a share could be earned."""
    held = HELD | {LONG_PUT: replace(HELD[LONG_PUT], average_cost_usd=Decimal("1500.00"))}
    figures = figures_of(condor(), held, QUOTES)
    assert figures.credit == Decimal("-2.99")
    assert figures.captured is None
