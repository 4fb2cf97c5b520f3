"""A difference between two policies is told in words that a trader would use."""

import pytest

from bot.domain.policy import Policy
from bot.domain.policy_keys import policy_keys
from bot.review.policy_diff import policy_changes
from bot.settings.policy_file import load_policy, parse_policy


def words(text: str) -> list[str]:
    return [change.words for change in policy_changes(Policy(), parse_policy(text, "other"))]


BULLISH = '"vix.macd is bullish"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f'[stages.one]\nenter = {{ all = ["vix.level > 20", {BULLISH}] }}',
            "stage 1 is entered above 20 instead of 18",
        ),
        ('[stages.two]\nexit = "vix.level < 20"', "stage 2 is left below 20 instead of 21"),
        (
            '[stages.two]\nenter = "vix.level > 23"',
            "stage 2 is entered above 23 instead of at or above 23",
        ),
        (
            '[stages.one]\nenter = { all = ["vix.level > 19", "vix.macd is bearish"] }',
            (
                "stage 1 is entered above 19 instead of 18 "
                "and with the VIX MACD bearish instead of bullish"
            ),
        ),
        (
            '[stages.two]\nenter = { not = "vix.level < 23" }',
            "stage 2 is entered when not (vix.level < 23.0) instead of when vix.level >= 23.0",
        ),
        (
            '[stages.three]\nexit = { all = ["vix.rsi < 60", "vix.spike is false", "move.z < 2"] }',
            "stage 3 is left with VIX RSI below 60 instead of 65",
        ),
        (
            '[stages.three]\nexit = { all = ["vix.rsi < 65", "vix.spike is true", "move.z < 2"] }',
            (
                "stage 3 is left when vix.rsi < 65.0 and vix.spike is true and move.z < 2.0 "
                "instead of when vix.rsi < 65.0 and vix.spike is false and move.z < 2.0"
            ),
        ),
        ("[shares]\nstage_one = 0.25", "share of the ladder on in stage 1, rounded up: 25 % "),
        (
            "[stages]\nexit_closes = 5",
            "closes in a row before a stage is left: 5 closes instead of 3 closes",
        ),
        (
            "[sizing]\nbase_ratio = 0.4",
            "hedge vega per condor vega without urgency: 0.4 instead of 0.35",
        ),
        (
            "[ladder.tiers.M]\ntarget_dte = 70",
            "tier M: nearest monthly to so many days: 70 days instead of 60 days",
        ),
        (
            "[ladder.rungs]\nM1 = 0.4\nM2 = 0.4",
            "rungs M1 and M2: Black-76 delta at purchase: 0.4 instead of 0.3",
        ),
        ('name = "mine"', "name: mine instead of articles"),
    ],
)
def test_one_change_is_one_sentence(text: str, expected: str) -> None:
    (said,) = words(text)
    assert said.startswith(expected)


def test_equal_changes_of_different_size_are_told_apart() -> None:
    assert words("[ladder.rungs]\nM1 = 0.4\nM2 = 0.2") == [
        "rung M1: Black-76 delta at purchase: 0.4 instead of 0.3",
        "rung M2: Black-76 delta at purchase: 0.2 instead of 0.3",
    ]


def test_confirmations_that_came_and_went_are_named() -> None:
    said = words('[confirmations]\nmove_spike = "move.z >= 3"\nmine = "oracle.value > 2"')
    assert said[0] == (
        "confirmation vix_rsi_rising is gone: vix.rsi >= 60.0 and vix.rsi_rising is true"
    )
    assert (
        "confirmation move_spike is true with the z-score of MOVE at or above 3 instead of 2"
        in said
    )
    assert said[-1] == "confirmation mine is new: oracle.value > 2.0"


def test_the_long_tenors_say_what_they_change_and_no_more() -> None:
    changes = policy_changes(load_policy("articles"), load_policy("long-tenors"))
    changed = {place for change in changes for place in change.places}
    assert changed == {
        "name",
        *(f"ladder.rungs.{rung}" for rung in ("S3", "S4", "M1", "M2", "M3", "M4", "D1", "D2")),
        *(
            f"ladder.tiers.{tier}.{key}"
            for tier in "MD"
            for key in ("target_dte", "min_dte", "max_dte", "roll_dte")
        ),
    }


def test_equal_policies_have_no_difference() -> None:
    assert policy_changes(Policy(), Policy()) == ()


def test_a_change_names_its_keys_both_values_and_its_source() -> None:
    (change,) = policy_changes(Policy(), parse_policy("[shares]\nstep = 0.1", "x"))
    assert (change.places, change.before, change.after) == (("shares.step",), "8 %", "10 %")
    assert change.source == "R2, R7"


def test_every_key_can_be_spoken_of() -> None:
    """A key that only one policy has is told as new or gone, whatever it is."""
    for key in policy_keys(Policy()):
        assert key.meaning or key.subject or key.place == "name"
