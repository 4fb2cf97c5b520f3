"""V*, the ratio and the scale: worked by hand from the method's R1 and R2."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.account import Position
from bot.domain.readings import Scalar
from bot.domain.state import CondorVega, StageEntry, StrategyState
from bot.domain.truth import Truth
from bot.domain.value import replace
from bot.strategy.draft import Draft, first_draft
from bot.strategy.positions import vega_usd
from bot.strategy.sizing import INTENDED_HEDGE, SCALE
from tests.support.strategy_cases import case_of
from tests.support.strategy_days import CONDOR, FULL_LADDER_USD, sized
from tests.support.strategy_world import condor_positions, readings, spx_id

DAY = date(2018, 2, 5)
ODD = Position(con_id=spx_id("P", 2450), quantity=7, average_cost_usd=Decimal(1))
LEGS = [position.con_id for position in condor_positions()]


def after_r1(state: StrategyState, *, stages: int = 0, **given: Any) -> Draft:
    case = case_of(state=state, **given)
    on = tuple(StageEntry(stage=n + 1, entered_on=DAY) for n in range(stages))
    return INTENDED_HEDGE.apply(case, first_draft(replace(state, stages=on)))


def model_vega(**given: Any) -> float:
    """Return the condor's own |vega| now; its weight at 25 days is capped at 1."""
    case = case_of(**given)
    vega = vega_usd(case.condors.found[0], case.market)
    assert vega is not None
    return vega


@pytest.mark.parametrize(
    ("sees", "ratio"),
    [
        ({}, 0.35),
        ({"event.fomc_sessions": 3}, 0.43),
        ({"event.fomc_sessions": 4}, 0.35),
        ({"event.fomc_sessions": 0}, 0.43),
        ({"event.cpi_sessions": 2}, 0.39),
        ({"event.cpi_sessions": 3}, 0.35),
        ({"event.ppi_sessions": 1, "event.cpi_sessions": 2}, 0.39),
        ({"inflation.pressure": True}, 0.39),
        ({"inflation.pressure": False}, 0.35),
        ({"wacc.rising": True}, 0.39),
        ({"event.fomc_sessions": 1, "event.ppi_sessions": 0, "inflation.pressure": True}, 0.51),
        (
            {
                "event.fomc_sessions": 1,
                "event.ppi_sessions": 0,
                "inflation.pressure": True,
                "wacc.rising": True,
            },
            0.55,
        ),
    ],
)
def test_ratio_is_35_percent_and_20_times_urgency(sees: dict[str, Scalar], ratio: float) -> None:
    assert after_r1(sized(), sees=readings(sees)).ratio == pytest.approx(ratio)


def test_a_gap_in_the_calendar_counts_as_near() -> None:
    draft = after_r1(sized(), sees=readings(stale=("event.fomc_sessions",)))
    assert draft.ratio == pytest.approx(0.43)
    assert "event.fomc_sessions" not in draft.results[-1].blind


def test_a_calendar_without_dates_is_neutral_and_blind() -> None:
    names = ("event.fomc_sessions", "event.cpi_sessions", "event.ppi_sessions")
    draft = after_r1(sized(), sees=readings(missing=names))
    assert draft.ratio == pytest.approx(0.35)
    assert draft.results[-1].blind == (*names, "inflation.pressure", "wacc.rising")


class TestTerms:
    """A condor's term: the larger of V when first seen and its peak while a stage is on."""

    def test_first_seen(self) -> None:
        vega = model_vega()
        draft = after_r1(StrategyState())
        assert draft.v_star == pytest.approx(vega)
        assert draft.condors == (CondorVega(key=CONDOR, first=vega),)

    def test_short_dated_condors_are_not_weighted_up(self) -> None:
        """16 days left: the weight sqrt(30 / 16) is capped at 1 when first seen."""
        given: dict[str, Any] = {"at": "2018-02-14 10:00"}
        draft = after_r1(StrategyState(), **given)
        assert draft.v_star == pytest.approx(model_vega(**given))

    def test_long_dated_condors_are_weighted_down(self) -> None:
        """60 days left: the weight is sqrt(30 / 60)."""
        given: dict[str, Any] = {"at": "2018-01-01 10:00"}
        draft = after_r1(StrategyState(), **given)
        assert draft.v_star == pytest.approx(model_vega(**given) * 0.5**0.5)

    def test_remembered_first_outlives_a_collapse(self) -> None:
        state = StrategyState(condors=(CondorVega(key=CONDOR, first=900.0),))
        assert after_r1(state).v_star == 900.0

    def test_no_peak_without_a_stage(self) -> None:
        state = StrategyState(condors=(CondorVega(key=CONDOR, first=1.0, peak=700.0),))
        draft = after_r1(state)
        assert draft.condors[0].peak is None
        assert draft.v_star == 1.0

    def test_peak_in_a_stage(self) -> None:
        vega = model_vega()
        state = StrategyState(condors=(CondorVega(key=CONDOR, first=1.0),))
        draft = after_r1(state, stages=1)
        assert draft.condors[0].peak == pytest.approx(vega)
        assert draft.v_star == pytest.approx(vega)

    def test_a_higher_peak_stays(self) -> None:
        state = StrategyState(condors=(CondorVega(key=CONDOR, first=1.0, peak=700.0),))
        assert after_r1(state, stages=1).v_star == 700.0

    def test_without_quotes_the_memory_stands(self) -> None:
        state = StrategyState(condors=(CondorVega(key=CONDOR, first=50.0, peak=70.0),))
        draft = after_r1(state, stages=1, without=LEGS)
        assert (draft.v_star, draft.condors) == (70.0, state.condors)

    def test_without_quotes_and_memory_it_is_unknown(self) -> None:
        draft = after_r1(StrategyState(), without=LEGS[:1])
        assert (draft.v_star, draft.condors) == (None, ())
        assert draft.results[-1].truth is Truth.UNKNOWN

    @pytest.mark.parametrize("peak", [None, 60.0])
    def test_a_partial_close_takes_its_part_along(self, peak: float | None) -> None:
        memory = CondorVega(key=CONDOR, first=900.0, quantity=3, peak=peak)
        draft = after_r1(StrategyState(condors=(memory,)), stages=2, without=LEGS)
        rest = None if peak is None else 20.0
        assert draft.condors == (CondorVega(key=CONDOR, first=300.0, quantity=1, peak=rest),)

    def test_a_condor_gone_takes_its_term_along(self) -> None:
        gone = CondorVega(key="SPXW 2018-02-02 1/2/3/4", first=500.0)
        here = CondorVega(key=CONDOR, first=900.0)
        assert after_r1(StrategyState(condors=(gone, here))).v_star == 900.0

    def test_unexplained_legs_count_with_their_summed_vega(self) -> None:
        case = case_of(positions=condor_positions()[:2])
        vega = vega_usd(case.condors.rest[0], case.market)
        draft = after_r1(StrategyState(), positions=condor_positions()[:2])
        assert draft.v_star == pytest.approx(vega)

    def test_nothing_held_is_zero_not_unknown(self) -> None:
        assert after_r1(StrategyState(), positions=()).v_star == 0.0


