from dataclasses import replace
from datetime import date, time

import pytest

from bot.domain.inputs import EvaluationKind
from bot.domain.policy import Policy, SignalsPolicy
from bot.domain.readings import Readings, ReadingState
from bot.domain.state import StrategyState
from bot.domain.value import replace as changed
from bot.signals.catalog import read_signals
from bot.signals.momentum import MACD_NAMES
from tests.support.market_data import (
    closes_of,
    history_before,
    needs_data,
    trading_days,
    vx_settlements,
)
from tests.support.signal_inputs import HISTORY, VX1, VX2, Scene, completed, session_table

OK, STALE, MISSING = ReadingState.OK, ReadingState.STALE, ReadingState.MISSING
MACD_OF = {p: tuple(f"{p}.{name}" for name in MACD_NAMES) for p in ("vix", "spx", "front")}
RSI = ("vix.rsi", "vix.rsi_rising")


def read(**changes: object) -> Readings:
    return read_signals(replace(Scene(), **changes).inputs(), StrategyState())  # type: ignore[arg-type]


def states(readings: Readings, names: tuple[str, ...]) -> set[ReadingState]:
    return {readings.get(name).state for name in names}


def test_all_indicators_are_known_with_every_bar_and_line() -> None:
    readings = read()
    for names in (RSI, *MACD_OF.values()):
        assert states(readings, names) == {OK}
    assert {readings.get(n).as_of for n in MACD_OF["vix"]} == {readings.get("vix.level").as_of}


def test_rsi_is_rising_when_the_provisional_bar_lifts_it() -> None:
    last = HISTORY.vix[-1] or 0.0
    assert read(vix=round(last + 1, 2)).flag("vix.rsi_rising") is True
    assert read(vix=round(last - 1, 2)).flag("vix.rsi_rising") is False


def test_a_crossing_is_fresh_for_as_many_bars_as_the_policy_says() -> None:
    age = read().number("vix.macd_age")
    assert age is not None
    for fresh_bars in range(20):
        policy = Policy(signals=SignalsPolicy(fresh_bars=fresh_bars))
        assert read(policy=policy).flag("vix.macd_fresh") is (age <= fresh_bars)


def test_a_leap_turns_the_macd_and_its_age_starts_anew() -> None:
    before = read(vix=8.0)
    after = read(vix=25.0, vx={VX1: 20.0, VX2: 19.0})
    assert (before.word("vix.macd"), after.word("vix.macd")) == ("bearish", "bullish")
    turned = before if before.number("vix.macd_age") == 0 else after
    assert turned.number("vix.macd_age") == 0
    assert turned.flag("vix.macd_fresh") is True


@pytest.mark.parametrize(
    ("changes", "vix", "spx", "front"),
    [
        ({"vix": None}, MISSING, OK, OK),
        ({"spx": None}, OK, MISSING, OK),
        ({"vx": {VX1: 13.4}}, OK, OK, MISSING),
        ({"age_seconds": 100.0}, STALE, STALE, OK),
        ({"age_seconds": 130.0}, STALE, STALE, STALE),
        ({"clock": time(9, 0)}, STALE, STALE, OK),
        ({"vix": 30.0}, STALE, OK, OK),
        ({"history": completed(0)}, MISSING, MISSING, MISSING),
        ({"history": completed(511)}, STALE, STALE, STALE),
        ({"history": completed(512, date(2018, 2, 2))}, STALE, STALE, STALE),
        ({"history": changed(HISTORY, spx=(None, *HISTORY.spx[1:]))}, OK, STALE, OK),
        ({"history": changed(HISTORY, vix_front=(None,) * 512)}, OK, OK, STALE),
        ({"vx": {date(2018, 3, 21): 13.4, date(2018, 4, 18): 14.0}}, OK, OK, STALE),
    ],
    ids=[
        "no VIX",
        "no SPX",
        "one future",
        "old indices",
        "all old",
        "early",
        "artefact",
        "no history",
        "short history",
        "old history",
        "a hole",
        "no front",
        "no bracket",
    ],
)
def test_an_indicator_is_as_good_as_its_bar_and_its_window(
    changes: dict[str, object], vix: ReadingState, spx: ReadingState, front: ReadingState
) -> None:
    readings = read(**changes)
    assert states(readings, RSI) == {vix}
    expected = {"vix": vix, "spx": spx, "front": front}
    assert {p: states(readings, names) for p, names in MACD_OF.items()} == {
        p: {state} for p, state in expected.items()
    }
    assert all(r.note for r in readings.by_name.values() if r.state is STALE)


def test_closes_that_never_moved_say_nothing() -> None:
    flat = changed(HISTORY, vix=(13.0,) * 512, vix_front=(0.0,) * 512)
    readings = read(history=flat, vix=13.0, vx={VX1: 13.3, VX2: 13.3})
    assert states(readings, RSI) == {STALE}
    assert "did not move" in readings.get("vix.rsi").note


def on(day: date) -> Readings:
    """Read the signals at the official close of a real day."""
    vix, spx = closes_of("vix_daily.csv"), closes_of("spx_daily.csv")
    futures = {s: c[day] for s, c in sorted(vx_settlements().items()) if day in c and s > day}
    scene = Scene(
        day=day,
        clock=time(16, 20),
        kind=EvaluationKind.CLOSE,
        vix=vix[day],
        spx=spx[day],
        vx=futures,
        history=history_before(day),
        sessions=session_table(list(trading_days())),
    )
    return read_signals(scene.inputs(), StrategyState())


@needs_data
def test_on_2018_02_05_the_crossing_was_17_bars_old_and_vix_spiked() -> None:
    readings = on(date(2018, 2, 5))
    assert readings.number("vix.level") == 37.32
    assert readings.number("vix.change_1d") == pytest.approx(37.32 - 17.31)
    assert readings.number("vix.change_5d") == pytest.approx(37.32 - 13.84)
    assert readings.flag("vix.spike") is True
    assert readings.flag("vix.new_high") is True
    assert (readings.word("vix.macd"), readings.number("vix.macd_age")) == ("bullish", 17)
    assert readings.flag("vix.macd_fresh") is False
    assert (readings.number("vix.rsi") or 0) >= 80
    assert readings.flag("vix.rsi_rising") is True
    assert readings.word("spx.macd") == "bearish"
    assert readings.word("front.macd") == "bullish"
    assert readings.flag("curve.inverted") is True
    assert readings.number("curve.front_premium") == pytest.approx(33.225 - 27.975)


@needs_data
@pytest.mark.parametrize(
    ("day", "spike", "overbought"),
    [
        (date(2018, 1, 29), False, False),
        (date(2018, 2, 2), False, False),
        (date(2018, 2, 6), True, False),
        (date(2020, 3, 16), True, False),
        (date(2015, 8, 24), True, True),
    ],
)
def test_spikes_and_strength_on_other_real_days(day: date, spike: bool, overbought: bool) -> None:  # noqa: FBT001
    readings = on(day)
    assert readings.flag("vix.spike") is spike
    assert ((readings.number("vix.rsi") or 0) >= 80) is overbought
