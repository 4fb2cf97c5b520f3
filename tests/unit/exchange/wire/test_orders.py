"""Placed orders of the real client, and what it understands of our open and completed orders."""

from decimal import Decimal
from typing import Any

import pytest
from ib_insync import (
    ComboLeg,
    Contract,
    LimitOrder,
    MarketOrder,
    Option,
    Order,
    PriceCondition,
    StopLimitOrder,
    TagValue,
    TimeCondition,
)
from ib_insync.contract import DeltaNeutralContract
from ib_insync.objects import SoftDollarTier
from ib_insync.order import (
    ExecutionCondition,
    MarginCondition,
    OrderComboLeg,
    PercentChangeCondition,
    VolumeCondition,
)
from ib_insync.util import UNSET_DOUBLE, UNSET_INTEGER

from bot.exchange.wire import contract as wc
from bot.exchange.wire import order as wo
from bot.exchange.wire.connection import ProtocolViolation
from bot.exchange.wire.decoding import RequestDecoder
from bot.exchange.wire.encoding import ReplyEncoder
from bot.exchange.wire.replies import CompletedOrder, OpenOrder
from bot.exchange.wire.requests import PlaceOrder
from tests.support.wire_peer import CapturingClient, ask, connected, drain, split_frames, tell

OPTION = Option("VIX", "20180417", 20.0, "C", "SMART")
STATE = wo.WireOrderState(status="Submitted")
PLAIN = wo.WireOrder(
    order_id=5,
    action="BUY",
    total_quantity=Decimal(2),
    order_type="LMT",
    lmt_price=Decimal("1.05"),
)
LEGS = [
    ComboLeg(conId=1, ratio=1, action="BUY", exchange="SMART"),
    ComboLeg(
        conId=2,
        ratio=2,
        action="SELL",
        exchange="CBOE",
        openClose=1,
        shortSaleSlot=2,
        designatedLocation="x",
        exemptCode=3,
    ),
]
WIRE_LEGS = (
    wc.ComboLeg(con_id=1, ratio=1, action="BUY", exchange="SMART"),
    wc.ComboLeg(
        con_id=2,
        ratio=2,
        action="SELL",
        exchange="CBOE",
        open_close=1,
        short_sale_slot=2,
        designated_location="x",
        exempt_code=3,
    ),
)


def place(order: Order, contract: Contract = OPTION, version: int = 176) -> PlaceOrder:
    (event,) = ask("placeOrder", 5, contract, order, version=version)
    assert isinstance(event, PlaceOrder), event
    return event


@pytest.mark.parametrize("version", [157, 158, 160, 162, 166, 169, 170, 176])
def test_plain_limit_order_is_read_in_every_version(version: int) -> None:
    """The fields that came and went are where the table says."""
    order = place(LimitOrder("BUY", 2, 1.05, tif="DAY"), version=version).order
    assert (order.order_id, order.client_id) == (5, 7)
    assert (order.action, order.order_type, order.tif) == ("BUY", "LMT", "DAY")
    assert (order.total_quantity, order.lmt_price) == (Decimal(2), Decimal("1.05"))
    assert order.aux_price is None
    assert order.unsupported == ()


def test_adviser_profile_is_gone_in_178() -> None:
    """A client of that version sends one field less; the rest is where it was."""
    client = CapturingClient()
    client.placeOrder(5, OPTION, LimitOrder("BUY", 2, 1.05, faProfile="zz", tif="DAY"))
    payload = client.sent[4:]
    assert place(LimitOrder("BUY", 2, 1.05, faProfile="zz")).order.unsupported == ("faProfile",)
    request = RequestDecoder(178).decode(payload.replace(b"zz\x00", b""))
    assert isinstance(request, PlaceOrder)
    assert (request.order.tif, request.order.unsupported) == ("DAY", ())


def test_market_order_has_no_limit() -> None:
    """An unset price is None, never zero."""
    order = place(MarketOrder("SELL", 1)).order
    assert (order.lmt_price, order.aux_price, order.min_qty) == (None, None, None)


