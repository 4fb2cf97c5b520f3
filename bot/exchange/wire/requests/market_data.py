"""Requests about: prices as they come."""

import msgspec

from bot.exchange.wire.contract import WireContract


class RequestMarketData(msgspec.Struct, frozen=True, kw_only=True):
    """Opens a streaming line, or asks for one snapshot."""

    request_id: int
    contract: WireContract
    generic_ticks: str = ""
    snapshot: bool = False
    regulatory_snapshot: bool = False
    options: str = ""


class CancelMarketData(msgspec.Struct, frozen=True, kw_only=True):
    """Closes a streaming line."""

    request_id: int


class RequestMarketDataType(msgspec.Struct, frozen=True, kw_only=True):
    """Chooses live (1), frozen (2), delayed (3) or delayed frozen (4) data."""

    data_type: int


class CalculateImpliedVolatility(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for the volatility at which an option has a price, with its underlying at another."""

    request_id: int
    contract: WireContract
    option_price: float
    under_price: float
    options: str = ""


class CalculateOptionPrice(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for what an option is worth at a volatility, with its underlying at a price."""

    request_id: int
    contract: WireContract
    volatility: float
    under_price: float
    options: str = ""


class CancelCalculateImpliedVolatility(msgspec.Struct, frozen=True, kw_only=True):
    """Withdraws a calculation."""

    request_id: int


class CancelCalculateOptionPrice(msgspec.Struct, frozen=True, kw_only=True):
    """Withdraws a calculation."""

    request_id: int
