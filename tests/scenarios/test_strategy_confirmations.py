"""Hand-worked days of R6: each confirmation counts once in a stage run, one a session."""

import pytest

from bot.domain.decision import Decision
from bot.domain.orders import Label, Side
from bot.domain.policy import Policy, SharesPolicy
from bot.domain.readings import Scalar
from bot.domain.rungs import RuleClass, Rung, Tier
from bot.domain.state import Spent, StrategyState
from bot.domain.truth import Truth
from bot.domain.value import replace
from tests.support.strategy_days import Desk, Row, bought, line_of, lot, play, staged

ONE: dict[str, Scalar] = {"vix.level": 19.0, "vix.macd": "bullish"}
FRESH = ONE | {"vix.macd_fresh": True}
BEARISH = ONE | {"spx.macd": "bearish"}
BOTH = FRESH | {"spx.macd": "bearish"}
THREE = BOTH | {"curve.inverted": True}
QUIET: dict[str, Scalar] = {"vix.level": 15.0}


def counted(state: StrategyState) -> list[tuple[str, str]]:
    return [(one.name, f"{one.session:%d}") for one in state.counted]


def wanted(decision: Decision, tier: Tier = Tier.S) -> int:
    assert decision.ladder is not None
    return next(row.target for row in decision.ladder.tiers if row.tier is tier)


def in_stage(initial: int = 2, **desk: object) -> Desk:
    """Return a desk in stage 1 whose R3 had asked for `initial` of ten contracts and got them."""
    held = tuple(lot(rung) for rung in (Rung.S1, Rung.S2)[:initial])
    made = Desk(state=replace(staged(1), initial=initial), **desk)  # type: ignore[arg-type]
    made.book = replace(made.book, lots=held)
    return made


def test_each_adds_a_tenth_in_its_own_name_one_a_session() -> None:
    """Two are on; the fresh crossing adds one on Monday, the SPX MACD waits until Tuesday."""
    desk = in_stage()
    monday, again, tuesday = (
        desk.evaluate(Row(at, BOTH))
        for at in ("2018-02-05 10:00", "2018-02-05 10:05", "2018-02-06 10:00")
    )
    assert [(i.rung, i.quantity, i.rule, i.rule_class) for i in monday.intents] == [
        (Rung.S3, 1, "R6", RuleClass.STAGE)
    ]
    assert (monday.intents[0].label.rule, wanted(monday)) == ("R6", 3)
    assert line_of(monday, "R6").truth is Truth.TRUE
    assert line_of(monday, "R6").followed == (
        "1 counted in this stage run; vix macd fresh is new; "
        "one a session: spx macd bearish must wait"
    )
    assert not again.intents
    assert line_of(again, "R6").followed.endswith("one a session: spx macd bearish must wait")
    assert bought(tuesday) == {Rung.S4: 1}
    assert counted(desk.state) == [("vix_macd_fresh", "05"), ("spx_macd_bearish", "06")]


def test_the_close_may_count_and_the_next_session_buys() -> None:
    desk = in_stage()
    desk.evaluate(Row("2018-02-05 16:20", FRESH))
    assert counted(desk.state) == [("vix_macd_fresh", "05")]
    assert bought(desk.evaluate(Row("2018-02-06 09:35", ONE))) == {Rung.S3: 1}


def test_one_that_waits_counts_only_while_it_is_still_true() -> None:
    desk = in_stage()
    desk.evaluate(Row("2018-02-05 10:00", BOTH))
    decision = desk.evaluate(Row("2018-02-06 10:00", FRESH))
    assert not decision.intents
    assert counted(desk.state) == [("vix_macd_fresh", "05")]


def test_one_that_goes_away_sells_nothing_and_comes_again_for_nothing() -> None:
    desk = in_stage()
    desk.evaluate(Row("2018-02-05 10:00", FRESH))
    gone, back = (
        desk.evaluate(Row(at, sees))
        for at, sees in (("2018-02-06 10:00", ONE), ("2018-02-07 10:00", FRESH))
    )
    for decision in (gone, back):
        assert (decision.intents, wanted(decision)) == ((), 3)
    assert counted(desk.state) == [("vix_macd_fresh", "05")]


