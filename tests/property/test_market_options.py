"""Quoted options make sense at any moment: order in strike and tenor, parity, legal prices."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from math import exp

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.instruments import Option, Right
from bot.exchange.market.quote import MarketQuote
from bot.exchange.reference.conid import ContractClass
from bot.exchange.reference.query import Query
from bot.exchange.reference.underlyings import SPX_ID
from tests.support.paper_market import CALM, STORM, at, future, market, option, scenario

moments = st.builds(
    lambda name, share, minute: (
        name,
        at(_days(name)[int(share * (len(_days(name)) - 1))], 9, 30) + timedelta(minutes=minute),
    ),
    st.sampled_from([CALM, STORM]),
    st.floats(0.0, 1.0),
    st.integers(0, 405),
)


def _days(name: str) -> list[date]:
    return [day.date for day in scenario(name).days[512:]]


def chain(
    name: str, now: datetime, trading_class: str, right: Right
) -> list[list[tuple[Option, MarketQuote]]]:
    """Return the live contracts of a class with their lines, by expiry and ascending strike."""
    asked = Query(sec_type="OPT", trading_class=trading_class, right=right)
    listed = [each.instrument for each in market(name).reference.find(asked, now.date())]
    options = [each for each in listed if isinstance(each, Option) and each.settlement > now]
    lines = market(name).quotes([each.con_id for each in options], now)
    expiries = sorted({each.settlement for each in options})
    pairs = list(zip(options, lines, strict=True))
    return [[pair for pair in pairs if pair[0].settlement == expiry] for expiry in expiries]


def sides(line: MarketQuote) -> tuple[Decimal, Decimal]:
    """Return bid (zero where empty) and ask of a live line."""
    assert line.ask is not None
    return line.bid or Decimal(0), line.ask


@settings(max_examples=12, deadline=None)
@given(where=moments)
def test_no_line_is_crossed_or_off_its_grid(where: tuple[str, datetime]) -> None:
    """Every bid and ask of every listed VIX and SPX option is legal and apart."""
    for trading_class in ("VIX", "SPX"):
        for expiry in chain(*where, trading_class, Right.PUT):
            for held, line in expiry:
                bid, ask = sides(line)
                assert bid < ask
                assert held.grid.is_legal(bid)
                assert held.grid.is_legal(ask)


@settings(max_examples=12, deadline=None)
@given(where=moments)
def test_calls_fall_and_puts_rise_with_the_strike(where: tuple[str, datetime]) -> None:
    """No call is bid above the ask of a lower strike, no put above that of a higher one."""
    for trading_class in ("VIX", "SPX"):
        for expiry in chain(*where, trading_class, Right.CALL):
            for (_, lower), (_, higher) in pairwise(expiry):
                assert sides(higher)[0] <= sides(lower)[1]
        for expiry in chain(*where, trading_class, Right.PUT):
            for (_, lower), (_, higher) in pairwise(expiry):
                assert sides(lower)[0] <= sides(higher)[1]


@settings(max_examples=12, deadline=None)
@given(where=moments)
def test_no_butterfly_is_paid_for_taking(where: tuple[str, datetime]) -> None:
    """Wings bought at the ask cost at least what the body sold at the bid brings."""
    for trading_class in ("VIX", "SPX"):
        for expiry in chain(*where, trading_class, Right.CALL):
            for (one, low), (two, body), (three, high) in zip(
                expiry, expiry[1:], expiry[2:], strict=False
            ):
                share = (three.strike - two.strike) / (three.strike - one.strike)
                wings = share * sides(low)[1] + (1 - share) * sides(high)[1]
                assert wings >= sides(body)[0]


@settings(max_examples=12, deadline=None)
@given(where=moments)
def test_vix_volatility_rises_with_the_strike(where: tuple[str, datetime]) -> None:
    """Wherever a call can still end worthless (domain.md section 1.6)."""
    for expiry in chain(*where, "VIX", Right.CALL):
        for (_, first), (_, second) in pairwise(expiry):
            assert first.iv is not None
            assert second.iv is not None
            assert first.delta is not None
            if first.delta < 0.99:
                assert first.iv < second.iv


@settings(max_examples=12, deadline=None)
@given(where=moments)
def test_vix_volatility_at_the_money_falls_with_tenor(where: tuple[str, datetime]) -> None:
    """A later month's nearest strike never has more volatility than an earlier one's."""
    levels = []
    for expiry in chain(*where, "VIX", Right.CALL):
        forward = expiry[0][1].underlying_price
        assert forward is not None
        near = [line.iv for _, line in expiry if line.iv is not None]
        strikes = [float(held.strike) for held, _ in expiry]
        upper = next(place for place, strike in enumerate(strikes) if strike > forward)
        share = (forward - strikes[upper - 1]) / (strikes[upper] - strikes[upper - 1])
        levels.append(near[upper - 1] + share * (near[upper] - near[upper - 1]))
    # A smile is curved between two strikes a point apart: under a week it shows.
    assert all(later < earlier for earlier, later in pairwise(levels[1:]))


@settings(max_examples=12, deadline=None)
@given(where=moments, strike=st.sampled_from(["10", "13", "17", "24", "40"]))
def test_parity_holds_within_the_half_spreads(where: tuple[str, datetime], strike: str) -> None:
    """C - P = exp(-rT) (F - K) on the mids of call, put and the future of the settlement."""
    name, now = where
    for expiry in chain(name, now, "VIX", Right.CALL):
        settles = expiry[0][0].settlement
        legs = [
            option(ContractClass.VIX, settles.date(), strike),
            option(ContractClass.VIX, settles.date(), strike, Right.PUT),
            future(settles.date()),
        ]
        (call_bid, call_ask), (put_bid, put_ask), (low, high) = (
            sides(line) for line in market(name).quotes(legs, now)
        )
        years = (settles - now).total_seconds() / 86_400 / 365
        discount = exp(-scenario(name).rate * years)
        gap = float(call_bid + call_ask - put_bid - put_ask) / 2
        gap -= discount * (float(low + high) / 2 - float(strike))
        room = float(call_ask - call_bid + put_ask - put_bid + high - low) / 2
        assert abs(gap) <= room + 1e-3


@settings(max_examples=25, deadline=None)
@given(where=moments)
def test_levels_stay_in_the_real_range(where: tuple[str, datetime]) -> None:
    """SPX lies within its day's high and low; its line says the same."""
    name, now = where
    level = market(name).spx(now)
    line = market(name).quotes([SPX_ID], now)[0]
    assert line.last == Decimal(str(level))
    day = next(each for each in scenario(name).days if each.date == now.date())
    assert day.spx_low - 0.01 <= level <= day.spx_high + 0.01
