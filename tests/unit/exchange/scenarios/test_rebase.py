"""A scenario on another calendar: same prices, other dates."""

from datetime import date, timedelta

import msgspec
import pytest

from bot.exchange.market.market import Market
from bot.exchange.scenarios.loader import load_scenario
from bot.exchange.scenarios.rebase import RebaseError, rebase, span_of
from bot.exchange.scenarios.scenario import Condor, Scenario
from tests.support.session_tables import index_option_sessions

STORM = load_scenario("volmageddon-2018")
FIRST = date(2026, 11, 26)
"""Thanksgiving: the first session at or after it is Friday the 27th, an early close."""

SESSIONS = index_option_sessions(*span_of(STORM, FIRST))
MOVED = rebase(STORM, SESSIONS, FIRST)


def test_the_first_session_is_the_first_at_or_after_the_date() -> None:
    """A holiday moves on to the next session."""
    assert MOVED.first_session == date(2026, 11, 27)
    assert MOVED.sessions_until <= SESSIONS.sessions[-1].date


def test_each_session_keeps_its_prices() -> None:
    """The k-th session has the k-th values; no session is left out or invented."""
    moved_back = [
        msgspec.structs.replace(new, date=old.date)
        for old, new in zip(STORM.days, MOVED.days, strict=True)
    ]
    assert moved_back == list(STORM.days)
    dates = [day.date for day in MOVED.days]
    assert dates == [
        session.date for session in SESSIONS.sessions if dates[0] <= session.date <= dates[-1]
    ]
    first = [day.date for day in STORM.days].index(STORM.first_session)
    assert MOVED.days[first].date == MOVED.first_session


def test_a_market_can_be_made_of_it() -> None:
    """The market's own check of scenario and session table passes."""
    Market(MOVED, SESSIONS, 1)


def test_condors_settle_on_third_fridays_after_the_last_session() -> None:
    """Two and three months out as before: 2018-03-16 and -04-20 become January and February."""
    settlements = [condor.settlement for condor in MOVED.condors]
    assert settlements == [date(2027, 1, 15), date(2027, 2, 19)]
    assert all(condor.opened < MOVED.first_session for condor in MOVED.condors)
    assert all(condor.settlement > MOVED.last_session for condor in MOVED.condors)
    assert [condor.legs for condor in MOVED.condors] == [condor.legs for condor in STORM.condors]


def test_a_weekly_condor_settles_on_a_friday() -> None:
    """SPXW expires every week; Good Friday's expiry is the session before."""
    weekly = Condor(
        trading_class="SPXW",
        settlement=STORM.last_session + timedelta(days=14),
        opened=STORM.condors[0].opened,
        legs=STORM.condors[0].legs,
    )
    february = date(2026, 2, 4)
    scenario = rebase(_with(weekly), index_option_sessions(*span_of(STORM, february)), february)
    (condor,) = scenario.condors
    wanted = weekly.settlement + (scenario.first_session - STORM.first_session)
    assert abs(condor.settlement - wanted) <= timedelta(days=4)
    assert condor.settlement == date(2026, 4, 2)


def test_events_keep_their_distance_and_their_source() -> None:
    """An event ten days ahead stays ten days ahead, and says where it was moved from."""
    for old, new in zip(STORM.events, MOVED.events, strict=True):
        assert new.date - MOVED.first_session == old.date - STORM.first_session
        assert new.source == f"{old.source}; moved from {old.date}"
    for kind, span in STORM.coverage.items():
        assert MOVED.coverage[kind].last - span.last == MOVED.first_session - STORM.first_session


@pytest.mark.parametrize(
    ("since", "until"),
    [(date(2025, 11, 3), date(2027, 3, 1)), (date(2024, 8, 29), date(2026, 12, 4))],
)
def test_a_short_calendar_is_refused(since: date, until: date) -> None:
    """Too few sessions before or after: one error that says how many are wanted."""
    with pytest.raises(RebaseError, match="512 sessions before its first and 33 from it on"):
        rebase(STORM, index_option_sessions(since, until), FIRST)


def _with(condor: Condor) -> Scenario:
    return msgspec.structs.replace(STORM, condors=(condor,))
