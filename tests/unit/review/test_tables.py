"""Flat tables: decisions with their readings, orders with their fates, executions, events."""

from datetime import date
from decimal import Decimal

from bot.domain.canonical import ContentHash
from bot.domain.decision import CondorView
from bot.domain.events import FillReceived, StoredEvent
from bot.domain.instruments import ConId
from bot.domain.orders import ExecId, IntentId
from bot.domain.readings import Reading, ReadingState, Scalar
from bot.domain.value import replace
from bot.review.following import all_stories
from bot.review.tables import (
    Kind,
    decision_columns,
    decision_row,
    event_row,
    fill_rows,
    order_rows,
)
from tests.support import story

STRESS = story.stress_decision()
QUIET = story.quiet_decision(story.MORNING, 1)


def reading(name: str, value: Scalar | None) -> Reading:
    state = ReadingState.MISSING if value is None else ReadingState.OK
    return Reading(signal="G0", name=name, state=state, value=value)


class TestDecisions:
    def test_columns_follow_from_what_was_read_and_judged(self) -> None:
        kinds = {one.name: one.kind for one in decision_columns([QUIET, STRESS])}
        assert kinds["vix.level"] is Kind.NUMBER
        assert kinds["vix.spike"] is Kind.FLAG
        assert kinds["vix.macd"] is Kind.TEXT
        assert kinds["vix.macd_age"] is Kind.WHOLE
        assert kinds["move.z"] is Kind.NUMBER
        assert kinds["vix.level.state"] is Kind.TEXT
        names = list(kinds)
        assert names[-6:] == ["R5", "R6", "R7", "R8", "R12", "R19"]
        assert names.index("curve.slope") < names.index("vix.level")
        assert len(names) == len(set(names))

    def test_a_reading_of_several_kinds_is_the_widest(self) -> None:
        one = replace(QUIET, readings=(reading("a", 1), reading("b", 1), reading("c", None)))
        two = replace(QUIET, readings=(reading("a", 1.5), reading("b", "x"), reading("c", None)))
        kinds = {c.name: c.kind for c in decision_columns([one, two, one])}
        assert (kinds["a"], kinds["b"], kinds["c"]) == (Kind.NUMBER, Kind.TEXT, Kind.NUMBER)

    def test_a_row_has_what_the_columns_promise(self) -> None:
        names = {one.name for one in decision_columns([STRESS])}
        assert set(decision_row(STRESS)) == names

    def test_a_row_counts_names_and_reads(self) -> None:
        condor = CondorView(key="x", expiry="2018-03-16", quantity=3, strikes=(), vega_usd=None)
        row = decision_row(replace(STRESS, condors=(condor, condor), critical=("one", "two")))
        assert row["session"] == date(2018, 2, 5)
        assert (row["stage_before"], row["stage"], row["entered"], row["left"]) == (
            0, 3, "1 2 3", None,
        )  # fmt: skip
        assert (row["buys"], row["sells"], row["rolls"], row["condors"]) == (3, 0, 0, 6)
        assert (row["u"], row["contracts"], row["S.target"], row["D.full"]) == (1.0, 10, 4, 2)
        assert (row["vix.level"], row["vix.level.state"]) == (32.5, "ok")
        assert (row["flow.disturbed"], row["flow.disturbed.state"]) == (None, "stale")
        assert (row["R8"], row["R19"]) == ("true", "unknown")
        assert row["critical"] == "one; two"
        assert (
            row["digest"]
            == replace(STRESS, condors=(condor, condor), critical=("one", "two")).digest()
        )

    def test_without_a_ladder_its_cells_are_empty(self) -> None:
        row = decision_row(replace(STRESS, ladder=None))
        assert "u" not in row
        assert "S.target" not in row


class TestOrders:
    def test_each_wanted_order_is_a_row_with_its_fate(self) -> None:
        stories = all_stories(story.order_events())
        bought, partly, refused = order_rows(STRESS, stories, story.UNIVERSE.by_id())
        assert bought["contract"] == "VIX 21 Mar 2018 20 call"
        assert (bought["outcome"], bought["filled"], bought["order_id"]) == ("filled", 1, 11)
        assert (bought["average_price"], bought["commission_usd"]) == (
            Decimal("2.30"),
            Decimal("0.65"),
        )
        assert (partly["outcome"], partly["filled"]) == ("partly working", 1)
        assert (refused["outcome"], refused["refused_by"]) == ("refused", "contracts")
        assert refused["state"] is None

    def test_an_order_without_a_story_is_unsent(self) -> None:
        row = next(order_rows(STRESS, {}, {}))
        assert (row["outcome"], row["contract"]) == ("unsent", "contract 300001")
        assert (row["closes"], row["closes_contract"]) == (None, None)

    def test_a_roll_names_both_contracts(self) -> None:
        roll = replace(story.BUY_S, closes=story.D_CALL.con_id)
        rolled = replace(STRESS, intents=(roll,))
        (row,) = order_rows(rolled, {}, story.UNIVERSE.by_id())
        assert (row["action"], row["closes_contract"]) == ("roll", "VIX 20 Jun 2018 35 call")


class TestFills:
    def test_each_execution_is_a_row_as_last_corrected(self) -> None:
        events = list(story.order_events())
        (first,) = (e for e in events[:8] if isinstance(e, FillReceived))
        events.append(FillReceived(fill=story.corrected(first.fill, "2.25")))
        rows = list(fill_rows(events))
        assert [(r["exec_id"], r["price"]) for r in rows] == [
            ("0001.01.02", Decimal("2.25")),
            ("0002.01.01", Decimal("1.10")),
        ]
        assert (rows[0]["commission_usd"], rows[1]["commission_usd"]) == (Decimal("0.65"), None)
        assert (rows[0]["decision_id"], rows[0]["rule"], rows[0]["rung"]) == (
            "20180205-0100-stress", "R5", "S1",
        )  # fmt: skip

    def test_an_execution_of_an_unknown_order_is_a_row_too(self) -> None:
        strange = replace(
            story.fill(story.BUY_S, "0009.01.01", 1, "2.00"),
            exec_id=ExecId("0009.01.01"),
            intent_id=IntentId("x"),
            con_id=ConId(7),
        )
        (row,) = fill_rows([FillReceived(fill=strange)])
        assert (row["con_id"], row["decision_id"], row["rule"]) == (7, None, None)


def test_an_event_is_a_row_with_its_content() -> None:
    stored = StoredEvent(
        sequence=4,
        at=story.MORNING,
        kind="run_started",
        event=story.run_started(),
        previous=ContentHash("0" * 64),
        hash=ContentHash("1" * 64),
    )
    row = event_row(stored)
    assert (row["sequence"], row["kind"]) == (4, "run_started")
    assert '"scenario":"volmageddon-2018"' in str(row["body"])
