"""The catalog holds each rule of the method once, in order, and agrees with the signals."""

import pytest

from bot.domain.decision import RuleStatus
from bot.domain.rungs import RuleClass
from bot.domain.truth import Truth
from bot.signals.catalog import SIGNALS
from bot.strategy.catalog import RULES
from bot.strategy.rule import Rule, Step

IN_FORCE = {
    *("R1", "R2", "R3", "R5", "R6", "R7", "R8"),
    *("R12", "R14", "R14.roll", "R27", "R29", "R31"),
}
NUMBERS = {f"R{number}" for number in range(1, 33)}
CLASSES = {
    RuleClass.CLOSE: {"R12", "R14", "R19", "R20", "R31"},
    RuleClass.ROLL: {"R14", "R15", "R30"},
    RuleClass.EMERGENCY: {"R8"},
    RuleClass.STAGE: {"R5", "R6", "R7"},
    RuleClass.INITIAL: {"R3"},
    RuleClass.DISCRETIONARY: {"R9", "R10", "R32"},
}


def test_every_rule_of_the_method_is_there() -> None:
    assert {f"R{rule.number}" for rule in RULES} == NUMBERS


def test_a_rule_is_there_once() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_the_rules_of_this_step_are_in_force_and_no_other() -> None:
    assert {rule.id for rule in RULES if rule.in_force} == IN_FORCE


def test_the_order_is_that_of_an_evaluation() -> None:
    order = [rule.id for rule in RULES if rule.in_force]
    assert order == [
        *("R14", "R5", "R7", "R8", "R12", "R1", "R2", "R3", "R6"),
        *("R14.roll", "R31", "R27", "R29"),
    ]
    assert [rule.step for rule in RULES] == sorted(rule.step for rule in RULES)


@pytest.mark.parametrize("rule_class", RuleClass)
def test_classes_are_those_of_the_method(rule_class: RuleClass) -> None:
    assert {f"R{r.number}" for r in RULES if r.rule_class is rule_class} == CLASSES[rule_class]


def _reads() -> set[tuple[str, str]]:
    return {(f"R{rule.number}", signal) for rule in RULES for signal in rule.reads}


def _readers() -> set[tuple[str, str]]:
    return {
        (reader, signal.id) for signal in SIGNALS for reader in signal.readers if reader in NUMBERS
    }


def test_a_rule_reads_only_signals_that_know_it() -> None:
    assert _reads() - _readers() == set()


def test_a_signal_names_only_rules_that_read_it() -> None:
    assert _readers() - _reads() == set()


def test_a_declared_rule_says_that_it_is_not_in_force() -> None:
    declared = Rule(id="R99", title="Later", source=(), step=Step.ADVICE)
    assert declared.result(Truth.UNKNOWN).status is RuleStatus.DECLARED
    assert not declared.in_force
