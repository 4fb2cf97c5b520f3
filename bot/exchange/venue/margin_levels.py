"""The market levels that a margin depends on."""

from datetime import datetime
from decimal import Decimal

import msgspec


class Levels(msgspec.Struct, frozen=True, kw_only=True):
    """Where the underlyings stand, in points, None where unknown.

    `vix` is the yearly volatility of the S&P 500 in percent and `vvix` that of the one-month VIX
    future; `at` is the instant, from which futures count their days to settlement.
    """

    at: datetime | None = None
    spx: Decimal | None = None
    vix: Decimal | None = None
    vvix: Decimal | None = None

    def underlying(self, symbol: str) -> Decimal | None:
        """Return the level of the index that contracts of `symbol` are written on."""
        return self.vix if symbol in _ON_VIX else self.spx


_ON_VIX = frozenset({"VIX", "VXM"})
