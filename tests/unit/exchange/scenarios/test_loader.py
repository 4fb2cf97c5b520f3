"""The packaged scenarios are whole, real and found by name."""

from datetime import date
from decimal import Decimal
from itertools import groupby

import pytest

from bot.exchange.scenarios.loader import UnknownScenarioError, load_scenario, scenario_names
from bot.exchange.scenarios.scenario import EventKind, Scenario
from tests.support.paper_market import (
    CALM,
    CRASH,
    GRIND,
    SPRING,
    STORM,
    at,
    market,
    scenario,
    spread_position,
)

HISTORY = 512
EVERY = [CALM, GRIND, CRASH, SPRING, STORM]


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    """The error lists what could have been meant."""
    assert scenario_names() == [CALM, GRIND, CRASH, SPRING, STORM]
    known = "calm-2017, grind-2022, march-2020, spring-2018, volmageddon-2018"
    with pytest.raises(UnknownScenarioError, match=known):
        load_scenario("tulips-1637")


@pytest.mark.parametrize("name", EVERY)
def test_history_of_512_sessions_comes_first(name: str) -> None:
    """The daily indicators look back on 512 completed sessions on the first day already."""
    days = scenario(name).days
    assert days[HISTORY].date == scenario(name).first_session
    assert days[-1].date == scenario(name).last_session


def test_the_storm_is_the_real_one() -> None:
    """Closes as printed: VIX 17.31, 37.32 and SPX 2648.94 in February 2018."""
    by_date = {day.date: day for day in scenario(STORM).days}
    assert by_date[date(2018, 2, 2)].vix_close == 17.31
    assert by_date[date(2018, 2, 5)].vix_close == 37.32
    assert by_date[date(2018, 2, 5)].spx_close == 2648.94


def test_the_spring_is_the_storm_and_what_follows() -> None:
    """The same days as far as the storm goes; then the March spike and the way back to 12.65."""
    told, storm = scenario(SPRING), scenario(STORM)
    assert told.days[: len(storm.days)] == storm.days
    by_date = {day.date: day for day in told.days}
    assert by_date[date(2018, 3, 23)].vix_close == 24.87
    assert by_date[date(2018, 4, 2)].spx_close == 2581.88
    assert told.days[-1].vix_close == 12.65


def test_a_condor_lives_on_every_day_of_the_spring() -> None:
    """Three expiries, a month apart, all opened before the first session, none settled in it."""
    told = scenario(SPRING)
    settlements = [condor.settlement for condor in told.condors]
    assert settlements == [date(2018, 5, 18), date(2018, 6, 15), date(2018, 7, 20)]
    assert all(condor.opened < told.first_session for condor in told.condors)


def test_the_calm_stays_calm() -> None:
    """No close of the calm scenario comes near the first stage."""
    first = scenario(CALM).first_session
    assert max(day.vix_close for day in scenario(CALM).days if day.date >= first) == 15.59


def test_the_crash_is_the_real_one() -> None:
    """Closes as printed: the record 82.69 of VIX, and the low of SPX a week later."""
    by_date = {day.date: day for day in scenario(CRASH).days}
    assert by_date[date(2020, 2, 19)].spx_close == 3386.15
    assert (
        by_date[date(2020, 3, 16)].vix_close
        == 82.69
        == max(day.vix_close for day in scenario(CRASH).days)
    )
    assert by_date[date(2020, 3, 23)].spx_close == 2237.40


def test_the_grind_falls_without_a_storm() -> None:
    """Closes as printed: 18 per cent of SPX in ten weeks, and VIX between 18 and 35."""
    lived = [day for day in scenario(GRIND).days if day.date >= scenario(GRIND).first_session]
    lowest = min(day.spx_close for day in lived)
    assert (lived[0].spx_close, lowest) == (4582.64, 3735.48)
    assert 18 < min(day.vix_close for day in lived) <= max(day.vix_close for day in lived) < 35


