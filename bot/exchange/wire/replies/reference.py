"""Replies about: what is listed and by which rules it trades."""

from decimal import Decimal

import msgspec

from bot.exchange.wire.contract import WireContractDetails


class ContractDetails(msgspec.Struct, frozen=True, kw_only=True):
    """One contract that matched."""

    request_id: int
    details: WireContractDetails


class ContractDetailsEnd(msgspec.Struct, frozen=True, kw_only=True):
    """No more contracts."""

    request_id: int


class SymbolSample(msgspec.Struct, frozen=True, kw_only=True):
    """One match of a symbol search."""

    con_id: int
    symbol: str
    sec_type: str
    primary_exchange: str
    currency: str
    derivative_sec_types: tuple[str, ...] = ()
    description: str = ""
    issuer_id: str = ""


class SymbolSamples(msgspec.Struct, frozen=True, kw_only=True):
    """All matches of a symbol search."""

    request_id: int
    samples: tuple[SymbolSample, ...]


class OptionParameters(msgspec.Struct, frozen=True, kw_only=True):
    """Expirations (`yyyymmdd`) and strikes of one trading class on one exchange."""

    request_id: int
    exchange: str
    under_con_id: int
    trading_class: str
    multiplier: str
    expirations: tuple[str, ...]
    strikes: tuple[float, ...]


class OptionParametersEnd(msgspec.Struct, frozen=True, kw_only=True):
    """No more option parameters."""

    request_id: int


class PriceIncrement(msgspec.Struct, frozen=True, kw_only=True):
    """From `low_edge` on prices move in steps of `increment`."""

    low_edge: Decimal
    increment: Decimal


class MarketRule(msgspec.Struct, frozen=True, kw_only=True):
    """A price-increment table, lowest edge first."""

    rule_id: int
    increments: tuple[PriceIncrement, ...]


class SmartComponent(msgspec.Struct, frozen=True, kw_only=True):
    """One bit of a best quote's exchange mask, the exchange and its letter."""

    bit_number: int
    exchange: str
    letter: str


class SmartComponents(msgspec.Struct, frozen=True, kw_only=True):
    """All exchanges that may take part in a best quote."""

    request_id: int
    components: tuple[SmartComponent, ...]


class DepthExchange(msgspec.Struct, frozen=True, kw_only=True):
    """One exchange that shows an order book.

    `service` is `Deep` or `Deep2`, where the latter names the makers; `aggregate_group` -1 is none.
    """

    exchange: str
    sec_type: str
    listing_exchange: str = ""
    service: str = "Deep"
    aggregate_group: int = -1


class MarketDepthExchanges(msgspec.Struct, frozen=True, kw_only=True):
    """All exchanges that show an order book."""

    exchanges: tuple[DepthExchange, ...]
