"""Lists: one line a decision, quiet ones folded, one line an event."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.adoption import CostSource
from bot.domain.book import Break
from bot.domain.canonical import ContentHash
from bot.domain.decision import Decision
from bot.domain.events import (
    Adopted,
    BreakFound,
    BreakLifted,
    ConnectionChanged,
    CycleMissed,
    Ignored,
    IgnoringEnded,
    JournalEvent,
    NoticeReceived,
    OrderChangeIntended,
    OrderSent,
    PolicyChanged,
    PositionSettled,
    RunEnded,
    RunId,
    UnadoptedFound,
)
from bot.domain.instruments import ConId
from bot.domain.orders import OrderState, Side
from bot.domain.value import replace
from bot.review.lines import action, event_line, fold, is_quiet, plain
from tests.support import story
from tests.support.orders import adoption

KEY = story.BUY_S.intent_id
ADOPTION = adoption(7, price=Decimal("1.405"), source=CostSource.USER)


def quiet(number: int, stage: int = 0) -> Decision:
    decision = story.quiet_decision(story.MORNING + timedelta(minutes=number), number)
    return replace(decision, stage_before=stage, stage=stage)


class TestFold:
    def test_quiet_ones_in_a_row_are_one_line_that_bears_the_newest(self) -> None:
        lines = list(fold([quiet(5), quiet(4), story.stress_decision(), quiet(2), quiet(1)]))
        assert [(one.decision_id, one.quiet) for one in lines] == [
            (quiet(5).decision_id, 2),
            (story.stress_decision().decision_id, 0),
            (quiet(2).decision_id, 2),
        ]

    def test_quiet_ones_of_different_stages_stay_apart(self) -> None:
        assert [one.quiet for one in fold([quiet(3, 1), quiet(2), quiet(1)])] == [1, 2]

    def test_a_row_does_not_reach_over_one_that_is_left_out(self) -> None:
        lines = list(fold([quiet(5), quiet(4), None, quiet(2), None]))
        assert [one.quiet for one in lines] == [2, 1]

    def test_a_row_says_since_when(self) -> None:
        (line,) = fold([quiet(5), quiet(4), quiet(2)])
        assert (line.at, line.since) == (quiet(5).at, quiet(2).at)
        assert "× 3 quiet since 10:02:00  [" in plain(line)  # noqa: RUF001
        earlier = replace(quiet(2), at=story.MORNING - timedelta(days=3))
        (longer,) = fold([quiet(5), earlier])
        assert "× 2 quiet since 2018-02-02 10:00:00  [" in plain(longer)  # noqa: RUF001

    def test_nothing_folds_to_nothing(self) -> None:
        assert list(fold([])) == []

    @pytest.mark.parametrize(
        "change",
        [
            {"entered": (1,)},
            {"left": 1},
            {"stage": 1},
            {"intents": (story.BUY_S,)},
        ],
    )
    def test_what_moves_or_orders_is_not_quiet(self, change: dict[str, object]) -> None:
        assert is_quiet(quiet(1))
        assert not is_quiet(replace(quiet(1), **change))


class TestAction:
    def test_without_a_summary_the_orders_speak(self) -> None:
        bare = replace(story.stress_decision(), summary="", intents=(story.BUY_S, story.BUY_D))
        assert action(bare) == "buy 1 S1 @ 2.35 (R5), buy 2 D1 @ 1.10 (R8)"
        assert action(replace(quiet(1), summary="")) == "nothing to do"

    def test_a_line_has_new_york_time_stage_words_and_id(self) -> None:
        (line,) = fold([story.stress_decision()])
        assert plain(line) == (
            "2018-02-05 15:35:00  stage 0→3  stages 1, 2 and 3 entered; buy 1 S, 902 D  "
            "[20180205-0100-stress]"
        )


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (story.run_started(), "run run-1 began in demo mode, version 0.1.0"),
        (RunEnded(run_id=RunId("r"), reason="asked"), "run r ended: asked"),
        (story.account_proved(), "the broker reports account SIM000001"),
        (PolicyChanged(before=None, after=ContentHash("ab" * 32)), "policy abababababab came into"),
        (OrderSent(intent_id=KEY, order_id=1), None),
        (
            story.order_events()[1],
            "order: buy 1 S1 @ 2.35 (R5)  [20180205-0100-stress-1]",
        ),
        (
            OrderChangeIntended(intent_id=KEY, limit=None, reason="unwanted"),
            "cancel  [20180205-0100-stress-1]: unwanted",
        ),
        (
            OrderChangeIntended(intent_id=KEY, limit=Decimal("2.4"), reason="walk"),
            "move to 2.40  [20180205-0100-stress-1]: walk",
        ),
        (
            replace(story.changed(story.BUY_S, OrderState.REJECTED, 0), reason="no funds"),
            "rejected, 0 filled  [20180205-0100-stress-1]: no funds",
        ),
        (BreakLifted(con_id=7), "break in contract 7 lifted"),
        (PositionSettled(con_id=ConId(7), quantity=2), "2 of contract 7 settled in cash"),
        (UnadoptedFound(con_ids=(ConId(7),)), "VIX calls nobody here bought, left alone: 7"),
        (UnadoptedFound(con_ids=()), "VIX calls nobody here bought, left alone: none"),
        (
            BreakFound(broken=Break(con_id=ConId(7), ours=2, brokers=1)),
            "BREAK in contract 7: ours 2, the broker's 1; it is locked",
        ),
        (
            BreakFound(broken=Break(con_id=ConId(7), ours=2, brokers=1, aside=3)),
            "BREAK in contract 7: ours 2, nobody's 3, the broker's 1; it is locked",
        ),
        (
            Adopted(adoption=ADOPTION),
            "adopted 2 of contract 7 to S2 as R5, at 1.40 by the user's word",
        ),
        (
            Adopted(adoption=ADOPTION, left=1),
            "adopted 2 of contract 7 to S2 as R5, at 1.40 by the user's word; 1 of it",
        ),
        (Ignored(con_id=ConId(7)), "contract 7 is ignored from now on"),
        (IgnoringEnded(con_id=ConId(7), left=1), "contract 7 is no longer ignored"),
        (ConnectionChanged(state="lost", detail="reset"), "connection lost: reset"),
        (ConnectionChanged(state="up"), "connection up"),
        (NoticeReceived(code=2104, text="farm ok"), "notice 2104: farm ok"),
        (
            CycleMissed(due_at=story.MORNING, reason="late"),
            "cycle due 2018-02-05 10:00:00 missed: late",
        ),
    ],
)
def test_each_event_is_one_line(event: JournalEvent, words: str | None) -> None:
    line = event_line(event)
    assert line == words or (words is not None and line is not None and line.startswith(words))


def test_a_sale_is_said_to_be_sold() -> None:
    fill = story.order_events()[7]
    sold = replace(fill, fill=replace(fill.fill, side=Side.SELL))  # type: ignore[union-attr]
    assert event_line(sold) == "sold 1 at 2.30  [20180205-0100-stress-1]"
