"""What a fill costs: the broker's published fixed schedule for the United States.

Index options below 10,000 contracts a month by premium (0.65, 0.50 or 0.25 USD), futures 0.85 and
their minis and micros (VXM, MES) 0.25, shares 0.005 a share and at most one per cent of the value;
options and shares at least 1.00 per order. Fees of exchanges and regulators are not in it. The
minimum belongs to the order, not to the fill, so that an order filled in pieces costs what it would
have cost in one; a combination pays per leg.
"""

from decimal import Decimal
from typing import assert_never

from bot.domain.instruments import Future, Option
from bot.domain.money import to_cents
from bot.exchange.reference.products import Stock, Tradable

MINIMUM_PER_ORDER_USD = Decimal("1.00")
_FUTURE_USD = Decimal("0.85")
_SMALL_FUTURE_USD = Decimal("0.25")
_SMALL_FUTURES = frozenset({"VXM", "MES"})
_SHARE_USD = Decimal("0.005")
_MOST_OF_SHARES = Decimal("0.01")

# (lowest premium in points, USD per contract), dearest first
_RATES = (
    (Decimal("0.10"), Decimal("0.65")),
    (Decimal("0.05"), Decimal("0.50")),
    (Decimal(0), Decimal("0.25")),
)


def by_rate_usd(product: Tradable, quantity: int, price: Decimal) -> Decimal:
    """Return what contracts cost before the minimum, in USD."""
    match product:
        case Option():
            rate = next(rate for lowest, rate in _RATES if abs(price) >= lowest)
            return quantity * rate
        case Future():
            return quantity * (
                _SMALL_FUTURE_USD if product.trading_class in _SMALL_FUTURES else _FUTURE_USD
            )
        case Stock():
            return to_cents(quantity * _SHARE_USD)
        case _:
            assert_never(product)


def fill_commission_usd(
    product: Tradable, value_usd: Decimal, by_rate: Decimal, charged_before: Decimal
) -> Decimal:
    """Return what one more fill of an order costs, in USD.

    Args:
        product: What is traded.
        value_usd: What has been traded of it by this order, this fill included.
        by_rate: What that comes to without the minimum.
        charged_before: What the earlier fills were charged.
    """
    if isinstance(product, Future):
        return by_rate - charged_before
    least = max(by_rate, MINIMUM_PER_ORDER_USD)
    if isinstance(product, Stock):
        least = max(min(least, to_cents(value_usd * _MOST_OF_SHARES)), charged_before)
    return least - charged_before


def order_commission_usd(product: Tradable, quantity: int, price: Decimal) -> Decimal:
    """Return what an order costs that is filled whole at one price, in USD."""
    by_rate = by_rate_usd(product, quantity, price)
    value = abs(quantity * price * product.multiplier)
    return fill_commission_usd(product, value, by_rate, Decimal(0))
