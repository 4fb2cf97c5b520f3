"""What an account may trade: futures and shares, permissions, presets, funds, what-if."""

from decimal import Decimal

import pytest

from bot.domain.instruments import ConId, Right
from bot.exchange.market.quote import MarketQuote
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.reference.underlyings import SPY_ID, VIX_ID, VVIX_ID
from bot.exchange.venue.account_rules import AccountRules
from bot.exchange.venue.holding import Holding
from bot.exchange.venue.orders import Status
from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import ComboLeg, WireContract
from bot.exchange.wire.order import WireOrder
from bot.exchange.wire.replies import OpenOrder, OpenOrderEnd, Reply
from tests.support.venue_rig import (
    CALL_15,
    FEBRUARY,
    Rig,
    codes,
    only,
    order,
    place,
    quote,
    spx_option,
    statuses,
    traded,
    vix_option,
)

VX_ID = con_id_of(ContractKey(ContractClass.VX, FEBRUARY))
VX = WireContract(con_id=VX_ID, exchange="CFE")
ES_ID = con_id_of(ContractKey(ContractClass.ES, FEBRUARY.replace(month=3, day=16)))
ES = WireContract(con_id=ES_ID, exchange="CME")
VXM_ID = con_id_of(ContractKey(ContractClass.VXM, FEBRUARY))
VXM = WireContract(con_id=VXM_ID, exchange="CFE")
NEXT_VX_ID = con_id_of(ContractKey(ContractClass.VX, FEBRUARY.replace(month=3, day=21)))
SPY = WireContract(con_id=SPY_ID, exchange="SMART")
PUT = vix_option("15", Right.PUT)


def level(con_id: ConId, last: str) -> MarketQuote:
    return MarketQuote(con_id=con_id, last=Decimal(last))


LINES = [
    quote(CALL_15, "1.00", "1.10"),
    quote(PUT, "1.00", "1.10"),
    quote(VX_ID, "12.00", "12.05"),
    quote(ES_ID, "2780.00", "2780.25"),
    quote(VXM_ID, "12.01", "12.02"),
    quote(NEXT_VX_ID, "12.50", "12.55"),
    quote(SPY_ID, "278.00", "278.02", 500),
    level(VIX_ID, "11.00"),
    level(VVIX_ID, "90.00"),
]


def rig(start: str = "2018-01-16T10:00", **changes: object) -> Rig:
    return Rig(start, lines=LINES, **changes)  # type: ignore[arg-type]


def market(order_id: int, side: str, quantity: int, **changes: object) -> WireOrder:
    return order(order_id, side, quantity, "1", order_type="MKT", lmt_price=None, **changes)


# -- futures and shares


def test_a_future_is_bought_and_sold() -> None:
    venue = rig()
    session = venue.connect()
    venue.say(session, place(order(1, "BUY", 2, "12.05"), contract=VX))
    venue.say(session, place(market(2, "SELL", 2), contract=VX))
    assert traded(venue) == [("BUY", 2, "12.05"), ("SELL", 2, "12.00")]
    # two contracts of 1000 lose 0.05 each, and four trades cost 0.85 each
    assert venue.books.cash_usd == 100_000 - 100 - Decimal("3.40")


def test_a_future_ties_up_margin_and_not_its_price() -> None:
    venue = rig()
    session = venue.connect()
    assert codes(venue.say(session, place(order(1, "BUY", 10, "12.00"), contract=VX))) == []
    assert codes(venue.say(session, place(order(2, "BUY", 1000, "12.00"), contract=VX))) == [201]


@pytest.mark.parametrize(
    ("contract", "price", "code"),
    [
        (VX, "12.01", 110),
        (VX, "12.05", None),
        (VXM, "12.01", None),
        (VXM, "12.015", 110),
        (ES, "2780.10", 110),
        (ES, "2780.25", None),
        (SPY, "278.005", 110),
        (SPY, "278.01", None),
    ],
)
def test_futures_and_shares_have_their_own_grids(
    contract: WireContract, price: str, code: int | None
) -> None:
    venue = rig()
    found = codes(venue.say(venue.connect(), place(order(1, "BUY", 1, price), contract=contract)))
    assert found == ([] if code is None else [code])


def test_futures_trade_in_the_night_and_ignore_the_flag() -> None:
    venue = rig("2018-01-16T03:00")
    session = venue.connect()
    wire = order(1, "BUY", 1, "12.05", outside_rth=True)
    assert codes(venue.say(session, place(wire, contract=VX))) == [2109]
    assert traded(venue) == [("BUY", 1, "12.05")]


def test_market_orders_in_vx_are_for_regular_hours() -> None:
    venue = rig("2018-01-16T03:00")
    session = venue.connect()
    assert codes(venue.say(session, place(market(1, "BUY", 1), contract=VX))) == [201]
    venue.step("2018-01-16T09:30")
    venue.say(session, place(market(2, "BUY", 1), contract=VX))
    assert traded(venue) == [("BUY", 1, "12.05")]


