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
    ReplaceAdvisorConfiguration,
    RequestAccountSummary,
    RequestAccountUpdates,
    RequestAccountUpdatesMulti,
    RequestAdvisorConfiguration,
    RequestFamilyCodes,
    RequestPnL,
    RequestPnLSingle,
    RequestPositions,
    RequestPositionsMulti,
    RequestSoftDollarTiers,
)
from bot.exchange.wire.requests.display_groups import (
    QueryDisplayGroups,
    SubscribeToDisplayGroup,
    UnsubscribeFromDisplayGroup,
    UpdateDisplayGroup,
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
from bot.exchange.wire.requests.news import (
    CancelFundamentalData,
    CancelNewsBulletins,
    CancelWshEventData,
    CancelWshMetaData,
    RequestFundamentalData,
    RequestHistoricalNews,
    RequestNewsArticle,
    RequestNewsBulletins,
    RequestNewsProviders,
    RequestWshEventData,
    RequestWshMetaData,
)
from bot.exchange.wire.requests.orders import (
    CancelOrder,
    ExerciseOptions,
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
    RequestMarketDepthExchanges,
    RequestMarketRule,
    RequestMatchingSymbols,
    RequestOptionParameters,
    RequestSmartComponents,
)
from bot.exchange.wire.requests.scanner import (
    CancelScanner,
    RequestScanner,
    RequestScannerParameters,
)
from bot.exchange.wire.requests.session import (
    Handshake,
    RequestCurrentTime,
    RequestIds,
    RequestManagedAccounts,
    RequestUserInfo,
    SetServerLogLevel,
    StartApi,
    Unsupported,
    VerifyAndAuthMessage,
    VerifyAndAuthRequest,
    VerifyMessage,
    VerifyRequest,
)

Request: TypeAlias = (
    StartApi
    | Unsupported
    | RequestCurrentTime
    | RequestIds
    | RequestManagedAccounts
    | SetServerLogLevel
    | RequestUserInfo
    | VerifyRequest
    | VerifyMessage
    | VerifyAndAuthRequest
    | VerifyAndAuthMessage
    | RequestContractDetails
    | RequestMatchingSymbols
    | RequestOptionParameters
    | RequestMarketRule
    | RequestSmartComponents
    | RequestMarketDepthExchanges
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
    | RequestFamilyCodes
    | RequestSoftDollarTiers
    | RequestAdvisorConfiguration
    | ReplaceAdvisorConfiguration
    | PlaceOrder
    | CancelOrder
    | RequestGlobalCancel
    | RequestOpenOrders
    | RequestAllOpenOrders
    | RequestAutoOpenOrders
    | RequestCompletedOrders
    | RequestExecutions
    | ExerciseOptions
    | RequestNewsBulletins
    | CancelNewsBulletins
    | RequestNewsProviders
    | RequestNewsArticle
    | RequestHistoricalNews
    | RequestFundamentalData
    | CancelFundamentalData
    | RequestWshMetaData
    | CancelWshMetaData
    | RequestWshEventData
    | CancelWshEventData
    | RequestScannerParameters
    | RequestScanner
    | CancelScanner
    | QueryDisplayGroups
    | SubscribeToDisplayGroup
    | UpdateDisplayGroup
    | UnsubscribeFromDisplayGroup
)

__all__ = [
    "CancelAccountSummary",
    "CancelAccountUpdatesMulti",
    "CancelFundamentalData",
    "CancelHeadTimestamp",
    "CancelHistoricalData",
    "CancelMarketData",
    "CancelNewsBulletins",
    "CancelOrder",
    "CancelPnL",
    "CancelPnLSingle",
    "CancelPositions",
    "CancelPositionsMulti",
    "CancelScanner",
    "CancelWshEventData",
    "CancelWshMetaData",
    "ExerciseOptions",
    "Handshake",
    "PlaceOrder",
    "QueryDisplayGroups",
    "ReplaceAdvisorConfiguration",
    "Request",
    "RequestAccountSummary",
    "RequestAccountUpdates",
    "RequestAccountUpdatesMulti",
    "RequestAdvisorConfiguration",
    "RequestAllOpenOrders",
    "RequestAutoOpenOrders",
    "RequestCompletedOrders",
    "RequestContractDetails",
    "RequestCurrentTime",
    "RequestExecutions",
    "RequestFamilyCodes",
    "RequestFundamentalData",
    "RequestGlobalCancel",
    "RequestHeadTimestamp",
    "RequestHistoricalData",
    "RequestHistoricalNews",
    "RequestIds",
    "RequestManagedAccounts",
    "RequestMarketData",
    "RequestMarketDataType",
    "RequestMarketDepthExchanges",
    "RequestMarketRule",
    "RequestMatchingSymbols",
    "RequestNewsArticle",
    "RequestNewsBulletins",
    "RequestNewsProviders",
    "RequestOpenOrders",
    "RequestOptionParameters",
    "RequestPnL",
    "RequestPnLSingle",
    "RequestPositions",
    "RequestPositionsMulti",
    "RequestScanner",
    "RequestScannerParameters",
    "RequestSmartComponents",
    "RequestSoftDollarTiers",
    "RequestUserInfo",
    "RequestWshEventData",
    "RequestWshMetaData",
    "SetServerLogLevel",
    "StartApi",
    "SubscribeToDisplayGroup",
    "UnsubscribeFromDisplayGroup",
    "Unsupported",
    "UpdateDisplayGroup",
    "VerifyAndAuthMessage",
    "VerifyAndAuthRequest",
    "VerifyMessage",
    "VerifyRequest",
]
