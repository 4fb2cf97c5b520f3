"""Varied cases are independent, and any number of a case may be varied."""

import pytest

from bot.app.cases.evaluation import parse_sweep, vary, with_value
from bot.domain.policy import Policy
from tests.support.cases import outcome, read, sessions, storm


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("vix=12:13:0.5", (12.0, 12.5, 13.0)),
        ("vix=13:12:0.5", (13.0, 12.5, 12.0)),
        ("vix=12:13:0.4", (12.0, 12.4, 12.8)),
        ("vix=12:12:1", (12.0,)),
        ("condors.0.quantity=-1:1:1", (-1.0, 0.0, 1.0)),
    ],
)
def test_a_sweep_names_its_values(text: str, values: tuple[float, ...]) -> None:
    sweep = parse_sweep(text)
    assert sweep.name == text.partition("=")[0]
    assert sweep.values == values


@pytest.mark.parametrize(
    "text", ["vix", "vix=1:2", "vix=a:b:c", "vix=1:2:0", "vix=1:2:-1", "=1:2:1", "vix=1:nan:1"]
)
def test_another_text_is_told_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="expected NAME=FROM:TO:STEP"):
        parse_sweep(text)


def test_too_many_values_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 20000 values"):
        parse_sweep("vix=1:100:0.001")


def test_a_value_goes_to_its_key_and_leaves_the_case_alone() -> None:
    raw = storm()
    assert with_value(raw, "vix", 30.5)["vix"] == 30.5
    assert with_value(raw, "account.nav", 5.0)["account"] == {"nav": 5, "cash": 400_000}
    assert with_value(raw, "condors.0.quantity", 3.0)["condors"][0]["quantity"] == 3
    assert with_value(raw, "vix.rsi", 60.0)["readings"] == {"vix.rsi": 60}
    assert with_value(raw, "condors.0.strikes.1", 2475.0)["condors"][0]["strikes"][1] == 2475
    assert raw == storm()


@pytest.mark.parametrize(
    "name", ["condors.5.quantity", "condors.x", "vix.level.deep", "condors.0.strikes.9"]
)
def test_a_name_that_leads_nowhere_is_refused(name: str) -> None:
    with pytest.raises(KeyError):
        with_value(storm(), name, 1.0)


def test_each_value_is_decided_from_the_same_start() -> None:
    points = list(vary(storm(), parse_sweep("vix=14:26:4"), read, Policy(), sessions()))
    assert [(point.value, point.decision.entered) for point in points] == [
        (14.0, ()),
        (18.0, ()),
        (22.0, (1,)),
        (26.0, (1, 2, 3)),
    ]
    alone = outcome(storm(vix=22.0)).decision
    assert points[2].decision.digest() == alone.digest()
