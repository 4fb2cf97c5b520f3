from dataclasses import replace
from datetime import date, time

import pytest

from bot.domain.history import History
from bot.domain.policy import Policy, StagesPolicy
from bot.domain.readings import Readings, ReadingState
from bot.domain.state import StrategyState
from bot.domain.value import replace as changed
from bot.signals.catalog import read_signals
from tests.support.signal_inputs import HISTORY, VX1, VX2, Scene, completed

OK, STALE, MISSING = ReadingState.OK, ReadingState.STALE, ReadingState.MISSING
LOOKING_BACK = ("vix.change_1d", "vix.change_5d", "vix.spike", "vix.new_high")


def with_closes(*closes: float | None) -> History:
    return changed(HISTORY, vix=(*HISTORY.vix[: -len(closes)], *closes))


def read(**changes: object) -> Readings:
    vx = {VX1: 30.0, VX2: 29.0}  # confirms any rise
    return read_signals(replace(Scene(vx=vx), **changes).inputs(), StrategyState())  # type: ignore[arg-type]


CLOSES = with_closes(14.0, 10.0, 11.0, 15.0, 12.0, 13.0)


def test_changes_are_against_the_close_one_and_five_sessions_ago() -> None:
    readings = read(vix=17.5, history=CLOSES)
    assert readings.number("vix.level") == 17.5
    assert readings.number("vix.change_1d") == 4.5
    assert readings.number("vix.change_5d") == 7.5


@pytest.mark.parametrize(("vix", "spike"), [(18.0, False), (18.01, True), (9.0, False)])
def test_a_spike_is_a_five_session_rise_of_more_than_eight(vix: float, spike: bool) -> None:  # noqa: FBT001
    assert read(vix=vix, history=CLOSES).flag("vix.spike") is spike


@pytest.mark.parametrize(("vix", "high"), [(15.0, False), (15.01, True)])
def test_a_new_high_is_above_each_of_the_last_five_closes(vix: float, high: bool) -> None:  # noqa: FBT001
    assert read(vix=vix, history=CLOSES).flag("vix.new_high") is high


def test_the_sessions_of_a_new_high_come_from_the_policy() -> None:
    two = Policy(stages=StagesPolicy(reentry_high_sessions=2))
    assert read(vix=13.5, history=CLOSES, policy=two).flag("vix.new_high") is True


@pytest.mark.parametrize(
    ("closes", "unknown"),
    [
        ((14.0, None, 11.0, 15.0, 12.0, 13.0), {"vix.change_5d", "vix.spike", "vix.new_high"}),
        ((14.0, 10.0, 11.0, None, 12.0, 13.0), {"vix.new_high"}),
        ((None, 10.0, 11.0, 15.0, 12.0, 13.0), set()),
    ],
)
def test_an_unknown_close_makes_unknown_what_needs_it(
    closes: tuple[float | None, ...], unknown: set[str]
) -> None:
    readings = read(vix=14.0, history=with_closes(*closes))
    states = {name: readings.get(name).state for name in LOOKING_BACK}
    assert states == {name: STALE if name in unknown else OK for name in LOOKING_BACK}
    assert all("unknown" in readings.get(name).note for name in unknown)


def test_a_short_history_gives_no_changes() -> None:
    readings = read(history=completed(4))
    assert readings.get("vix.change_1d").state is OK
    assert {readings.get(n).state for n in LOOKING_BACK[1:]} == {STALE}


@pytest.mark.parametrize(
    ("changes", "level", "back"),
    [
        ({}, OK, OK),
        ({"age_seconds": 61.0}, STALE, STALE),
        ({"clock": time(9, 34)}, STALE, STALE),
        ({"vix": None}, MISSING, MISSING),
        ({"history": completed(0)}, STALE, MISSING),
        ({"history": completed(512, date(2018, 2, 2))}, STALE, STALE),
        ({"vix": 40.0, "vx": {VX1: 13.5, VX2: 14.0}}, STALE, STALE),
    ],
    ids=["live", "old", "early", "no quote", "no history", "old history", "artefact"],
)
def test_all_of_g1_is_as_good_as_the_level_and_the_closes(
    changes: dict[str, object], level: ReadingState, back: ReadingState
) -> None:
    readings = read(**changes)
    assert readings.get("vix.level").state is level
    assert {readings.get(name).state for name in LOOKING_BACK} == {back}
    if level is not OK:
        assert readings.get("vix.level").note
