"""Generic ticks: which are legal, and what each tells of which contract."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from bot.domain.instruments import ConId, Right
from bot.exchange.market.quote import DailyBar, MarketQuote, Samples, Statistics
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.reference.underlyings import SPX_ID, SPY_ID, VIX_ID
from bot.exchange.venue.generic_facts import GenericFacts
from bot.exchange.venue.generic_ticks import (
    LEGAL,
    IncorrectGenericTicksError,
    generic_ticks,
    parse_generics,
)
from bot.exchange.venue.tally import tally_day
from bot.exchange.wire.replies import TickPrice, TickSize, TickString
from tests.support.venue_rig import CALL_15, Rig, at, quote, vix_option

NOW = at("2018-01-16T10:00")
PUT_15 = vix_option("15", Right.PUT)
FIGURES = Statistics(
    open_interest=500,
    historical_volatility=0.8,
    implied_volatility=0.9,
    average_volume=1000,
    average_option_volume=2000,
    call_volume=30,
    put_volume=20,
    call_open_interest=300,
    put_open_interest=200,
    range_13_weeks=(9.0, 15.0),
    range_26_weeks=(8.5, 17.0),
    range_52_weeks=(8.0, 20.5),
)
LINE = MarketQuote(
    con_id=CALL_15,
    bid=Decimal("1.00"),
    ask=Decimal("1.10"),
    last=Decimal("1.05"),
    last_size=4,
    volume=77,
)


def front() -> ConId:
    """The number of the nearest VX month."""
    return con_id_of(ContractKey(ContractClass.VX, date(2018, 1, 17)))


def told(rig: Rig, con_id: ConId, wanted: int, line: MarketQuote = LINE) -> dict[int, object]:
    rig.market.figures[con_id] = FIGURES
    facts = GenericFacts(rig.floor).of(rig.floor.instrument(con_id), line, frozenset({wanted}))
    values: dict[int, object] = {}
    for tick in generic_ticks(9, frozenset({wanted}), facts):
        if isinstance(tick, TickPrice):
            values[tick.tick_type] = tick.price
        elif isinstance(tick, TickSize):
            values[tick.tick_type] = tick.size
        else:
            values[tick.tick_type] = tick.value  # type: ignore[union-attr]
    return values


@pytest.mark.parametrize(
    ("con_id", "wanted", "expected"),
    [
        (CALL_15, 100, {29: 77}),
        (PUT_15, 100, {30: 77}),
        (SPX_ID, 100, {29: 30, 30: 20}),
        (CALL_15, 101, {27: 500}),
        (PUT_15, 101, {28: 500}),
        (SPX_ID, 101, {27: 300, 28: 200}),
        (SPX_ID, 104, {23: 0.8}),
        (SPX_ID, 105, {87: 2000}),
        (SPX_ID, 106, {24: 0.9}),
        (SPY_ID, 162, {}),
        (
            SPX_ID,
            165,
            {
                15: Decimal("9.0"),
                16: Decimal("15.0"),
                17: Decimal("8.5"),
                18: Decimal("17.0"),
                19: Decimal("8.0"),
                20: Decimal("20.5"),
                21: 1000,
            },
        ),
        (CALL_15, 221, {37: Decimal("1.05")}),
        (CALL_15, 232, {37: Decimal("1.05")}),
        (CALL_15, 225, {}),
        (CALL_15, 233, {}),
        (SPY_ID, 236, {46: 3.0}),
        (CALL_15, 236, {}),
        (CALL_15, 258, {}),
        (SPX_ID, 293, {}),
        (CALL_15, 318, {57: Decimal("1.05")}),
        (CALL_15, 411, {}),
        (CALL_15, 456, {}),
        (CALL_15, 588, {}),
        (CALL_15, 619, {79: Decimal("1.05")}),
    ],
)
def test_each_tick_tells_what_the_contract_has(
    con_id: ConId, wanted: int, expected: dict[int, object]
) -> None:
    assert told(Rig(), con_id, wanted) == expected


def test_unknown_figures_are_silent() -> None:
    rig = Rig()
    facts = GenericFacts(rig.floor).of(rig.floor.instrument(SPX_ID), quote(SPX_ID), frozenset())
    assert list(generic_ticks(9, frozenset(LEGAL), facts)) == []


def test_statistics_are_looked_up_once_in_a_while() -> None:
    rig = Rig()
    facts = GenericFacts(rig.floor)
    product = rig.floor.instrument(SPX_ID)
    rig.market.figures[SPX_ID] = FIGURES
    assert facts.of(product, LINE, frozenset()).statistics == FIGURES
    rig.market.figures[SPX_ID] = Statistics()
    rig.step("2018-01-16T10:04")
    assert facts.of(product, LINE, frozenset()).statistics == FIGURES
    rig.step("2018-01-16T10:05")
    assert facts.of(product, LINE, frozenset()).statistics == Statistics()


def test_the_premium_is_the_nearest_future_over_the_index() -> None:
    index = MarketQuote(con_id=VIX_ID, last=Decimal("11.00"))
    assert told(Rig(), VIX_ID, 162, index) == {}
    rig = Rig(lines=[quote(front(), "11.50", "11.60")])
    assert told(rig, VIX_ID, 162, index) == {31: pytest.approx(0.55)}
    assert told(rig, VIX_ID, 162, quote(VIX_ID)) == {}


def test_an_index_whose_futures_show_nothing_has_no_premium() -> None:
    index = MarketQuote(con_id=SPX_ID, last=Decimal("2700.00"))
    assert told(Rig(), SPX_ID, 162, index) == {}


def test_futures_tell_their_open_interest() -> None:
    rig = Rig()
    assert told(rig, front(), 588) == {86: 500}


def test_the_last_regular_trade_stands_through_the_night() -> None:
    rig = Rig("2018-01-17T03:00")
    at_close = MarketQuote(con_id=CALL_15, last=Decimal("0.99"))
    rig.market.past[at("2018-01-16T16:14:59")] = {CALL_15: at_close}
    assert told(rig, CALL_15, 318) == {57: Decimal("0.99")}


def test_the_running_volatility_takes_the_session_in() -> None:
    rig = Rig()
    days = [date.fromordinal(date(2017, 12, 1).toordinal() + n) for n in range(21)]
    rig.market.bars[SPX_ID] = [
        DailyBar(date=day, open=100.0, high=101.0, low=99.0, close=100.0 + n % 2)
        for n, day in enumerate(days)
    ]
    (value,) = told(rig, SPX_ID, 411).values()
    assert value == pytest.approx(0.162, abs=0.001)


def test_a_share_tells_its_yearly_dividends() -> None:
    rig = Rig()
    line = MarketQuote(con_id=SPY_ID, last=Decimal("280.00"))
    rig.market.dividend_yield = 0.02
    assert told(rig, SPY_ID, 456, line) == {59: "5.60,5.60,,"}
    assert told(rig, SPY_ID, 456, quote(SPY_ID)) == {}


# -- the tally of trades


def sampled() -> Samples:
    """Trades of the last ten minutes, half a minute apart, one contract more each time."""
    stamps = np.array([NOW.timestamp() - 30.0 * n for n in range(20)][::-1])
    count = np.arange(20.0)
    prices = np.where(count < 10, 1.0, 2.0)
    return Samples(stamps, prices, prices, count, count, prices, count)


def tallied() -> Rig:
    rig = Rig()
    rig.market.sampled[CALL_15] = sampled()
    return rig


def test_the_day_is_tallied_from_its_samples() -> None:
    """Volumes 0 to 19: 45 contracts at 1, 145 at 2."""
    rig = tallied()
    tally = tally_day(rig.market, CALL_15, at("2018-01-16T09:30"), NOW)
    assert tally.trade_count == 19
    assert tally.average == pytest.approx((45 + 290) / 190)
    assert (tally.trades_per_minute, tally.volume_per_minute) == (2, 19 + 18)
    assert tally.short_term == (sum(range(14, 20)), sum(range(10, 20)), 190)


def test_trade_ticks_come_from_the_tally() -> None:
    rig = tallied()
    assert told(rig, CALL_15, 293) == {54: 19.0}
    assert told(rig, CALL_15, 294) == {55: 2.0}
    assert told(rig, CALL_15, 295) == {56: 37.0}
    assert told(rig, CALL_15, 595) == {63: 99, 64: 145, 65: 190}
    text = f"1.05;4;{int(NOW.timestamp()) * 1000};77;1.76315789;true"
    assert told(rig, CALL_15, 233) == {48: text}
    assert told(rig, CALL_15, 375) == {77: text}


def test_before_the_day_begins_there_is_no_tally() -> None:
    rig = Rig("2018-01-16T18:30")
    assert told(rig, CALL_15, 293) == {}


# -- what may be asked for


def test_legal_ticks_are_read_with_their_companions() -> None:
    assert parse_generics("100, 233,mdoff,292:BRFG", "OPT") == (frozenset({100, 233}), False)
    assert parse_generics("", "OPT") == (frozenset(), True)


@pytest.mark.parametrize("text", ["1", "100,abc", "-100", "9999", "10 0"])
def test_what_is_no_generic_tick_is_named_with_the_legal_ones(text: str) -> None:
    with pytest.raises(IncorrectGenericTicksError) as caught:
        parse_generics(text, "OPT")
    assert text.rpartition(",")[2] in str(caught.value)
    assert "Legal ones for (OPT) are: 100(" in str(caught.value)


def test_every_text_tick_is_a_string() -> None:
    rig = tallied()
    facts = GenericFacts(rig.floor).of(rig.floor.instrument(CALL_15), LINE, frozenset({233}))
    (tick,) = generic_ticks(9, frozenset({233}), facts)
    assert isinstance(tick, TickString)
