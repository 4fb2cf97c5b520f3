"""How the TWS wire describes an order and what an order would cost.

The wire carries about a hundred order attributes. Those the exchange honours or echoes are fields
here; each other one, if a client sets it to something that changes the order, is named in
`WireOrder.unsupported`, so that the venue can refuse the order instead of trading something else
than was asked for.
"""

from decimal import Decimal

import msgspec

from bot.exchange.wire.contract import TagValue


class WireOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order as the wire spells it; `None` is the wire's unset number.

    Attributes:
        lmt_price: Limit in price units of the contract, `None` if unset.
        aux_price: Stop price, trailing amount or offset, as `order_type` says; `None` if unset.
        combo_leg_prices: One entry per leg for combinations priced by leg, else empty.
        smart_combo_params: e.g. the tag `NonGuaranteed` with value `1`.
        use_price_management: `None` leaves the choice to the broker.
        unsupported: Wire names of attributes that are set and that the exchange does not simulate,
            e.g. `conditions` or `hedgeType`; never sent, only received.
    """

    order_id: int = 0
    client_id: int = 0
    perm_id: int = 0
    action: str
    total_quantity: Decimal
    order_type: str
    lmt_price: Decimal | None = None
    aux_price: Decimal | None = None
    tif: str = ""
    oca_group: str = ""
    oca_type: int = 0
    account: str = ""
    open_close: str = ""
    origin: int = 0
    order_ref: str = ""
    transmit: bool = True
    parent_id: int = 0
    block_order: bool = False
    sweep_to_fill: bool = False
    display_size: int | None = None
    trigger_method: int = 0
    outside_rth: bool = False
    hidden: bool = False
    good_after_time: str = ""
    good_till_date: str = ""
    model_code: str = ""
    all_or_none: bool = False
    min_qty: int | None = None
    override_percentage_constraints: bool = False
    trail_stop_price: Decimal | None = None
    trailing_percent: Decimal | None = None
    clearing_account: str = ""
    clearing_intent: str = ""
    not_held: bool = False
    algo_strategy: str = ""
    algo_params: tuple[TagValue, ...] = ()
    algo_id: str = ""
    what_if: bool = False
    smart_combo_params: tuple[TagValue, ...] = ()
    combo_leg_prices: tuple[Decimal | None, ...] = ()
    cash_qty: Decimal | None = None
    use_price_management: bool | None = None
    advanced_error_override: str = ""
    unsupported: tuple[str, ...] = ()


class WireOrderState(msgspec.Struct, frozen=True, kw_only=True):
    """Status and cost of an order; margins and commissions in account currency, `None` if unknown.

    The margin numbers are filled for what-if orders only.
    """

    status: str
    init_margin_before: Decimal | None = None
    maint_margin_before: Decimal | None = None
    equity_with_loan_before: Decimal | None = None
    init_margin_change: Decimal | None = None
    maint_margin_change: Decimal | None = None
    equity_with_loan_change: Decimal | None = None
    init_margin_after: Decimal | None = None
    maint_margin_after: Decimal | None = None
    equity_with_loan_after: Decimal | None = None
    commission: Decimal | None = None
    min_commission: Decimal | None = None
    max_commission: Decimal | None = None
    commission_currency: str = ""
    warning_text: str = ""


class WireExecution(msgspec.Struct, frozen=True, kw_only=True):
    """One fill; `time` is wire text (`yyyymmdd hh:mm:ss zone`), `side` is `BOT` or `SLD`."""

    exec_id: str
    time: str
    account: str
    exchange: str
    side: str
    shares: Decimal
    price: Decimal
    order_id: int
    perm_id: int
    client_id: int
    cum_qty: Decimal
    avg_price: Decimal
    liquidation: int = 0
    order_ref: str = ""
    ev_rule: str = ""
    ev_multiplier: Decimal | None = None
    model_code: str = ""
    last_liquidity: int = 1
