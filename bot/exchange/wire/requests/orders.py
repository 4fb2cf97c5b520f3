"""Requests about: placing, cancelling and listing orders and fills."""

import msgspec

from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.order import WireOrder


class PlaceOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Places an order, or replaces the one with the same order id."""

    contract: WireContract
    order: WireOrder


class CancelOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Cancels one order of this client."""

    order_id: int
    manual_time: str = ""


class RequestGlobalCancel(msgspec.Struct, frozen=True, kw_only=True):
    """Cancels all open orders, whoever placed them."""


class RequestOpenOrders(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for this client's open orders."""


class RequestAllOpenOrders(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for the open orders of all clients."""


class RequestAutoOpenOrders(msgspec.Struct, frozen=True, kw_only=True):
    """Binds future manual orders to client 0."""

    bind: bool


class RequestCompletedOrders(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for orders that are done."""

    api_only: bool


class RequestExecutions(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for fills; an empty (or zero) filter field matches everything."""

    request_id: int
    client_id: int = 0
    account: str = ""
    time: str = ""
    symbol: str = ""
    sec_type: str = ""
    exchange: str = ""
    side: str = ""


class ExerciseOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Exercises (action 1) or lets lapse (2) a held option.

    `override` asks to do so against the broker's own advice.
    """

    request_id: int
    contract: WireContract
    action: int
    quantity: int
    account: str
    override: int
