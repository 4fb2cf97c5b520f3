"""What a client may ask: one frozen struct per request.

Structs only; their place on the wire is data in `bot.exchange.wire.request_fields`.
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
    CancelHistogramData,
    CancelHistoricalData,
    RequestHeadTimestamp,
    RequestHistogramData,
    RequestHistoricalData,
    RequestHistoricalTicks,
)
from bot.exchange.wire.requests.market_data import (
    CalculateImpliedVolatility,
    CalculateOptionPrice,
    CancelCalculateImpliedVolatility,
    CancelCalculateOptionPrice,
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
    VerifyAndAuthMessage,
    VerifyAndAuthRequest,
    VerifyMessage,
    VerifyRequest,
)
from bot.exchange.wire.requests.streams import (
    CancelMarketDepth,
    CancelRealTimeBars,
    CancelTickByTick,
    RequestMarketDepth,
    RequestRealTimeBars,
    RequestTickByTick,
)

Request: TypeAlias = (
    StartApi
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
    | CancelHistogramData
    | RequestHistogramData
    | RequestHistoricalTicks
    | CalculateImpliedVolatility
    | CalculateOptionPrice
    | CancelCalculateImpliedVolatility
    | CancelCalculateOptionPrice
    | CancelMarketDepth
    | CancelRealTimeBars
    | CancelTickByTick
    | RequestMarketDepth
    | RequestRealTimeBars
    | RequestTickByTick
)

__all__ = [
    "CalculateImpliedVolatility",
    "CalculateOptionPrice",
    "CancelAccountSummary",
    "CancelAccountUpdatesMulti",
    "CancelCalculateImpliedVolatility",
    "CancelCalculateOptionPrice",
    "CancelFundamentalData",
    "CancelHeadTimestamp",
    "CancelHistogramData",
    "CancelHistoricalData",
    "CancelMarketData",
    "CancelMarketDepth",
    "CancelNewsBulletins",
    "CancelOrder",
    "CancelPnL",
    "CancelPnLSingle",
    "CancelPositions",
    "CancelPositionsMulti",
    "CancelRealTimeBars",
    "CancelScanner",
    "CancelTickByTick",
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
    "RequestHistogramData",
    "RequestHistoricalData",
    "RequestHistoricalNews",
    "RequestHistoricalTicks",
    "RequestIds",
    "RequestManagedAccounts",
    "RequestMarketData",
    "RequestMarketDataType",
    "RequestMarketDepth",
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
    "RequestRealTimeBars",
    "RequestScanner",
    "RequestScannerParameters",
    "RequestSmartComponents",
    "RequestSoftDollarTiers",
    "RequestTickByTick",
    "RequestUserInfo",
    "RequestWshEventData",
    "RequestWshMetaData",
    "SetServerLogLevel",
    "StartApi",
    "SubscribeToDisplayGroup",
    "UnsubscribeFromDisplayGroup",
    "UpdateDisplayGroup",
    "VerifyAndAuthMessage",
    "VerifyAndAuthRequest",
    "VerifyMessage",
    "VerifyRequest",
]
