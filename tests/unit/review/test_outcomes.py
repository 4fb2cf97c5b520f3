"""Turns of a row are found and told: where another stage stands or other tiers are traded."""

from functools import cache
from typing import Any

import pytest

from bot.domain.decision import Decision
from bot.domain.policy import Policy
from bot.domain.truth import Truth
from bot.domain.value import replace
from bot.review.contrast import NOTHING_TURNED
from bot.review.outcomes import (
    action_words,
    disagreements,
    path_turns,
    row_of,
    spans,
    turn,
    turns,
    unknown_rules,
    unknown_words,
)
from bot.settings.policy_file import load_policy, parse_policy
from tests.support.cases import outcome, storm

VALUES = (14.0, 18.0, 18.5, 22.5, 23.0, 30.0)


@cache
def at(vix: float, policy: str = "articles") -> Decision:
    return outcome(storm(vix=vix), load_policy(policy)).decision


def row(policy: str = "articles") -> list[Decision]:
    return [at(vix, policy) for vix in VALUES]


def test_what_is_done_is_said_without_how_many() -> None:
    assert action_words(at(14.0)) == "no stage; buys S"
    assert action_words(at(20.0)) == "stage 1; buys S"
    assert action_words(at(30.0)) == "stage 3; buys S and D"
    still = replace(at(14.0), intents=(), critical=("halt",))
    assert action_words(still) == "no stage; raises an alarm"


def test_the_action_turns_at_the_thresholds_for_the_reason_of_the_rule() -> None:
    first, second = turns(VALUES, row())
    assert (first.value, first.stage_before, first.after) == (18.5, 0, "stage 1; buys S")
    assert first.tipped[0].rule == "R5"
    assert "VIX was 18.00, not above 18, and after that VIX was 18.50, above 18" in first.words[0]
    assert (second.value, second.stage_before, second.stage) == (23.0, 1, 3)
    assert [tipping.rule for tipping in second.tipped][:2] == ["R7", "R8"]


def test_a_turn_that_no_check_tipped_says_what_follows_or_that_nothing_turned() -> None:
    before = at(14.0)
    after = replace(before, stage=1)
    assert turn(1.0, before, after).words == (NOTHING_TURNED,)
    rules = tuple(
        replace(rule, followed="sells all") if rule.rule == "R14" else rule for rule in before.rules
    )
    (said,) = turn(1.0, before, replace(after, rules=rules)).words
    assert said.startswith("R14 (")
    assert said.endswith(": sells all.")


def test_neighbours_that_do_the_same_are_one_span() -> None:
    rows = [row_of(value, decision) for value, decision in zip(VALUES, row(), strict=True)]
    assert [(span.first.value, span.last.value, span.count) for span in spans(rows)] == [
        (14.0, 18.0, 2),
        (18.5, 22.5, 2),
        (23.0, 30.0, 2),
    ]


def closing(count: int, **changes: Any) -> Decision:
    raw = storm(
        vix=12.0,
        close=True,
        memory={
            "session": "2018-02-02",
            "stages": [{"stage": 1, "entered_on": "2018-01-02", "exit_closes": count}],
        },
    )
    return replace(outcome(raw).decision, **changes)


def test_a_stage_that_leaves_is_told_once_at_its_close_with_its_exit() -> None:
    on = replace(at(14.0), stage=1, stage_before=1)
    closes = [closing(1), closing(2), closing(0)]
    (found,) = path_turns((15.0, 12.0, 11.0), [on, on, at(14.0)], closes)
    assert (found.value, found.before, found.after) == (12.0, "stage 1", "no stage")
    assert found.words[0].startswith("R12 (Leaving) turned from false to true")
    assert found.words[-1] == "Its exit held: VIX was 12.00, below 16."


def test_a_turn_while_trading_on_a_path_is_told() -> None:
    calm = closing(0, left=None)
    (found,) = path_turns((18.0, 19.0), [at(18.0), at(20.0)], [calm, calm])
    assert (found.value, found.after) == (19.0, "stage 1; buys S")


def test_rules_that_became_unknown_come_first_and_say_what_they_lacked() -> None:
    decision = outcome(storm(vix=None)).decision
    unknown = unknown_rules(decision)
    truths = {rule.rule: rule.truth for rule in unknown}
    assert [truths[rule] for rule in ("R5", "R1", "R2", "R27")] == [Truth.UNKNOWN] * 4
    assert [truths[rule] for rule in ("R7", "R8")] == [Truth.FALSE] * 2
    order = [truth is Truth.UNKNOWN for truth in truths.values()]
    assert order == sorted(order, reverse=True)
    assert unknown[0].lacks == ("vix.level", "vix.macd")
    emergency = next(rule for rule in unknown if rule.rule == "R8")
    assert unknown_words(unknown[0]) == (
        "R5 (Stage 1) is unknown for want of VIX and the VIX MACD (2 of 2 evaluations in a row)."
    )
    assert unknown_words(emergency) == (
        "R8 (Stage 3, the Second Engine) is false all the same, unknown in part for want of "
        "VIX RSI, a VIX spike and the z-score of MOVE."
    )


def test_where_two_policies_part_is_told_with_the_check_that_parts_them() -> None:
    text = '[stages.one]\nenter = { all = ["vix.level > 20", "vix.macd is bullish"] }'
    later = parse_policy(text, "later")
    theirs = [outcome(storm(vix=vix), later).decision for vix in VALUES]
    (found,) = disagreements(VALUES, row(), theirs)
    assert (found.first, found.last, found.count) == (18.5, 18.5, 1)
    assert (found.ours, found.theirs) == ("stage 1; buys S", "no stage; buys S")
    assert "VIX was 18.50, above 18, but not above 20" in found.words[0]


def test_other_contracts_are_a_disagreement_though_the_same_tiers_are_bought() -> None:
    found = disagreements(VALUES, row(), row("long-tenors"))
    assert found[-1].ours == found[-1].theirs == "stage 3; buys S and D"
    assert (found[-1].first, found[-1].last, found[-1].count) == (23.0, 30.0, 2)
    assert any(words.startswith("New order: buy") for words in found[-1].words)


def test_a_policy_agrees_with_itself() -> None:
    assert disagreements(VALUES, row(), row()) == ()
    assert Policy() == load_policy("articles")


@pytest.mark.parametrize(("vix", "orders"), [(14.0, 1), (30.0, 5)])
def test_a_row_holds_what_is_wanted(vix: float, orders: int) -> None:
    found = row_of(vix, at(vix))
    assert (found.value, len(found.orders)) == (vix, orders)
    assert sum(found.targets.values()) >= sum(intent.quantity for intent in found.orders)
