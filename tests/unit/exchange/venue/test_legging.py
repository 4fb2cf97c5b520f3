"""Non-guaranteed combinations: legs that trade alone, and what the one behind has to make good."""

from decimal import Decimal

import pytest

from bot.exchange.venue.account_rules import AccountRules
from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import ComboLeg, TagValue, WireContract
from bot.exchange.wire.replies import ExecDetails, OpenOrder, OrderStatus, Reply
from tests.support.venue_rig import (
    CALL_15,
    Rig,
    codes,
    only,
    order,
    place,
    quote,
    statuses,
    traded,
    vix_option,
)

CALL_20 = vix_option("20")
LOOSE = (TagValue(tag="NonGuaranteed", value="1"),)


def bag(near: int = 1, far: int = -1) -> WireContract:
    """Return the 15 and 20 calls in signed ratios."""
    return WireContract(
        sec_type="BAG",
        symbol="VIX",
        exchange="SMART",
        combo_legs=tuple(
            ComboLeg(con_id=con_id, ratio=abs(n), action="BUY" if n > 0 else "SELL")
            for con_id, n in ((CALL_15, near), (CALL_20, far))
        ),
    )


def show(rig: Rig, near: tuple[str, str, int], far: tuple[str, str, int], minute: int = 0) -> None:
    rig.market.show(quote(CALL_15, *near))
    rig.market.show(quote(CALL_20, *far))
    if minute:
        rig.step(f"2018-01-16T10:{minute:02}")


def sent(
    price: str | None,
    near: tuple[str, str, int],
    far: tuple[str, str, int],
    contract: WireContract | None = None,
    **changes: object,
) -> tuple[Rig, list[Reply]]:
    """Buy five units, or what `changes` says."""
    rig = Rig(rules=AccountRules(naked_calls=True))
    show(rig, near, far)
    limit = None if price is None else Decimal(price)
    wire = order(1, "BUY", 5, "1", lmt_price=limit, smart_combo_params=LOOSE, **changes)
    return rig, rig.say(rig.connect(), place(wire, contract=contract or bag()))


def test_with_depth_enough_both_legs_trade_at_once() -> None:
    rig, replies = sent("0.90", ("1.30", "1.40", 9), ("0.50", "0.55", 9))
    assert traded(rig) == [("BUY", 5, "1.40"), ("SELL", 5, "0.50")]
    whole = only(replies, ExecDetails)[0].execution
    assert (whole.shares, whole.price) == (Decimal(5), Decimal("0.90"))
    told = only(replies, OpenOrder)[0].order
    assert told.smart_combo_params == LOOSE


def test_a_thin_leg_lags_and_the_whole_counts_what_both_have() -> None:
    rig, replies = sent("0.90", ("1.30", "1.40", 9), ("0.50", "0.55", 2))
    assert traded(rig) == [("BUY", 5, "1.40"), ("SELL", 2, "0.50")]
    whole, *legs = only(replies, ExecDetails)
    assert (whole.execution.shares, whole.execution.price) == (Decimal(2), Decimal("0.90"))
    assert [leg.execution.shares for leg in legs] == [Decimal(5), Decimal(2)]
    assert only(replies, OrderStatus)[-1].remaining == 3


def test_what_lags_trades_when_it_makes_the_limit() -> None:
    """Five cost 1.40 and two brought 0.50: three more must bring 0.50 each."""
    rig, _ = sent("0.90", ("1.30", "1.40", 9), ("0.50", "0.55", 2))
    show(rig, ("1.30", "1.35", 9), ("0.49", "0.55", 9), 1)
    assert len(traded(rig)) == 2
    show(rig, ("1.00", "1.05", 9), ("0.60", "0.65", 9), 2)
    assert traded(rig)[2:] == [("SELL", 3, "0.50")]
    (done,) = rig.books.orders.values()
    assert (done.status.value, done.average_price) == ("Filled", Decimal("0.90"))


def test_a_leg_may_trade_before_the_whole_has_anything() -> None:
    """The long leg shows nothing free, for another order took it."""
    rig = Rig(rules=AccountRules(naked_calls=True))
    show(rig, ("1.30", "1.40", 2), ("0.50", "0.55", 5))
    session = rig.connect()
    rig.say(session, place(order(1, "BUY", 2, "1.40")))
    wire = order(2, "BUY", 5, "0.90", smart_combo_params=LOOSE)
    replies = rig.say(session, place(wire, contract=bag()))
    assert traded(rig)[1:] == [("SELL", 5, "0.50")]
    assert [each.contract.sec_type for each in only(replies, ExecDetails)] == ["OPT"]
    assert statuses(replies)[-1] == "Submitted"
    show(rig, ("1.30", "1.38", 9), ("0.50", "0.55", 5), 1)
    assert traded(rig)[2:] == [("BUY", 5, "1.40")]


def test_even_legs_wait_for_the_net_limit() -> None:
    rig, _ = sent("0.85", ("1.30", "1.40", 9), ("0.50", "0.55", 9))
    assert traded(rig) == []
    show(rig, ("1.20", "1.30", 9), ("0.50", "0.55", 9), 1)
    assert traded(rig) == [("BUY", 5, "1.35"), ("SELL", 5, "0.50")]


def test_a_leg_nobody_meets_keeps_the_other_waiting() -> None:
    rig, _ = sent("9", ("1.30", "1.40", 9), ("0.50", "0.55", 0))
    assert traded(rig) == []


def test_ratios_trade_in_whole_units() -> None:
    """Of seven shown, three units of two."""
    rig, _ = sent("5", ("1.30", "1.40", 9), ("0.50", "0.55", 7), bag(1, -2))
    assert traded(rig) == [("BUY", 5, "1.40"), ("SELL", 6, "0.50")]
    assert rig.books.orders[1_000_000_001].filled == 3


