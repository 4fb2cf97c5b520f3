"""A roll is told as one order with two legs, at the price of the pair."""

from decimal import Decimal
from typing import Any

import pytest

from bot.domain.events import CommissionReceived, FillReceived, JournalEvent, OrderSent
from bot.domain.orders import ExecId, Intent, IntentId, Side
from bot.domain.rungs import RuleClass, Rung
from bot.domain.value import replace
from bot.review.following import OrderStory, follow
from bot.review.lines import event_line
from bot.review.trades import fate, short_intent, wanted
from tests.support import story
from tests.support.orders import fill

ROLL = Intent(
    intent_id=IntentId("20180205-0100-stress-r"),
    side=Side.BUY,
    con_id=story.D_CALL.con_id,
    closes=story.S_CALL.con_id,
    quantity=2,
    limit=Decimal("0.30"),
    rung=Rung.S1,
    rule="R14",
    rule_class=RuleClass.ROLL,
)
UNIVERSE = story.UNIVERSE.by_id()


def leg(exec_id: str, con_id: int, side: Side, price: str, **changes: Any) -> JournalEvent:
    return FillReceived(
        fill=fill(
            exec_id, ROLL.intent_id, con_id=con_id, side=side, price=Decimal(price), **changes
        )
    )


def bought(exec_id: str, price: str, **changes: Any) -> JournalEvent:
    return leg(exec_id, story.D_CALL.con_id, Side.BUY, price, **changes)


def sold(exec_id: str, price: str, **changes: Any) -> JournalEvent:
    return leg(exec_id, story.S_CALL.con_id, Side.SELL, price, **changes)


def story_after(*events: JournalEvent) -> OrderStory:
    decision = replace(story.stress_decision(), intents=(ROLL,))
    (found,) = follow(decision, [OrderSent(intent_id=ROLL.intent_id, order_id=7), *events])
    return found


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("0.30", "paying 0.30 or less"),
        ("0", "paying nothing"),
        ("-0.15", "receiving 0.15 or more"),
    ],
)
def test_what_is_wanted_names_both_contracts_and_which_way_the_money_goes(
    limit: str, words: str
) -> None:
    assert wanted(replace(ROLL, limit=Decimal(limit)), UNIVERSE) == (
        f"roll 2 VIX 21 Mar 2018 20 call into VIX 20 Jun 2018 35 call for S1 as a pair, "
        f"{words} (R14)"
    )


def test_in_a_line_of_many_it_is_short() -> None:
    assert short_intent(replace(ROLL, limit=Decimal("-0.15"))) == "roll 2 S1 @ -0.15 (R14)"


def test_its_legs_are_lines_of_their_own() -> None:
    assert event_line(sold("c.1.01", "1.60")) == f"sold 1 at 1.60  [{ROLL.intent_id}]"


def test_pairs_are_counted_and_the_price_is_net() -> None:
    told = story_after(
        bought("b.1.01", "1.90"),
        sold("c.1.01", "1.60"),
        bought("b.2.01", "1.94"),
        sold("c.2.01", "1.60"),
        CommissionReceived(exec_id=ExecId("b.1.01"), commission_usd=Decimal("1.30")),
        CommissionReceived(exec_id=ExecId("c.1.01"), commission_usd=Decimal("1.20")),
    )
    assert (told.filled, told.average_price) == (2, Decimal("0.32"))
    assert fate(told) == (
        "sent as order 7; filled at 0.32 net, for 2.50 USD commission; no answer is recorded"
    )


def test_half_a_pair_is_no_fill_yet() -> None:
    told = story_after(bought("b.1.01", "1.90"))
    assert (told.filled, told.average_price) == (0, None)
    told = story_after(bought("b.1.01", "1.90", quantity=2), sold("c.1.01", "1.95"))
    assert (told.filled, told.average_price) == (1, Decimal("-0.05"))
    assert "1 of 2 filled at -0.05 net" in fate(told)


def test_a_sale_alone_has_its_price_above_zero() -> None:
    sale = replace(story.BUY_S, side=Side.SELL)
    decision = replace(story.stress_decision(), intents=(sale,))
    done = fill("x.1.01", sale.intent_id, con_id=sale.con_id, side=Side.SELL, price=Decimal("2.30"))
    (found,) = follow(decision, [FillReceived(fill=done)])
    assert found.average_price == Decimal("2.30")
