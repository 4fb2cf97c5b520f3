"""The retained state, folded from events."""

import pytest

from bot.adapters.mqtt.state import Record, State, folded, taken_up
from bot.domain.book import Break
from bot.domain.canonical import ContentHash
from bot.domain.events import (
    BreakFound,
    BreakLifted,
    ConnectionChanged,
    CycleMissed,
    JournalEvent,
    NoticeReceived,
    PolicyChanged,
    RunEnded,
    RunId,
    UnadoptedFound,
)
from bot.domain.instruments import ConId
from bot.domain.value import replace
from tests.support import story
from tests.support.publishing import stored

RECONCILED = ConnectionChanged(state="reconciled")


def told(*events: JournalEvent) -> Record:
    return taken_up(stored(event, number) for number, event in enumerate(events, start=1))


def state(*events: JournalEvent) -> State:
    found = told(*events).state()
    assert found is not None
    return found


def test_of_no_event_there_is_no_state() -> None:
    assert Record().state() is None


def test_a_run_that_has_begun_knows_no_more_than_that() -> None:
    found = state(story.run_started())
    assert (found.sequence, found.at) == (1, story.STRESS)
    assert found.run is not None
    assert (found.run.mode, found.run.scenario, found.run.ended) == (
        "demo",
        "volmageddon-2018",
        None,
    )
    assert (found.connected, found.stage, found.ladder, found.last_decision) == (False, *[None] * 3)


def test_it_is_connected_once_the_lists_were_compared_and_until_the_line_is_lost() -> None:
    begun = (story.run_started(), story.account_proved(), RECONCILED)
    assert state(*begun).connected
    assert state(*begun).account_id == story.ACCOUNT
    farm = ConnectionChanged(state="lost", what="farm")
    assert (state(*begun, farm).connected, state(*begun, farm).links_down) == (True, ("farm",))
    upstream = ConnectionChanged(state="lost", what="upstream")
    assert not state(*begun, upstream).connected
    back = ConnectionChanged(state="restored", what="upstream")
    assert not state(*begun, upstream, back).connected
    assert state(*begun, upstream, back, RECONCILED).connected


@pytest.mark.parametrize(
    "ending", [RunEnded(run_id=RunId("run-1"), reason="stopped"), story.run_started()]
)
def test_what_a_run_heard_of_the_line_ends_with_it(ending: JournalEvent) -> None:
    assert not state(story.run_started(), RECONCILED, ending).connected


def test_it_says_why_a_run_ended() -> None:
    found = state(story.run_started(), RunEnded(run_id=RunId("run-1"), reason="stopped"))
    assert found.run is not None
    assert found.run.ended == "stopped"
    assert state(RunEnded(run_id=RunId("run-1"), reason="stopped")).run is None


def test_the_account_is_known_over_a_restart_that_did_not_name_it() -> None:
    assert state(story.account_proved(), story.run_started()).account_id == story.ACCOUNT


def test_a_decision_brings_stage_ladder_and_its_words() -> None:
    decision = story.stress_decision()
    found = state(story.decision_made(decision))
    assert found.stage == 3
    assert found.ladder == decision.ladder
    assert decision.ladder is not None
    assert found.cover_ratio == decision.ladder.cover_ratio
    assert found.last_decision is not None
    assert found.last_decision.summary == decision.summary
    assert found.last_decision.blind == decision.blind


def test_a_decision_without_a_ladder_has_no_cover() -> None:
    bare = replace(story.stress_decision(), ladder=None)
    assert state(story.decision_made(bare)).cover_ratio is None


def test_breaks_unadopted_calls_and_missed_cycles_are_told() -> None:
    con_id = ConId(300001)
    found = BreakFound(broken=Break(con_id=con_id, ours=1, brokers=2))
    unadopted = UnadoptedFound(con_ids=(con_id,))
    missed = CycleMissed(due_at=story.MORNING, reason="asleep")
    one = state(found, unadopted, missed)
    assert (one.breaks, one.unadopted, one.last_missed) == ((con_id,), (con_id,), story.MORNING)
    assert state(found, BreakLifted(con_id=con_id)).breaks == ()


def test_a_policy_that_changed_is_the_runs() -> None:
    after = ContentHash("9" * 64)
    changed = PolicyChanged(before=None, after=after)
    found = state(story.run_started(), changed)
    assert found.run is not None
    assert found.run.policy == after
    assert state(changed).run is None


def test_other_events_move_its_place_only() -> None:
    first = told(story.run_started())
    notice = NoticeReceived(code=2104, text="Market data farm is OK")
    assert state(story.run_started(), notice).sequence == 2
    newest = first.newest
    assert newest is not None
    assert folded(first, newest) == first
