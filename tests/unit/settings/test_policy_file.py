"""The policy file says everything that is wrong with it, and reads back what was written."""

from pathlib import Path

import pytest

from bot.domain.conditions import AllOf, AnyOf, Compare, Negation, Operator, comparisons
from bot.domain.policy import Policy
from bot.domain.rungs import Rung, Tier
from bot.domain.value import replace
from bot.settings.policy_file import load_policy, parse_policy
from bot.settings.policy_text import write_policy, write_value
from bot.settings.problems import ConfigurationError
from bot.signals.catalog import OUTPUTS

ARTICLES = Path("config/policies/articles.toml")


def test_an_empty_file_is_the_method() -> None:
    assert parse_policy("", "empty") == Policy()


def test_the_shipped_copy_equals_the_defaults_in_code() -> None:
    assert load_policy(ARTICLES) == Policy()


def test_every_signal_the_method_names_exists() -> None:
    policy = Policy()
    stages = [policy.stages.one, policy.stages.two, policy.stages.three]
    conditions = [c for stage in stages for c in (stage.enter, stage.exit)]
    conditions += [confirmation.when for confirmation in policy.confirmations]
    named = {leaf.signal for condition in conditions for leaf in comparisons(condition)}
    assert named <= set(OUTPUTS)


def test_what_is_written_is_read_back() -> None:
    strange = replace(
        Policy(),
        name="strange",
        stages=replace(
            Policy().stages,
            one=replace(
                Policy().stages.one,
                enter=AnyOf(
                    parts=(
                        Negation(
                            part=Compare(
                                signal="vix.level", operator=Operator.AT_MOST, threshold=17.5
                            )
                        ),
                        AllOf(
                            parts=(
                                Compare(signal="vix.spike", operator=Operator.IS, threshold=True),
                            )
                        ),
                    )
                ),
            ),
        ),
    )
    assert parse_policy(write_policy(strange), "strange") == strange


