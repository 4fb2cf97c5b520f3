"""What a fill costs.

The broker's fixed schedule for US index options below 10,000 contracts a month: by premium, with a
minimum per order. The minimum belongs to the order, not to the fill, so that an order filled in
pieces costs what it would have cost in one.
"""

from decimal import Decimal

MINIMUM_PER_ORDER_USD = Decimal("1.00")

# (lowest premium in points, USD per contract), dearest first
_RATES = (
    (Decimal("0.10"), Decimal("0.65")),
    (Decimal("0.05"), Decimal("0.50")),
    (Decimal(0), Decimal("0.25")),
)


def rate_usd(premium: Decimal) -> Decimal:
    """Return USD per contract at a premium in points."""
    return next(rate for lowest, rate in _RATES if abs(premium) >= lowest)


def fill_commission_usd(
    quantity: int, price: Decimal, *, by_rate_before: Decimal, charged_before: Decimal
) -> Decimal:
    """Return what one more fill of an order costs, in USD.

    Args:
        quantity: Contracts of this fill.
        price: Its price in points.
        by_rate_before: What the earlier fills come to without the minimum.
        charged_before: What they were charged.
    """
    by_rate = by_rate_before + quantity * rate_usd(price)
    return max(by_rate, MINIMUM_PER_ORDER_USD) - charged_before


def order_commission_usd(quantity: int, price: Decimal) -> Decimal:
    """Return what an order costs that is filled whole at one price, in USD."""
    return fill_commission_usd(
        quantity, price, by_rate_before=Decimal(0), charged_before=Decimal(0)
    )
