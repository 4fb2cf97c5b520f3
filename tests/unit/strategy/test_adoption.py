"""Where calls that nobody bought would belong."""

from datetime import date

import pytest

from bot.domain.book import Book
from bot.domain.decision import Ladder
from bot.domain.instruments import ConId
from bot.domain.orders import OrderState
from bot.domain.policy import LadderPolicy
from bot.domain.rungs import RuleClass, Rung, Tier
from bot.domain.state import Scale
from bot.domain.value import replace
from bot.strategy.adoption import (
    Placement,
    Stranger,
    default_label,
    known_counts,
    label_of,
    place,
    tier_of,
)
from bot.strategy.ladder import rung_counts
from tests.support.orders import order
from tests.support.strategy_days import lot
from tests.support.strategy_world import call_id

LADDER_POLICY = LadderPolicy()
ONE, TWO, THREE = ConId(1), ConId(2), ConId(3)


@pytest.mark.parametrize(
    ("dte", "delta", "tier"),
    [
        (2, 0.50, Tier.S),
        (10, None, Tier.S),
        (11, None, Tier.S),
        (30, 0.05, Tier.S),
        (31, None, Tier.S),
        (40, 0.50, Tier.S),
        (40, 0.30, Tier.M),
        (46, 0.32, Tier.M),
        (46, 0.10, Tier.D),
        (49, 0.90, Tier.M),
        (90, 0.16, Tier.D),
        (90, None, Tier.M),
        (91, 0.50, Tier.D),
        (200, 0.30, Tier.D),
    ],
)
def test_the_tier_is_one_that_could_still_hold_it(
    dte: int, delta: float | None, tier: Tier
) -> None:
    """Not yet due to roll, bought no farther out; then the nearest delta, then the nearest days."""
    assert tier_of(dte, delta, LADDER_POLICY) is tier


def placed(
    *strangers: Stranger, book: Book | None = None, u: float | None = None
) -> list[tuple[int, str, int]]:
    counts = {} if u is None else rung_counts(u)
    found = place(strangers, book or Book(), LADDER_POLICY, counts)
    assert all(isinstance(one, Placement) for one in found)
    return [(one.con_id, one.rung.value, one.quantity) for one in found]


def test_it_goes_to_the_rung_of_its_delta() -> None:
    assert placed(Stranger(ONE, 2, 30, 0.34)) == [(1, "S3", 2)]
    assert placed(Stranger(ONE, 2, 120, 0.11)) == [(1, "D2", 2)]
    assert placed(Stranger(ONE, 2, 60, None)) == [(1, "M1", 2)]


def test_with_a_scale_it_fills_rungs_as_the_ladder_counts_them() -> None:
    """u 2: two contracts a rung; five of one call make S1, S2 and a half of S3."""
    assert placed(Stranger(ONE, 5, 30, 0.52), u=2.0) == [(1, "S1", 2), (1, "S2", 2), (1, "S3", 1)]


def test_more_than_the_ladder_counts_stays_in_its_first_rung() -> None:
    assert placed(Stranger(ONE, 9, 30, 0.52), u=1.0) == [
        (1, "S1", 6),
        (1, "S2", 1),
        (1, "S3", 1),
        (1, "S4", 1),
    ]


def test_each_call_gets_a_rung_before_one_gets_two() -> None:
    """Two calls of one tier: the nearer to the money sits first, no rung holds both."""
    both = (Stranger(TWO, 2, 30, 0.36), Stranger(ONE, 3, 30, 0.55))
    assert placed(*both, u=1.0) == [(1, "S1", 1), (1, "S2", 1), (2, "S3", 2), (1, "S4", 1)]


def test_a_rung_that_holds_it_already_takes_more_of_it() -> None:
    held = Book(lots=(lot(Rung.S4),))
    assert placed(Stranger(call_id("mar", 16), 2, 30, 0.50), book=held) == [
        (call_id("mar", 16), "S4", 2)
    ]


def test_a_rung_that_holds_or_buys_another_call_is_not_free() -> None:
    buying = order(OrderState.WORKING, con_id=THREE)
    assert buying.intent.rung is Rung.S1
    held = Book(lots=(lot(Rung.S2),), orders=(buying,))
    assert placed(Stranger(ONE, 1, 30, 0.50), book=held) == [(1, "S3", 1)]


def test_where_no_rung_is_free_there_is_no_suggestion() -> None:
    held = Book(lots=(lot(Rung.D1),))
    deep = (Stranger(ONE, 1, 120, 0.15), Stranger(TWO, 1, 120, 0.12))
    assert placed(*deep, book=held) == [(1, "D2", 1)]


def test_the_counts_are_the_last_decisions_else_those_of_the_scale() -> None:
    """After a start nothing is decided yet, but the memory has the scale."""
    scale = Scale(
        u=1.0,
        ratio=0.35,
        v_star=345.0,
        h_star=120.6,
        full_ladder_vega=120.6,
        tau_days=45.0,
        reset_on=date(2018, 2, 5),
        cause="first start",
    )
    ladder = Ladder(u=2.0, contracts=20, rungs=rung_counts(2.0), tiers=())
    assert known_counts(ladder, scale) == rung_counts(2.0)
    assert known_counts(replace(ladder, u=None, rungs={}), scale) == rung_counts(1.0)
    assert known_counts(None, scale) == rung_counts(1.0)
    assert known_counts(None, None) == {}


def test_without_a_word_the_label_is_that_of_the_tiers_first_buyer() -> None:
    labels = [default_label(rung) for rung in (Rung.S2, Rung.M4, Rung.D1)]
    assert [(one.rule, one.rule_class) for one in labels] == [
        ("R3", RuleClass.INITIAL),
        ("R7", RuleClass.STAGE),
        ("R8", RuleClass.EMERGENCY),
    ]


@pytest.mark.parametrize(
    ("text", "rule", "rule_class"),
    [
        ("R5", "R5", RuleClass.STAGE),
        ("R9", "R9", RuleClass.DISCRETIONARY),
        ("initial", "R3", RuleClass.INITIAL),
        ("stage", "R5", RuleClass.STAGE),
        ("emergency", "R8", RuleClass.EMERGENCY),
        ("discretionary", "R10", RuleClass.DISCRETIONARY),
    ],
)
def test_a_label_is_a_rule_or_a_class(text: str, rule: str, rule_class: RuleClass) -> None:
    found = label_of(text)
    assert (found.rule, found.rule_class) == (rule, rule_class)


@pytest.mark.parametrize("text", ["R19", "close", "roll", "R99", "hope", ""])
def test_what_buys_nothing_is_no_label(text: str) -> None:
    with pytest.raises(ValueError, match="expected a rule that buys or its class"):
        label_of(text)
