"""A path walks the stages up and down again: history grows, memory and holdings are carried."""

from datetime import date

import pytest

from bot.app.cases.evaluation import parse_sweep
from bot.app.cases.path import Stop, there_and_back, walk
from bot.domain.orders import Side
from bot.domain.policy import Policy
from bot.domain.rungs import Rung, Tier
from bot.domain.sessions import NEW_YORK
from bot.domain.truth import Truth
from tests.support.cases import read, sessions, storm

WAY = there_and_back(parse_sweep("vix=10:90:0.5"))


@pytest.fixture(scope="module")
def stops() -> list[Stop]:
    """The shipped example, from a VIX of 10 to 90 and back."""
    return list(walk(storm(), WAY, read, Policy(), sessions()))


def test_the_way_back_visits_the_far_end_once() -> None:
    assert there_and_back(parse_sweep("vix=1:3:1")).values == (1.0, 2.0, 3.0, 2.0, 1.0)


def test_each_value_is_the_next_session(stops: list[Stop]) -> None:
    assert [stop.value for stop in stops] == list(WAY.values)
    assert [stop.day for stop in stops] == [
        session.date
        for session in sessions().sessions
        if date(2018, 2, 5) <= session.date <= stops[-1].day
    ]


def test_stages_are_entered_at_18_and_23_and_by_the_emergency_condition(stops: list[Stop]) -> None:
    """Stage 1 above 18, stage 2 from 23; stage 3 with it, since VIX RSI is far above 80."""
    entered = [(stop.value, stop.decision.entered) for stop in stops if stop.decision.entered]
    assert entered == [(18.5, (1,)), (23.0, (2, 3))]
    storming = next(stop.decision for stop in stops if 3 in stop.decision.entered)
    emergency = next(rule for rule in storming.rules if rule.rule == "R8")
    assert {c.what: c.truth for c in emergency.checks}["vix.rsi"] is Truth.TRUE


def test_stages_are_left_after_three_closes_beyond_their_exits(stops: list[Stop]) -> None:
    """Below 21 and below 16: 20.5, 20, 19.5 and 15.5, 15, 14.5; stage 3 once RSI is under 65."""
    left = {stop.close.left: stop for stop in stops if stop.close.left is not None}
    assert {stage: stop.value for stage, stop in left.items()} == {3: 86.0, 2: 19.5, 1: 14.5}
    place = stops.index(left[3])
    rsi = [
        next(r.value for r in stop.close.readings if r.name == "vix.rsi")
        for stop in stops[place - 3 : place + 1]
    ]
    assert [value < 65.0 for value in rsi if isinstance(value, float)] == [False, True, True, True]


def test_orders_fill_and_are_carried(stops: list[Stop]) -> None:
    first = next(stop for stop in stops if stop.decision.intents)
    ordered = sum(intent.quantity for intent in first.decision.intents)
    assert first.held[Tier.S] == ordered > 0
    at = stops.index(first)
    after = stops[at + 1].decision.ladder
    assert after is not None
    assert next(row.filled for row in after.tiers if row.tier is Tier.S) == ordered


def test_nothing_is_held_without_a_stage_in_the_end(stops: list[Stop]) -> None:
    assert stops[-1].decision.stage == 0


def test_condors_are_laid_anew_when_they_expire(stops: list[Stop]) -> None:
    expiries = {condor.expiry for stop in stops for condor in stop.decision.condors}
    assert len(expiries) > 10
    assert all(len(stop.decision.condors) == 1 for stop in stops)


def test_what_is_not_walked_stands_still_in_the_history() -> None:
    """MOVE at 95 after a year about 60: three sessions on, it is part of its own past."""
    past = {"vix": 10.0, "spx": 2650.0, "indices": {"MOVE": 60.0}}
    raw = storm(past=past, indices={"MOVE": 95.0}, vix3m=20.0)
    stops = list(walk(raw, parse_sweep("vix=12:14:1"), read, Policy(), sessions()))
    spoken = [
        {reading.name: reading.usable for reading in stop.decision.readings} for stop in stops
    ]
    scores = [float(said["move.z"] or 0.0) for said in spoken]
    assert scores == sorted(scores, reverse=True)
    assert [said["term.ratio"] for said in spoken] == pytest.approx([20 / 12, 20 / 13, 20 / 14])


def test_on_an_early_close_the_evaluation_is_half_an_hour_before() -> None:
    """The day after Thanksgiving 2018 closed at 13:15."""
    raw = storm(at="2018-11-21 15:30")
    stops = list(walk(raw, parse_sweep("vix=12:13:1"), read, Policy(), sessions()))
    clocks = [f"{stop.decision.at.astimezone(NEW_YORK):%m-%d %H:%M}" for stop in stops]
    assert clocks == ["11-21 15:30", "11-23 12:45"]


def test_what_the_case_holds_at_the_start_is_sold_in_place() -> None:
    """Nine days before its settlement it is at its roll, and no stage asks for it any more."""
    rungs = {"S1": {"expiry": "2018-02-14", "strike": 12, "quantity": 3}}
    raw = storm(
        rungs=rungs, condors=[{"strikes": [2450, 2500, 2750, 2800], "expiry": "2018-03-02"}]
    )
    stops = list(walk(raw, parse_sweep("vix=17:16:1"), read, Policy(), sessions()))
    first = stops[0].decision.intents
    assert [(i.rung, i.side, i.quantity) for i in first] == [(Rung.S1, Side.SELL, 3)]
    assert stops[0].held[Tier.S] == 0
