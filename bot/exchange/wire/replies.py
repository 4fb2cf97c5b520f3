"""What the server may say: one frozen struct per message.

Structs only; their place on the wire is data in `bot.exchange.wire.reply_fields`, and the hot ones
are spelled out in `bot.exchange.wire.ticks`. `None` is the wire's unset number everywhere. Times
are wire text, since their form depends on the request and on the zone the venue keeps.
"""

from decimal import Decimal
from typing import TypeAlias

import msgspec

from bot.exchange.wire.contract import WireContract, WireContractDetails
from bot.exchange.wire.order import WireExecution, WireOrder, WireOrderState

NO_REQUEST = -1


class Hello(msgspec.Struct, frozen=True, kw_only=True):
    """Ends the handshake: the negotiated version and the connection time as text."""

    connection_time: str


class ManagedAccounts(msgspec.Struct, frozen=True, kw_only=True):
    """The accounts this login may trade."""

    accounts: tuple[str, ...]


class NextValidId(msgspec.Struct, frozen=True, kw_only=True):
    """The lowest order id not yet used."""

    order_id: int


class ErrorMessage(msgspec.Struct, frozen=True, kw_only=True):
    """An error or notice; `request_id` is the request or order it belongs to, -1 for none."""

    request_id: int = NO_REQUEST
    code: int
    text: str
    advanced_reject_json: str = ""


class CurrentTime(msgspec.Struct, frozen=True, kw_only=True):
    """The server's time in epoch seconds."""

    epoch_seconds: int


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


class MarketDataType(msgspec.Struct, frozen=True, kw_only=True):
    """Which kind of data a line now carries (1 live ... 4 delayed frozen)."""

    request_id: int
    data_type: int


class TickPrice(msgspec.Struct, frozen=True, kw_only=True):
    """A price with its size; `price` `None` means that there is none.

    `attributes` is a bit mask: 1 can auto-execute, 2 past limit, 4 pre-open.
    """

    request_id: int
    tick_type: int
    price: Decimal | None
    size: Decimal = Decimal(0)
    attributes: int = 0


class TickSize(msgspec.Struct, frozen=True, kw_only=True):
    """A size alone."""

    request_id: int
    tick_type: int
    size: Decimal


class TickString(msgspec.Struct, frozen=True, kw_only=True):
    """A text tick."""

    request_id: int
    tick_type: int
    value: str


class TickGeneric(msgspec.Struct, frozen=True, kw_only=True):
    """A number that is neither price nor size, e.g. halted (49)."""

    request_id: int
    tick_type: int
    value: float


class TickOptionComputation(msgspec.Struct, frozen=True, kw_only=True):
    """Model numbers of one option.

    Volatility is a fraction per year, prices are in contract price units, vega is per volatility
    point and theta per day. `price_based` tells whether greeks come from prices or from returns.
    """

    request_id: int
    tick_type: int
    implied_volatility: float | None = None
    delta: float | None = None
    option_price: float | None = None
    pv_dividend: float | None = None
    gamma: float | None = None
    vega: float | None = None
    theta: float | None = None
    underlying_price: float | None = None
    price_based: bool = True


class TickSnapshotEnd(msgspec.Struct, frozen=True, kw_only=True):
    """The snapshot is complete."""

    request_id: int


class TickRequestParameters(msgspec.Struct, frozen=True, kw_only=True):
    """How a line is quoted: smallest step, exchange of the best quote, snapshot rights."""

    request_id: int
    min_tick: Decimal
    bbo_exchange: str
    snapshot_permissions: int


class WireBar(msgspec.Struct, frozen=True, kw_only=True):
    """One bar; `date` is in the form the request asked for, `average` the volume-weighted price."""

    date: str
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    average: Decimal
    count: int


class HistoricalData(msgspec.Struct, frozen=True, kw_only=True):
    """All bars of a request, oldest first, with the covered span as text."""

    request_id: int
    start: str
    end: str
    bars: tuple[WireBar, ...]


class HistoricalDataUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """A new or changed last bar of a kept-up-to-date request."""

    request_id: int
    bar: WireBar


class HeadTimestamp(msgspec.Struct, frozen=True, kw_only=True):
    """The time of the earliest bar, as text in the form asked for."""

    request_id: int
    timestamp: str


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """One position; `average_cost` in account currency per contract, multiplier included."""

    account: str
    contract: WireContract
    quantity: Decimal
    average_cost: Decimal


