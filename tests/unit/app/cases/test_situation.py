"""A case becomes just what it says: what it leaves out is missing, never zero."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.app.cases.case import Case, CaseError
from bot.app.cases.situation import situation
from bot.domain.inputs import EvaluationKind
from bot.domain.policy import Policy
from bot.domain.readings import ReadingState
from bot.domain.rungs import Rung
from bot.domain.sessions import NEW_YORK
from bot.domain.state import StrategyState
from tests.support.cases import outcome, read, sessions, storm


def built(**changes: Any) -> Any:
    return situation(read(storm(**changes)), Policy(), sessions())


@pytest.mark.parametrize(
    ("at", "clock"),
    [
        ("2018-02-05", "12:00"),
        ("2018-02-05 10:05", "10:05"),
        ("2018-02-05T10:05", "10:05"),
        ("2018-02-05T15:05:00+00:00", "10:05"),
    ],
)
def test_a_moment_is_new_york_time_unless_it_says_otherwise(at: str, clock: str) -> None:
    now = built(at=at).inputs.snapshot.now.astimezone(NEW_YORK)
    assert f"{now:%Y-%m-%d %H:%M}" == f"2018-02-05 {clock}"


def test_a_case_at_the_close_is_evaluated_after_it() -> None:
    snapshot = built(close=True).inputs.snapshot
    assert snapshot.kind is EvaluationKind.CLOSE
    assert f"{snapshot.now.astimezone(NEW_YORK):%H:%M}" == "16:20"


@pytest.mark.parametrize(
    ("changes", "place", "expected"),
    [
        ({"at": "monday"}, "at", "expected 2018-02-05 or"),
        ({"at": "2018-02-04"}, "at", "a trading day, 2018-02-04 is none"),
        ({"at": "2038-02-04"}, "at", "a trading day"),
        (
            {"condors": [{"strikes": [1, 2, 3, 4]}]},
            "condors[0]",
            "expected one of expiry and days",
        ),
        (
            {"condors": [{"strikes": [2, 1, 3, 4], "days": 30}]},
            "condors[0].strikes",
            "four ascending",
        ),
        (
            {"condors": [{"strikes": [1, 2, 3, 4], "expiry": "2018-02-02"}]},
            "condors[0].expiry",
            "expected 2018-02-05 or later",
        ),
        ({"quotes": {"VIX": [1, 2]}}, "quotes.VIX", "expected a name such as"),
        (
            {"quotes": {"VIX 2018-03-21 C20": [2, 1]}},
            "quotes.VIX 2018-03-21 C20",
            "bid at or below ask",
        ),
    ],
)
def test_a_case_that_does_not_hold_together_is_named(
    changes: dict[str, Any], place: str, expected: str
) -> None:
    with pytest.raises(CaseError) as caught:
        built(**changes)
    assert caught.value.place == place
    assert expected in caught.value.text


def test_a_bare_case_says_nothing_at_all() -> None:
    """Nine signals out of ten are missing, and no purchase is possible."""
    decision = outcome({"at": "2018-02-05"}).decision
    states = {reading.state for reading in decision.readings if reading.name != "curve.tau_days"}
    assert ReadingState.OK not in states
    assert decision.intents == ()
    assert decision.stage == 0


def test_a_level_without_anything_to_doubt_it_stands_as_stated() -> None:
    raw = {"at": "2018-02-05", "vix": 24.0, "readings": {"vix.macd": "bullish"}}
    decision = outcome(raw).decision
    level = next(reading for reading in decision.readings if reading.name == "vix.level")
    assert (level.state, level.value, level.signal) == (ReadingState.OK, 24.0, "G1")
    assert decision.entered == (1, 2)


def test_the_case_may_say_that_its_level_is_missing() -> None:
    decision = outcome({"at": "2018-02-05", "vix": 24.0, "readings": {"vix.level": None}}).decision
    assert decision.entered == ()
    assert decision.summary == "Nothing to do: vix.level is missing."


def test_stated_readings_stand_in_place_of_the_signals() -> None:
    spoken = outcome(storm(readings={"vix.rsi": 20.0, "move.z": 3.0})).situation.readings()
    assert spoken.get("vix.rsi").value == 20.0
    assert spoken.get("vix.rsi").signal == "G2"
    assert spoken.get("move.z").usable == 3.0
    assert spoken.get("vix.macd").usable == "bullish"


def test_indices_futures_and_quotes_are_quoted_as_given() -> None:
    raw = {
        "at": "2018-02-05",
        "spx": 2650.0,
        "vix3m": 20.5,
        "indices": {"MOVE": 80.0},
        "futures": [22.0, None, 19.5],
        "quotes": {"VIX 2018-03-21 C20": [1.5, 1.6]},
    }
    inputs = situation(read(raw), Policy(), sessions()).inputs
    by_name: dict[str, Any] = {
        getattr(one, "local_symbol", None) or one.symbol: inputs.snapshot.quote(one.con_id)
        for one in inputs.universe.instruments
    }
    assert by_name["VIX3M"].last == Decimal("20.5")
    assert by_name["MOVE"].last == 80
    assert by_name["VX 2018-02-14"].bid == 22
    assert by_name["VX 2018-03-21"] is None
    assert by_name["VX 2018-04-18"].bid == Decimal("19.5")
    assert by_name["VIX 2018-03-21 C20"].mid == Decimal("1.55")
    assert by_name["VIX"] is None


def test_a_quote_of_the_case_stands_before_the_model() -> None:
    quotes = {"VIX 2018-03-21 C22": [1.5, 1.6]}
    inputs = built(quotes=quotes, futures=[25.0]).inputs
    option = next(
        one
        for one in inputs.universe.instruments
        if getattr(one, "local_symbol", "") == "VIX 2018-03-21 C22"
    )
    assert inputs.snapshot.quote(option.con_id).mid == Decimal("1.55")
    first = inputs.universe.futures("VIX", "VX")[0]
    assert inputs.snapshot.quote(first.con_id).bid == 25


def test_without_spot_a_model_prices_nothing() -> None:
    inputs = built(vix=None).inputs
    assert {q.last for q in inputs.snapshot.quotes} == {Decimal(2650)}


def test_a_model_chain_shows_no_more_lines_than_a_login_has() -> None:
    assert len(built().inputs.snapshot.quotes) < 90


def test_held_rungs_are_lots_and_positions() -> None:
    rungs = {"S1": {"expiry": "2018-03-21", "strike": 22.5, "quantity": 3, "price": 1.25}}
    inputs = built(rungs=rungs).inputs
    (lot,) = inputs.book.lots
    assert (lot.rung, lot.quantity, lot.price) == (Rung.S1, 3, Decimal("1.25"))
    held = {position.con_id: position.quantity for position in inputs.snapshot.positions}
    assert held[lot.con_id] == 3
    assert sorted(held.values()) == [-20, -20, 3, 20, 20]
    assert inputs.universe.by_id()[lot.con_id].strike == Decimal("22.5")
    assert inputs.snapshot.quote(lot.con_id) is not None


def test_history_is_the_given_closes_after_the_quiet_past() -> None:
    history = built(history={"vix": [12.0, None, 15.0]}).inputs.history
    assert len(history.dates) == 512
    assert history.dates[-1] == date(2018, 2, 2)
    assert history.vix[-3:] == (12.0, None, 15.0)
    assert history.vix[-4] is not None
    assert all(close is not None for close in history.spx)
    assert history.vix_front[-1] is not None
    assert history.vix_front[-2] is None


def test_a_longer_history_keeps_its_newest_closes() -> None:
    closes = [10.0 + n / 1000 for n in range(600)]
    history = built(history={"vix": closes}).inputs.history
    assert history.vix == tuple(closes[-512:])


def test_without_a_past_only_the_given_closes_are_known() -> None:
    history = built(past=None, history={"vix": [12.0, 13.0], "spx": [2700.0]}).inputs.history
    assert history.vix == (12.0, 13.0)
    assert history.spx == (None, 2700.0)


def test_other_indices_have_a_past_of_their_own() -> None:
    past = {"vix": 10.0, "spx": 2650.0, "indices": {"MOVE": 60.0}}
    raw = storm(
        vix3m=20.0,
        indices={"MOVE": 95.0},
        past=past,
        history={"indices": {"AD-NYSE": [100.0, -200.0]}},
    )
    spoken = outcome(raw).situation
    kept = {series.symbol: series.closes for series in spoken.inputs.history.indices}
    assert kept["AD-NYSE"][-3:] == (None, 100.0, -200.0)
    assert len(kept["MOVE"]) == 512
    readings = spoken.readings()
    assert readings.get("term.ratio").usable == pytest.approx(20.0 / 24.0)
    move = readings.get("move.z").usable
    assert isinstance(move, float)
    assert move > 2.5


def test_memory_is_the_stage_or_a_whole_state() -> None:
    state = built(stage=2).state
    assert [(one.stage, one.entered_on) for one in state.stages] == [
        (1, date(2018, 2, 2)),
        (2, date(2018, 2, 2)),
    ]
    assert built(lasting=False).state.enter_streak == 0
    assert built(memory={"enter_streak": 1}).state == StrategyState(enter_streak=1)


def test_an_unknown_account_lets_nothing_be_bought() -> None:
    decision = outcome(storm(account={"cash": 1000})).decision
    assert decision.entered == (1, 2, 3)
    assert decision.intents == ()
    assert any("net liquidation value is unknown" in one.reason for one in decision.overrides)


def test_the_shipped_example_opens_all_stages_and_fits_in_ten_lines() -> None:
    decision = outcome(storm()).decision
    assert decision.entered == (1, 2, 3)
    assert {intent.rung.tier.value for intent in decision.intents} == {"S", "D"}
    assert isinstance(read(storm()), Case)


def test_the_example_without_vix_opens_nothing() -> None:
    decision = outcome(storm(vix=None)).decision
    assert decision.entered == ()
    assert decision.intents == ()
