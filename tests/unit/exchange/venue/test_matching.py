"""When an order trades: arriving at the far side's price, resting at its own limit."""

from decimal import Decimal

import msgspec
import pytest

from bot.exchange.market.quote import MarketQuote
from bot.exchange.venue.matching import FarSide, Match, far_side, match_arrival, match_resting
from bot.exchange.venue.orders import Side
from tests.support.venue_rig import CALL_15, ORDER, quote

SELL = msgspec.structs.replace(ORDER, side=Side.SELL)


def far(price: str, size: int = 10) -> FarSide:
    return FarSide(Decimal(price), size)


def test_a_buy_meets_the_ask_and_a_sell_the_bid() -> None:
    line = quote(CALL_15, "1.00", "1.10", 7)
    assert far_side(Side.BUY, line) == far("1.10", 7)
    assert far_side(Side.SELL, line) == far("1.00", 7)


@pytest.mark.parametrize(
    "line", [quote(CALL_15), quote(CALL_15, None, "0"), quote(CALL_15, None, "1", 0)]
)
def test_nobody_is_met_where_no_price_or_size_stands(line: MarketQuote) -> None:
    assert far_side(Side.BUY, line) is None
    assert far_side(Side.SELL, line) is None


def test_an_arriving_order_gets_the_better_price() -> None:
    assert match_arrival(ORDER, far("0.90"), 0) == Match(5, Decimal("0.90"))
    assert match_arrival(SELL, far("1.20"), 0) == Match(5, Decimal("1.20"))


def test_a_resting_order_gets_its_limit_and_no_better() -> None:
    assert match_resting(ORDER, far("0.90"), 0) == Match(5, Decimal("1.00"))
    assert match_resting(SELL, far("1.20"), 0) == Match(5, Decimal("1.00"))


def test_an_order_away_from_the_market_does_not_trade() -> None:
    assert match_arrival(ORDER, far("1.01"), 0) is None
    assert match_resting(SELL, far("0.99"), 0) is None
    assert match_arrival(ORDER, None, 0) is None
    assert match_resting(ORDER, None, 0) is None


def test_only_what_is_shown_and_not_yet_taken_trades() -> None:
    assert match_arrival(ORDER, far("1.00", 3), 0) == Match(3, Decimal("1.00"))
    assert match_arrival(ORDER, far("1.00", 3), 2) == Match(1, Decimal("1.00"))
    assert match_arrival(ORDER, far("1.00", 3), 4) is None
