"""What is shown: legal prices around the model value, sizes that never stand still."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest

from bot.domain.instruments import ConId, Right
from bot.exchange.market.activity import Draw
from bot.exchange.market.columns import as_columns
from bot.exchange.market.quoting import Book, make_book
from bot.exchange.market.valuation import Values, value_all
from bot.exchange.reference.conid import ContractClass
from bot.exchange.reference.contracts import instrument_of
from bot.exchange.reference.phases import Phase
from tests.support.market_worlds import world
from tests.support.paper_market import future, option, sessions_of

MARCH_VIX = date(2018, 3, 21)
CALLS = [option(ContractClass.VIX, MARCH_VIX, str(strike)) for strike in range(8, 40)]
PUTS = [
    option(ContractClass.SPX, date(2018, 3, 16), str(strike), Right.PUT)
    for strike in range(2000, 2900, 25)
]


def draw(step: int, seed: int = 1, day: int = 3, phase: Phase = Phase.REGULAR) -> Draw:
    """Return the draw of a step of a session of 810."""
    return Draw(seed, day, 6 * step, phase, 6 * step, 6 * 810)


def book(con_ids: list[ConId], vix: float = 13.0, drawn: Draw | None = None) -> tuple[Values, Book]:
    contracts = as_columns(instrument_of(each, sessions_of()) for each in con_ids)
    values = value_all(contracts, world(vix))
    return values, make_book(contracts, values, vix, drawn or draw(5))


@pytest.mark.parametrize("vix", [10.0, 13.0, 37.0])
@pytest.mark.parametrize("con_ids", [CALLS, PUTS, [future(MARCH_VIX)]])
def test_every_price_is_legal_and_the_value_lies_between(con_ids: list[ConId], vix: float) -> None:
    """Bid and ask lie on the contract's own grid, below and above the model value."""
    values, shown = book(con_ids, vix)
    for place, con_id in enumerate(con_ids):
        grid = instrument_of(con_id, sessions_of()).grid  # type: ignore[union-attr]
        assert grid.is_legal(Decimal(int(shown.bid[place])) / 100)
        assert grid.is_legal(Decimal(int(shown.ask[place])) / 100)
    assert (shown.bid <= values.value * 100).all()
    assert (shown.ask >= values.value * 100).all()
    assert (shown.bid < shown.ask).all()


@pytest.mark.parametrize("vix", [11.0, 14.0, 20.0, 37.0])
def test_what_the_ladder_buys_passes_the_slippage_guard(vix: float) -> None:
    """R29: at 0.10 to 0.60 delta the spread is within 15 % of mid or 0.10, 30 % under 0.50."""
    for settlement in (MARCH_VIX, date(2018, 4, 18), date(2018, 5, 16), date(2018, 6, 20)):
        ids = [option(ContractClass.VIX, settlement, str(strike)) for strike in range(8, 60)]
        values, shown = book(ids, vix)
        mid, spread = (shown.bid + shown.ask) / 200, (shown.ask - shown.bid) / 100
        guard = np.where(mid < 0.50, 0.30 * mid, np.maximum(0.15 * mid, 0.10))
        bought = (values.delta > 0.10) & (values.delta < 0.60) & (mid > 0.15)
        assert bought.sum() >= 3
        assert (spread[bought] <= guard[bought] + 1e-9).all()


def test_spreads_grow_with_tenor_and_stress() -> None:
    """Back months and a high VIX are wider (domain.md section 5.3)."""

    def spread(settlement: date, vix: float) -> int:
        _, shown = book([option(ContractClass.VIX, settlement, "30")], vix)
        return int(shown.ask[0] - shown.bid[0])

    far = date(2018, 7, 18)
    assert spread(far, 13.0) > spread(MARCH_VIX, 13.0)
    assert spread(MARCH_VIX, 45.0) > spread(MARCH_VIX, 13.0)


def test_futures_are_a_tick_or_two_wide_and_wider_in_stress() -> None:
    """On average over many levels, because rounding to 0.05 hides the rest."""

    def width(settlement: date, levels: range) -> float:
        shown = [book([future(settlement)], level / 10)[1] for level in levels]
        return sum(int(each.ask[0] - each.bid[0]) for each in shown) / len(shown)

    calm, storm = range(100, 180), range(400, 480)
    assert 5 <= width(MARCH_VIX, calm) <= 10
    assert width(date(2018, 7, 18), calm) > width(MARCH_VIX, calm)
    assert width(MARCH_VIX, storm) > width(MARCH_VIX, calm)


def test_a_worthless_option_has_no_bid() -> None:
    """Its ask is the smallest tick, its bid is empty in price and size."""
    _, shown = book([option(ContractClass.SPX, date(2018, 2, 16), "3400")])
    assert (shown.bid[0], shown.bid_size[0]) == (0, 0)
    assert shown.ask[0] == 5
    assert shown.ask_size[0] > 0


def test_every_line_ticks_at_every_step() -> None:
    """Bid or ask size differs between any two steps less than 77 apart."""
    sizes = {}
    for step in range(80):
        _, shown = book(CALLS, drawn=draw(step))
        sizes[step] = np.stack([shown.bid_size, shown.ask_size])
    for apart in (1, 7, 10, 11, 76):
        for step in range(80 - apart):
            changed = (sizes[step] != sizes[step + apart]).any(axis=0)
            assert changed.all()


def test_sizes_depend_on_contract_step_and_seed() -> None:
    """Each of the three changes the draw; the same three repeat it."""
    first, again = (book(CALLS)[1].bid_size for _ in range(2))
    assert np.array_equal(first, again)
    assert len(set(first.tolist())) > 5
    for other in (draw(5, seed=2), draw(5, day=4), draw(6)):
        assert not np.array_equal(first, book(CALLS, drawn=other)[1].bid_size)


def test_volume_only_grows_within_a_session() -> None:
    """It starts at nothing and never falls."""
    volumes = [book(CALLS, drawn=draw(step))[1].volume for step in (0, 100, 400, 810)]
    assert (volumes[0] == 0).all()
    for earlier, later in pairwise(volumes):
        assert (earlier <= later).all()
    assert volumes[-1].max() > 0


def test_a_night_is_wider_and_thinner() -> None:
    """Several times the spread of the day (domain.md section 5.3), and fewer contracts at it."""
    spreads, sizes = {}, {}
    for phase in (Phase.REGULAR, Phase.CURB, Phase.NIGHT):
        _, shown = book(CALLS, drawn=draw(5, phase=phase))
        spreads[phase] = float((shown.ask - shown.bid).mean())
        sizes[phase] = float((shown.ask_size + shown.bid_size).mean())
    assert spreads[Phase.NIGHT] > 2 * spreads[Phase.REGULAR]
    assert spreads[Phase.NIGHT] > spreads[Phase.CURB] > spreads[Phase.REGULAR]
    assert sizes[Phase.NIGHT] < sizes[Phase.CURB] < sizes[Phase.REGULAR]


def test_five_seconds_later_a_line_has_ticked() -> None:
    """Within a step the sizes move too."""
    shown = [
        book(CALLS, drawn=Draw(1, 3, tick, Phase.REGULAR, tick, 4860))[1] for tick in range(30, 37)
    ]
    for earlier, later in pairwise(shown):
        assert (earlier.bid_size != later.bid_size).all()
