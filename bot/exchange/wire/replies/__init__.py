"""What the server may say: one frozen struct per message.

Structs only; their place on the wire is data in `bot.exchange.wire.reply_fields`, and the hot ones
are spelled out in `bot.exchange.wire.ticks`. `None` is the wire's unset number everywhere. Times
are wire text, since their form depends on the request and on the zone the venue keeps.
"""

from typing import TypeAlias

from bot.exchange.wire.replies.account import (
    AccountDownloadEnd,
    AccountSummary,
    AccountSummaryEnd,
    AccountUpdateMulti,
    AccountUpdateMultiEnd,
    AccountUpdateTime,
    AccountValue,
    FamilyCode,
    FamilyCodes,
    PnL,
    PnLSingle,
    PortfolioValue,
    Position,
    PositionEnd,
    PositionMulti,
    PositionMultiEnd,
    SoftDollarTier,
    SoftDollarTiers,
)
from bot.exchange.wire.replies.display_groups import (
    DisplayGroups,
    DisplayGroupUpdated,
)
from bot.exchange.wire.replies.history import (
    HeadTimestamp,
    HistogramData,
    HistoricalData,
    HistoricalDataUpdate,
    HistoricalSchedule,
    HistoricalTicks,
    HistoricalTicksBidAsk,
    HistoricalTicksLast,
    PastBidAsk,
    PastTick,
    PastTrade,
    PriceCount,
    ScheduledSession,
    WireBar,
)
from bot.exchange.wire.replies.market_data import (
    MarketDataType,
    TickGeneric,
    TickOptionComputation,
    TickPrice,
    TickRequestParameters,
    TickSize,
    TickSnapshotEnd,
    TickString,
)
from bot.exchange.wire.replies.news import (
    HistoricalNewsEnd,
    NewsProvider,
    NewsProviders,
)
from bot.exchange.wire.replies.orders import (
    CommissionReport,
    CompletedOrder,
    CompletedOrdersEnd,
    ExecDetails,
    ExecDetailsEnd,
    OpenOrder,
    OpenOrderEnd,
    OrderBound,
    OrderStatus,
)
from bot.exchange.wire.replies.reference import (
    ContractDetails,
    ContractDetailsEnd,
    DepthExchange,
    MarketDepthExchanges,
    MarketRule,
    OptionParameters,
    OptionParametersEnd,
    PriceIncrement,
    SmartComponent,
    SmartComponents,
    SymbolSample,
    SymbolSamples,
)
from bot.exchange.wire.replies.scanner import (
    ScannerData,
    ScannerParameters,
)
from bot.exchange.wire.replies.session import (
    NO_REQUEST,
    CurrentTime,
    ErrorMessage,
    Hello,
    ManagedAccounts,
    NextValidId,
    UserInfo,
    VerifyAndAuthCompleted,
    VerifyCompleted,
)
from bot.exchange.wire.replies.streams import (
    MarketDepth,
    MarketDepthL2,
    RealTimeBar,
    TickByTickBidAsk,
    TickByTickMidPoint,
    TickByTickTrade,
)

Tick: TypeAlias = TickPrice | TickSize | TickString | TickGeneric | TickOptionComputation

Reply: TypeAlias = (
    Hello
    | ManagedAccounts
    | NextValidId
    | ErrorMessage
    | CurrentTime
    | UserInfo
    | VerifyCompleted
    | VerifyAndAuthCompleted
    | ContractDetails
    | ContractDetailsEnd
    | SymbolSamples
    | OptionParameters
    | OptionParametersEnd
    | MarketRule
    | SmartComponents
    | MarketDepthExchanges
    | MarketDataType
    | TickPrice
    | TickSize
    | TickString
    | TickGeneric
    | TickOptionComputation
    | TickSnapshotEnd
    | TickRequestParameters
    | HistoricalData
    | HistoricalDataUpdate
    | HeadTimestamp
    | Position
    | PositionEnd
    | PositionMulti
    | PositionMultiEnd
    | AccountValue
    | PortfolioValue
    | AccountUpdateTime
    | AccountDownloadEnd
    | AccountSummary
    | AccountSummaryEnd
    | AccountUpdateMulti
    | AccountUpdateMultiEnd
    | PnL
    | PnLSingle
    | FamilyCodes
    | SoftDollarTiers
    | OpenOrder
    | OpenOrderEnd
    | OrderStatus
    | ExecDetails
    | ExecDetailsEnd
    | CommissionReport
    | CompletedOrder
    | CompletedOrdersEnd
    | OrderBound
    | NewsProviders
    | HistoricalNewsEnd
    | ScannerParameters
    | ScannerData
    | DisplayGroups
    | DisplayGroupUpdated
    | HistogramData
    | HistoricalSchedule
    | HistoricalTicks
    | HistoricalTicksBidAsk
    | HistoricalTicksLast
    | MarketDepth
    | MarketDepthL2
    | RealTimeBar
    | TickByTickBidAsk
    | TickByTickMidPoint
    | TickByTickTrade
)

__all__ = [
    "NO_REQUEST",
    "AccountDownloadEnd",
    "AccountSummary",
    "AccountSummaryEnd",
    "AccountUpdateMulti",
    "AccountUpdateMultiEnd",
    "AccountUpdateTime",
    "AccountValue",
    "CommissionReport",
    "CompletedOrder",
    "CompletedOrdersEnd",
    "ContractDetails",
    "ContractDetailsEnd",
    "CurrentTime",
    "DepthExchange",
    "DisplayGroupUpdated",
    "DisplayGroups",
    "ErrorMessage",
    "ExecDetails",
    "ExecDetailsEnd",
    "FamilyCode",
    "FamilyCodes",
    "HeadTimestamp",
    "Hello",
    "HistogramData",
    "HistoricalData",
    "HistoricalDataUpdate",
    "HistoricalNewsEnd",
    "HistoricalSchedule",
    "HistoricalTicks",
    "HistoricalTicksBidAsk",
    "HistoricalTicksLast",
    "ManagedAccounts",
    "MarketDataType",
    "MarketDepth",
    "MarketDepthExchanges",
    "MarketDepthL2",
    "MarketRule",
    "NewsProvider",
    "NewsProviders",
    "NextValidId",
    "OpenOrder",
    "OpenOrderEnd",
    "OptionParameters",
    "OptionParametersEnd",
    "OrderBound",
    "OrderStatus",
    "PastBidAsk",
    "PastTick",
    "PastTrade",
    "PnL",
    "PnLSingle",
    "PortfolioValue",
    "Position",
    "PositionEnd",
    "PositionMulti",
    "PositionMultiEnd",
    "PriceCount",
    "PriceIncrement",
    "RealTimeBar",
    "Reply",
    "ScannerData",
    "ScannerParameters",
    "ScheduledSession",
    "SmartComponent",
    "SmartComponents",
    "SoftDollarTier",
    "SoftDollarTiers",
    "SymbolSample",
    "SymbolSamples",
    "Tick",
    "TickByTickBidAsk",
    "TickByTickMidPoint",
    "TickByTickTrade",
    "TickGeneric",
    "TickOptionComputation",
    "TickPrice",
    "TickRequestParameters",
    "TickSize",
    "TickSnapshotEnd",
    "TickString",
    "UserInfo",
    "VerifyAndAuthCompleted",
    "VerifyCompleted",
    "WireBar",
]
