"""Combinations: all legs or none, the sign of the limit, and how they are told."""

from decimal import Decimal

import msgspec
import pytest

from bot.domain.instruments import ConId, Right
from bot.exchange.market.quote import MarketQuote
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.venue.combos import is_box, net_grid
from bot.exchange.venue.contracts import BAG_CON_ID, ResolvedLeg
from bot.exchange.venue.holding import Holding
from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import ComboLeg, TagValue, WireContract
from bot.exchange.wire.order import WireOrder
from bot.exchange.wire.replies import (
    CommissionReport,
    CompletedOrder,
    ExecDetails,
    OpenOrder,
    Position,
    Reply,
)
from tests.support.venue_rig import (
    CALL_15,
    FEBRUARY,
    Rig,
    codes,
    only,
    order,
    place,
    product,
    quote,
    spx_option,
    statuses,
    traded,
    vix_option,
)

CALL_20 = vix_option("20")
MARCH_CALL = con_id_of(
    ContractKey(ContractClass.VIX, FEBRUARY.replace(month=3, day=21), Decimal(15), Right.CALL)
)
LINES = [quote(CALL_15, "1.30", "1.40", 9), quote(CALL_20, "0.50", "0.55", 6)]
LOOSE = (TagValue(tag="NonGuaranteed", value="1"),)


def bag(*legs: tuple[ConId, int], symbol: str = "VIX") -> WireContract:
    """Return a combination of contracts with their signed ratios."""
    return WireContract(
        sec_type="BAG",
        symbol=symbol,
        exchange="SMART",
        currency="USD",
        combo_legs=tuple(
            ComboLeg(con_id=con_id, ratio=abs(n), action="BUY" if n > 0 else "SELL")
            for con_id, n in legs
        ),
    )


SPREAD = bag((CALL_15, 1), (CALL_20, -1))
CREDIT = bag((CALL_15, -1), (CALL_20, 1))


def combo(
    side: str, price: str, contract: WireContract = SPREAD, **changes: object
) -> ask.PlaceOrder:
    return place(order(1, side, 2, price, **changes), contract=contract)


def sent(lines: list[MarketQuote], request: ask.PlaceOrder) -> tuple[Rig, list[Reply]]:
    rig = Rig(lines=lines)
    return rig, rig.say(rig.connect(), request)


def test_a_bought_spread_fills_in_both_legs_at_their_far_sides() -> None:
    rig, replies = sent(LINES, combo("BUY", "1.00"))
    assert statuses(replies) == ["PreSubmitted", "Submitted", "Filled", "Filled"]
    assert traded(rig) == [("BUY", 2, "1.40"), ("SELL", 2, "0.50")]
    assert (rig.books.quantity(CALL_15), rig.books.quantity(CALL_20)) == (2, -2)
    (filled,) = rig.books.orders.values()
    assert filled.average_price == Decimal("0.90")
    # two contracts a leg at 0.65, at least a dollar a leg
    assert filled.commission_usd == Decimal("2.60")
    assert rig.books.cash_usd == 100_000 - 180 - Decimal("2.60")


def test_the_whole_is_told_once_and_each_leg_beside_it() -> None:
    rig, replies = sent(LINES, combo("BUY", "1.00"))
    whole, near, far = only(replies, ExecDetails)
    assert (whole.contract.sec_type, whole.contract.con_id) == ("BAG", BAG_CON_ID)
    assert (whole.execution.side, whole.execution.price) == ("BOT", Decimal("0.90"))
    assert [leg.con_id for leg in whole.contract.combo_legs] == [CALL_15, CALL_20]
    assert whole.contract.combo_legs_text == f"{CALL_15}|1,{CALL_20}|-1"
    assert (near.contract.con_id, near.execution.side) == (CALL_15, "BOT")
    assert (far.contract.con_id, far.execution.side) == (CALL_20, "SLD")
    prefix = ".".join(whole.execution.exec_id.split(".")[:2])
    assert whole.execution.exec_id == f"{prefix}.01.01"
    assert near.execution.exec_id == f"{prefix}.02.01.01"
    assert far.execution.exec_id == f"{prefix}.03.01.01"
    assert {e.execution.perm_id for e in (whole, near, far)} == {1_000_000_001}
    reports = only(replies, CommissionReport)
    assert [r.exec_id for r in reports] == [near.execution.exec_id, far.execution.exec_id]
    told = only(replies, OpenOrder)[0]
    assert [leg.action for leg in told.contract.combo_legs] == ["BUY", "SELL"]
    assert len(rig.books.executions) == 3


