"""An exchange that stops in the middle of everything goes on where it was."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from bot.domain.instruments import ConId
from bot.exchange.assembly import Exchange, ExchangePlan, open_exchange
from bot.exchange.store import FileStore, Identity
from bot.exchange.venue.orders import BookedOrder
from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import ComboLeg, TagValue, WireContract
from bot.exchange.wire.order import WireOrder
from bot.exchange.wire.replies import CompletedOrder, ExecDetails, Reply
from tests.support.session_tables import index_option_sessions
from tests.support.venue_rig import CALL_15, only, vix_option

CALL_20 = vix_option("20")
MINE = Identity(scenario="volmageddon-2018", seed=1, account="")
SPREAD = WireContract(
    sec_type="BAG",
    symbol="VIX",
    exchange="SMART",
    combo_legs=(
        ComboLeg(con_id=CALL_15, ratio=1, action="BUY"),
        ComboLeg(con_id=CALL_20, ratio=1, action="SELL"),
    ),
)
ADAPTIVE = {
    "algo_strategy": "Adaptive",
    "algo_params": (TagValue(tag="adaptivePriority", value="Patient"),),
}


class Run:
    """One life of the exchange on a state file, with one client."""

    def __init__(self, path: Path) -> None:
        self.store = FileStore(path, MINE)
        self.exchange: Exchange = open_exchange(ExchangePlan(), index_option_sessions, self.store)
        self.venue = self.exchange.venue
        self.session = self.venue.open_session()
        self.venue.handle(self.session, ask.StartApi(client_id=1))

    def say(self, request: ask.Request) -> list[Reply]:
        outbox = self.venue.handle(self.session, request)
        self.store.append(outbox.records)
        return outbox.replies.get(self.session, [])

    def step(self, seconds: int) -> None:
        outbox = self.venue.advance(self.venue.now + timedelta(seconds=seconds))
        self.store.append(outbox.records)

    def place(self, number: int, side: str, **said: object) -> None:
        contract = said.pop("contract", WireContract(con_id=CALL_15, exchange="SMART"))
        assert isinstance(contract, WireContract)
        price = self.price(CALL_15, side)
        wire = {"order_type": "LMT", "lmt_price": price, "tif": "GTC", "total_quantity": 1, **said}
        size = Decimal(str(wire.pop("total_quantity")))
        order = WireOrder(order_id=number, action=side, total_quantity=size, **wire)  # type: ignore[arg-type]
        self.say(ask.PlaceOrder(contract=contract, order=order))

    def price(self, con_id: ConId, side: str) -> Decimal:
        (quote,) = self.exchange.market.quotes([con_id], self.venue.now)
        found = quote.ask if side == "BUY" else quote.bid
        assert found is not None
        return found

    def orders(self) -> dict[int, BookedOrder]:
        return {o.order_id: o for o in self.exchange.books.orders.values()}


def test_groups_brackets_algos_and_combinations_live_on(tmp_path: Path) -> None:
    """Every kind of waiting survives, and what was told is told again."""
    first = Run(tmp_path / "state.db")
    net = first.price(CALL_15, "BUY") - first.price(CALL_20, "SELL")
    first.place(1, "BUY", contract=SPREAD, lmt_price=net, order_ref="spread")
    first.place(2, "BUY", lmt_price=Decimal("0.05"), oca_group="low", oca_type=2)
    first.place(3, "BUY", lmt_price=Decimal("0.06"), oca_group="low", oca_type=2)
    first.place(4, "BUY", lmt_price=Decimal("0.04"))
    first.place(5, "SELL", lmt_price=Decimal(9), parent_id=4)
    first.place(6, "BUY", order_type="STP", lmt_price=None, aux_price=Decimal(9))
    first.place(7, "BUY", transmit=False)
    first.place(8, "BUY", **ADAPTIVE)
    first.step(30)
    first.store.close()

    second = Run(tmp_path / "state.db")
    before, after = first.exchange.books, second.exchange.books
    assert after.orders == before.orders
    assert after.executions == before.executions
    assert after.holdings == before.holdings
    assert after.next_exec_id() == before.next_exec_id()
    walked = second.orders()[8]
    assert walked.walked_to is not None
    told = only(second.say(ask.RequestExecutions(request_id=1)), ExecDetails)
    assert [e.contract.sec_type for e in told] == ["BAG", "OPT", "OPT"]
    done = only(second.say(ask.RequestCompletedOrders(api_only=True)), CompletedOrder)
    assert [(d.order.order_ref, d.status) for d in done] == [("spread", "Filled")]

    second.step(300)
    assert second.orders()[8].status == "Filled"
    second.place(7, "BUY")
    assert second.orders()[7].status == "Filled"
    second.say(ask.CancelOrder(order_id=4))
    assert second.orders()[5].ended_reason == "The order it is attached to ended"
    second.place(3, "BUY", oca_group="low", oca_type=2)
    assert [second.orders()[n].status for n in (2, 3)] == ["Cancelled", "Filled"]
    second.store.close()
