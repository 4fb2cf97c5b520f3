from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal

import pytest

from bot.domain.inputs import EvaluationKind, Farm
from bot.domain.instruments import ConId
from bot.domain.quotes import DataType, Quote
from bot.domain.readings import ReadingState
from bot.domain.value import replace as changed
from bot.signals.line import (
    Line,
    breadth_line,
    doubted,
    future_line,
    index_line,
    joined,
    missing,
    reading,
)
from tests.support.signal_inputs import DAY, SPX_ID, VIX_ID, VX1, Scene, vx_future

OK, STALE, MISSING = ReadingState.OK, ReadingState.STALE, ReadingState.MISSING
CLOSE = EvaluationKind.CLOSE
FUTURE = vx_future(VX1)


def index_state(changes: dict[str, object], symbol: str = "VIX") -> Line:
    scene = replace(Scene(), **changes)  # type: ignore[arg-type]
    quote = scene.quote(VIX_ID, last=Decimal("13.5"))
    return index_line(symbol, quote, scene.inputs())


INDEX_STATES = [
    ("in hours", {}, OK, ""),
    ("at the first evaluation", {"clock": time(9, 35)}, OK, ""),
    ("a second too early", {"clock": time(9, 34, 59)}, STALE, "hours"),
    ("at the last evaluation", {"clock": time(16, 10)}, OK, ""),
    ("a second too late", {"clock": time(16, 10, 1)}, STALE, "hours"),
    ("before the open", {"clock": time(8, 0)}, STALE, "hours"),
    ("at the official close", {"clock": time(16, 20), "kind": CLOSE}, OK, ""),
    ("at 16:20 without being the close", {"clock": time(16, 20)}, STALE, "hours"),
    ("a close evaluation before the close", {"clock": time(16, 12), "kind": CLOSE}, STALE, "hours"),
    (
        "the close as last said before it",
        {"clock": time(16, 20), "kind": CLOSE, "age_seconds": 359.0},
        OK,
        "",
    ),
    (
        "silent long before the close",
        {"clock": time(16, 20), "kind": CLOSE, "age_seconds": 361.0},
        STALE,
        "61 s old",
    ),
    ("a minute old", {"age_seconds": 60.0}, OK, ""),
    ("older than a minute", {"age_seconds": 60.5}, STALE, "s old"),
    ("from the future", {"age_seconds": -1.0}, STALE, "after now"),
    ("delayed", {"data_type": DataType.DELAYED}, STALE, "not live"),
    ("frozen", {"data_type": DataType.FROZEN}, STALE, "not live"),
    ("of unknown kind", {"data_type": None}, STALE, "not live"),
    ("farm down", {"farm": Farm.DOWN}, STALE, "down"),
    ("farm unknown", {"farm": Farm.UNKNOWN}, STALE, "unknown"),
]


@pytest.mark.parametrize(
    ("changes", "state", "note"),
    [case[1:] for case in INDEX_STATES],
    ids=[c[0] for c in INDEX_STATES],
)
def test_an_index_is_believed_only_live_fresh_and_in_its_hours(
    changes: dict[str, object], state: ReadingState, note: str
) -> None:
    line = index_state(changes)
    assert (line.state, line.value) == (state, 13.5)
    assert note in line.note
    assert bool(line.note) == (state is not OK)
    scene = replace(Scene(), **changes)  # type: ignore[arg-type]
    assert line.as_of == scene.now - timedelta(seconds=scene.age_seconds)


@pytest.mark.parametrize("clock", [time(16, 5), time(16, 10)])
def test_spx_is_final_when_shares_close_while_vix_must_go_on(clock: time) -> None:
    changes: dict[str, object] = {"clock": clock, "age_seconds": clock.minute * 60.0}
    assert index_state(changes, "SPX").state is OK
    assert index_state(changes).state is STALE


@pytest.mark.parametrize("quote", [None, Scene().quote(SPX_ID)])
def test_an_index_without_a_value_is_missing(quote: Quote | None) -> None:
    line = index_line("SPX", quote, Scene().inputs())
    assert line == missing("no quote of SPX")
    assert line.state is MISSING


def test_a_future_is_worth_its_mid_while_two_sided() -> None:
    scene = Scene()
    quote = changed(scene.two_sided(FUTURE.con_id, 13.5, 0.1), last=Decimal(99))
    assert future_line(FUTURE, quote, scene.inputs())[:2] == (13.5, OK)


def test_a_future_is_worth_its_last_trade_when_a_side_is_gone() -> None:
    scene = Scene()
    quote = changed(scene.two_sided(FUTURE.con_id, 13.5, 0.1), bid_size=0, last=Decimal("13.4"))
    assert future_line(FUTURE, quote, scene.inputs())[:2] == (13.4, OK)


