from dataclasses import replace
from datetime import date, time

import pytest

from bot.domain.history import History
from bot.domain.policy import TrustPolicy
from bot.domain.readings import ReadingState
from bot.domain.state import StrategyState
from bot.domain.value import replace as changed
from bot.signals.context import SignalContext, confirm_rise, look, monthly_futures
from bot.signals.line import Line, missing
from tests.support.signal_inputs import HISTORY, VX1, VX2, VX3, Scene, completed, vx_future

OK, STALE, MISSING = ReadingState.OK, ReadingState.STALE, ReadingState.MISSING
LAST = HISTORY.vix[-1] or 0.0
LAST_VX1 = HISTORY.futures[0].closes[-1] or 0.0


def seen(**changes: object) -> SignalContext:
    return look(replace(Scene(), **changes).inputs(), StrategyState())  # type: ignore[arg-type]


def spot(rise: float, future_rise: float, **changes: object) -> Line:
    vx = {VX1: round(LAST_VX1 + future_rise, 2), VX2: 14.0, VX3: 14.4}
    return seen(vix=round(LAST + rise, 2), vx=vx, **changes).vix


@pytest.mark.parametrize(
    ("rise", "future_rise", "state"),
    [
        (3.0, 0.0, OK),
        (3.5, 0.5, STALE),
        (4.0, 1.0, OK),
        (20.0, 4.5, STALE),
        (20.0, 14.0, OK),
        (-9.0, 2.0, OK),
    ],
)
def test_a_rise_of_spot_wants_the_futures_word(
    rise: float, future_rise: float, state: ReadingState
) -> None:
    line = spot(rise, future_rise)
    assert (line.state, line.value) == (state, round(LAST + rise, 2))


def test_the_doubt_names_both_moves() -> None:
    assert spot(20.0, 4.5).note == "VIX rose 20.00 but VX1 only 4.50"


def test_a_rise_is_doubted_when_vx1_is_silent_stale_or_new() -> None:
    assert seen(vix=LAST + 5, vx={}).vix.state is STALE
    assert spot(5.0, 5.0, vx_spread=None).state is OK
    fresh_listing = changed(HISTORY, futures=HISTORY.futures[1:])
    assert spot(5.0, 5.0, history=fresh_listing).state is STALE


def test_the_same_contract_is_compared_after_the_front_has_settled() -> None:
    # On 02-14 at 12:00 the February future has settled: March is VX1, against its own last close.
    day = date(2018, 2, 14)
    history = completed(512, day)
    last, march = history.vix[-1] or 0.0, history.futures[1].closes[-1] or 0.0
    vx = {VX1: 50.0, VX2: round(march + 0.2, 2), VX3: 14.4}
    context = seen(day=day, history=history, vix=round(last + 5, 2), vx=vx)
    assert context.vix.note == "VIX rose 5.00 but VX1 only 0.20"
    assert [line.value for line in context.vx] == [pytest.approx(march + 0.2), 14.4]


@pytest.mark.parametrize("history", [completed(0), completed(512, date(2018, 2, 2))])
def test_a_level_without_a_last_close_cannot_be_checked(history: History) -> None:
    line = seen(history=history).vix
    assert (line.state, line.note) == (STALE, "VIX rise unknown: no last close")


def test_a_line_doubted_already_keeps_its_reason() -> None:
    old = Line(40.0, STALE, None, "old")
    assert confirm_rise(old, 20.0, None, TrustPolicy()) is old
    assert seen(vix=None).vix == missing("no quote of VIX")


def test_the_bounds_of_the_guard_come_from_the_policy() -> None:
    line = Line(40.0, OK)
    wide = TrustPolicy(artefact_points=25.0)
    assert confirm_rise(line, 20.0, 0.0, wide).state is OK
    assert confirm_rise(line, 20.0, 9.0, TrustPolicy(artefact_future_share=0.5)).state is STALE


def test_weekly_futures_are_not_on_the_curve() -> None:
    inputs = Scene().inputs()
    weekly = changed(vx_future(date(2018, 2, 7)), trading_class="VX06")
    universe = changed(inputs.universe, instruments=(weekly, *inputs.universe.instruments))
    assert [f.settlement for f in monthly_futures(universe)] == [
        vx_future(settles).settlement for settles in (VX1, VX2, VX3)
    ]


def test_a_future_is_on_the_curve_until_its_settlement() -> None:
    day = VX1
    history = completed(512, day)
    assert len(seen(day=day, history=history, clock=time(9, 29)).vx) == 3
    assert len(seen(day=day, history=history, clock=time(9, 30)).vx) == 2


def test_the_evaluation_knows_its_moment_and_session() -> None:
    context = seen()
    assert (context.now, context.day) == (Scene().now, Scene().day)


def test_an_index_the_universe_does_not_name_is_missing() -> None:
    inputs = Scene().inputs()
    universe = changed(inputs.universe, instruments=inputs.universe.instruments[2:])
    context = look(changed(inputs, universe=universe), StrategyState())
    assert (context.vix.state, context.spx.state) == (MISSING, MISSING)