def test_everything_the_exchange_carries_arrives() -> None:
    """Each carried attribute keeps its place among its neighbours."""
    order = place(
        StopLimitOrder(
            "SELL",
            3.5,
            1.05,
            1.1,
            tif="GTD",
            ocaGroup="g",
            ocaType=2,
            account="SIM1",
            openClose="C",
            origin=1,
            orderRef="r",
            transmit=False,
            parentId=4,
            blockOrder=True,
            sweepToFill=True,
            displaySize=1,
            triggerMethod=7,
            outsideRth=True,
            hidden=True,
            goodAfterTime="a",
            goodTillDate="d",
            modelCode="m",
            allOrNone=True,
            minQty=2,
            overridePercentageConstraints=True,
            trailStopPrice=9.5,
            trailingPercent=0.5,
            clearingAccount="c",
            clearingIntent="IB",
            notHeld=True,
            algoStrategy="Adaptive",
            algoParams=[TagValue("adaptivePriority", "Normal")],
            algoId="i",
            whatIf=True,
            cashQty=100.0,
            usePriceMgmtAlgo=True,
            advancedErrorOverride="8229",
        )
    ).order
    assert order == wo.WireOrder(
        order_id=5,
        client_id=7,
        action="SELL",
        total_quantity=Decimal("3.5"),
        order_type="STP LMT",
        lmt_price=Decimal("1.05"),
        aux_price=Decimal("1.1"),
        tif="GTD",
        oca_group="g",
        oca_type=2,
        account="SIM1",
        open_close="C",
        origin=1,
        order_ref="r",
        transmit=False,
        parent_id=4,
        block_order=True,
        sweep_to_fill=True,
        display_size=1,
        trigger_method=7,
        outside_rth=True,
        hidden=True,
        good_after_time="a",
        good_till_date="d",
        model_code="m",
        all_or_none=True,
        min_qty=2,
        override_percentage_constraints=True,
        trail_stop_price=Decimal("9.5"),
        trailing_percent=Decimal("0.5"),
        clearing_account="c",
        clearing_intent="IB",
        not_held=True,
        algo_strategy="Adaptive",
        algo_params=(wc.TagValue(tag="adaptivePriority", value="Normal"),),
        algo_id="i",
        what_if=True,
        cash_qty=Decimal(100),
        use_price_management=True,
        advanced_error_override="8229",
    )


def test_combination_arrives_with_legs_prices_and_routing() -> None:
    """A guaranteed or non-guaranteed combination is told apart by its routing parameter."""
    bag = Contract(secType="BAG", symbol="SPX", exchange="SMART", comboLegs=LEGS)
    order = LimitOrder(
        "BUY",
        1,
        -1.5,
        orderComboLegs=[OrderComboLeg(0.5), OrderComboLeg()],
        smartComboRoutingParams=[TagValue("NonGuaranteed", "1")],
    )
    request = place(order, bag)
    assert request.contract.combo_legs == WIRE_LEGS
    assert request.order.lmt_price == Decimal("-1.5")
    assert request.order.combo_leg_prices == (Decimal("0.5"), None)
    assert request.order.smart_combo_params == (wc.TagValue(tag="NonGuaranteed", value="1"),)
    assert request.order.unsupported == ()


