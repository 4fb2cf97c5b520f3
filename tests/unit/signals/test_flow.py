import math
import random
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from statistics import median

import pytest

from bot.domain.inputs import EvaluationKind, Farm
from bot.domain.instruments import Right
from bot.domain.policy import Policy, SlippagePolicy
from bot.domain.quotes import DataType
from bot.domain.readings import Readings, ReadingState
from bot.domain.state import SpreadMemory, SpreadSession, StrategyState
from bot.domain.value import replace as changed
from bot.signals.catalog import read_signals
from bot.signals.flow import (
    TIGHTEST,
    SpreadObservation,
    histogram_median,
    line_spread,
    observe_spreads,
    reference_spread,
    remember_spreads,
    spread_key,
)
from tests.support.signal_inputs import DAY, VIX_ID, VX1, VX2, Scene, vix_option

OK, STALE, MISSING = ReadingState.OK, ReadingState.STALE, ReadingState.MISSING
POLICY = Policy()
LATER = DAY + timedelta(days=50)


def knowing(**usual: float) -> StrategyState:
    """Return a state whose last session had these medians; `VIX_S` is the key VIX/S."""
    done = date(2018, 2, 2)
    return StrategyState(
        spreads=tuple(
            SpreadMemory(
                key=key.replace("_", "/"), completed=(SpreadSession(session=done, median=value),)
            )
            for key, value in usual.items()
        )
    )


def quoted(*spreads: float | None, **changes: object) -> Scene:
    """Return a scene of calls with mid 2 and these spreads over mid; None is one-sided."""
    scene = replace(Scene(), **changes)  # type: ignore[arg-type]
    calls = [vix_option(100 + n, VX1) for n in range(len(spreads))]
    quotes = [
        scene.quote(c.con_id, ask=Decimal(2), ask_size=5)
        if spread is None
        else scene.two_sided(c.con_id, 2.0, 2.0 * spread)
        for c, spread in zip(calls, spreads, strict=True)
    ]
    return replace(scene, options=tuple(zip(calls, quotes, strict=True)))


def read(scene: Scene, state: StrategyState) -> Readings:
    return read_signals(scene.inputs(), state)


@pytest.mark.parametrize(
    ("days", "key"),
    [(0, "S"), (9, "S"), (44, "S"), (45, "M"), (89, "M"), (90, "D"), (400, "D")],
)
def test_a_call_belongs_to_the_farthest_tier_that_has_begun(days: int, key: str) -> None:
    call = vix_option(100, DAY + timedelta(days=days))
    assert spread_key(call, DAY, POLICY.ladder) == f"VIX/{key}"


def test_weeklies_are_remembered_apart() -> None:
    weekly = vix_option(100, VX1, trading_class="VIXW")
    assert spread_key(weekly, DAY, POLICY.ladder) == "VIXW/S"


def test_a_market_as_usual_is_not_disturbed() -> None:
    readings = read(quoted(0.04, 0.06, 0.05), knowing(VIX_S=0.05))
    assert readings.flag("flow.disturbed") is False
    assert readings.number("flow.unquoted_share") == 0.0
    assert readings.number("flow.spread_multiple") == pytest.approx(1.0)


@pytest.mark.parametrize(("spread", "disturbed"), [(0.149, False), (0.151, True)])
def test_spreads_over_three_times_the_median_are_disturbed(spread: float, disturbed: bool) -> None:  # noqa: FBT001
    readings = read(quoted(spread, spread, 0.05), knowing(VIX_S=0.05))
    assert readings.flag("flow.disturbed") is disturbed


def test_one_wide_line_does_not_disturb_the_market() -> None:
    readings = read(quoted(0.05, 0.05, 0.90), knowing(VIX_S=0.05))
    assert readings.flag("flow.disturbed") is False


@pytest.mark.parametrize(
    ("spreads", "disturbed"), [((0.05, 0.05, None), False), ((0.05, None, None), True)]
)
def test_over_a_third_without_quote_is_disturbed(
    spreads: tuple[float | None, ...],
    disturbed: bool,  # noqa: FBT001
) -> None:
    readings = read(quoted(*spreads), knowing(VIX_S=0.05))
    assert readings.flag("flow.disturbed") is disturbed
    assert readings.number("flow.unquoted_share") == spreads.count(None) / 3


def test_before_one_full_session_the_median_is_left_out_and_said_so() -> None:
    readings = read(quoted(0.9, 0.9, 0.9), StrategyState())
    assert readings.flag("flow.disturbed") is False
    assert "left out" in readings.get("flow.disturbed").note
    assert readings.get("flow.spread_multiple").state is MISSING
    assert read(quoted(0.9, None, None), StrategyState()).flag("flow.disturbed") is True


