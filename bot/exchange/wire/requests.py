"""What a client may ask: one frozen struct per request.

Structs only; their place on the wire is data in `bot.exchange.wire.request_fields`. A known request
that this exchange does not serve arrives as `Unsupported`, so that the venue can answer it instead
of falling silent.
"""

from typing import TypeAlias

import msgspec

from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.order import WireOrder


class Handshake(msgspec.Struct, frozen=True, kw_only=True):
    """The client's opening line; the version is already negotiated when this arrives."""

    min_version: int
    max_version: int
    options: str = ""


class StartApi(msgspec.Struct, frozen=True, kw_only=True):
    """The client names itself; from here on other requests are allowed."""

    client_id: int
    optional_capabilities: str = ""


class Unsupported(msgspec.Struct, frozen=True, kw_only=True):
    """A request of the protocol that this exchange does not serve.

    `request_id` is set where the request carries one in a known place.
    """

    message_id: int
    name: str
    request_id: int | None = None


class RequestCurrentTime(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for the server's time."""


class RequestIds(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for the next valid order id."""

    count: int


class RequestManagedAccounts(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for the account list."""


class SetServerLogLevel(msgspec.Struct, frozen=True, kw_only=True):
    """Sets how much the server logs; the exchange takes note and does nothing."""

    level: int


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


class RequestHistoricalData(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for bars; the texts are the wire's own (`1 D`, `5 mins`, ...).

    `date_format` 1 asks for text dates, 2 for epoch seconds. An empty `end` means now.
    """

    request_id: int
    contract: WireContract
    end: str
    bar_size: str
    duration: str
    regular_hours_only: bool
    what_to_show: str
    date_format: int
    keep_up_to_date: bool = False
    options: str = ""


class CancelHistoricalData(msgspec.Struct, frozen=True, kw_only=True):
    """Ends a bar request or its updates."""

    request_id: int


class RequestHeadTimestamp(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for the time of the earliest bar."""

    request_id: int
    contract: WireContract
    regular_hours_only: bool
    what_to_show: str
    date_format: int


class CancelHeadTimestamp(msgspec.Struct, frozen=True, kw_only=True):
    """Withdraws a head-time request."""

    request_id: int


class RequestPositions(msgspec.Struct, frozen=True, kw_only=True):
    """Subscribes to positions of all accounts."""


class CancelPositions(msgspec.Struct, frozen=True, kw_only=True):
    """Ends the positions subscription."""


class RequestPositionsMulti(msgspec.Struct, frozen=True, kw_only=True):
    """Subscribes to positions of one account or model."""

    request_id: int
    account: str
    model_code: str = ""


class CancelPositionsMulti(msgspec.Struct, frozen=True, kw_only=True):
    """Ends one positions subscription."""

    request_id: int


class RequestAccountUpdates(msgspec.Struct, frozen=True, kw_only=True):
    """Starts or (with `subscribe` false) ends account values and portfolio lines."""

    subscribe: bool
    account: str


class RequestAccountUpdatesMulti(msgspec.Struct, frozen=True, kw_only=True):
    """Subscribes to values of one account or model."""

    request_id: int
    account: str
    model_code: str
    ledger_and_nlv: bool


class CancelAccountUpdatesMulti(msgspec.Struct, frozen=True, kw_only=True):
    """Ends one account-values subscription."""

    request_id: int


class RequestAccountSummary(msgspec.Struct, frozen=True, kw_only=True):
    """Subscribes to chosen account values; `tags` is comma separated."""

    request_id: int
    group: str
    tags: str


class CancelAccountSummary(msgspec.Struct, frozen=True, kw_only=True):
    """Ends an account summary."""

    request_id: int


class RequestPnL(msgspec.Struct, frozen=True, kw_only=True):
    """Subscribes to an account's profit and loss."""

    request_id: int
    account: str
    model_code: str


class CancelPnL(msgspec.Struct, frozen=True, kw_only=True):
    """Ends a profit-and-loss subscription."""

    request_id: int


class RequestPnLSingle(msgspec.Struct, frozen=True, kw_only=True):
    """Subscribes to one position's profit and loss."""

    request_id: int
    account: str
    model_code: str
    con_id: int


class CancelPnLSingle(msgspec.Struct, frozen=True, kw_only=True):
    """Ends a position's profit-and-loss subscription."""

    request_id: int


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


Request: TypeAlias = (
    StartApi
    | Unsupported
    | RequestCurrentTime
    | RequestIds
    | RequestManagedAccounts
    | SetServerLogLevel
    | RequestContractDetails
    | RequestMatchingSymbols
    | RequestOptionParameters
    | RequestMarketRule
    | RequestMarketData
    | CancelMarketData
    | RequestMarketDataType
    | RequestHistoricalData
    | CancelHistoricalData
    | RequestHeadTimestamp
    | CancelHeadTimestamp
    | RequestPositions
    | CancelPositions
    | RequestPositionsMulti
    | CancelPositionsMulti
    | RequestAccountUpdates
    | RequestAccountUpdatesMulti
    | CancelAccountUpdatesMulti
    | RequestAccountSummary
    | CancelAccountSummary
    | RequestPnL
    | CancelPnL
    | RequestPnLSingle
    | CancelPnLSingle
    | PlaceOrder
    | CancelOrder
    | RequestGlobalCancel
    | RequestOpenOrders
    | RequestAllOpenOrders
    | RequestAutoOpenOrders
    | RequestCompletedOrders
    | RequestExecutions
)
