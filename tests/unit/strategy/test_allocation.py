"""R3 by hand: how much of the condors' notional is hedged, and how many contracts that is."""

from collections.abc import Mapping

import pytest

from bot.domain.book import Book
from bot.domain.decision import Decision
from bot.domain.instruments import ConId
from bot.domain.policy import InitialPolicy, Policy
from bot.domain.readings import Scalar
from bot.domain.rungs import RuleClass, Rung
from bot.domain.state import StrategyState
from bot.domain.truth import Truth
from bot.domain.value import replace
from bot.strategy.allocation import contracts_for, share_at
from bot.strategy.decide import decide_on
from bot.strategy.positions import notional_usd
from tests.support.strategy_cases import case_of
from tests.support.strategy_days import Desk, Row, bought, line_of, lot, sized, staged
from tests.support.strategy_world import (
    VIX_STRIKES,
    call_id,
    condor_positions,
    future_id,
    inputs,
    put_id,
    readings,
    spx_id,
)

AT = "2018-02-05 10:00"


@pytest.mark.parametrize(
    ("rsi", "share"),
    [(5.0, 0.15), (30.0, 0.15), (40.0, 0.1375), (50.0, 0.125), (70.0, 0.10), (95.0, 0.10)],
)
def test_the_share_slides_from_fifteen_to_ten_per_cent(rsi: float, share: float) -> None:
    assert share_at(rsi, InitialPolicy()) == pytest.approx(share)


@pytest.mark.parametrize(
    ("usd", "forward", "contracts"),
    [
        (13_125.0, 15.0, 9),  # 8.75
        (2_250.0, 15.0, 2),  # 1.5, half up
        (2_249.0, 15.0, 1),
        (656.25, 15.0, 1),  # 0.44: at least one
        (0.0, 15.0, 0),
    ],
)
def test_contracts_are_notional_over_a_hundred_forwards(
    usd: float, forward: float, contracts: int
) -> None:
    assert contracts_for(usd, forward) == contracts


def test_condor_notional_is_the_wider_spread_of_each() -> None:
    """2500/2550/2850/2900: 50 wide on both sides, 100 USD a point, twenty of them."""
    (group,) = case_of(condors=20).condors.found
    assert notional_usd(group) == 100_000


def test_the_wider_side_counts() -> None:
    """2500/2550/2800/2900: the call spread is 100 wide."""
    legs = [
        replace(p, con_id=spx_id("C", 2800)) if p.con_id == spx_id("C", 2850) else p
        for p in condor_positions(3)
    ]
    (group,) = case_of(positions=tuple(legs)).condors.found
    assert notional_usd(group) == 3 * 100 * 100


def twenty(u: float) -> StrategyState:
    """Return a memory of twenty condors that make the scale `u`."""
    known = sized(u=u)
    return replace(known, condors=(replace(known.condors[0], quantity=20),))


def evaluate(
    sees: Mapping[str, Scalar] | None = None,
    *,
    state: StrategyState | None = None,
    stale: tuple[str, ...] = (),
    missing: tuple[str, ...] = (),
    **given: object,
) -> tuple[Decision, StrategyState]:
    whole = inputs(AT, **({"condors": 20} | given))  # type: ignore[arg-type]
    seen = readings(sees, stale=stale, missing=missing)
    return decide_on(whole, state or twenty(4.0), seen)


def test_a_calm_day_buys_the_share_in_the_name_of_the_rule() -> None:
    """100,000 USD at RSI 45: 13.125 % over 1,500 USD a contract is 8.75; S1 to S4 take four each.

    Twenty condors of which the first vega makes a scale of 4 have 16 S contracts.
    """
    decision, state = evaluate()
    assert bought(decision) == {Rung.S1: 4, Rung.S2: 4, Rung.S3: 1}
    assert {(i.rule, i.rule_class) for i in decision.intents} == {("R3", RuleClass.INITIAL)}
    assert state.initial == 9
    line = line_of(decision, "R3")
    assert line.truth is Truth.TRUE
    assert line.followed == "13.1% of the condors' notional is 9 contracts of S"
    seen = {check.what: check.value for check in line.checks}
    assert seen == {
        "live condors": 1,
        "a stage on": None,
        "vix.rsi": 45.0,
        "condor notional": 100_000.0,
        "hedge notional": pytest.approx(13_125.0),
        "forward of S": pytest.approx(15.0),
    }


@pytest.mark.parametrize(("rsi", "contracts"), [(20.0, 10), (50.0, 8), (80.0, 7)])
def test_the_lower_the_rsi_the_more(rsi: float, contracts: int) -> None:
    """15 %, 12.5 % and 10 % of 100,000 over 1,500: 10, 8.33 and 6.67."""
    decision, state = evaluate({"vix.rsi": rsi})
    assert sum(bought(decision).values()) == state.initial == contracts


def test_never_more_than_the_rungs_of_the_scale() -> None:
    decision, state = evaluate(state=twenty(1.0))
    assert bought(decision) == {Rung.S1: 1, Rung.S2: 1, Rung.S3: 1, Rung.S4: 1}
    assert state.initial == 9
    assert line_of(decision, "R3").followed.endswith("9 contracts of S, of which R2 has 4")


