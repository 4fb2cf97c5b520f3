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
    PnL,
    PnLSingle,
    PortfolioValue,
    Position,
    PositionEnd,
    PositionMulti,
    PositionMultiEnd,
)
from bot.exchange.wire.replies.history import (
    HeadTimestamp,
    HistoricalData,
    HistoricalDataUpdate,
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
from bot.exchange.wire.replies.orders import (
    CommissionReport,
    CompletedOrder,
    CompletedOrdersEnd,
    ExecDetails,
    ExecDetailsEnd,
    OpenOrder,
    OpenOrderEnd,
    OrderStatus,
)
from bot.exchange.wire.replies.reference import (
    ContractDetails,
    ContractDetailsEnd,
    MarketRule,
    OptionParameters,
    OptionParametersEnd,
    PriceIncrement,
    SymbolSample,
    SymbolSamples,
)
from bot.exchange.wire.replies.session import (
    NO_REQUEST,
    CurrentTime,
    ErrorMessage,
    Hello,
    ManagedAccounts,
    NextValidId,
)

Tick: TypeAlias = TickPrice | TickSize | TickString | TickGeneric | TickOptionComputation

Reply: TypeAlias = (
    Hello
    | ManagedAccounts
    | NextValidId
    | ErrorMessage
    | CurrentTime
    | ContractDetails
    | ContractDetailsEnd
    | SymbolSamples
    | OptionParameters
    | OptionParametersEnd
    | MarketRule
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
    | OpenOrder
    | OpenOrderEnd
    | OrderStatus
    | ExecDetails
    | ExecDetailsEnd
    | CommissionReport
    | CompletedOrder
    | CompletedOrdersEnd
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
    "ErrorMessage",
    "ExecDetails",
    "ExecDetailsEnd",
    "HeadTimestamp",
    "Hello",
    "HistoricalData",
    "HistoricalDataUpdate",
    "ManagedAccounts",
    "MarketDataType",
    "MarketRule",
    "NextValidId",
    "OpenOrder",
    "OpenOrderEnd",
    "OptionParameters",
    "OptionParametersEnd",
    "OrderStatus",
    "PnL",
    "PnLSingle",
    "PortfolioValue",
    "Position",
    "PositionEnd",
    "PositionMulti",
    "PositionMultiEnd",
    "PriceIncrement",
    "Reply",
    "SymbolSample",
    "SymbolSamples",
    "Tick",
    "TickGeneric",
    "TickOptionComputation",
    "TickPrice",
    "TickRequestParameters",
    "TickSize",
    "TickSnapshotEnd",
    "TickString",
    "WireBar",
]