ODD_ORDERS: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    (
        {"conditions": [PriceCondition(price=20.5, conId=9, exch="CBOE", triggerMethod=1)]},
        ("conditions",),
    ),
    (
        {
            "conditions": [
                TimeCondition(time="20180205 16:00:00"),
                MarginCondition(percent=5),
                ExecutionCondition(secType="OPT", exch="CBOE", symbol="VIX"),
                VolumeCondition(volume=5, conId=9, exch="CBOE"),
                PercentChangeCondition(changePercent=5.0, conId=9, exch="CBOE"),
            ],
            "conditionsIgnoreRth": True,
        },
        ("conditions",),
    ),
    ({"hedgeType": "D"}, ("hedgeType",)),
    ({"hedgeType": "B", "hedgeParam": "0.5"}, ("hedgeType",)),
    ({"scaleInitLevelSize": 5}, ("scaleInitLevelSize",)),
    ({"scalePriceIncrement": 0.5, "scaleInitPosition": 4}, ("scalePriceIncrement",)),
    ({"scalePriceIncrement": 0.0}, ()),
    (
        {"deltaNeutralOrderType": "LMT", "deltaNeutralAuxPrice": 2.0},
        ("deltaNeutralOrderType", "deltaNeutralAuxPrice"),
    ),
    ({"deltaNeutralOrderType": "None"}, ()),
    ({"orderType": "PEG BENCH", "referenceContractId": 9}, ("referenceContractId",)),
    ({"orderType": "PEG MID", "midOffsetAtWhole": 0.5}, ("midOffsetAtWhole",)),
    ({"orderType": "PEG BEST", "minCompeteSize": 5}, ("minCompeteSize",)),
    (
        {"orderType": "PEG BEST", "competeAgainstBestOffset": float("inf"), "midOffsetAtHalf": 0.5},
        ("competeAgainstBestOffset", "midOffsetAtWhole"),
    ),
    ({"exemptCode": 2}, ("exemptCode",)),
    ({"eTradeOnly": True, "discretionaryAmt": 0.1}, ("discretionaryAmt", "eTradeOnly")),
    ({"faGroup": "g", "rule80A": "A"}, ("faGroup", "rule80A")),
    ({"softDollarTier": SoftDollarTier("a", "b", "c")}, ("softDollarTier",)),
    ({"adjustedOrderType": "STP", "triggerPrice": 3.0}, ("adjustedOrderType", "triggerPrice")),
    (
        {"duration": 5, "postToAts": 1, "autoCancelParent": True},
        ("duration", "postToAts", "autoCancelParent"),
    ),
    ({"manualOrderTime": "x", "solicited": True}, ("solicited", "manualOrderTime")),
    ({"orderMiscOptions": [TagValue("a", "b")]}, ("orderMiscOptions",)),
    ({"volatility": 0.5, "volatilityType": 1}, ("volatility", "volatilityType")),
]


@pytest.mark.parametrize(("attributes", "names"), ODD_ORDERS)
def test_attribute_that_is_not_simulated_is_named(
    attributes: dict[str, Any], names: tuple[str, ...]
) -> None:
    """An order is never taken for a simpler one than it is."""
    order = Order(action="BUY", totalQuantity=1, orderType="LMT", lmtPrice=1.05)
    for name, value in attributes.items():
        setattr(order, name, value)
    assert place(order).order.unsupported == names


def test_delta_neutral_contract_is_named() -> None:
    """A combination hedged with the underlying is not simulated."""
    contract = Contract(
        conId=3,
        secType="OPT",
        deltaNeutralContract=DeltaNeutralContract(conId=9, delta=0.5, price=30.25),
    )
    request = place(LimitOrder("BUY", 1, 1.0), contract)
    assert request.contract.delta_neutral == wc.DeltaNeutral(con_id=9, delta=0.5, price=30.25)
    assert request.order.unsupported == ("deltaNeutralContract",)


def test_minimum_trade_quantity_belongs_to_one_venue() -> None:
    """The field exists on the broker's own venue only."""
    contract = Contract(conId=3, exchange="IBKRATS")
    order = LimitOrder("BUY", 1, 1.0, minTradeQty=5)
    assert place(order, contract).order.unsupported == ("minTradeQty",)
    assert place(order, contract, version=169).order.unsupported == ()


def test_unknown_condition_is_a_violation() -> None:
    """Its length is unknown, so nothing after it can be read."""
    (event,) = ask(
        "placeOrder",
        5,
        OPTION,
        LimitOrder("BUY", 1, 1.0, conditions=[PriceCondition(condType=2)]),
    )
    assert event == ProtocolViolation(reason="PlaceOrder: unknown order condition 2", fatal=False)


def test_quantity_may_be_left_to_the_cash_amount() -> None:
    """Zero units with a cash quantity is how clients ask for an amount of money."""
    assert place(Order(action="BUY", totalQuantity=UNSET_DOUBLE)).order.total_quantity == 0


@pytest.mark.parametrize(
    ("version", "open_fields", "completed_fields"),
    [
        (157, 128, 92),
        (159, 129, 92),
        (160, 130, 92),
        (162, 131, 92),
        (170, 136, 97),
        (176, 136, 97),
        (178, 135, 96),
    ],
)
def test_field_counts_are_those_of_the_broker(
    version: int, open_fields: int, completed_fields: int
) -> None:
    """Clients drop an order whose count is off by one."""
    encoder = ReplyEncoder(version)
    opened = OpenOrder(contract=wc.WireContract(), order=PLAIN, state=STATE)
    assert len(split_frames(encoder.encode(opened))[0]) == open_fields
    assert len(split_frames(encoder.encode(completed(PLAIN)))[0]) == completed_fields


