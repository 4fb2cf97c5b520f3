"""Numbers as the client library hands them over, and what they mean.

Everything arrives as a binary float. A price is taken by its shortest decimal spelling, which is
what the broker sent, so that no 3.4499999 reaches a price grid. Unset numbers have several marks:
-1 for prices and sizes, -2 for greeks, the largest double, nan (domain.md section 1.6).
"""

from decimal import Decimal
from functools import lru_cache

_UNSET = 1e300
"""Any larger magnitude is the mark of an unset double (1.797e308)."""


def is_set(number: float) -> bool:
    """Tell whether `number` is one, and not a mark for its absence; a minus sign may be real."""
    return -_UNSET < number < _UNSET


@lru_cache(maxsize=8192)
def exact(number: float) -> Decimal:
    """Return the shortest decimal that reads as `number`: 3.45 for 3.45, 12 for 12.0.

    Raises:
        ValueError: `number` is unset.
    """
    if not is_set(number):
        raise ValueError(f"{number} is no number the broker meant")
    return Decimal(int(number)) if number.is_integer() else Decimal(repr(number))


def price_or_none(number: float) -> Decimal | None:
    """Return a quoted price, None for any mark of absence; no outright contract quotes below 0."""
    return exact(number) if 0 <= number < _UNSET else None


def size_or_none(number: float) -> int | None:
    """Return a quoted size in contracts, None for nothing."""
    return int(number) if 0 < number < _UNSET else None


def whole(number: float, what: str) -> int:
    """Return a count of contracts.

    Raises:
        ValueError: `number` is unset or has a fraction, which we have no way to hold.
    """
    if not is_set(number) or not float(number).is_integer():
        raise ValueError(f"{what} must be a whole number of contracts, not {number}")
    return int(number)