def test_a_market_without_any_quote_is_disturbed_and_its_multiple_unknown() -> None:
    readings = read(quoted(None, None), knowing(VIX_S=0.05))
    assert readings.flag("flow.disturbed") is True
    assert readings.get("flow.spread_multiple").state is STALE


def test_lines_are_compared_with_their_own_class_and_tier() -> None:
    scene = quoted(0.05)
    far = vix_option(200, LATER)
    scene = replace(scene, options=(*scene.options, (far, scene.two_sided(far.con_id, 2.0, 0.40))))
    readings = read(scene, knowing(VIX_S=0.05, VIX_M=0.10))
    assert readings.number("flow.spread_multiple") == pytest.approx((1.0 + 2.0) / 2)


def test_puts_and_calls_without_a_line_are_not_needed() -> None:
    put = vix_option(300, VX1, Right.PUT)
    scene = quoted(0.05)
    silent = vix_option(301, VX2)
    options = (*scene.options, (put, scene.quote(put.con_id)), (silent, None))
    readings = read(replace(scene, options=options), knowing(VIX_S=0.05))
    assert readings.number("flow.unquoted_share") == 0.0


def test_a_needed_line_that_has_said_nothing_is_without_quote() -> None:
    """Two of five lines keep silent: over a third, as if they showed no sides."""
    scene = quoted(0.05, 0.05, 0.05)
    calls = [vix_option(300 + n, VX1) for n in range(2)]
    scene = replace(scene, options=(*scene.options, *((call, None) for call in calls)))
    given = scene.inputs()
    state = knowing(VIX_S=0.05)
    assert read_signals(given, state).number("flow.unquoted_share") == 0.0
    silent = (*(call.con_id for call in calls), VIX_ID)  # an index is no call
    asked = changed(given, snapshot=changed(given.snapshot, silent=silent))
    readings = read_signals(asked, state)
    assert readings.number("flow.unquoted_share") == 2 / 5
    assert readings.flag("flow.disturbed") is True
    assert [seen.relative for seen in observe_spreads(asked)] == [0.05] * 3


def test_spread_and_depth_are_medians_of_the_quoted_lines() -> None:
    """Spreads of 4, 10 and 6 % of mid; thinner sides of 9, 2 and 5 contracts."""
    scene = quoted(0.04, 0.10, 0.06, None)
    sizes = ((9, 30), (2, 40), (50, 5))
    options = [
        (call, quote if size is None else changed(quote, bid_size=size[0], ask_size=size[1]))
        for (call, quote), size in zip(scene.options, (*sizes, None), strict=True)
        if quote is not None
    ]
    readings = read(replace(scene, options=tuple(options)), knowing(VIX_S=0.05))
    assert readings.number("flow.spread") == pytest.approx(0.06)
    assert readings.number("flow.depth") == 5


def test_where_nothing_is_quoted_spread_and_depth_are_unknown() -> None:
    readings = read(quoted(None, None), knowing(VIX_S=0.05))
    assert {readings.get(f"flow.{name}").state for name in ("spread", "depth")} == {STALE}


def test_without_any_call_there_is_no_flow_to_judge() -> None:
    readings = read(Scene(), knowing(VIX_S=0.05))
    assert readings.get("flow.disturbed").state is MISSING
    assert readings.get("flow.unquoted_share").state is MISSING


@pytest.mark.parametrize(
    "changes",
    [
        {"farm": Farm.DOWN},
        {"clock": time(9, 29)},
        {"clock": time(16, 15)},
        {"clock": time(16, 20), "kind": EvaluationKind.CLOSE},
    ],
    ids=["farm down", "before the open", "after the close", "close evaluation"],
)
def test_outside_trading_the_flow_is_stale_and_not_remembered(changes: dict[str, object]) -> None:
    scene = quoted(0.05, 0.05, **changes)
    readings = read(scene, knowing(VIX_S=0.05))
    assert readings.get("flow.disturbed").state is STALE
    assert readings.get("flow.spread_multiple").state is STALE
    assert observe_spreads(scene.inputs()) == ()


def test_delayed_quotes_are_no_quotes() -> None:
    readings = read(quoted(0.05, data_type=DataType.DELAYED), knowing(VIX_S=0.05))
    assert readings.number("flow.unquoted_share") == 1.0


@pytest.mark.parametrize(
    ("clock", "count"),
    [(time(9, 34), 0), (time(9, 35), 2), (time(16, 10), 2), (time(16, 11), 0)],
)
def test_spreads_are_observed_away_from_open_and_close(clock: time, count: int) -> None:
    seen = observe_spreads(quoted(0.05, None, 0.10, clock=clock).inputs())
    assert [o.key for o in seen] == ["VIX/S"] * count
    assert [o.relative for o in seen] == [0.05, 0.10][:count]


