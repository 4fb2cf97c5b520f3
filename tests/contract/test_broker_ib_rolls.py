"""Rolls through the adapter: one guaranteed combination of two calls, sent, changed and listed."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from bot.adapters.ib import IbBroker
from bot.app.ports import BrokerError
from bot.domain.account import AccountId
from bot.domain.broker import BrokerEvent, BrokerStatus, CommissionHeard, ExecutionHeard
from bot.domain.instruments import ConId
from bot.domain.orders import Intent, IntentId, Leg, Side
from bot.domain.rungs import RuleClass, Rung
from bot.domain.value import replace
from bot.exchange.wire import replies as said
from bot.exchange.wire import requests as asked
from bot.exchange.wire.contract import ComboLeg, WireContract
from bot.exchange.wire.order import WireExecution, WireOrder, WireOrderState
from tests.support.scripted_tws import ACCOUNT, CLIENT_ID, ScriptedTws, option_details, vix_call

FAR, NEAR = ConId(5002), ConId(5001)
BAG_NUMBER = 28812380
PERM = 900_002
KEY = IntentId("d1-1")
PAIR = (Leg(con_id=FAR, side=Side.BUY), Leg(con_id=NEAR, side=Side.SELL))
TURNED = (Leg(con_id=FAR, side=Side.SELL), Leg(con_id=NEAR, side=Side.BUY))

WIRE_LEGS = (
    ComboLeg(con_id=FAR, ratio=1, action="BUY", exchange="SMART"),
    ComboLeg(con_id=NEAR, ratio=1, action="SELL", exchange="SMART"),
)


def a_roll(limit: str = "0.45", **changes: Any) -> Intent:
    fields: dict[str, Any] = {
        "intent_id": KEY,
        "side": Side.BUY,
        "con_id": FAR,
        "closes": NEAR,
        "quantity": 3,
        "limit": Decimal(limit),
        "rung": Rung.S1,
        "rule": "R14",
        "rule_class": RuleClass.ROLL,
    }
    return Intent(**(fields | changes))


def a_bag(legs: tuple[ComboLeg, ...] = WIRE_LEGS) -> WireContract:
    return WireContract(
        con_id=BAG_NUMBER,
        symbol="VIX",
        sec_type="BAG",
        exchange="SMART",
        currency="USD",
        local_symbol="VIX",
        trading_class="COMB",
        combo_legs_text=",".join(f"{leg.con_id}|{leg.ratio}" for leg in legs),
        combo_legs=legs,
    )


def an_order(limit: str, **changes: Any) -> WireOrder:
    fields: dict[str, Any] = {
        "order_id": 44,
        "client_id": CLIENT_ID,
        "perm_id": PERM,
        "action": "BUY",
        "total_quantity": Decimal(3),
        "order_type": "LMT",
        "lmt_price": Decimal(limit),
        "tif": "DAY",
        "account": ACCOUNT,
        "order_ref": KEY,
    }
    return WireOrder(**(fields | changes))


def listing(limit: str, legs: tuple[ComboLeg, ...] = WIRE_LEGS, **changes: Any) -> list[said.Reply]:
    order = an_order(limit, **changes)
    status = said.OrderStatus(
        order_id=order.order_id,
        status="Submitted",
        filled=Decimal(1),
        remaining=Decimal(2),
        average_fill_price=Decimal(limit),
        perm_id=PERM,
        parent_id=0,
        last_fill_price=Decimal(limit),
        client_id=CLIENT_ID,
    )
    told = said.OpenOrder(
        contract=a_bag(legs), order=order, state=WireOrderState(status="Submitted")
    )
    return [told, status]


def executed(exec_id: str, contract: WireContract, side: str, price: str) -> said.ExecDetails:
    execution = WireExecution(
        exec_id=exec_id,
        time="20180205 10:00:00 US/Eastern",
        account=ACCOUNT,
        exchange="CBOE",
        side=side,
        shares=Decimal(1),
        price=Decimal(price),
        order_id=44,
        perm_id=PERM,
        client_id=CLIENT_ID,
        cum_qty=Decimal(1),
        avg_price=Decimal(price),
        order_ref=KEY,
    )
    return said.ExecDetails(contract=contract, execution=execution)


@pytest.fixture
async def trader(broker: IbBroker, tws: ScriptedTws) -> IbBroker:
    """A connected adapter that has looked both calls up."""
    tws.contracts += [vix_call(NEAR, 25.0), vix_call(FAR, 30.0)]
    await broker.instruments([NEAR, FAR])
    return broker


async def relearned(trader: IbBroker, tws: ScriptedTws, replies: list[said.Reply]) -> None:
    tws.answer(asked.RequestAllOpenOrders, lambda _: [*replies, said.OpenOrderEnd()])
    await trader.open_orders()


async def heard(broker: IbBroker, tws: ScriptedTws, *replies: said.Reply) -> list[BrokerEvent]:
    tws.say(*replies)
    await broker.current_time()
    events = []
    while not broker._heard._queue.empty():
        events.append(await broker.next_event())
        broker.event_done()
    return events


@pytest.mark.parametrize("limit", ["0.45", "0", "-0.2"])
async def test_a_roll_goes_out_as_one_guaranteed_combination_at_any_net_price(
    trader: IbBroker, tws: ScriptedTws, limit: str
) -> None:
    order_id = trader.place(a_roll(limit), AccountId(ACCOUNT))
    placed = (await tws.wait_for(asked.PlaceOrder))[0]
    assert placed.contract == WireContract(
        symbol="VIX", sec_type="BAG", exchange="SMART", currency="USD", combo_legs=WIRE_LEGS
    )
    order = placed.order
    assert (order.order_id, order.order_ref) == (order_id, KEY)
    assert (order.action, order.total_quantity, order.order_type) == ("BUY", Decimal(3), "LMT")
    assert order.lmt_price == Decimal(limit)
    assert order.smart_combo_params == ()
    assert (order.tif, order.account, order.transmit) == ("DAY", ACCOUNT, True)
    assert (order.combo_leg_prices, order.oca_group, order.unsupported) == ((), "", ())


async def test_a_change_of_a_roll_keeps_its_legs_and_its_number(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    trader.place(a_roll("0.05"), AccountId(ACCOUNT))
    trader.change(KEY, Decimal("-0.03"))
    first, second = await tws.wait_for(asked.PlaceOrder, 2)
    assert first.order.order_id == second.order.order_id
    assert second.order.lmt_price == Decimal("-0.03")
    assert second.contract.combo_legs == WIRE_LEGS
    assert second.order.smart_combo_params == first.order.smart_combo_params


async def test_a_roll_of_which_one_contract_was_never_looked_up_is_not_sent(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    for name in ("con_id", "closes"):
        wanted = replace(a_roll(), **{name: ConId(9)})
        with pytest.raises(BrokerError, match="contract 9 of d1-1 was not looked up"):
            trader.place(wanted, AccountId(ACCOUNT))
    assert tws.all_of(asked.PlaceOrder) == []


async def test_contracts_that_do_not_trade_together_are_not_sent(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    spx = option_details(
        7001,
        symbol="SPX",
        trading_class="SPX",
        last_day="20180215",
        local_symbol="SPX   180216C02700000",
        strike=2700.0,
        rules="32,32",
    )
    tws.contracts.append(spx)
    await trader.instruments([ConId(7001)])
    with pytest.raises(BrokerError, match="no combination of VIX at SMART, SPX at SMART"):
        trader.place(a_roll(closes=ConId(7001)), AccountId(ACCOUNT))
    assert tws.all_of(asked.PlaceOrder) == []


async def test_a_combination_at_one_exchange_has_no_routing_of_its_own(
    broker: IbBroker, tws: ScriptedTws
) -> None:
    for smart in (vix_call(NEAR, 25.0), vix_call(FAR, 30.0)):
        contract = structs.replace(smart.contract, exchange="CBOE")
        tws.contracts.append(
            structs.replace(smart, contract=contract, valid_exchanges="CBOE", market_rule_ids="109")
        )
    await broker.instruments([NEAR, FAR])
    broker.place(a_roll(), AccountId(ACCOUNT))
    placed = (await tws.wait_for(asked.PlaceOrder))[0]
    assert {leg.exchange for leg in placed.contract.combo_legs} == {"CBOE"}
    assert placed.order.smart_combo_params == ()


async def test_a_new_process_takes_an_open_roll_up_again(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    await relearned(trader, tws, listing("-0.1"))
    trader.change(KEY, Decimal(0))
    trader.cancel(KEY)
    changed = (await tws.wait_for(asked.PlaceOrder))[0]
    assert (changed.order.order_id, changed.order.lmt_price) == (44, Decimal(0))
    assert (changed.order.action, changed.order.total_quantity) == ("BUY", Decimal(3))
    assert changed.contract.combo_legs == WIRE_LEGS
    assert changed.order.smart_combo_params == ()
    assert (await tws.wait_for(asked.CancelOrder))[0].order_id == 44


async def test_a_combination_listed_without_its_legs_is_not_taken_up(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    """Sent back without its legs it would be another order."""
    await relearned(trader, tws, listing("-0.1", legs=()))
    with pytest.raises(BrokerError, match="no order"):
        trader.change(KEY, Decimal(0))


@pytest.mark.parametrize(("action", "legs"), [("BUY", PAIR), ("SELL", TURNED)])
async def test_a_listed_combination_tells_what_it_trades(
    trader: IbBroker, tws: ScriptedTws, action: str, legs: tuple[Leg, ...]
) -> None:
    opened = [*listing("-0.1", action=action), said.OpenOrderEnd()]
    completed = said.CompletedOrder(
        contract=a_bag(),
        order=an_order("-0.1", action=action),
        status="Filled",
        filled_quantity=Decimal(3),
        completed_time="20180205 10:00:00 US/Eastern",
        completed_status="Filled",
    )
    tws.answer(asked.RequestAllOpenOrders, lambda _: opened)
    tws.answer(asked.RequestCompletedOrders, lambda _: [completed, said.CompletedOrdersEnd()])
    (is_open,) = await trader.open_orders()
    (is_over,) = await trader.completed_orders()
    assert (is_open.filled, is_over.filled) == (1, 3)
    assert (is_open.status, is_over.status) == (BrokerStatus.WORKING, BrokerStatus.FILLED)
    for order in (is_open, is_over):
        assert (order.order_ref, order.con_id, order.limit) == (KEY, BAG_NUMBER, Decimal("-0.1"))
        assert order.legs == legs


async def test_legs_are_heard_with_their_costs_and_the_summary_is_not(
    trader: IbBroker, tws: ScriptedTws
) -> None:
    near, far = tws.details(NEAR).contract, tws.details(FAR).contract
    events = await heard(
        trader,
        tws,
        executed("0001.01.01", a_bag(), "BOT", "0.45"),
        executed("0001.02.01.01", far, "BOT", "2.35"),
        said.CommissionReport(exec_id="0001.02.01.01", commission=Decimal("0.66"), currency="USD"),
        executed("0001.03.01.01", near, "SLD", "1.9"),
        said.CommissionReport(exec_id="0001.03.01.01", commission=Decimal("0.67"), currency="USD"),
    )
    legs = [e for e in events if isinstance(e, ExecutionHeard)]
    assert [(e.order_ref, e.con_id, e.side, e.price) for e in legs] == [
        (KEY, FAR, Side.BUY, Decimal("2.35")),
        (KEY, NEAR, Side.SELL, Decimal("1.9")),
    ]
    costs = [e.commission_usd for e in events if isinstance(e, CommissionHeard)]
    assert costs == [Decimal("0.66"), Decimal("0.67")]
