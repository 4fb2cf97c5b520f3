"""When an order trades: arriving at the far side's price, resting at its own limit."""

from decimal import Decimal

import msgspec
import pytest

from bot.exchange.market.quote import MarketQuote
from bot.exchange.venue.matching import (
    FarSide,
    Offer,
    Print,
    far_side,
    match_arrival,
    match_resting,
    net_price,
)
from bot.exchange.venue.orders import BookedOrder, Leg, Side, Tif
from tests.support.venue_rig import CALL_15, ORDER, quote, vix_option

SELL = msgspec.structs.replace(ORDER, side=Side.SELL)
NEAR, FAR = Leg(CALL_15, 1, "SMART"), Leg(vix_option("20"), -1, "SMART")


def offers(order: BookedOrder, *shown: tuple[str, int]) -> list[Offer]:
    """Return what each leg of an order meets: price and size."""
    return [
        Offer(leg, order.sides(leg), Decimal(price), size)
        for leg, (price, size) in zip(order.parts, shown, strict=True)
    ]


def traded(prints: tuple[Print, ...]) -> tuple[int, str, list[str]] | None:
    """Return units of ratio one, the net price and the legs' prices."""
    if not prints:
        return None
    net = sum((each.leg.signed_ratio * each.price for each in prints), Decimal(0))
    return prints[0].quantity, str(net), [str(each.price) for each in prints]


def spread(side: Side, limit: str | None, *legs: Leg, quantity: int = 5) -> BookedOrder:
    return msgspec.structs.replace(
        ORDER,
        side=side,
        limit=None if limit is None else Decimal(limit),
        legs=legs or (NEAR, FAR),
        quantity=quantity,
    )


def test_a_buy_meets_the_ask_and_a_sell_the_bid() -> None:
    line = quote(CALL_15, "1.00", "1.10", 7)
    assert far_side(Side.BUY, line) == FarSide(Decimal("1.10"), 7)
    assert far_side(Side.SELL, line) == FarSide(Decimal("1.00"), 7)


@pytest.mark.parametrize(
    "line", [quote(CALL_15), quote(CALL_15, None, "0"), quote(CALL_15, None, "1", 0)]
)
def test_nobody_is_met_where_no_price_or_size_stands(line: MarketQuote) -> None:
    assert far_side(Side.BUY, line) is None
    assert far_side(Side.SELL, line) is None


def test_an_arriving_order_gets_the_better_price() -> None:
    assert traded(match_arrival(ORDER, offers(ORDER, ("0.90", 9)))) == (5, "0.90", ["0.90"])
    assert traded(match_arrival(SELL, offers(SELL, ("1.20", 9)))) == (5, "1.20", ["1.20"])


def test_a_resting_order_gets_its_limit_and_no_better() -> None:
    assert traded(match_resting(ORDER, offers(ORDER, ("0.90", 9)))) == (5, "1.00", ["1.00"])
    assert traded(match_resting(SELL, offers(SELL, ("1.20", 9)))) == (5, "1.00", ["1.00"])


def test_an_order_away_from_the_market_does_not_trade() -> None:
    assert match_arrival(ORDER, offers(ORDER, ("1.01", 9))) == ()
    assert match_resting(SELL, offers(SELL, ("0.99", 9))) == ()
    assert match_arrival(ORDER, []) == ()
    assert match_resting(ORDER, []) == ()


def test_a_market_order_takes_what_is_there_and_never_rests() -> None:
    market = msgspec.structs.replace(ORDER, limit=None)
    assert traded(match_arrival(market, offers(market, ("9.99", 2)))) == (2, "9.99", ["9.99"])
    assert match_resting(market, offers(market, ("9.99", 2))) == ()


@pytest.mark.parametrize(("free", "units"), [(3, 3), (1, 1), (0, None), (-1, None)])
def test_only_what_is_free_trades(free: int, units: int | None) -> None:
    match = match_arrival(ORDER, offers(ORDER, ("1.00", free)))
    assert [each.quantity for each in match] == ([units] if units else [])


@pytest.mark.parametrize("changes", [{"tif": Tif.FOK}, {"all_or_none": True}])
def test_all_or_nothing_is_all_or_nothing(changes: dict[str, object]) -> None:
    whole = msgspec.structs.replace(ORDER, **changes)
    assert match_arrival(whole, offers(whole, ("1.00", 4))) == ()
    assert match_arrival(whole, offers(whole, ("1.00", 5))) != ()


# -- combinations: the sign rule of domain.md section 1.5


def test_a_bought_spread_pays_the_ask_and_gets_the_bid() -> None:
    order = spread(Side.BUY, "0.50")
    assert net_price(offers(order, ("1.40", 9), ("0.95", 9))) == Decimal("0.45")
    match = match_arrival(order, offers(order, ("1.40", 9), ("0.95", 9)))
    assert traded(match) == (5, "0.45", ["1.40", "0.95"])
    assert [each.side for each in match] == [Side.BUY, Side.SELL]


def test_a_credit_is_bought_with_a_negative_limit() -> None:
    """Buying the short spread at -0.40 wants at least 0.40 paid to the buyer."""
    legs = (msgspec.structs.replace(NEAR, signed_ratio=-1), Leg(FAR.con_id, 1, "SMART"))
    order = spread(Side.BUY, "-0.40", *legs)
    assert match_arrival(order, offers(order, ("1.35", 9), ("0.95", 9))) != ()
    assert match_arrival(order, offers(order, ("1.35", 9), ("0.96", 9))) == ()


def test_selling_a_spread_wants_its_limit_at_least() -> None:
    order = spread(Side.SELL, "0.40")
    assert match_arrival(order, offers(order, ("1.35", 9), ("0.95", 9))) != ()
    assert match_arrival(order, offers(order, ("1.34", 9), ("0.95", 9))) == ()


def test_the_thinnest_leg_for_its_ratio_limits_the_size() -> None:
    order = spread(Side.BUY, "9", NEAR, msgspec.structs.replace(FAR, signed_ratio=-2))
    match = match_arrival(order, offers(order, ("1.40", 9), ("0.50", 7)))
    assert [each.quantity for each in match] == [3, 6]


@pytest.mark.parametrize(
    ("order", "shown", "expected"),
    [
        # the bought leg bears what the market would have given
        (spread(Side.BUY, "0.50"), [("1.40", 9), ("0.95", 9)], ["1.45", "0.95"]),
        (spread(Side.SELL, "0.40"), [("1.50", 9), ("0.95", 9)], ["1.50", "1.10"]),
        # all legs sold: the dearest bears it first, and none goes below nothing
        (
            spread(Side.SELL, "0.30", NEAR, Leg(FAR.con_id, 1, "SMART")),
            [("1.00", 9), ("0.50", 9)],
            ["0", "0.30"],
        ),
        # three for two: eight cents are two and four of them do not divide by three
        (
            spread(Side.BUY, "1.08", Leg(NEAR.con_id, 3, "SMART"), Leg(FAR.con_id, -2, "SMART")),
            [("1.00", 9), ("1.00", 9)],
            ["1.02", "0.99"],
        ),
    ],
)
def test_a_resting_combination_gets_its_limit(
    order: BookedOrder, shown: list[tuple[str, int]], expected: list[str]
) -> None:
    match = match_resting(order, offers(order, *shown))
    assert [each.price for each in match] == [Decimal(price) for price in expected]
    assert sum(each.leg.signed_ratio * each.price for each in match) == order.limit