def test_one_line_is_judged_against_its_reference() -> None:
    scene = quoted(0.2)
    ((call, quote),) = scene.options
    judged = line_spread(call, quote, DAY, knowing(VIX_S=0.05), POLICY)
    assert (judged.key, judged.relative, judged.reference) == ("VIX/S", 0.2, 0.05)
    assert judged.multiple == pytest.approx(4.0)
    assert judged.disturbed is True
    assert line_spread(call, quote, DAY, knowing(VIX_S=0.10), POLICY).disturbed is False


def test_one_line_without_quote_or_reference_is_unknown() -> None:
    ((call, quote),) = quoted(0.2).options
    assert line_spread(call, None, DAY, knowing(VIX_S=0.05), POLICY) == (
        "VIX/S",
        None,
        0.05,
        None,
        None,
    )
    assert line_spread(call, quote, DAY, StrategyState(), POLICY)[1:] == (0.2, None, None, None)
    assert line_spread(call, quote, DAY, knowing(VIX_M=0.05), POLICY).disturbed is None


def test_the_reference_is_the_median_of_the_last_sessions() -> None:
    pages = tuple(
        SpreadSession(session=date(2018, 1, n), median=value)
        for n, value in enumerate((9.0, 0.02, 0.08, 0.04), start=1)
    )
    state = StrategyState(
        spreads=(SpreadMemory(key="VIX/S", completed=pages), SpreadMemory(key="VIX/M"))
    )
    assert reference_spread(state, "VIX/S", 3) == 0.04
    assert reference_spread(state, "VIX/S", 4) == pytest.approx(0.06)
    assert reference_spread(state, "VIX/M", 4) is None


def remembered(
    state: StrategyState, session: date, *spreads: float, keep: int = 20
) -> StrategyState:
    seen = [SpreadObservation("VIX/S", spread) for spread in spreads]
    return StrategyState(spreads=remember_spreads(state, seen, session, keep))


def test_a_running_session_has_no_median_until_the_next_begins() -> None:
    first, second = date(2018, 2, 5), date(2018, 2, 6)
    state = remembered(remembered(StrategyState(), first, 0.05, 0.06), first, 0.07)
    assert reference_spread(state, "VIX/S", 20) is None
    assert sum(state.spreads[0].running.values()) == 3
    state = remembered(state, second, 0.5)
    assert [page.session for page in state.spreads[0].completed] == [first]
    assert reference_spread(state, "VIX/S", 20) == pytest.approx(0.06, rel=0.025)
    assert state.spreads[0].running_session == second
    assert sum(state.spreads[0].running.values()) == 1


def test_a_session_ends_also_when_the_next_has_nothing_to_see() -> None:
    state = remembered(StrategyState(), date(2018, 2, 5), 0.05)
    state = remembered(state, date(2018, 2, 6))
    assert len(state.spreads[0].completed) == 1
    again = remembered(state, date(2018, 2, 7))
    assert again == state
    later = remembered(again, date(2018, 2, 8), 0.05)
    assert later.spreads[0].running_session == date(2018, 2, 8)
    assert len(later.spreads[0].completed) == 1


def test_only_the_last_sessions_are_kept() -> None:
    state = StrategyState()
    for n in range(1, 7):
        state = remembered(state, date(2018, 2, n), 0.05, keep=3)
    kept = [page.session.day for page in state.spreads[0].completed]
    assert kept == [3, 4, 5]
    assert remember_spreads.__defaults__ == (SlippagePolicy().median_sessions,)


def test_keys_are_remembered_apart_and_in_order() -> None:
    seen = [SpreadObservation("VIXW/S", 0.2), SpreadObservation("VIX/S", 0.1)]
    memory = remember_spreads(StrategyState(), seen, DAY)
    assert [m.key for m in memory] == ["VIX/S", "VIXW/S"]


def test_remembering_changes_nothing_that_was() -> None:
    before = remembered(StrategyState(), DAY, 0.05)
    copy = dict(before.spreads[0].running)
    remembered(before, DAY, 0.05)
    assert before.spreads[0].running == copy


def test_a_locked_quote_counts_as_the_tightest() -> None:
    state = remembered(StrategyState(), DAY, 0.0)
    assert histogram_median(state.spreads[0].running) == pytest.approx(TIGHTEST, rel=0.05)


@pytest.mark.parametrize("seed", range(5))
def test_the_median_of_a_histogram_is_the_median_within_its_bucket(seed: int) -> None:
    chance = random.Random(seed)
    spreads = [math.exp(chance.gauss(-3.0, 0.7)) for _ in range(201)]
    state = remembered(StrategyState(), DAY, *spreads)
    assert histogram_median(state.spreads[0].running) == pytest.approx(median(spreads), rel=0.026)
