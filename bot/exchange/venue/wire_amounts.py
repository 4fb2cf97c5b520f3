"""Amounts as replies carry them."""

from decimal import Decimal

_DIGITS = Decimal("0.00000001")


def plain(amount: Decimal | int) -> Decimal:
    """Return `amount` with a bounded number of digits: an average rarely comes out even."""
    return Decimal(amount).quantize(_DIGITS).normalize() + 0


def floating(amount: Decimal | None) -> float | None:
    """Return `amount` as the wire's unbounded number, None where it is unknown."""
    return None if amount is None else float(amount)