def completed(order: wo.WireOrder, contract: wc.WireContract | None = None) -> CompletedOrder:
    return CompletedOrder(
        contract=contract or wc.WireContract(),
        order=order,
        status="Filled",
        filled_quantity=Decimal(2),
        completed_time="20180205 15:00:00 US/Eastern",
        completed_status="Filled Size: 2",
        parent_perm_id=8,
    )


FULL = wo.WireOrder(
    order_id=5,
    client_id=7,
    perm_id=99,
    action="SELL",
    total_quantity=Decimal("3.5"),
    order_type="STP LMT",
    lmt_price=Decimal("1.05"),
    aux_price=Decimal("1.1"),
    tif="GTD",
    oca_group="g",
    oca_type=2,
    account="SIM1",
    open_close="C",
    origin=1,
    order_ref="r",
    parent_id=4,
    block_order=True,
    sweep_to_fill=True,
    display_size=1,
    trigger_method=7,
    outside_rth=True,
    hidden=True,
    good_after_time="a",
    good_till_date="d",
    model_code="m",
    all_or_none=True,
    min_qty=2,
    trail_stop_price=Decimal("9.5"),
    trailing_percent=Decimal("0.5"),
    clearing_account="c",
    clearing_intent="IB",
    not_held=True,
    algo_strategy="Adaptive",
    algo_params=(wc.TagValue(tag="adaptivePriority", value="Normal"),),
    cash_qty=Decimal(100),
    smart_combo_params=(wc.TagValue(tag="NonGuaranteed", value="1"),),
    combo_leg_prices=(Decimal("0.5"), None),
)
FULL_BAG = wc.WireContract(
    con_id=3,
    symbol="SPX",
    sec_type="BAG",
    exchange="SMART",
    currency="USD",
    combo_legs_text="1|1,2|-2",
    combo_legs=WIRE_LEGS,
    delta_neutral=wc.DeltaNeutral(con_id=9, delta=0.5, price=30.25),
)
# What both messages show of the order above, under the client's names.
SHARED = {
    "permId": 99,
    "action": "SELL",
    "totalQuantity": 3.5,
    "orderType": "STP LMT",
    "lmtPrice": 1.05,
    "auxPrice": 1.1,
    "tif": "GTD",
    "ocaGroup": "g",
    "ocaType": 2,
    "account": "SIM1",
    "openClose": "C",
    "origin": 1,
    "orderRef": "r",
    "sweepToFill": True,
    "displaySize": 1,
    "triggerMethod": 7,
    "outsideRth": True,
    "hidden": True,
    "goodAfterTime": "a",
    "goodTillDate": "d",
    "modelCode": "m",
    "allOrNone": True,
    "minQty": 2,
    "trailStopPrice": 9.5,
    "trailingPercent": 0.5,
    "clearingAccount": "c",
    "clearingIntent": "IB",
    "notHeld": True,
    "algoStrategy": "Adaptive",
    "algoParams": [TagValue("adaptivePriority", "Normal")],
    "cashQty": 100.0,
    "smartComboRoutingParams": [TagValue("NonGuaranteed", "1")],
    "orderComboLegs": [OrderComboLeg(0.5), OrderComboLeg(UNSET_DOUBLE)],
    "exemptCode": -1,
    "volatilityType": UNSET_INTEGER,
    "scalePriceIncrement": UNSET_DOUBLE,
    "minCompeteSize": UNSET_INTEGER,
    "midOffsetAtHalf": UNSET_DOUBLE,
}


def assert_shows(order: Order, expected: dict[str, Any]) -> None:
    assert {name: getattr(order, name) for name in expected} == expected


def assert_is_bag(contract: Contract) -> None:
    assert (contract.conId, contract.symbol, contract.secType) == (3, "SPX", "BAG")
    assert (contract.exchange, contract.currency) == ("SMART", "USD")
    assert contract.comboLegs == LEGS
    assert contract.comboLegsDescrip == "1|1,2|-2"
    assert contract.deltaNeutralContract == DeltaNeutralContract(9, 0.5, 30.25)