@pytest.mark.parametrize("name", EVERY)
def test_events_cover_the_span_and_what_follows(name: str) -> None:
    """FOMC and CPI are listed past the last session, each within what it covers; PPI if known."""
    told = scenario(name)
    unknown = {EventKind.PPI} if name in {CRASH, GRIND} else set()
    assert set(told.coverage) == set(EventKind) - unknown
    for span in told.coverage.values():
        assert span.first < told.first_session
        assert (span.last - told.last_session).days > 90
    for event in told.events:
        assert told.coverage[event.kind].first <= event.date <= told.coverage[event.kind].last


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((name, EventKind.CPI) for name in EVERY),
        *((name, EventKind.PPI) for name in (CALM, SPRING, STORM)),
    ],
)
def test_inflation_is_released_once_a_month(name: str, kind: EventKind) -> None:
    """No month within the coverage lacks its release, and none has two."""
    told = scenario(name)
    months = [event.date.replace(day=1) for event in told.events if event.kind is kind]
    first, last = (day.replace(day=1) for day in (told.coverage[kind].first, months[-1]))
    assert months[0] == first
    assert len(months) == (last.year - first.year) * 12 + last.month - first.month + 1
    assert last == told.coverage[kind].last.replace(day=1)
    assert len(set(months)) == len(months)


@pytest.mark.parametrize("name", EVERY)
def test_the_account_is_worth_half_a_million(name: str) -> None:
    """Cash and the marks of the close before make USD 500,000, whatever the seed."""
    told = scenario(name)
    closed = max(day.date for day in told.days if day.date < told.first_session)
    before = at(closed, 16, 15)
    for seed in (1, 2):
        worth = scenario(name).cash_usd + sum(
            position * 100 * market(name, seed).mark(con_id, before)
            for con_id, position, _ in spread_position(name)
        )
        assert worth == 500_000


@pytest.mark.parametrize("name", EVERY)
def test_the_legs_are_listed_as_long_as_they_are_held(name: str) -> None:
    """A client that asks for the details of its positions gets them, on every day."""
    told = scenario(name)
    for day in (told.first_session, told.last_session):
        for con_id, _, _ in spread_position(name):
            assert market(name).reference.by_id(con_id, day).instrument.con_id == con_id


@pytest.mark.parametrize("name", EVERY)
def test_the_hedge_scale_lies_between_one_and_three(name: str) -> None:
    """R1, R2: 0.35 to 0.55 of V* over USD 120.6 of vega per full ladder, all the way through.

    V* at the start counts each condor's vega weighted by min(1, sqrt(30 / DTE)).
    """
    told = scenario(name)
    days = [day.date for day in told.days if day.date >= told.first_session]
    weighted = [
        [_weighted_vega(told, name, place, day) for day in days]
        for place in range(len(told.condors))
    ]
    start = sum(each[0] for each in weighted)
    peak = sum(max(each) for each in weighted)
    assert 0.35 * start / 120.6 > 1.0
    assert 0.55 * peak / 120.6 < 3.0


@pytest.mark.parametrize("name", EVERY)
def test_condors_are_sold_for_a_credit_within_the_wing_limit(name: str) -> None:
    """R4: no side of an expiry risks more than 2 % of USD 500,000; R22: 15 to 27 % credit."""
    told = scenario(name)
    assert 4 <= sum(max(leg.position for leg in condor.legs) for condor in told.condors) <= 8
    for condor in told.condors:
        quantity = max(leg.position for leg in condor.legs)
        paid = sum((leg.position * leg.average_price for leg in condor.legs), Decimal(0))
        credit = -paid / quantity
        for _, side in groupby(condor.legs, key=lambda leg: leg.right):
            low, high = sorted(leg.strike for leg in side)
            assert (high - low - credit) * 100 * quantity <= 10_000
            assert 0.15 <= credit / (high - low) <= 0.27


def _weighted_vega(told: Scenario, name: str, place: int, day: date) -> float:
    condor = told.condors[place]
    legs = spread_position(name)[place * 4 : place * 4 + 4]
    lines = market(name).quotes([con_id for con_id, _, _ in legs], at(day, 12))
    total = sum(
        (line.vega or 0.0) * position * 100
        for line, (_, position, _) in zip(lines, legs, strict=True)
    )
    return float(abs(total) * min(1.0, (30 / (condor.settlement - day).days) ** 0.5))
