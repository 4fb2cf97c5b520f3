"""Orders through the adapter: what goes out, and that the wire's words come back unbent."""

from decimal import Decimal
from typing import Any

import pytest

from bot.adapters.ib import IbBroker
from bot.app.ports import BrokerError, BrokerUnreachableError
from bot.domain.account import AccountId
from bot.domain.broker import (
    BrokerEvent,
    BrokerStatus,
    CommissionHeard,
    ExecutionHeard,
    OrderErrorHeard,
    StatusHeard,
)
from bot.domain.instruments import ConId
from bot.domain.orders import Intent, IntentId, Side
from bot.domain.rungs import RuleClass, Rung
from bot.exchange.wire import replies as said
from bot.exchange.wire import requests as asked
from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.order import WireExecution, WireOrder, WireOrderState
from tests.support.scripted_tws import ACCOUNT, CLIENT_ID, SERVER_TIME, ScriptedTws, vix_call
from tests.support.standing_clock import StandingClock

CALL = ConId(5001)
PERM = 900_001


def an_intent(name: str = "d1-1", con_id: ConId = CALL) -> Intent:
    return Intent(
        intent_id=IntentId(name),
        side=Side.BUY,
        con_id=con_id,
        quantity=3,
        limit=Decimal("2.85"),
        rung=Rung.S1,
        rule="R1",
        rule_class=RuleClass.INITIAL,
    )


def a_status(word: str, order_id: int = 1, **changes: Any) -> said.OrderStatus:
    fields: dict[str, Any] = {
        "filled": Decimal(0),
        "remaining": Decimal(3),
        "average_fill_price": Decimal(0),
        "perm_id": PERM,
        "parent_id": 0,
        "last_fill_price": Decimal(0),
        "client_id": CLIENT_ID,
    }
    return said.OrderStatus(order_id=order_id, status=word, **(fields | changes))


def a_listing(
    tws: ScriptedTws, ref: str, *, order_id: int = 1, client_id: int = CLIENT_ID, **changes: Any
) -> said.OpenOrder:
    fields: dict[str, Any] = {
        "action": "BUY",
        "total_quantity": Decimal(3),
        "order_type": "LMT",
        "lmt_price": Decimal("2.85"),
        "tif": "DAY",
        "account": ACCOUNT,
        "perm_id": PERM,
    }
    order = WireOrder(order_ref=ref, order_id=order_id, client_id=client_id, **(fields | changes))
    contract = tws.details(CALL).contract
    return said.OpenOrder(contract=contract, order=order, state=WireOrderState(status="Submitted"))


def a_fill(contract: WireContract, exec_id: str = "0001.01.01", **changes: Any) -> said.ExecDetails:
    fields: dict[str, Any] = {
        "time": "20180205 10:00:00 US/Eastern",
        "account": ACCOUNT,
        "exchange": "CBOE",
        "side": "BOT",
        "shares": Decimal(2),
        "price": Decimal("2.8"),
        "order_id": 1,
        "perm_id": PERM,
        "client_id": CLIENT_ID,
        "cum_qty": Decimal(2),
        "avg_price": Decimal("2.8"),
        "order_ref": "d1-1",
    }
    execution = WireExecution(exec_id=exec_id, **(fields | changes))
    return said.ExecDetails(contract=contract, execution=execution)


FILL = ExecutionHeard(
    order_ref="d1-1",
    exec_id="0001.01.01",  # type: ignore[arg-type]
    perm_id=PERM,
    con_id=CALL,
    side=Side.BUY,
    quantity=2,
    price=Decimal("2.8"),
    executed_at=SERVER_TIME,
)


@pytest.fixture
async def trader(broker: IbBroker, tws: ScriptedTws) -> IbBroker:
    """A connected adapter that has looked the call up."""
    tws.contracts.append(vix_call(CALL, 25.0))
    await broker.instruments([CALL])
    return broker


async def heard(broker: IbBroker, tws: ScriptedTws, *replies: said.Reply) -> list[BrokerEvent]:
    """Let the broker say something and return the events made of it."""
    tws.say(*replies)
    await broker.current_time()
    broker._heard.put(MARK)
    events: list[BrokerEvent] = []
    while (event := await broker.next_event()) is not MARK:
        events.append(event)
    return events


MARK: Any = object()