def test_the_market_for_sp_futures_never_closes_at_night() -> None:
    venue = rig("2018-01-16T03:00")
    venue.say(venue.connect(), place(market(1, "BUY", 1), contract=ES))
    assert traded(venue) == [("BUY", 1, "2780.25")]


def test_a_calendar_of_futures_moves_by_the_cent() -> None:
    """The spread's net price has a finer grid than either month."""
    calendar = WireContract(
        sec_type="BAG",
        symbol="VIX",
        exchange="CFE",
        combo_legs=(
            ComboLeg(con_id=VX_ID, ratio=1, action="SELL", exchange="CFE"),
            ComboLeg(con_id=NEXT_VX_ID, ratio=1, action="BUY", exchange="CFE"),
        ),
    )
    venue = rig("2018-01-16T03:00")
    venue.say(venue.connect(), place(order(1, "BUY", 2, "0.56"), contract=calendar))
    assert traded(venue) == [("SELL", 2, "12.00"), ("BUY", 2, "12.55")]
    assert venue.books.cash_usd == 100_000 - 4 * Decimal("0.85")


def test_an_expiring_future_stops_before_its_settlement() -> None:
    venue = rig("2018-02-14T09:00")
    found = codes(venue.say(venue.connect(), place(order(1, "BUY", 1, "12.05"), contract=VX)))
    assert found == [392]


def test_shares_are_bought_at_half_their_value() -> None:
    """Regulation T: 100,000 USD carry 719 shares at 278.02 and not 720."""
    venue = rig()
    session = venue.connect()
    assert codes(venue.say(session, place(order(1, "BUY", 720, "278.02"), contract=SPY))) == [201]
    venue.say(session, place(order(2, "BUY", 300, "278.02"), contract=SPY))
    assert traded(venue) == [("BUY", 300, "278.02")]
    assert venue.books.cash_usd == 100_000 - 300 * Decimal("278.02") - Decimal("1.50")


def test_shares_held_carry_more() -> None:
    held = Holding(con_id=SPY_ID, multiplier=1, quantity=300, cost_usd=Decimal(83_400))
    venue = rig(holdings=[held])
    found = codes(venue.say(venue.connect(), place(order(1, "BUY", 800, "278.02"), contract=SPY)))
    assert found == []


def test_a_future_nobody_can_value_is_refused() -> None:
    venue = Rig(lines=[quote(VX_ID)])
    found = codes(venue.say(venue.connect(), place(market(1, "BUY", 1), contract=VX)))
    assert found == [201]


def test_a_sell_of_more_than_is_held_is_warned_of_and_lives() -> None:
    held = Holding(con_id=SPY_ID, multiplier=1, quantity=10, cost_usd=Decimal(2780))
    venue = rig(holdings=[held])
    replies = venue.say(venue.connect(), place(order(1, "SELL", 15, "278.00"), contract=SPY))
    assert codes(replies) == [2137]
    assert statuses(replies)[-1] == "Filled"
    assert venue.books.quantity(SPY_ID) == -5


# -- rules and presets


@pytest.mark.parametrize(
    ("rules", "contract", "price", "code"),
    [
        (AccountRules(may_trade=frozenset({"OPT"})), VX, "12.05", 460),
        (AccountRules(barred_symbols=frozenset({"SPY"})), SPY, "278.02", 203),
        (AccountRules(preset_size=1), VX, "12.05", 383),
        (AccountRules(preset_percent=Decimal(5)), VX, "12.70", 163),
        (AccountRules(preset_percent=Decimal(5)), VX, "12.60", None),
        (AccountRules(largest_order=1), VX, "12.05", 201),
    ],
)
def test_rules_and_presets_bind(
    rules: AccountRules, contract: WireContract, price: str, code: int | None
) -> None:
    venue = rig(rules=rules)
    replies = venue.say(venue.connect(), place(order(1, "BUY", 2, price), contract=contract))
    assert codes(replies) == ([] if code is None else [code])


def spread() -> WireContract:
    return WireContract(
        sec_type="BAG",
        symbol="VIX",
        exchange="SMART",
        combo_legs=(
            ComboLeg(con_id=CALL_15, ratio=1, action="BUY"),
            ComboLeg(con_id=vix_option("20"), ratio=1, action="SELL"),
        ),
    )


@pytest.mark.parametrize(
    ("wire", "contract"),
    [
        (order(1, "BUY", 1, "20", override_percentage_constraints=True), VX),
        (market(1, "BUY", 1), VX),
        (order(1, "BUY", 1, "4"), spread()),
        (order(1, "BUY", 1, "4"), WireContract(con_id=vix_option("30"), exchange="SMART")),
    ],
)
def test_the_percentage_preset_has_nothing_to_say(wire: WireOrder, contract: WireContract) -> None:
    """Of an order that overrides it, has no limit, is a combination, or has no market."""
    venue = rig(rules=AccountRules(preset_percent=Decimal(5)))
    assert codes(venue.say(venue.connect(), place(wire, contract=contract))) == []


def test_combinations_need_their_own_permission() -> None:
    venue = rig(rules=AccountRules(may_trade=frozenset({"OPT"})))
    found = codes(venue.say(venue.connect(), place(order(1, "BUY", 1, "4"), contract=spread())))
    assert found == [460]


