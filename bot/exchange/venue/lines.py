"""One market-data line: what it is of, what its client may see, and what was last told on it."""

from datetime import datetime

import msgspec

from bot.domain.instruments import ConId, Option
from bot.exchange.market.quote import MarketQuote
from bot.exchange.reference.products import Product
from bot.exchange.venue.computations import Computations
from bot.exchange.venue.contracts import ResolvedLeg
from bot.exchange.venue.data_rules import LIVE
from bot.exchange.wire.replies import Tick


class Line(msgspec.Struct, kw_only=True):
    """A line, streaming or a snapshot that waits.

    `product` is None for a combination, which has `legs` instead. `data_type` is what the client
    allowed when it asked; `is_delayed` says that it may not have live data. `ends_at` is set for a
    snapshot: it ends then at the latest.
    """

    request_id: int
    con_id: ConId
    product: Product | None = None
    legs: tuple[ResolvedLeg, ...] = ()
    data_type: int = LIVE
    is_delayed: bool = False
    has_top: bool = True
    has_computations: bool = True
    generics: frozenset[int] = frozenset()
    ends_at: datetime | None = None
    told: MarketQuote | None = None
    told_type: int = 0
    told_computations: Computations | None = None
    told_generics: dict[int, Tick] = msgspec.field(default_factory=dict)
    generics_due: datetime | None = None

    @property
    def con_ids(self) -> tuple[ConId, ...]:
        """The contracts whose prices the line shows."""
        if self.product is not None:
            return (self.product.con_id,)
        return tuple(leg.product.con_id for leg in self.legs)

    @property
    def option(self) -> Option | None:
        """The option that computations are shown of."""
        shown = isinstance(self.product, Option) and self.has_computations and self.has_top
        return self.product if shown and isinstance(self.product, Option) else None