async def test_an_order_goes_out_explicit_in_everything_a_preset_could_fill(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    order_id = trader.place(an_intent(), AccountId(ACCOUNT))
    placed = (await tws.wait_for(asked.PlaceOrder))[0]
    assert placed.contract == WireContract(
        con_id=CALL, symbol="VIX", sec_type="OPT", exchange="SMART", currency="USD"
    )
    order = placed.order
    assert order.order_id == order_id
    assert (order.action, order.total_quantity, order.order_type) == ("BUY", Decimal(3), "LMT")
    assert (order.lmt_price, order.tif, order.account) == (Decimal("2.85"), "DAY", ACCOUNT)
    assert (order.order_ref, order.transmit, order.outside_rth) == ("d1-1", True, False)
    assert order.aux_price is None
    assert order.unsupported == ()


async def test_order_numbers_exceed_every_one_the_broker_has_shown(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    await heard(trader, tws, a_listing(tws, "other", order_id=400, client_id=3))
    assert trader.place(an_intent(), AccountId(ACCOUNT)) > 400


async def test_an_intent_is_sent_once_only(trader: IbBroker, tws: ScriptedTws) -> None:
    trader.place(an_intent(), AccountId(ACCOUNT))
    with pytest.raises(BrokerError, match="sent before"):
        trader.place(an_intent(), AccountId(ACCOUNT))
    await trader.current_time()
    assert len(tws.all_of(asked.PlaceOrder)) == 1


async def test_a_contract_never_looked_up_is_not_traded(trader: IbBroker, tws: ScriptedTws) -> None:
    with pytest.raises(BrokerError, match="not looked up"):
        trader.place(an_intent(con_id=ConId(1)), AccountId(ACCOUNT))


async def test_without_a_connection_nothing_is_sent(trader: IbBroker, tws: ScriptedTws) -> None:
    await trader.disconnect()
    with pytest.raises(BrokerUnreachableError):
        trader.place(an_intent(), AccountId(ACCOUNT))
    await trader.connect()
    trader.place(an_intent(), AccountId(ACCOUNT))  # and so it was not used up
    assert len(await tws.wait_for(asked.PlaceOrder)) == 1


async def test_no_order_or_change_is_sent_while_upstream_is_down_but_a_cancel_is(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    """The gateway would keep it, and release it later at an old price."""
    order_id = trader.place(an_intent(), AccountId(ACCOUNT))
    await heard(trader, tws, said.ErrorMessage(code=1100, text="lost"))
    with pytest.raises(BrokerUnreachableError, match="nothing was sent"):
        trader.place(an_intent("d1-2"), AccountId(ACCOUNT))
    with pytest.raises(BrokerUnreachableError, match="nothing was sent"):
        trader.change(IntentId("d1-1"), Decimal("2.9"))
    trader.cancel(IntentId("d1-1"))
    assert (await tws.wait_for(asked.CancelOrder))[0].order_id == order_id
    assert len(tws.all_of(asked.PlaceOrder)) == 1


async def test_a_change_keeps_the_order_number_and_all_but_the_limit(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    trader.place(an_intent(), AccountId(ACCOUNT))
    trader.change(IntentId("d1-1"), Decimal("2.9"))
    trader.change(IntentId("d1-1"), Decimal("3.05"))
    first, second, third = (r.order for r in await tws.wait_for(asked.PlaceOrder, 3))
    assert [o.lmt_price for o in (first, second, third)] == [
        Decimal("2.85"),
        Decimal("2.9"),
        Decimal("3.05"),
    ]
    assert first.order_id == second.order_id == third.order_id
    assert (third.total_quantity, third.order_ref, third.tif) == (Decimal(3), "d1-1", "DAY")


async def test_what_the_broker_writes_back_does_not_leak_into_a_change(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    """The library hands out its own order object and the broker writes into it."""
    trader.place(an_intent(), AccountId(ACCOUNT))
    await heard(trader, tws, a_listing(tws, "d1-1", tif="GTC", outside_rth=True))
    trader.change(IntentId("d1-1"), Decimal("2.9"))
    changed = (await tws.wait_for(asked.PlaceOrder, 2))[1].order
    assert (changed.tif, changed.outside_rth) == ("DAY", False)


async def test_a_cancel_names_the_order_and_never_everything(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    order_id = trader.place(an_intent(), AccountId(ACCOUNT))
    trader.cancel(IntentId("d1-1"))
    assert [c.order_id for c in await tws.wait_for(asked.CancelOrder)] == [order_id]
    assert tws.all_of(asked.RequestGlobalCancel) == []


async def test_an_unknown_intent_is_neither_changed_nor_cancelled(trader: IbBroker) -> None:
    with pytest.raises(BrokerError, match="no order"):
        trader.change(IntentId("d9-9"), Decimal(1))
    with pytest.raises(BrokerError, match="no order"):
        trader.cancel(IntentId("d9-9"))


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("ApiPending", BrokerStatus.PENDING),
        ("PendingSubmit", BrokerStatus.PENDING),
        ("PreSubmitted", BrokerStatus.WORKING),
        ("Submitted", BrokerStatus.WORKING),
        ("PendingCancel", BrokerStatus.PENDING_CANCEL),
        ("PreCancelled", BrokerStatus.PENDING_CANCEL),
        ("ApiCancelled", BrokerStatus.CANCELLED),
        ("Cancelled", BrokerStatus.CANCELLED),
        ("Filled", BrokerStatus.FILLED),
        ("Inactive", BrokerStatus.INACTIVE),
    ],
)
async def test_each_status_word_of_the_wire_is_told(
    trader: IbBroker, tws: ScriptedTws, word: str, status: BrokerStatus
) -> None:
    order_id = trader.place(an_intent(), AccountId(ACCOUNT))
    wire = a_status(word, order_id, filled=Decimal(1), remaining=Decimal(2))
    assert await heard(trader, tws, wire) == [
        StatusHeard(
            order_ref="d1-1",
            order_id=order_id,
            perm_id=PERM,
            status=status,
            filled=1,
            remaining=2,
        )
    ]


@pytest.mark.parametrize("code", [104, 161, 10147, 10148, 10349, 110, 399, 2109, 404, 202, 201])
async def test_a_code_on_an_order_is_told_as_it_is_and_cancels_nothing(
    trader: IbBroker, tws: ScriptedTws, code: int
) -> None:
    """The library marks a living order cancelled on 104, 161, 10147, 10148 and 10349, and keeps
    one that died of 110 pending for ever; here the code is an event, and status is the wire's.
    """
    order_id = trader.place(an_intent(), AccountId(ACCOUNT))
    events = await heard(
        trader,
        tws,
        a_status("PreSubmitted", order_id),
        said.ErrorMessage(request_id=order_id, code=code, text="why"),
        a_status("Submitted", order_id),
    )
    assert [type(event) for event in events] == [StatusHeard, OrderErrorHeard, StatusHeard]
    assert events[1] == OrderErrorHeard(order_ref="d1-1", order_id=order_id, code=code, text="why")
    assert [e.status for e in events if isinstance(e, StatusHeard)] == [BrokerStatus.WORKING] * 2


async def test_repeated_statuses_are_passed_on(trader: IbBroker, tws: ScriptedTws) -> None:
    order_id = trader.place(an_intent(), AccountId(ACCOUNT))
    status = a_status("Submitted", order_id)
    assert len(await heard(trader, tws, status, status, status)) == 3


async def test_an_execution_before_any_status_is_told(trader: IbBroker, tws: ScriptedTws) -> None:
    """A fast fill may send nothing else."""
    order_id = trader.place(an_intent(), AccountId(ACCOUNT))
    fill = a_fill(tws.details(CALL).contract, order_id=order_id)
    assert await heard(trader, tws, fill) == [FILL]


async def test_the_same_execution_twice_is_told_twice_with_the_same_id(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    """The set of execution ids is kept by the reader of the events."""
    fill = a_fill(tws.details(CALL).contract)
    assert await heard(trader, tws, fill, fill) == [FILL, FILL]


async def test_an_execution_of_an_order_of_a_former_process_is_told(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    """The library tells only executions of orders it knows."""
    fill = a_fill(tws.details(CALL).contract, order_id=77, perm_id=5, order_ref="d0-4")
    events = await heard(trader, tws, fill)
    assert [e.order_ref for e in events if isinstance(e, ExecutionHeard)] == ["d0-4"]


async def test_a_combination_counts_its_legs_once(trader: IbBroker, tws: ScriptedTws) -> None:
    bag = WireContract(con_id=28812380, symbol="VIX", sec_type="BAG", exchange="SMART")
    leg = tws.details(CALL).contract
    events = await heard(
        trader, tws, a_fill(bag, "1.1"), a_fill(leg, "1.2"), a_fill(leg, "1.3", side="SLD")
    )
    told = [(e.con_id, e.exec_id, e.side) for e in events if isinstance(e, ExecutionHeard)]
    assert told == [(CALL, "1.2", Side.BUY), (CALL, "1.3", Side.SELL)]


async def test_a_commission_is_told_in_usd(trader: IbBroker, tws: ScriptedTws) -> None:
    report = said.CommissionReport(exec_id="1.2", commission=Decimal("1.32"), currency="USD")
    assert await heard(trader, tws, report) == [
        CommissionHeard(exec_id="1.2", commission_usd=Decimal("1.32"))  # type: ignore[arg-type]
    ]


async def test_an_unset_commission_is_not_told(trader: IbBroker, tws: ScriptedTws) -> None:
    unset = Decimal("1.7976931348623157E308")
    report = said.CommissionReport(exec_id="1.2", commission=unset, currency="USD")
    assert await heard(trader, tws, report) == []


async def test_a_commission_in_another_currency_is_an_error(
    trader: IbBroker, tws: ScriptedTws, loses_messages: None
) -> None:
    report = said.CommissionReport(exec_id="1.2", commission=Decimal(1), currency="EUR")
    with pytest.raises(BrokerError):
        await heard(trader, tws, report)


async def test_open_orders_are_our_own_and_then_everybodys_once_each(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    own: list[said.Reply] = [
        a_listing(tws, "d1-1", order_id=4),
        a_status("Submitted", 4, filled=Decimal(1)),
    ]
    foreign: list[said.Reply] = [
        a_listing(tws, "by hand", order_id=4, client_id=0, perm_id=6, order_type="MKT"),
        a_status("PreSubmitted", 4, client_id=0, perm_id=6),
    ]
    tws.answer(asked.RequestOpenOrders, lambda _: [*own, said.OpenOrderEnd()])
    tws.answer(asked.RequestAllOpenOrders, lambda _: [*foreign, *own, said.OpenOrderEnd()])
    orders = await trader.open_orders()
    assert [(o.client_id, o.order_ref, o.perm_id, o.limit, o.filled) for o in orders] == [
        (0, "by hand", 6, None, 0),
        (CLIENT_ID, "d1-1", PERM, Decimal("2.85"), 1),
    ]
    assert orders[1].status is BrokerStatus.WORKING
    assert (orders[1].con_id, orders[1].side, orders[1].quantity) == (CALL, Side.BUY, 3)


async def test_an_order_that_ends_while_orders_are_listed_is_not_open(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    """Its last news come between the rows of the answer, as they would without a question."""
    own: list[said.Reply] = [a_listing(tws, "d1-1", order_id=4), a_status("Submitted", 4)]
    end: list[said.Reply] = [a_listing(tws, "d1-1", order_id=4), a_status("Cancelled", 4)]
    tws.answer(asked.RequestOpenOrders, lambda _: [*own, said.OpenOrderEnd()])
    tws.answer(asked.RequestAllOpenOrders, lambda _: [*own, *end, said.OpenOrderEnd()])
    assert await trader.open_orders() == ()
    tws.answer(asked.RequestAllOpenOrders, lambda _: [said.OpenOrderEnd()])
    assert await trader.open_orders() == ()


async def test_a_new_process_takes_its_open_orders_up_again(
    trader: IbBroker, tws: ScriptedTws, clock: StandingClock
) -> None:
    """Which order carries which intent is learnt from the order references."""
    own: list[said.Reply] = [a_listing(tws, "d0-4", order_id=44), a_status("Submitted", 44)]
    tws.answer(asked.RequestAllOpenOrders, lambda _: [*own, said.OpenOrderEnd()])
    await trader.open_orders()
    trader.change(IntentId("d0-4"), Decimal("2.95"))
    trader.cancel(IntentId("d0-4"))
    changed = (await tws.wait_for(asked.PlaceOrder))[0].order
    assert (changed.order_id, changed.lmt_price, changed.total_quantity) == (
        44,
        Decimal("2.95"),
        Decimal(3),
    )
    assert (await tws.wait_for(asked.CancelOrder))[0].order_id == 44


async def test_orders_of_another_client_are_never_ours_to_change(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    await heard(trader, tws, a_listing(tws, "d0-4", order_id=44, client_id=3))
    with pytest.raises(BrokerError, match="no order"):
        trader.cancel(IntentId("d0-4"))


async def test_a_status_of_another_client_is_not_taken_for_our_order_of_that_number(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    order_id = trader.place(an_intent(), AccountId(ACCOUNT))
    events = await heard(
        trader, tws, a_status("Cancelled", order_id, client_id=3, perm_id=PERM + 1)
    )
    assert [e.order_ref for e in events if isinstance(e, StatusHeard)] == [""]


async def test_our_orders_survive_a_reconnect_in_our_books(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    order_id = trader.place(an_intent(), AccountId(ACCOUNT))
    await tws.wait_for(asked.PlaceOrder)
    tws.next_id = order_id + 1
    tws.drop()
    await trader.next_event()
    await trader.connect()
    trader.cancel(IntentId("d1-1"))
    assert (await tws.wait_for(asked.CancelOrder))[0].order_id == order_id
    events = await heard(trader, tws, a_status("Cancelled", order_id))
    assert [e.order_ref for e in events if isinstance(e, StatusHeard)] == ["d1-1"]


async def test_an_order_listed_without_its_status_is_an_error(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    own = a_listing(tws, "d1-1", order_id=4)
    tws.answer(asked.RequestAllOpenOrders, lambda _: [own, said.OpenOrderEnd()])
    with pytest.raises(BrokerError, match="without its status"):
        await trader.open_orders()


def a_completed(tws: ScriptedTws, ref: str, status: str, filled: str) -> said.CompletedOrder:
    listing = a_listing(tws, ref)
    return said.CompletedOrder(
        contract=listing.contract,
        order=listing.order,
        status=status,
        filled_quantity=Decimal(filled),
        completed_time="20180205 10:00:00 US/Eastern",
        completed_status=status,
    )


async def test_completed_orders_are_told_by_reference_and_permanent_number(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    order_id = trader.place(an_intent(), AccountId(ACCOUNT))
    done = [a_completed(tws, "d1-1", "Filled", "3"), a_completed(tws, "d0-1", "Cancelled", "0")]
    tws.answer(asked.RequestCompletedOrders, lambda _: [*done, said.CompletedOrdersEnd()])
    orders = await trader.completed_orders()
    assert [(o.order_ref, o.order_id, o.perm_id, o.status, o.filled) for o in orders] == [
        ("d1-1", order_id, PERM, BrokerStatus.FILLED, 3),
        ("d0-1", 0, PERM, BrokerStatus.CANCELLED, 0),
    ]
    assert tws.all_of(asked.RequestCompletedOrders)[0].api_only is False


async def test_a_fraction_of_a_contract_is_an_error_and_not_cut_off(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    done = a_completed(tws, "d1-1", "Filled", "2.5")
    tws.answer(asked.RequestCompletedOrders, lambda _: [done, said.CompletedOrdersEnd()])
    with pytest.raises(BrokerError, match="whole number"):
        await trader.completed_orders()


async def test_executions_are_of_our_account_with_legs_once_in_order_of_time(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    leg = tws.details(CALL).contract
    bag = WireContract(con_id=28812380, symbol="VIX", sec_type="BAG", exchange="SMART")
    fills = [
        a_fill(leg, "3", time="20180205 10:00:02 US/Eastern"),
        a_fill(bag, "2"),
        a_fill(leg, "1", time="20180205 09:31:00 US/Eastern"),
        a_fill(leg, "4", account="DU7654321"),
    ]

    def reply(request: asked.RequestExecutions) -> list[said.Reply]:
        number = request.request_id
        rows = [said.ExecDetails(**{**_fields(f), "request_id": number}) for f in fills]
        return [*rows, said.ExecDetailsEnd(request_id=number)]

    tws.answer(asked.RequestExecutions, reply)
    executions = await trader.executions()
    assert [e.exec_id for e in executions] == ["1", "3"]


async def test_an_execution_of_an_unknown_side_is_an_error(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    fill = a_fill(tws.details(CALL).contract, side="GIVEN")

    def reply(request: asked.RequestExecutions) -> list[said.Reply]:
        number = request.request_id
        row = said.ExecDetails(**{**_fields(fill), "request_id": number})
        return [row, said.ExecDetailsEnd(request_id=number)]

    tws.answer(asked.RequestExecutions, reply)
    with pytest.raises(BrokerError, match="GIVEN"):
        await trader.executions()


def _fields(fill: said.ExecDetails) -> dict[str, Any]:
    return {"contract": fill.contract, "execution": fill.execution}


async def test_an_execution_time_without_a_zone_is_new_yorks(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    fill = a_fill(tws.details(CALL).contract, time="20180205  10:00:00")
    assert await heard(trader, tws, fill) == [FILL]
