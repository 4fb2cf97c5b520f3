"""When stops wake, by trigger method."""

from decimal import Decimal

import msgspec
import pytest

from bot.exchange.market.quote import MarketQuote
from bot.exchange.reference.underlyings import SPY_ID
from bot.exchange.venue.orders import OrderType, Side
from bot.exchange.venue.stops import watch_stop
from tests.support.venue_rig import CALL_15, ORDER, product, quote

BUY = msgspec.structs.replace(ORDER, order_type=OrderType.STOP, limit=None, stop=Decimal("1.20"))
SELL = msgspec.structs.replace(BUY, side=Side.SELL, stop=Decimal("0.90"))


def line(bid: str | None, ask: str | None, last: str | None = None) -> MarketQuote:
    shown = quote(CALL_15, bid, ask)
    return msgspec.structs.replace(shown, last=None if last is None else Decimal(last))


@pytest.mark.parametrize(
    ("method", "shown", "steps"),
    [
        (0, line("1.10", "1.20"), 2),
        (1, line("1.10", "1.20"), 2),
        (2, line("1.10", "1.20"), None),
        (2, line("1.00", "1.10", "1.20"), 1),
        (3, line("1.00", "1.10", "1.20"), 2),
        (4, line("1.10", "1.20"), 1),
        (7, line("1.10", "1.20"), 1),
        (7, line("1.00", "1.10", "1.20"), 1),
        (8, line("1.15", "1.25"), 1),
        (8, line("1.10", "1.25"), None),
        (8, line(None, "1.25"), None),
    ],
)
def test_a_buy_wakes_by_its_method(method: int, shown: MarketQuote, steps: int | None) -> None:
    """At the ask, at the last price or in the middle; the double methods at the second step."""
    order = msgspec.structs.replace(BUY, trigger_method=method)
    woke = None
    for step in (1, 2):
        order = watch_stop(order, product(CALL_15), shown)
        if order.triggered:
            woke = woke or step
    assert woke == steps


def test_a_sell_looks_at_the_bid() -> None:
    order = msgspec.structs.replace(SELL, trigger_method=4)
    assert not watch_stop(order, product(CALL_15), line("0.91", "0.95")).triggered
    assert watch_stop(order, product(CALL_15), line("0.90", "0.95")).triggered


def test_a_share_wakes_at_the_last_price() -> None:
    assert watch_stop(BUY, product(SPY_ID), line("1.00", "1.10", "1.21")).triggered
    assert not watch_stop(BUY, product(SPY_ID), line("1.20", "1.30", "1.19")).triggered