def test_an_account_may_be_let_to_sell_naked_calls() -> None:
    venue = rig()
    assert codes(venue.say(venue.connect(), place(order(1, "SELL", 1, "1.00")))) == [201]
    venue = rig(rules=AccountRules(naked_calls=True))
    assert codes(venue.say(venue.connect(), place(order(1, "SELL", 1, "1.00")))) == []
    assert venue.books.quantity(CALL_15) == -1


def test_buying_a_naked_call_back_in_part_is_never_refused() -> None:
    """Though one is left, the account is better off."""
    call = spx_option("2825", Right.CALL)
    held = Holding(con_id=call, multiplier=100, quantity=-2, cost_usd=Decimal(-200))
    venue = Rig(lines=[quote(call, "1.00", "1.10")], holdings=[held])
    assert codes(venue.say(venue.connect(), place(order(1, "BUY", 1, "1.10"), call))) == []
    assert venue.books.quantity(call) == -1


# -- what-if


def test_a_what_if_must_be_sent() -> None:
    venue = rig()
    wire = order(1, "BUY", 1, "1.00", what_if=True, transmit=False)
    assert codes(venue.say(venue.connect(), place(wire))) == [413]


def asked(venue: Rig, wire: WireOrder, contract: WireContract) -> OpenOrder:
    replies = venue.say(venue.connect(), place(wire, contract=contract))
    assert venue.books.orders == {}
    return only(replies, OpenOrder)[0]


def test_a_what_if_of_a_future_tells_margin_and_no_premium() -> None:
    told = asked(rig(), order(1, "BUY", 1, "12.05", what_if=True), VX).state
    assert told.equity_with_loan_change == Decimal("-0.85")
    assert told.init_margin_change is not None
    assert told.maint_margin_change is not None
    assert 2000 < told.maint_margin_change < told.init_margin_change < 5000


def test_a_what_if_of_a_share_without_a_market_goes_by_its_limit() -> None:
    told = asked(Rig(), order(1, "BUY", 100, "280.00", what_if=True), SPY).state
    assert (told.init_margin_change, told.maint_margin_change) == (
        Decimal(14_000),
        Decimal(7_000),
    )


def test_a_what_if_of_a_combination_tells_its_worst_loss_and_commission() -> None:
    """Selling the 12-15 put spread may cost 3 points; each leg of two costs 1.30."""
    put_spread = WireContract(
        sec_type="BAG",
        symbol="VIX",
        exchange="SMART",
        combo_legs=(
            ComboLeg(con_id=PUT, ratio=1, action="SELL"),
            ComboLeg(con_id=vix_option("12", Right.PUT), ratio=1, action="BUY"),
        ),
    )
    told = asked(rig(), order(1, "BUY", 2, "-0.90", what_if=True), put_spread).state
    assert told.init_margin_change == 2 * 300
    assert told.commission == Decimal("2.60")
    assert told.equity_with_loan_change == 180 - Decimal("2.60")


def test_a_what_if_of_an_attached_order_asks_the_account_too() -> None:
    venue = rig()
    session = venue.connect()
    venue.say(session, place(order(1, "BUY", 1, "1.00")))
    wire = order(2, "SELL", 2, "1.50", parent_id=1, what_if=True)
    assert codes(venue.say(session, place(wire))) == [201]


# -- who sees what


def sees(venue: Rig, client_id: int) -> list[Reply]:
    """Return what a client is told of another's order."""
    watcher = venue.connect(client_id)
    outbox = venue.venue.handle(venue.connect(5), place(order(1, "BUY", 1, "1.00")))
    return venue.keep(outbox).replies.get(watcher, [])


def test_the_master_sees_everybodys_orders_and_others_do_not() -> None:
    assert sees(rig(), 0) == []
    venue = rig(rules=AccountRules(master_client_id=7))
    assert statuses(sees(venue, 7)) == ["PreSubmitted", "Submitted"]
    (session,) = (s for s, c in venue.floor.clients.items() if c.client_id == 7)
    replies = venue.say(session, ask.RequestOpenOrders())
    assert [each.order.client_id for each in only(replies, OpenOrder)] == [5]


def test_nobody_changes_anothers_order() -> None:
    """The same order id of another client is another order."""
    venue = rig()
    venue.say(venue.connect(1), place(order(1, "BUY", 1, "1.00")))
    other = venue.connect(2)
    venue.say(other, place(order(1, "BUY", 2, "0.90")))
    assert [(o.client_id, o.quantity) for o in venue.books.open_orders()] == [(1, 1), (2, 2)]
    assert venue.say(other, ask.RequestOpenOrders())[-1] == OpenOrderEnd()


def test_what_was_refused_cannot_be_cancelled() -> None:
    venue = rig()
    session = venue.connect()
    venue.say(session, place(order(1, "SELL", 1, "1.00")))
    assert next(iter(venue.books.orders.values())).status is Status.INACTIVE
    assert codes(venue.say(session, ask.CancelOrder(order_id=1))) == [161]
