from dataclasses import replace
from datetime import date, time

import pytest

from bot.domain.conditions import comparisons
from bot.domain.policy import Policy
from bot.domain.readings import ReadingState
from bot.domain.state import StrategyState
from bot.signals import breadth, divergence, momentum
from bot.signals.catalog import ANSWERS, OUTPUTS, SIGNALS, read_signals
from bot.signals.context import look
from bot.signals.signal import Signal
from tests.support.signal_inputs import VX1, Scene, vix_option

# The table of the method: id -> (readers, articles).
TABLE = {
    "G1": ("R5 R7 R8 R12 R19 R24 R32", "A0"),
    "G2": ("R3 R6 R8 R12 R14 R19", "A0 A1 A2 A4"),
    "G3": ("R5 R6 R11 R14 R19 R30 R32", "A0 A1 A2 A3 A4"),
    "G4": ("R6", "A3"),
    "G5": ("R6 R14 R22 R32", "A0 A1 A2 A3 A4"),
    "G6": ("R6 R8 R12", "A0"),
    "G7": ("R6 R15 R23 R24 R30", "A1 A2 A4"),
    "G8": ("R18 R30", "A4"),
    "G9": ("R22 G22", "A2"),
    "G10": ("R9", "A3"),
    "G11": ("R1 R11", "A0 A1 A2 A3 A4"),
    "G12": ("R1 R11", "A0 A2"),
    "G13": ("R18", "A0 A1"),
    "G14": ("R6", "A0 A4"),
    "G15": ("R1 R22 R30", "A0 A1 A2 A3 A4"),
    "G16": ("report C11", "A0 A1 A2 A3"),
    "G17": ("R25", "A0 A1 A2 A3 A4"),
    "G18": ("R6", "A2"),
    "G19": ("R10 P/CF_filter R6 C12", "A0 A2 A3 A4"),
    "G20": ("R10", "A1 A2 A4"),
    "G21": ("R17", "A1 A4"),
    "G22": ("R16", "A0 A2 A3"),
    "G23": ("R21", "A0 A1 A2 A3 A4"),
    "G24": ("R29", "A1 A3 A4"),
    "G25": ("user's_triggers", "A0 A2"),
    "G26": ("hedge_vega", ""),
    "G27": ("V VIX_sensitivity", "A2"),
}
IN_FORCE = {"G1", "G2", "G3", "G4", "G5", "G6", "G7", "G11", "G18", "G24", "G26", "G27"}


def test_every_signal_of_the_method_is_in_the_catalog_once_and_in_order() -> None:
    assert [signal.id for signal in SIGNALS] == list(TABLE)


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda s: s.id)
def test_a_signal_names_the_readers_and_articles_of_the_table(signal: Signal) -> None:
    readers, articles = TABLE[signal.id]
    assert signal.readers == tuple(name.replace("_", " ") for name in readers.split())
    assert signal.source == tuple(articles.split())
    assert signal.title


def test_just_the_signals_of_this_step_are_in_force() -> None:
    assert {signal.id for signal in SIGNALS if signal.in_force} == IN_FORCE


def test_signals_are_collected_from_the_modules_that_define_them() -> None:
    assert {momentum.VIX_RSI, momentum.MACD, divergence.RSI_DIVERGENCE} <= set(SIGNALS)
    assert breadth.ADVANCE_DECLINE in SIGNALS


def test_no_reading_name_belongs_to_two_signals() -> None:
    assert len(set(OUTPUTS)) == len(OUTPUTS)


def test_the_default_policy_names_only_readings_that_exist() -> None:
    stages, confirmations = Policy().stages, Policy().confirmations
    conditions = [c.when for c in confirmations]
    conditions += [
        part for s in (stages.one, stages.two, stages.three) for part in (s.enter, s.exit)
    ]
    named = {leaf.signal for condition in conditions for leaf in comparisons(condition)}
    assert named <= set(OUTPUTS)
    assert "vix.level" in named


QUOTED = vix_option(100, VX1)
SCENES = {
    "everything quoted": replace(
        Scene(), options=((QUOTED, Scene().two_sided(QUOTED.con_id, 2.0, 0.1)),)
    ),
    "nothing quoted": Scene(vix=None, spx=None, vx={}),
    "first session of the table": Scene(day=date(2015, 6, 1), clock=time(9, 31)),
}


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES.keys())
def test_each_signal_answers_exactly_its_outputs_under_its_own_id(scene: Scene) -> None:
    context = look(scene.inputs(), StrategyState())
    for signal in SIGNALS:
        readings = signal.read(context)
        assert [reading.name for reading in readings] == list(signal.outputs)
        assert {reading.signal for reading in readings} <= {signal.id}


def test_every_name_is_answered_and_declared_signals_are_missing() -> None:
    readings = read_signals(Scene().inputs(), StrategyState())
    assert set(readings.by_name) == set(OUTPUTS)
    for signal in SIGNALS:
        if not signal.in_force:
            states = {readings.get(name).state for name in signal.outputs}
            assert states == {ReadingState.MISSING}
            assert all(readings.get(name).note for name in signal.outputs)


def test_a_reading_says_only_what_its_signal_declares() -> None:
    """What a trigger may be compared with is what the reading really says."""
    assert set(ANSWERS) == set(OUTPUTS)
    for reading in read_signals(
        SCENES["everything quoted"].inputs(), StrategyState()
    ).by_name.values():
        if reading.value is None:
            continue
        is_number = isinstance(reading.value, int | float) and not isinstance(reading.value, bool)
        assert is_number == (not ANSWERS[reading.name]), reading
        assert is_number or reading.value in ANSWERS[reading.name], reading


def test_a_signal_declares_answers_for_its_own_outputs_only() -> None:
    for signal in SIGNALS:
        assert set(signal.answers) <= set(signal.outputs)


def test_two_readings_of_the_same_inputs_are_equal() -> None:
    first, second = (read_signals(Scene().inputs(), StrategyState()) for _ in range(2))
    assert first == second