def test_executions_and_completed_orders_tell_the_combination_again() -> None:
    rig, _ = sent(LINES, combo("BUY", "1.00", order_ref="roll"))
    (session,) = rig.floor.clients

    def kinds(**filter_: str) -> list[str]:
        request = ask.RequestExecutions(request_id=7, **filter_)  # type: ignore[arg-type]
        replies = rig.say(session, request)
        assert len(only(replies, CommissionReport)) == len(
            [e for e in only(replies, ExecDetails) if e.contract.sec_type != "BAG"]
        )
        return [e.contract.sec_type for e in only(replies, ExecDetails)]

    assert kinds() == ["BAG", "OPT", "OPT"]
    assert kinds(sec_type="BAG", symbol="VIX") == ["BAG"]
    assert kinds(sec_type="OPT", side="SELL") == ["OPT"]
    (done,) = only(rig.say(session, ask.RequestCompletedOrders(api_only=True)), CompletedOrder)
    assert (done.contract.sec_type, done.order.order_ref) == ("BAG", "roll")
    assert len(done.contract.combo_legs) == 2


def test_positions_are_held_by_leg() -> None:
    rig = Rig(lines=LINES)
    session = rig.connect()
    rig.say(session, ask.RequestPositions())
    replies = rig.say(session, combo("BUY", "1.00"))
    held = {each.contract.con_id: each.quantity for each in only(replies, Position)}
    assert held == {CALL_15: Decimal(2), CALL_20: Decimal(-2)}


@pytest.mark.parametrize(
    ("side", "price", "contract", "fills"),
    [
        ("BUY", "0.90", SPREAD, True),
        ("BUY", "0.89", SPREAD, False),
        ("SELL", "-0.90", CREDIT, True),  # sell and pay: negative
        ("SELL", "-0.89", CREDIT, False),
    ],
)
def test_the_limit_has_the_sign_of_what_is_paid(
    side: str, price: str, contract: WireContract, *, fills: bool
) -> None:
    rig, _ = sent(LINES, combo(side, price, contract))
    assert bool(traded(rig)) is fills


@pytest.mark.parametrize(
    ("side", "price", "contract", "fills"),
    [
        ("BUY", "-0.75", CREDIT, True),  # buy for a credit: negative
        ("BUY", "-0.76", CREDIT, False),
        ("SELL", "0.75", SPREAD, True),
        ("SELL", "0.76", SPREAD, False),
    ],
)
def test_a_credit_is_taken_from_what_is_held(
    side: str, price: str, contract: WireContract, *, fills: bool
) -> None:
    """Closing two spreads brings 1.30 less 0.55."""
    rig = Rig(
        lines=LINES,
        holdings=[
            Holding(con_id=CALL_15, multiplier=100, quantity=2, cost_usd=Decimal(280)),
            Holding(con_id=CALL_20, multiplier=100, quantity=-2, cost_usd=Decimal(-100)),
        ],
    )
    rig.say(rig.connect(), combo(side, price, contract))
    assert bool(traded(rig)) is fills
    assert bool(rig.books.positions()) is not fills


def test_for_nothing_is_a_price_too() -> None:
    same = [quote(CALL_15, "0.50", "0.50", 9), quote(CALL_20, "0.50", "0.55", 6)]
    rig, _ = sent(same, combo("BUY", "0"))
    assert len(traded(rig)) == 2


def test_depth_of_the_thinnest_leg_limits_and_is_taken_once() -> None:
    rig = Rig(lines=LINES)
    session = rig.connect()
    ratio = bag((CALL_15, 1), (CALL_20, -2))
    rig.say(session, place(order(1, "BUY", 5, "1.00", order_ref="ratio"), contract=ratio))
    # a ratio spread is short of calls on balance
    assert traded(rig) == []
    rig.say(session, place(order(2, "BUY", 9, "1.00"), contract=SPREAD))
    assert traded(rig) == [("BUY", 6, "1.40"), ("SELL", 6, "0.50")]
    rig.say(session, place(order(3, "BUY", 9, "1.40")))
    assert traded(rig)[2:] == [("BUY", 3, "1.40")]


def test_all_legs_or_none() -> None:
    """Nobody bids for the short leg, so nothing of the long one trades either."""
    rig, replies = sent([LINES[0], quote(CALL_20, None, "0.05")], combo("BUY", "5.00"))
    assert statuses(replies) == ["PreSubmitted", "Submitted"]
    assert traded(rig) == []


def test_a_resting_spread_gets_its_limit_when_the_market_comes() -> None:
    rig, _ = sent(LINES, combo("BUY", "0.85"))
    rig.market.show(quote(CALL_15, "1.20", "1.25", 9))
    rig.step("2018-01-16T10:01")
    (filled,) = rig.books.orders.values()
    assert filled.average_price == Decimal("0.85")
    assert traded(rig) == [("BUY", 2, "1.35"), ("SELL", 2, "0.50")]