@pytest.mark.parametrize("how", ["stale", "missing"])
def test_an_unknown_one_is_not_counted(how: str) -> None:
    desk = in_stage()
    seen = Row("2018-02-05 10:00", FRESH, **{how: ("vix.macd_fresh",)})  # type: ignore[arg-type]
    decision = desk.evaluate(replace_stage(seen))
    line = line_of(decision, "R6")
    assert (decision.intents, desk.state.counted, line.truth) == ((), (), Truth.UNKNOWN)
    assert ("vix.macd_fresh" in line.blind) is (how == "missing")


def replace_stage(row: Row) -> Row:
    return Row(row.at, row.sees, row.stale, row.missing, stage=1)


def test_at_most_all_of_s() -> None:
    """Stage 1's two and three confirmations would be five: S has four."""
    desk = in_stage()
    days = [f"2018-02-{day:02d} 10:00" for day in (5, 6, 7, 8)]
    decisions = [desk.evaluate(Row(at, THREE)) for at in days]
    assert [sum(bought(d).values()) for d in decisions] == [1, 1, 0, 0]
    assert len(desk.state.counted) == 3
    assert [wanted(d, tier) for d in decisions[2:] for tier in Tier] == [4, 0, 0, 4, 0, 0]


def test_what_stage_one_has_is_not_added_to() -> None:
    """R3 asked for one: with one confirmation that is two, which stage 1 wants anyway."""
    desk = in_stage(1)
    decision = desk.evaluate(Row("2018-02-05 10:00", FRESH))
    assert [(i.rung, i.rule) for i in decision.intents] == [(Rung.S2, "R5")]
    after = desk.evaluate(Row("2018-02-06 10:00", BOTH))
    assert [(i.rung, i.rule) for i in after.intents] == [(Rung.S3, "R6")]


def test_nothing_is_counted_without_a_stage() -> None:
    desk = Desk()
    decision = desk.evaluate(Row("2018-02-05 10:00", QUIET | {"spx.macd": "bearish"}))
    line = line_of(decision, "R6")
    assert (desk.state.counted, line.truth, line.followed) == ((), Truth.FALSE, "no stage is on")


def test_the_end_of_the_run_forgets_them() -> None:
    """The last stage leaves on Wednesday; a run begun later counts the same signs anew."""
    desk = in_stage()
    desk.evaluate(Row("2018-02-05 10:00", FRESH))
    rows = [
        Row("2018-02-05 16:20", QUIET, stage=1),
        Row("2018-02-06 16:20", QUIET, stage=1),
        Row("2018-02-07 16:20", QUIET, left=1),
    ]
    play(rows, desk)
    assert desk.state.counted == ()
    play(
        [Row("2018-02-08 10:00", FRESH), Row("2018-02-08 10:05", FRESH, stage=1, entered=(1,))],
        desk,
    )
    assert counted(desk.state) == [("vix_macd_fresh", "08")]


def test_leaving_a_higher_stage_does_not_end_the_run() -> None:
    desk = in_stage()
    desk.state = replace(desk.state, stages=staged(1, 2).stages)
    desk.evaluate(Row("2018-02-05 10:00", FRESH | {"vix.level": 24.0}))
    calm = FRESH | {"vix.level": 20.0}
    for day in ("05", "06", "07"):
        desk.evaluate(Row(f"2018-02-{day} 16:20", calm))
    assert [entry.stage for entry in desk.state.stages] == [1]
    assert counted(desk.state) == [("vix_macd_fresh", "05")]