class PositionEnd(msgspec.Struct, frozen=True, kw_only=True):
    """All positions have been told."""


class PositionMulti(msgspec.Struct, frozen=True, kw_only=True):
    """One position of one account or model."""

    request_id: int
    account: str
    contract: WireContract
    quantity: Decimal
    average_cost: Decimal
    model_code: str = ""


class PositionMultiEnd(msgspec.Struct, frozen=True, kw_only=True):
    """All positions of that subscription have been told."""

    request_id: int


class AccountValue(msgspec.Struct, frozen=True, kw_only=True):
    """One account value (updateAccountValue)."""

    key: str
    value: str
    currency: str
    account: str


class PortfolioValue(msgspec.Struct, frozen=True, kw_only=True):
    """One portfolio line; money in the contract's currency."""

    contract: WireContract
    quantity: Decimal
    market_price: Decimal
    market_value: Decimal
    average_cost: Decimal
    unrealized_pnl: Decimal
    realized_pnl: Decimal
    account: str


class AccountUpdateTime(msgspec.Struct, frozen=True, kw_only=True):
    """When account values were last computed (`hh:mm`)."""

    timestamp: str


class AccountDownloadEnd(msgspec.Struct, frozen=True, kw_only=True):
    """The first full set of account values is complete."""

    account: str


class AccountSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One value of an account summary."""

    request_id: int
    account: str
    tag: str
    value: str
    currency: str


class AccountSummaryEnd(msgspec.Struct, frozen=True, kw_only=True):
    """The first full summary is complete."""

    request_id: int


class AccountUpdateMulti(msgspec.Struct, frozen=True, kw_only=True):
    """One value of one account or model."""

    request_id: int
    account: str
    model_code: str
    key: str
    value: str
    currency: str


class AccountUpdateMultiEnd(msgspec.Struct, frozen=True, kw_only=True):
    """The first full set of that subscription is complete."""

    request_id: int


class PnL(msgspec.Struct, frozen=True, kw_only=True):
    """An account's profit and loss in its currency."""

    request_id: int
    daily: float | None
    unrealized: float | None
    realized: float | None


class PnLSingle(msgspec.Struct, frozen=True, kw_only=True):
    """One position's profit and loss and market value in account currency."""

    request_id: int
    position: Decimal
    daily: float | None
    unrealized: float | None
    realized: float | None
    value: float | None


class OpenOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order as the server holds it; must precede the order's first `OrderStatus`."""

    contract: WireContract
    order: WireOrder
    state: WireOrderState


class OpenOrderEnd(msgspec.Struct, frozen=True, kw_only=True):
    """All open orders have been told."""


class OrderStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Progress of an order; prices are 0 while nothing is filled."""

    order_id: int
    status: str
    filled: Decimal
    remaining: Decimal
    average_fill_price: Decimal
    perm_id: int
    parent_id: int
    last_fill_price: Decimal
    client_id: int
    why_held: str = ""
    market_cap_price: Decimal = Decimal(0)


class ExecDetails(msgspec.Struct, frozen=True, kw_only=True):
    """One fill; `request_id` -1 for fills that nobody asked for."""

    request_id: int = NO_REQUEST
    contract: WireContract
    execution: WireExecution


class ExecDetailsEnd(msgspec.Struct, frozen=True, kw_only=True):
    """All fills have been told."""

    request_id: int


class CommissionReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a fill cost, and what it realized (`None` for an opening fill)."""

    exec_id: str
    commission: Decimal
    currency: str
    realized_pnl: Decimal | None = None
    bond_yield: Decimal | None = None
    yield_redemption_date: int | None = None


class CompletedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order that is done; `completed_time` as `yyyymmdd hh:mm:ss zone`."""

    contract: WireContract
    order: WireOrder
    status: str
    filled_quantity: Decimal
    completed_time: str
    completed_status: str
    parent_perm_id: int = 0


class CompletedOrdersEnd(msgspec.Struct, frozen=True, kw_only=True):
    """All completed orders have been told."""


Tick: TypeAlias = TickPrice | TickSize | TickString | TickGeneric | TickOptionComputation

Reply: TypeAlias = (
    Tick
    | Hello
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