def test_a_ladder_of_nothing_buys_nothing() -> None:
    decision, _ = evaluate(state=twenty(0.0))
    assert not decision.intents


def test_without_a_scale_the_size_is_said_and_nothing_is_bought() -> None:
    legs = [p.con_id for p in condor_positions(20)]
    decision, _ = evaluate(state=StrategyState(), without=legs)
    assert not decision.intents
    assert line_of(decision, "R3").followed == "13.1% of the condors' notional is 9 contracts of S"


def test_what_was_asked_while_no_scale_was_known_needs_no_band() -> None:
    """Eighty contracts have a band of eight, and R3 asked for one: it is bought all the same."""
    legs = [p.con_id for p in condor_positions()]
    whole = inputs(AT, condors=1, without=legs)
    _, state = decide_on(whole, StrategyState(), readings())
    assert (state.initial, state.targets) == (1, {})
    later = replace(sized(u=8.0, state=state), session=state.session)
    decision, _ = decide_on(inputs("2018-02-05 10:05", condors=1), later, readings())
    assert bought(decision) == {Rung.S1: 1}


@pytest.mark.parametrize("how", ["stale", "missing"])
def test_an_unknown_rsi_buys_nothing_and_keeps_what_there_is(how: str) -> None:
    """Not even the ten per cent: what is unknown is never true."""
    dark = {how: ("vix.rsi",)}
    decision, state = evaluate(**dark)  # type: ignore[arg-type]
    assert not decision.intents
    assert state.initial == 0
    line = line_of(decision, "R3")
    assert line.truth is Truth.UNKNOWN
    assert line.blind == (("vix.rsi",) if how == "missing" else ())
    assert line.followed.startswith("the RSI of VIX is unknown: nothing is bought")
    asked = replace(twenty(4.0), initial=9)
    held = Book(lots=(lot(Rung.S1, 3),))
    decision, state = evaluate(state=asked, book=held, **dark)  # type: ignore[arg-type]
    assert (decision.intents, decision.cancels, state.initial) == ((), (), 3)


def test_without_a_forward_of_s_the_size_is_unknown() -> None:
    nothing = [future_id("mar"), *(put_id("mar", strike) for strike in VIX_STRIKES)]
    decision, _ = evaluate(without=nothing)
    assert not decision.intents
    line = line_of(decision, "R3")
    assert line.truth is Truth.UNKNOWN
    assert line.followed.startswith("a forward of an S expiry is unknown")


def test_without_an_expiry_in_the_window_the_size_is_unknown() -> None:
    nothing: list[ConId] = [call_id(m, k) for m in ("feb", "mar") for k in VIX_STRIKES]
    universe = inputs(AT).universe
    kept = tuple(i for i in universe.instruments if i.con_id not in set(nothing))
    decision, _ = evaluate(universe=replace(universe, instruments=kept), without=nothing)
    assert line_of(decision, "R3").truth is Truth.UNKNOWN


def test_without_a_condor_nothing_is_asked() -> None:
    decision, state = evaluate(positions=(), state=replace(twenty(1.0), initial=4))
    assert not decision.intents
    assert state.initial == 0
    assert line_of(decision, "R3").followed == "nothing to hedge"


def test_a_share_of_nothing_turns_it_off() -> None:
    off = Policy(initial=InitialPolicy(share_min=0.0, share_max=0.0))
    decision, _ = evaluate(policy=off)
    assert not decision.intents
    assert line_of(decision, "R3").truth is Truth.FALSE


def test_in_a_stage_it_is_silent_and_what_it_asked_for_stays() -> None:
    """Forty contracts: stage 1's share is eight, R3 had asked for nine, so nine are wanted."""
    state = replace(staged(1, u=4.0), initial=9)
    decision, after = evaluate({"vix.rsi": 20.0}, state=state, condors=1)
    assert after.initial == 9
    line = line_of(decision, "R3")
    assert (line.truth, line.followed) == (
        Truth.FALSE,
        "a stage is on: the 9 contracts asked for before it stay",
    )
    assert [(i.rung, i.quantity, i.rule) for i in decision.intents] == [
        (Rung.S1, 4, "R5"),
        (Rung.S2, 4, "R5"),
        (Rung.S3, 1, "R3"),
    ]


def test_a_lower_rsi_later_tops_up_and_a_higher_one_sells_nothing() -> None:
    desk = Desk(state=twenty(4.0), positions=condor_positions(20))
    days = [("2018-02-05 10:00", 80.0), ("2018-02-05 10:05", 20.0), ("2018-02-05 10:10", 80.0)]
    decisions = [desk.evaluate(Row(at, {"vix.rsi": rsi})) for at, rsi in days]
    assert [sum(bought(d).values()) for d in decisions] == [7, 3, 0]
    assert desk.book.in_tier(Rung.S1.tier) == 10
    assert decisions[2].ladder is not None
    assert decisions[2].ladder.tiers[0].target == 7