def after_r2(state: StrategyState, *, stages: tuple[StageEntry, ...] = (), **given: Any) -> Draft:
    case = case_of(state=state, **given)
    draft = INTENDED_HEDGE.apply(case, first_draft(replace(state, stages=stages)))
    return SCALE.apply(case, draft)


class TestScale:
    """u = ratio x V* / one full ladder, reset only for a cause."""

    def test_first_start(self) -> None:
        scale = after_r2(sized(1.5)).scale
        assert scale is not None
        assert scale.u == pytest.approx(1.5, rel=1e-5)
        assert scale.h_star == pytest.approx(1.5 * FULL_LADDER_USD, rel=1e-9)
        assert (scale.cause, scale.tau_days, scale.reset_on) == ("first start", 45.0, DAY)

    def test_tau_unknown_is_the_default(self) -> None:
        scale = after_r2(sized(), sees=readings(missing=("curve.tau_days",))).scale
        assert scale is not None
        assert scale.tau_days == 45.0

    def test_tau_is_frozen_until_the_next_reset(self) -> None:
        first = after_r2(sized())
        state = replace(sized(), scale=first.scale)
        later = after_r2(state, sees=readings({"curve.tau_days": 80.0}))
        assert later.scale == first.scale
        assert later.results[-1].followed == "u stands"

    def test_ticks_do_not_reset(self) -> None:
        first = after_r2(StrategyState())
        state = StrategyState(scale=first.scale, condors=first.condors)
        assert after_r2(state, spx=2650.0).scale == first.scale

    def test_a_stage_entered_resets_and_one_left_does_not(self) -> None:
        first = after_r2(sized())
        state = replace(sized(2.0), scale=first.scale)
        one = StageEntry(stage=1, entered_on=DAY)
        entered = after_r2(state, stages=(one,))
        assert entered.scale is not None
        assert entered.scale.cause == "a stage was entered"
        assert entered.scale.u == pytest.approx(2.0, rel=1e-5)
        left = after_r2(replace(sized(3.0), scale=entered.scale))
        assert left.scale == entered.scale

    def test_a_stage_entered_again_resets_again(self) -> None:
        one = StageEntry(stage=1, entered_on=date(2018, 1, 2))
        first = after_r2(sized(), stages=(one,))
        again = StageEntry(stage=1, entered_on=DAY)
        later = after_r2(replace(sized(2.0), scale=first.scale), stages=(again,))
        assert later.scale is not None
        assert later.scale.u == pytest.approx(2.0, rel=1e-5)

    @pytest.mark.parametrize(
        "positions",
        [(), condor_positions(2), (*condor_positions(), ODD)],
    )
    def test_a_condor_coming_or_going_resets(self, positions: tuple[Position, ...]) -> None:
        first = after_r2(sized())
        later = after_r2(replace(sized(), scale=first.scale), positions=positions)
        assert later.scale is not None
        assert later.scale.cause == "a condor came or went"

    def test_a_reset_waits_while_v_star_is_unknown(self) -> None:
        first = after_r2(sized())
        waiting = after_r2(
            StrategyState(scale=first.scale),
            stages=(StageEntry(stage=1, entered_on=DAY),),
            without=LEGS,
        )
        assert waiting.scale == first.scale
        assert waiting.results[-1].truth is Truth.UNKNOWN
        assert waiting.results[-1].followed == "a stage was entered: u waits until V* is known"

    def test_a_book_too_small_is_said(self) -> None:
        draft = after_r2(sized(0.0), positions=())
        assert draft.scale is not None
        assert draft.scale.u == 0.0
        small = StrategyState(condors=(CondorVega(key=CONDOR, first=1.0),))
        words = after_r2(small, without=LEGS).results[-1].followed
        assert words.endswith("no contract: the condors are too small")
