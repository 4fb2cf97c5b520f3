"""Requests about: what is listed and by which rules it trades."""

import msgspec

from bot.exchange.wire.contract import WireContract


class RequestContractDetails(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for all contracts that match a pattern contract."""

    request_id: int
    contract: WireContract


class RequestMatchingSymbols(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for symbols that start like `pattern`."""

    request_id: int
    pattern: str


class RequestOptionParameters(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for an underlying's expirations and strikes (reqSecDefOptParams)."""

    request_id: int
    symbol: str
    future_option_exchange: str
    sec_type: str
    con_id: int


class RequestMarketRule(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for a price-increment table."""

    rule_id: int


class RequestSmartComponents(msgspec.Struct, frozen=True, kw_only=True):
    """Asks which exchanges the letters of a best quote stand for."""

    request_id: int
    bbo_exchange: str


class RequestMarketDepthExchanges(msgspec.Struct, frozen=True, kw_only=True):
    """Asks which exchanges show an order book."""