def test_open_order_is_understood_in_full() -> None:
    """The real client shows every attribute we carry."""
    state = wo.WireOrderState(
        status="PreSubmitted",
        init_margin_before=Decimal(1),
        maint_margin_before=Decimal(2),
        equity_with_loan_before=Decimal(3),
        init_margin_change=Decimal(4),
        maint_margin_change=Decimal(5),
        equity_with_loan_change=Decimal(6),
        init_margin_after=Decimal(7),
        maint_margin_after=Decimal(8),
        equity_with_loan_after=Decimal(9),
        commission=Decimal("1.5"),
        min_commission=Decimal("1.1"),
        max_commission=Decimal("1.9"),
        commission_currency="USD",
        warning_text="w",
    )
    ((name, args),) = tell(OpenOrder(contract=FULL_BAG, order=FULL, state=state))
    order_id, contract, order, shown = args
    assert (name, order_id) == ("openOrder", 5)
    assert_is_bag(contract)
    assert_shows(order, SHARED | {"clientId": 7, "parentId": 4, "blockOrder": True, "orderId": 5})
    margins = [getattr(shown, name) for name in vars(shown) if "Margin" in name or "equity" in name]
    assert margins == ["1", "2", "3", "4", "5", "6", "7", "8", "9"]
    assert (shown.commission, shown.minCommission, shown.maxCommission) == (1.5, 1.1, 1.9)
    assert (shown.status, shown.commissionCurrency, shown.warningText) == (
        "PreSubmitted",
        "USD",
        "w",
    )


def test_unknown_margins_are_the_largest_double() -> None:
    """A client must not take an unknown margin for a free order."""
    ((_, (_, _, _, shown)),) = tell(OpenOrder(contract=wc.WireContract(), order=PLAIN, state=STATE))
    assert float(shown.initMarginChange) == UNSET_DOUBLE
    assert shown.commission == UNSET_DOUBLE


def test_completed_order_is_understood_in_full() -> None:
    """The real client shows every attribute we carry."""
    ((name, (contract, order, state)),) = tell(completed(FULL, FULL_BAG))
    assert name == "completedOrder"
    assert_is_bag(contract)
    assert_shows(order, SHARED | {"filledQuantity": 2.0, "parentPermId": 8})
    assert (state.status, state.completedStatus) == ("Filled", "Filled Size: 2")
    assert state.completedTime == "20180205 15:00:00 US/Eastern"


def test_pegged_order_brings_its_block() -> None:
    """The client expects five more fields for this order type, even of a refused order."""
    order = wo.WireOrder(action="BUY", total_quantity=Decimal(1), order_type="PEG BENCH")
    ((_, (_, _, opened, _)),) = tell(
        OpenOrder(contract=wc.WireContract(), order=order, state=STATE)
    )
    assert opened.orderType == "PEG BENCH"
    ((_, (_, done, _)),) = tell(completed(order))
    assert done.orderType == "PEG BENCH"


def test_order_fetched_and_sent_again_is_the_same() -> None:
    """A client that modifies what it fetched asks for nothing new by accident."""
    ((_, (_, contract, order, _)),) = tell(OpenOrder(contract=FULL_BAG, order=FULL, state=STATE))
    contract.deltaNeutralContract = None
    request = place(order, contract)
    assert request.order.unsupported == ()
    kept = {name: getattr(FULL, name) for name in FULL.__struct_fields__} | {
        "perm_id": 0,
        "use_price_management": False,
    }
    assert request.order == wo.WireOrder(**kept)


def test_fetched_marks_of_unset_fields_are_understood() -> None:
    """The side mark of the empty delta-neutral block comes back from some clients."""
    order = Order(action="BUY", totalQuantity=1, orderType="LMT", deltaNeutralOrderType="None")
    order.deltaNeutralOpenClose = "?"
    assert place(order).order.unsupported == ()


def test_order_that_ends_early_is_a_violation() -> None:
    """Half an order is no order."""
    connection = connected()
    connection.receive_data(b"\0\0\0\x043\x005\x00")
    (event,) = drain(connection)
    assert event == ProtocolViolation(reason="PlaceOrder: message ends early", fatal=False)