def test_a_market_combination_takes_what_the_legs_show() -> None:
    rig, _ = sent(LINES, combo("BUY", "1", order_type="MKT", lmt_price=None))
    assert traded(rig) == [("BUY", 2, "1.40"), ("SELL", 2, "0.50")]


def test_a_roll_cannot_leave_a_call_naked() -> None:
    """The far call settles elsewhere and covers nothing (domain.md section 1.5)."""
    roll = bag((CALL_15, -1), (MARCH_CALL, 1))
    lines = [*LINES, quote(MARCH_CALL, "1.90", "2.00", 9)]
    _, replies = sent(lines, combo("BUY", "1.00", roll))
    assert codes(replies) == [201]
    held = Holding(con_id=CALL_15, multiplier=100, quantity=2, cost_usd=Decimal(200))
    rig = Rig(lines=lines, holdings=[held])
    rig.say(rig.connect(), combo("BUY", "1.00", roll))
    assert (rig.books.quantity(CALL_15), rig.books.quantity(MARCH_CALL)) == (0, 2)


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (combo("BUY", "0.905"), 110),
        (combo("BUY", "0.90", oca_group="g"), 356),
        (combo("BUY", "0.90", combo_leg_prices=(Decimal("1.40"), Decimal("0.50"))), 10058),
        (combo("BUY", "0.90", order_type="STP", aux_price=Decimal(1)), 387),
        (combo("BUY", "0.90", bag((CALL_15, 2), (CALL_20, -2))), 312),
        (combo("BUY", "0.90", bag((CALL_15, 1), (ConId(5), -1))), 313),
        (combo("BUY", "0.90", msgspec.structs.replace(SPREAD, exchange="")), 321),
        (
            combo(
                "BUY",
                "0.90",
                bag((CALL_15, 1), (CALL_20, -1), (vix_option("25"), 1)),
                smart_combo_params=LOOSE,
            ),
            201,
        ),
    ],
)
def test_what_combinations_cannot_do(request_: ask.PlaceOrder, code: int) -> None:
    rig, replies = sent(LINES, request_)
    assert codes(replies) == [code]
    assert rig.books.open_orders() == []


# -- grids


def resolved(*legs: tuple[ConId, int]) -> list[ResolvedLeg]:
    return [
        ResolvedLeg(product=product(con_id), signed_ratio=n, exchange="SMART") for con_id, n in legs
    ]


BOX = (
    (spx_option("2500", Right.CALL), 1),
    (spx_option("2550", Right.CALL), -1),
    (spx_option("2500", Right.PUT), -1),
    (spx_option("2550", Right.PUT), 1),
)
CONDOR = (
    (spx_option("2500", Right.PUT), 1),
    (spx_option("2550", Right.PUT), -1),
    (spx_option("2900", Right.CALL), -1),
    (spx_option("2950", Right.CALL), 1),
)


@pytest.mark.parametrize(
    ("legs", "box", "step"),
    [
        (BOX, True, "0.01"),
        (tuple((con_id, -n) for con_id, n in BOX), True, "0.01"),
        (CONDOR, False, "0.05"),
        (((BOX[0][0], 1), (BOX[1][0], -1), (BOX[2][0], 1), (BOX[3][0], -1)), False, "0.05"),
        (((BOX[0][0], 1), (BOX[1][0], -2), (BOX[2][0], -1), (BOX[3][0], 1)), False, "0.05"),
        (BOX[:2], False, "0.05"),
        (((CALL_15, 1), (CALL_20, -1)), False, "0.01"),
    ],
)
def test_net_prices_have_their_own_grid(
    legs: tuple[tuple[ConId, int], ...], step: str, *, box: bool
) -> None:
    assert is_box(resolved(*legs)) is box
    assert net_grid(resolved(*legs)).increment_at(Decimal(-5)) == Decimal(step)


def test_an_iron_condor_is_bought_for_a_credit() -> None:
    """BUY of long wings and short body with a negative limit (domain.md section 1.5)."""
    prices = {"2500": "10", "2550": "15", "2900": "15", "2950": "10"}
    lines = [
        quote(con_id, price, str(Decimal(price) + Decimal("0.10")), 5)
        for (con_id, _), price in zip(CONDOR, prices.values(), strict=True)
    ]
    rig = Rig(lines=lines)
    session = rig.connect()
    wire: WireOrder = order(1, "BUY", 1, "-9.80")
    rig.say(session, place(wire, contract=bag(*CONDOR, symbol="SPX")))
    assert [each[0] for each in traded(rig)] == ["BUY", "SELL", "SELL", "BUY"]
    (filled,) = rig.books.orders.values()
    assert filled.average_price == Decimal("-9.80")
    assert rig.books.cash_usd == 100_000 + 980 - 4
