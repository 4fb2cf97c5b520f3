"""Every key of a policy says what it means, in which unit, within which bounds, and whence."""

from typing import Annotated

import pytest

from bot.domain.conditions import Compare, Operator
from bot.domain.policy import Policy
from bot.domain.policy_keys import PolicyKey, bare, policy_keys
from bot.domain.value import replace

KEYS = {key.place: key for key in policy_keys(Policy())}


@pytest.mark.parametrize("key", KEYS.values(), ids=lambda key: key.place)
def test_a_number_has_meaning_unit_bounds_and_source(key: PolicyKey) -> None:
    """A new key of `bot.domain.policy` is documented where it is defined."""
    if isinstance(key.value, int | float):
        assert key.meaning
        assert key.unit, "end the meaning in its unit, or state Meta(extra={'unit': ...})"
        assert key.bounds
    if key.place != "name":
        assert key.source, "end the meaning in its source, such as (R5)"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (
            "stages.exit_closes",
            ("closes in a row before a stage is left", "closes", (">= 1", "<= 20"), "R12"),
        ),
        ("stages.two.enter", ("stage 2 is entered", "", (), "R7")),
        ("stages.one.exit", ("stage 1 is left", "", (), "R12")),
        ("shares.step", ("share bought per evaluation in stage 2", "share", ("> 0", "<= 1"), "R2")),
        ("ladder.tiers.M.roll_dte", ("rolled at or below", "days", (">= 0", "<= 400"), "R14")),
        (
            "ladder.rungs.D2",
            ("Black-76 delta at purchase", "delta", ("> 0", "< 1"), "methodology.md section 1"),
        ),
        ("beta.min_tau_days", ("lower bound", "days", (">= 1", "<= 400"), "G26")),
        ("slippage.disturbed_multiple", ("spread over its", "times", ("> 1", "<= 20"), "G24")),
        ("confirmations.move_spike", ("", "", (), "R6, R7")),
    ],
)
def test_what_a_key_says(place: str, expected: tuple[str, str, tuple[str, ...], str]) -> None:
    key = KEYS[place]
    meaning, unit, bounds, source = expected
    assert key.meaning.startswith(meaning)
    assert (key.unit, key.bounds) == (unit, bounds)
    assert key.source.startswith(source)


def test_a_key_knows_its_place_its_rules_and_its_subject() -> None:
    key = KEYS["ladder.tiers.M.roll_dte"]
    assert (key.table, key.name, key.subject) == ("ladder.tiers.M", "roll_dte", "tier M")
    assert KEYS["name"].table == ""
    assert KEYS["shares.step"].rules == ("R2", "R7")
    assert KEYS["confirmations.move_spike"].subject == "confirmation move_spike"
    assert KEYS["confirmations.move_spike"].is_trigger
    assert not key.is_trigger


def test_a_tables_own_keys_come_before_those_of_its_tables() -> None:
    places = list(KEYS)
    assert places.index("stages.exit_closes") < places.index("stages.one.enter")
    assert places.index("ladder.reset_band") < places.index("ladder.rungs.S1")


def test_an_empty_list_has_no_keys() -> None:
    keys = policy_keys(replace(Policy(), confirmations=()))
    assert not [key for key in keys if key.table == "confirmations"]


def test_an_annotation_is_taken_off_a_type() -> None:
    assert bare(Annotated[int, "x"]) is int
    assert bare(int) is int


def test_a_comparison_is_a_trigger() -> None:
    trigger = Compare(signal="x", operator=Operator.ABOVE, threshold=1.0)
    assert PolicyKey(place="x", value=trigger).is_trigger