def test_a_market_combination_takes_each_leg_as_it_comes() -> None:
    rig, _ = sent(None, ("1.30", "1.40", 9), ("0.50", "0.55", 2), order_type="MKT")
    assert traded(rig) == [("BUY", 5, "1.40"), ("SELL", 2, "0.50")]
    show(rig, ("1.30", "1.40", 9), ("0.10", "0.15", 9), 1)
    assert traded(rig)[2:] == [("SELL", 3, "0.10")]


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        (("1.40", "0.50"), [("BUY", 5, "1.40"), ("SELL", 5, "0.50")]),
        (("1.39", "0.50"), [("SELL", 5, "0.50")]),
        (("1.40", "0.51"), [("BUY", 5, "1.40")]),
        (("1.45", "0.45"), [("BUY", 5, "1.40"), ("SELL", 5, "0.50")]),
    ],
)
def test_prices_per_leg_bind_each_leg_alone(
    prices: tuple[str, str], expected: list[tuple[str, int, str]]
) -> None:
    legs = tuple(Decimal(price) for price in prices)
    rig, replies = sent(None, ("1.30", "1.40", 9), ("0.50", "0.55", 9), combo_leg_prices=legs)
    assert traded(rig) == expected
    told = only(replies, OpenOrder)[0].order
    assert (told.combo_leg_prices, told.lmt_price) == (legs, legs[0] - legs[1])


def test_a_leg_with_its_own_price_rests_at_it() -> None:
    legs = (Decimal("1.35"), Decimal("0.50"))
    rig, _ = sent(None, ("1.30", "1.40", 9), ("0.50", "0.55", 9), combo_leg_prices=legs)
    show(rig, ("1.20", "1.30", 9), ("0.50", "0.55", 9), 1)
    assert traded(rig) == [("SELL", 5, "0.50"), ("BUY", 5, "1.35")]


def test_a_change_cannot_undo_what_a_leg_has_traded() -> None:
    rig, _ = sent("0.90", ("1.30", "1.40", 9), ("0.50", "0.55", 2))
    (session,) = rig.floor.clients

    def change(quantity: int) -> ask.PlaceOrder:
        wire = order(1, "BUY", quantity, "0.90", smart_combo_params=LOOSE)
        return place(wire, contract=bag())

    assert codes(rig.say(session, change(4))) == [321]
    assert codes(rig.say(session, change(6))) == []


@pytest.mark.parametrize(
    ("params", "prices", "code"),
    [(LOOSE, (Decimal(1), None), 321), ((), (Decimal(1), Decimal(1)), 10058)],
)
def test_a_change_has_prices_per_leg_as_a_new_order_may(
    params: tuple[TagValue, ...], prices: tuple[Decimal | None, ...], code: int
) -> None:
    rig = Rig(rules=AccountRules(naked_calls=True))
    show(rig, ("1.30", "1.40", 9), ("0.50", "0.55", 9))
    session = rig.connect()
    said = {"smart_combo_params": params}
    rig.say(session, place(order(1, "BUY", 5, "0.10", **said), contract=bag()))
    before = rig.books.open_orders()
    changed = order(1, "BUY", 5, "0.20", combo_leg_prices=prices, **said)
    assert codes(rig.say(session, place(changed, contract=bag()))) == [code]
    assert rig.books.open_orders() == before


def test_what_combinations_say_means_nothing_for_a_single_contract() -> None:
    """Prices per leg price no contract, and it is always filled as one."""
    rig = Rig()
    show(rig, ("1.30", "1.40", 9), ("0.50", "0.55", 9))
    session = rig.connect()
    said = {"smart_combo_params": LOOSE, "combo_leg_prices": (Decimal(1), Decimal(2))}
    assert codes(rig.say(session, place(order(1, "BUY", 1, "1", lmt_price=None, **said)))) == [107]
    rig.say(session, place(order(2, "BUY", 1, "1.40", **said)))
    assert traded(rig) == [("BUY", 1, "1.40")]


def test_cancelling_leaves_its_owner_legged() -> None:
    rig, _ = sent("0.90", ("1.30", "1.40", 9), ("0.50", "0.55", 2))
    (session,) = rig.floor.clients
    rig.say(session, ask.CancelOrder(order_id=1))
    assert (rig.books.quantity(CALL_15), rig.books.quantity(CALL_20)) == (5, -2)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tif": "FOK"}, 321),
        ({"all_or_none": True}, 321),
        ({"combo_leg_prices": (Decimal("1.40"), None)}, 321),
        ({"combo_leg_prices": (Decimal("1.40"), Decimal("0.505"))}, 110),
        ({"combo_leg_prices": (Decimal("1.40"), Decimal(0))}, 110),
        ({"lmt_price": None, "combo_leg_prices": (None, None)}, 107),
        ({"lmt_price": None}, 107),
        ({"smart_combo_params": (), "combo_leg_prices": (Decimal(1), Decimal(1))}, 10058),
    ],
)
def test_what_loose_combinations_cannot_do(changes: dict[str, object], code: int) -> None:
    rig = Rig(rules=AccountRules(naked_calls=True))
    wire = order(1, "BUY", 5, "0.90", **{"smart_combo_params": LOOSE, **changes})
    assert codes(rig.say(rig.connect(), place(wire, contract=bag()))) == [code]


def test_a_loose_combination_does_not_cover_its_short_leg() -> None:
    """It may fill by leg, so the short call may come alone."""
    rig = Rig()
    show(rig, ("1.30", "1.40", 9), ("0.50", "0.55", 9))
    wire = order(1, "BUY", 1, "0.90", smart_combo_params=LOOSE)
    assert codes(rig.say(rig.connect(), place(wire, contract=bag()))) == [201]
