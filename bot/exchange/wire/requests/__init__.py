"""What a client may ask: one frozen struct per request.

Structs only; their place on the wire is data in `bot.exchange.wire.request_fields`. A known request
that this exchange does not serve arrives as `Unsupported`, so that the venue can answer it instead
of falling silent.
"""

from typing import TypeAlias

from bot.exchange.wire.requests.account import (
    CancelAccountSummary,
    CancelAccountUpdatesMulti,
    CancelPnL,
    CancelPnLSingle,
    CancelPositions,
    CancelPositionsMulti,
    RequestAccountSummary,
    RequestAccountUpdates,
    RequestAccountUpdatesMulti,
    RequestPnL,
    RequestPnLSingle,
    RequestPositions,
    RequestPositionsMulti,
)
from bot.exchange.wire.requests.history import (
    CancelHeadTimestamp,
    CancelHistoricalData,
    RequestHeadTimestamp,
    RequestHistoricalData,
)
from bot.exchange.wire.requests.market_data import (
    CancelMarketData,
    RequestMarketData,
    RequestMarketDataType,
)
from bot.exchange.wire.requests.orders import (
    CancelOrder,
    PlaceOrder,
    RequestAllOpenOrders,
    RequestAutoOpenOrders,
    RequestCompletedOrders,
    RequestExecutions,
    RequestGlobalCancel,
    RequestOpenOrders,
)
from bot.exchange.wire.requests.reference import (
    RequestContractDetails,
    RequestMarketRule,
    RequestMatchingSymbols,
    RequestOptionParameters,
)
from bot.exchange.wire.requests.session import (
    Handshake,
    RequestCurrentTime,
    RequestIds,
    RequestManagedAccounts,
    SetServerLogLevel,
    StartApi,
    Unsupported,
)

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

__all__ = [
    "CancelAccountSummary",
    "CancelAccountUpdatesMulti",
    "CancelHeadTimestamp",
    "CancelHistoricalData",
    "CancelMarketData",
    "CancelOrder",
    "CancelPnL",
    "CancelPnLSingle",
    "CancelPositions",
    "CancelPositionsMulti",
    "Handshake",
    "PlaceOrder",
    "Request",
    "RequestAccountSummary",
    "RequestAccountUpdates",
    "RequestAccountUpdatesMulti",
    "RequestAllOpenOrders",
    "RequestAutoOpenOrders",
    "RequestCompletedOrders",
    "RequestContractDetails",
    "RequestCurrentTime",
    "RequestExecutions",
    "RequestGlobalCancel",
    "RequestHeadTimestamp",
    "RequestHistoricalData",
    "RequestIds",
    "RequestManagedAccounts",
    "RequestMarketData",
    "RequestMarketDataType",
    "RequestMarketRule",
    "RequestMatchingSymbols",
    "RequestOpenOrders",
    "RequestOptionParameters",
    "RequestPnL",
    "RequestPnLSingle",
    "RequestPositions",
    "RequestPositionsMulti",
    "SetServerLogLevel",
    "StartApi",
    "Unsupported",
]