@pytest.mark.parametrize("quote", [None, Scene().quote(FUTURE.con_id)])
def test_a_future_without_a_price_is_missing(quote: Quote | None) -> None:
    assert future_line(FUTURE, quote, Scene().inputs()).state is MISSING


FUTURE_STATES: list[tuple[str, dict[str, object], ReadingState]] = [
    ("two minutes old", {"age_seconds": 120.0}, OK),
    ("older", {"age_seconds": 121.0}, STALE),
    ("fresh before the index opens", {"clock": time(8, 0)}, OK),
    ("old after an early look at 16:20", {"clock": time(16, 20), "age_seconds": 300.0}, STALE),
    (
        "as last said before the close",
        {"clock": time(16, 20), "age_seconds": 300.0, "kind": CLOSE},
        OK,
    ),
    ("delayed", {"data_type": DataType.DELAYED_FROZEN}, STALE),
    ("farm down", {"farm": Farm.DOWN}, STALE),
]


@pytest.mark.parametrize(
    ("changes", "state"), [c[1:] for c in FUTURE_STATES], ids=[c[0] for c in FUTURE_STATES]
)
def test_a_future_is_believed_by_age_and_kind_around_the_clock(
    changes: dict[str, object], state: ReadingState
) -> None:
    scene = replace(Scene(), **changes)  # type: ignore[arg-type]
    quote = scene.two_sided(FUTURE.con_id, 13.5, 0.1)
    assert future_line(FUTURE, quote, scene.inputs()).state is state


def test_a_crossed_future_is_doubted_even_with_a_last_trade() -> None:
    scene = Scene()
    quote = changed(scene.two_sided(FUTURE.con_id, 13.5, -0.1), last=Decimal("13.4"))
    line = future_line(FUTURE, quote, scene.inputs())
    assert line.state is STALE
    assert "crossed" in line.note


def test_doubt_only_ever_worsens_a_state_and_keeps_each_reason() -> None:
    line = Line(1.0, STALE, None, "old")
    assert doubted(line, OK, "") == line
    assert doubted(line, MISSING, "gone") == Line(1.0, MISSING, None, "old; gone")


def test_two_lines_together_are_as_old_and_as_doubtful_as_the_worse() -> None:
    now = Scene(day=DAY).now
    older = now - timedelta(seconds=9)
    both = joined(Line(1.0, OK, now), Line(2.0, STALE, older, "old"))
    assert both == Line(None, STALE, older, "old")
    assert joined(missing("a"), missing("b")) == Line(None, MISSING, None, "a; b")


def test_a_source_that_does_not_suffice_is_stale_not_missing() -> None:
    assert reading("G1", "a", None, Line(1.0, OK)).state is STALE
    assert reading("G1", "a", None, missing("gone")).state is MISSING
    assert reading("G1", "a", 2, Line(1.0, OK)).usable == 2
    assert reading("G1", "a", 2, Line(1.0, STALE, None, "old")).usable is None


class TestBreadth:
    """Advances arrive as bid, declines as ask (domain.md section 2)."""

    def line(self, **sides: object) -> Line:
        scene = Scene()
        return breadth_line(scene.quote(ConId(4), **sides), scene.inputs())  # type: ignore[arg-type]

    def test_is_advances_less_declines(self) -> None:
        found = self.line(bid=Decimal(410), ask=Decimal(2660))
        assert (found.value, found.state) == (-2250.0, OK)

    def test_more_advances_than_declines_are_no_crossed_quote(self) -> None:
        found = self.line(bid=Decimal(2660), ask=Decimal(410))
        assert (found.value, found.state) == (2250.0, OK)

    def test_the_last_price_is_not_read(self) -> None:
        assert self.line(last=Decimal(7)).value is None

    @pytest.mark.parametrize("sides", [{}, {"bid": Decimal(1500)}, {"ask": Decimal(1500)}])
    def test_a_line_without_counts_is_quiet_not_gone(self, sides: dict[str, object]) -> None:
        found = self.line(**sides)
        assert (found.state, found.note) == (STALE, "AD-NYSE shows no counts")

    def test_no_line_is_missing(self) -> None:
        assert breadth_line(None, Scene().inputs()).state is MISSING

    @pytest.mark.parametrize(
        ("age", "state"), [(359.0, OK), (1200.0, OK), (1260.0, OK), (1261.0, STALE)]
    )
    def test_the_last_counts_of_the_share_session_are_the_days(
        self, age: float, state: ReadingState
    ) -> None:
        """Shares close at 16:00: at 16:20 a word of 15:59 still counts, an older one does not."""
        scene = Scene(clock=time(16, 20), kind=CLOSE, age_seconds=age)
        quote = scene.quote(ConId(4), bid=Decimal(1500), ask=Decimal(1400))
        assert breadth_line(quote, scene.inputs()).state is state
