"""What market data this login may have, and how much of it at once.

Rights are per kind of product, as subscriptions are per exchange at the broker (domain.md section
2). The codes of a refusal or notice are the broker's (domain.md section 3.6):

    rights        live wanted (1, 2)   delayed allowed (3, 4)
    LIVE          live                 live: a client gets the best that it may have
    NOT_BY_API    10089                10167 and delayed data
    DELAYED       354                  10167 and delayed data
    NONE          354                  10186

Where the terminal does not let delayed data through, 10168 stands for 10167. An option whose index
cannot be had live goes on without computations: 10090, or 10091 where it is the API that may not.
"""

from enum import Enum, auto
from typing import NamedTuple, assert_never

import msgspec

from bot.domain.instruments import Future, Index, Option
from bot.exchange.reference.products import Product, Stock

LIVE, FROZEN, DELAYED, DELAYED_FROZEN = 1, 2, 3, 4
"""The kinds of market data, as the wire counts them."""

_NOT_SUBSCRIBED = "Requested market data is not subscribed."
_FOR_API = (
    "Requested market data requires additional subscription for API. "
    "See link in 'Market Data Connections' dialog for more details."
)
_PART = (
    "Part of requested market data is not subscribed. "
    "Subscription-independent ticks are still active."
)
_PART_FOR_API = (
    "Part of requested market data requires additional subscription for API. "
    "See link in 'Market Data Connections' dialog for more details."
)
_AVAILABLE = "Delayed market data is available."


SECURITY_TYPE_OF = {Index: "IND", Future: "FUT", Option: "OPT", Stock: "STK"}
"""The kinds of product by the wire's names."""


class Access(Enum):
    """What a login has of one kind of product."""

    LIVE = auto()
    NOT_BY_API = auto()
    """Live in the terminal, but not for programs."""
    DELAYED = auto()
    NONE = auto()


class Entitlements(msgspec.Struct, frozen=True, kw_only=True):
    """The rights by kind of product; `denied` are the symbols of which there is nothing at all.

    A symbol may be narrowed to one kind, as `VIX:IND`, `VIX:FUT` or `VIX:OPT`.
    """

    index: Access = Access.LIVE
    future: Access = Access.LIVE
    option: Access = Access.LIVE
    stock: Access = Access.LIVE
    denied: frozenset[str] = frozenset()

    def of(self, product: Product) -> Access:
        """Return what this login has of `product`."""
        kind = SECURITY_TYPE_OF[type(product)]
        if not self.denied.isdisjoint({product.symbol, f"{product.symbol}:{kind}"}):
            return Access.NONE
        return self._of_kind(product)

    def of_index(self, symbol: str) -> Access:
        """Return what this login has of the index that options on `symbol` stand on."""
        is_denied = not self.denied.isdisjoint({symbol, f"{symbol}:IND"})
        return Access.NONE if is_denied else self.index

    def _of_kind(self, product: Product) -> Access:
        match product:
            case Index():
                return self.index
            case Future():
                return self.future
            case Option():
                return self.option
            case Stock():
                return self.stock
            case _:
                assert_never(product)


class DataRules(msgspec.Struct, frozen=True, kw_only=True):
    """How much market data a login may have at once, over all clients."""

    max_lines: int = 100
    max_depth_lines: int = 3
    max_tick_streams: int = 5
    """The broker gives one for twenty lines (codes 101, 309 and 10190 beyond)."""
    delayed_enabled: bool = True
    price_computations: bool = True
    """Whether options show computations of bid, ask and last beside that of the model.

    They are most of what a line costs: who plays years in minutes may do without.
    """
    entitlements: Entitlements = Entitlements()


class Admission(NamedTuple):
    """Whether a line is shown, from which feed, and what its client is told of it."""

    is_shown: bool = True
    is_delayed: bool = False
    code: int = 0
    text: str = ""


def admit(access: Access, data_type: int, *, delayed_enabled: bool, name: str) -> Admission:
    """Decide on a request of a client that allows data up to `data_type`."""
    if access is Access.LIVE:
        return Admission()
    if data_type < DELAYED:
        offer = "" if access is Access.NONE else f"{_AVAILABLE}{name}/TOP/ALL"
        if access is Access.NOT_BY_API:
            return Admission(is_shown=False, code=10089, text=f"{_FOR_API}{offer}")
        return Admission(is_shown=False, code=354, text=f"{_NOT_SUBSCRIBED}{offer}")
    not_enabled = f"{_NOT_SUBSCRIBED} Delayed market data is not enabled."
    if access is Access.NONE:
        return Admission(is_shown=False, code=10186, text=not_enabled)
    if not delayed_enabled:
        return Admission(is_shown=False, code=10168, text=not_enabled)
    shown = f"{_NOT_SUBSCRIBED} Displaying delayed market data."
    return Admission(is_delayed=True, code=10167, text=shown)


def partial_notice(of_index: Access, name: str) -> tuple[int, str] | None:
    """Return what is told of an option that is live while its index is not."""
    if of_index is Access.LIVE:
        return None
    offer = "" if of_index is Access.NONE else f"{_AVAILABLE}{name}/TOP/ALL"
    if of_index is Access.NOT_BY_API:
        return 10091, f"{_PART_FOR_API}{offer}"
    return 10090, f"{_PART}{offer}"
