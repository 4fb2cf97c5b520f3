"""The fate of orders, and of rolls, whose two legs fill one by one."""

from decimal import Decimal

from bot.domain.events import FillReceived, JournalEvent, OrderIntended, OrderRefused
from bot.domain.instruments import ConId
from bot.domain.orders import Intent, IntentId, OrderState, Side
from bot.domain.value import replace
from bot.review.following import OrderStory, all_stories, follow
from bot.review.trades import fate, short_intent, wanted
from tests.support import story

OLD = ConId(300099)
ROLL = replace(
    story.BUY_S,
    intent_id=IntentId("d/S1"),
    quantity=2,
    limit=Decimal("0.35"),
    closes=OLD,
    rule="R14",
)


def leg(side: Side, quantity: int, price: str, number: int) -> FillReceived:
    bought = side is Side.BUY
    one = story.fill(ROLL, f"00{number:02d}.01.01", quantity, price)
    con_id = ROLL.con_id if bought else OLD
    return FillReceived(fill=replace(one, side=side, con_id=con_id))


def rolled(*events: JournalEvent, intent: Intent = ROLL) -> OrderStory:
    decision = story.stress_decision()
    intended = OrderIntended(intent=intent, decision_id=decision.decision_id)
    return all_stories([intended, *events])[intent.intent_id]


class TestRolls:
    BOUGHT = (leg(Side.BUY, 1, "2.40", 1), leg(Side.BUY, 1, "2.50", 2))
    SOLD = leg(Side.SELL, 2, "2.05", 3)

    def test_a_pair_is_filled_when_both_legs_are(self) -> None:
        assert rolled(*self.BOUGHT).filled == 0
        assert rolled(*self.BOUGHT).average_price is None
        assert rolled(self.BOUGHT[0], self.SOLD).filled == 1
        assert rolled(*self.BOUGHT, self.SOLD).filled == 2

    def test_its_price_is_the_net_of_its_legs(self) -> None:
        assert rolled(*self.BOUGHT, self.SOLD).average_price == Decimal("0.40")

    def test_a_fill_in_another_contract_does_nothing_of_it(self) -> None:
        strange = replace(self.SOLD.fill, con_id=ConId(5), exec_id=self.BOUGHT[0].fill.exec_id)
        assert rolled(*self.BOUGHT[1:], FillReceived(fill=strange)).filled == 0

    def test_it_is_told_as_a_roll(self) -> None:
        assert short_intent(ROLL) == "roll 2 S1 @ 0.35 (R14)"
        assert wanted(ROLL, {}).startswith("roll 2 contract 300099 into contract 300001 for S1")
        assert "filled at 0.40 net" in fate(rolled(*self.BOUGHT, self.SOLD))

    def test_a_roll_may_bring_money(self) -> None:
        dear = leg(Side.SELL, 2, "2.75", 3)
        assert "filled at -0.30 net" in fate(rolled(*self.BOUGHT, dear))


class TestSales:
    def test_a_sale_has_the_price_it_was_sold_at(self) -> None:
        sale = replace(story.BUY_S, side=Side.SELL)
        sold = FillReceived(fill=story.fill(sale, "0001.01.01", 1, "2.30"))
        assert rolled(sold, intent=sale).average_price == Decimal("2.30")


class TestRefusals:
    def test_a_refused_change_leaves_the_order_as_sent(self) -> None:
        """The event names the order whose change was refused, not an order that was refused."""
        refused = OrderRefused(
            intent=story.BUY_D, check="price", reason="its limit stays at 1.10, not 9.00"
        )
        (told,) = follow(
            replace(story.stress_decision(), intents=(story.BUY_D,)),
            [*story.order_events(), refused],
        )
        assert (told.refused_by, told.state) == ("", OrderState.WORKING)
        assert (
            "risk refused to change it (price: its limit stays at 1.10, not 9.00); 1 of 2 filled"
        ) in fate(told)

    def test_all_orders_are_found_by_their_names(self) -> None:
        stories = all_stories(story.order_events())
        assert set(stories) == {
            story.BUY_S.intent_id,
            story.BUY_D.intent_id,
            story.BUY_D2.intent_id,
        }
        assert stories[story.BUY_D2.intent_id].refused_by == "contracts"
        assert stories[story.BUY_S.intent_id].commission_usd == Decimal("0.65")

    def test_of_an_order_that_was_never_intended_nothing_is_told(self) -> None:
        assert all_stories(story.order_events()[5:7]) == {}