def test_in_stage_two_the_rest_of_s_is_bought_step_by_step() -> None:
    """Of the four that S lacks: stage 1's two, R6's none (R3 asked for nothing), one step."""
    desk = Desk(state=staged(1, 2))
    decision = desk.evaluate(Row("2018-02-05 10:00", BOTH | {"vix.level": 24.0}))
    assert [(i.rung, i.rule) for i in decision.intents] == [
        (Rung.S1, "R5"),
        (Rung.S2, "R5"),
        (Rung.S3, "R7"),
    ]


def test_contracts_of_two_rules_in_one_rung_are_two_orders() -> None:
    """25 contracts, S holds 3, 2, 3 and 2 of them. Stage 1 asks for five.

    R3's four and a confirmation's three (2.5, half up) make seven, so R6 buys two; the step is two.
    """
    desk = Desk(state=replace(staged(1, 2, u=2.5), initial=4))
    decision = desk.evaluate(Row("2018-02-05 10:00", FRESH | {"vix.level": 24.0}))
    orders = [(i.rung, i.quantity, i.rule, i.intent_id) for i in decision.intents]
    name = decision.decision_id
    assert orders == [
        (Rung.S1, 3, "R5", f"{name}/S1"),
        (Rung.S2, 2, "R5", f"{name}/S2"),
        (Rung.S3, 2, "R6", f"{name}/S3"),
        (Rung.S3, 1, "R7", f"{name}/S3/2"),
        (Rung.S4, 1, "R7", f"{name}/S4"),
    ]


def test_what_is_spent_fills_its_floor() -> None:
    """Stage 1's two were closed at their roll and are spent: what is bought is R6's own."""
    five = Label(rule="R5", rule_class=RuleClass.STAGE)
    desk = Desk(state=replace(staged(1), initial=2))
    gone = Spent(tier=Tier.S, label=five, quantity=2)
    desk.state = replace(desk.state, spent=(gone,))
    calm = FRESH | {"vix.level": 17.0}  # stage 1's own entry is false: they stay spent
    decision = desk.evaluate(Row("2018-02-05 10:00", calm))
    assert [(i.rung, i.quantity, i.rule) for i in decision.intents] == [(Rung.S1, 1, "R6")]


def test_a_share_of_nothing_adds_nothing() -> None:
    desk = in_stage(policy=Policy(shares=SharesPolicy(confirmation=0.0)))
    decision = desk.evaluate(Row("2018-02-05 10:00", FRESH))
    assert (decision.intents, wanted(decision)) == ((), 2)
    assert desk.state.counted


def test_a_new_confirmation_needs_no_band() -> None:
    """A hundred contracts, a band of ten, and R6 adds just ten; of a share of 5 % five."""
    policy = Policy(shares=SharesPolicy(confirmation=0.05))
    desk = Desk(state=replace(staged(1, u=10.0), initial=20), policy=policy)
    desk.book = replace(desk.book, lots=(lot(Rung.S1, 10), lot(Rung.S2, 10)))
    assert not desk.evaluate(Row("2018-02-05 10:00", ONE)).intents
    decision = desk.evaluate(Row("2018-02-05 10:05", FRESH))
    assert [(i.rung, i.side, i.quantity) for i in decision.intents] == [(Rung.S3, Side.BUY, 5)]


def test_how_each_one_stands_is_said() -> None:
    desk = in_stage()
    desk.evaluate(Row("2018-02-05 10:00", FRESH))
    decision = desk.evaluate(Row("2018-02-05 10:05", BOTH))
    stands = {c.what: (c.truth, c.value) for c in line_of(decision, "R6").checks}
    assert stands["vix_macd_fresh"] == (Truth.TRUE, "counted on 2018-02-05")
    assert stands["spx_macd_bearish"] == (Truth.TRUE, "waiting")
    assert stands["vix_rsi_rising"] == (Truth.FALSE, None)
    assert stands["spx.macd"] == (Truth.TRUE, "bearish")
    assert stands["vix.rsi"] == (Truth.FALSE, 45.0)
    assert "vix.macd_fresh" not in stands