def test_a_file_changes_only_what_it_names() -> None:
    text = """
    [shares]
    step = 0.05
    [ladder.rungs]
    D2 = 0.12
    [ladder.tiers.M]
    target_dte = 70
    [confirmations]
    only = "vix.rsi > 50"
    """
    policy = parse_policy(text, "partial")
    assert policy.shares == replace(Policy().shares, step=0.05)
    assert policy.ladder.delta_of(Rung.D2) == 0.12
    assert policy.ladder.delta_of(Rung.D1) == 0.15
    assert policy.ladder.tier(Tier.M).target_dte == 70
    assert policy.ladder.tier(Tier.M).max_dte == 90
    assert [c.name for c in policy.confirmations] == ["only"]
    assert policy.stages == Policy().stages


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("x = [", "", "not TOML"),
        ("nme = 1", "nme", "did you mean 'name'?"),
        ("zzz = 1", "zzz", "expected one of: name, stages"),
        ("stages = 1", "stages", "expected a table, got 1"),
        ("[shares]\nstep = 2", "shares.step", "expected float <= 1.0, got 2"),
        ("[shares]\nstep = 'x'", "shares.step", "expected float, got 'x'"),
        ("[stages]\nexit_closes = 1.5", "stages.exit_closes", "expected int, got 1.5"),
        ("[stages.one]\nenter = 3", "stages.one.enter", "expected"),
        ("[stages.one]\nenter = 'vix.level'", "stages.one.enter", "got 'vix.level'"),
        ("[stages.one]\nenter = 'vix.levl > 3'", "stages.one.enter", "did you mean 'vix.level'?"),
        (
            "[stages.one]\nenter = 'vix.level > high'",
            "stages.one.enter",
            "vix.level is a number, expected",
        ),
        (
            "[stages.one]\nenter = 'vix.macd is 3'",
            "stages.one.enter",
            "bullish or bearish after is",
        ),
        ("[stages.one]\nenter = 'vix.macd is bulish'", "stages.one.enter", "mean 'bullish'?"),
        ("[stages.one]\nenter = 'vix.macd > 3'", "stages.one.enter", "is no number, expected `is`"),
        ("[stages.one]\nenter = 'vix.level is 3'", "stages.one.enter", "is a number, expected >"),
        ("[stages.one]\nenter = 'vix.level > inf'", "stages.one.enter", "and a number, got 'inf'"),
        ("[stages.one]\nenter = 'vix.spike is yes'", "stages.one.enter", "true or false after is"),
        ("[stages.one]\nenter = 'vix.level => 3'", "stages.one.enter", "did you mean '>='?"),
        ("[stages.one]\nenter = 'vix.macd = bullish'", "stages.one.enter", "did you mean 'is'?"),
        ("[stages.one]\nenter = 'vix.level over 3'", "stages.one.enter", "expected one of >, >="),
        ("[confirmations]\n'A b' = 'vix.rsi > 3'", "confirmations.A b", "expected a name of small"),
        ("[stages.one]\nenter = { all = [] }", "stages.one.enter.all", "at least one part"),
        ("[stages.one]\nenter = { some = ['x'] }", "stages.one.enter.some", "all, any, not"),
        ("[stages.one]\nenter = { any = ['vix.level > 1', 'no'] }", "stages.one.enter.any[1]", ""),
        ("[stages.one]\nenter = { not = 'no' }", "stages.one.enter.not", "expected"),
        ("[stages.one]\nexit = 'vix.level < 20'", "stages.one.exit", "exit above enter"),
        ("[stages.two]\nexit = 'vix.level >= 23'", "stages.two.exit", "exit above enter"),
        (
            "[stages.three]\nenter = 'vix.rsi < 9'\nexit = 'vix.rsi > 8'",
            "stages.three.exit",
            "exit above enter",
        ),
        ("[stages.one]\nexit = 'vix.macd is bullish'", "stages.one.exit", "exit above enter"),
        ("[ladder.rungs]\nS9 = 0.3", "ladder.rungs.S9", "expected one of: S1"),
        ("[ladder.rungs]\nS1 = 1.5", "ladder.rungs.S1", "expected float < 1.0"),
        ("[ladder.tiers.S]\nroll_dte = 14", "ladder.tiers.S.roll_dte", "expected at most 13"),
        ("[ladder.tiers.S]\nmin_dte = 31", "ladder.tiers.S.min_dte", "expected at most 30"),
        ("[ladder.tiers.S]\ntarget_dte = 49", "ladder.tiers.S.target_dte", "at most 48"),
        ("[ladder.tiers]\nS = 3", "ladder.tiers.S", "expected a table, got 3"),
        ("[beta]\nmin_tau_days = 95.0", "beta.min_tau_days", "at most 45 (beta.default"),
        ("[beta]\nmax_tau_days = 40.0", "beta.default_tau_days", "at most 40 (beta.max_tau"),
        ("[initial]\nshare_min = 0.2", "initial.share_min", "at most 0.15 (initial.share_max)"),
        ("[initial]\nrsi_low = 60", "initial.rsi_low", "expected float <= 50.0, got 60"),
        ("[shares]\nsmall_step = 0.1", "shares.small_step", "expected at most 0.08 (shares.step)"),
        ("[ladder.tiers.S]\ntarget_dte = 60\nmax_dte = 60", "ladder.tiers.S.target_dte", "tier M"),
        (
            "[stages.two]\nenter = 'vix.level > 15'\nexit = 'vix.level < 15'",
            "stages.two.enter",
            "where stage one",
        ),
        (
            "[confirmations]\nx = { all = ['vix.rsi > 5', 'vix.rsi < 5'] }",
            "confirmations.x",
            "can never be true",
        ),
        (
            "[confirmations]\nx = { all = ['vix.spike is true', 'vix.spike is false'] }",
            "confirmations.x",
            "exclude each other",
        ),
        ("[signals]\nmacd_fast = 26", "signals.macd_fast", "expected at most 25"),
        ("[confirmations]\nmine = 'vix.rsi'", "confirmations.mine", "expected"),
    ],
)
def test_a_fault_is_named_with_its_place(text: str, place: str, expected: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_policy(text, "policy.toml")
    (problem,) = caught.value.problems
    assert problem.place == place
    assert expected in problem.text
    assert str(caught.value).startswith("policy.toml cannot be used:")


def test_all_faults_are_said_at_once() -> None:
    text = "nme = 1\n[shares]\nstep = 2\nstage_one = 'x'\n[stages.one]\nexit = 'vix > 1'"
    with pytest.raises(ConfigurationError) as caught:
        parse_policy(text, "policy.toml")
    assert [p.place for p in caught.value.problems] == [
        "nme",
        "shares.step",
        "shares.stage_one",
        "stages.one.exit",
    ]


def test_a_missing_file_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No such file"):
        load_policy(tmp_path / "none.toml")


def test_an_unreadable_file_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "bytes.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="utf-8"):
        load_policy(path)


@pytest.mark.parametrize(
    ("value", "text"), [(True, "true"), (3, "3"), (0.5, "0.5"), ('a "b"', '"a \\"b\\""')]
)
def test_a_value_is_written_as_toml(value: object, text: str) -> None:
    assert write_value(value) == text
