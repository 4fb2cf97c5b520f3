"""How the TWS wire names an instrument.

The payload shared by requests and replies. It is flat and stringly, as the protocol is; turning it
into an instrument of the exchange is the venue's job.
"""

from decimal import Decimal

import msgspec


class TagValue(msgspec.Struct, frozen=True, kw_only=True):
    """One named parameter, as in algo and smart-combo parameters."""

    tag: str
    value: str


class ComboLeg(msgspec.Struct, frozen=True, kw_only=True):
    """One leg of a combination; `ratio` is contracts per unit of the combination."""

    con_id: int
    ratio: int
    action: str
    exchange: str = ""
    open_close: int = 0
    short_sale_slot: int = 0
    designated_location: str = ""
    exempt_code: int = -1


class DeltaNeutral(msgspec.Struct, frozen=True, kw_only=True):
    """The hedge a delta-neutral combination is quoted against."""

    con_id: int
    delta: float
    price: float


class WireContract(msgspec.Struct, frozen=True, kw_only=True):
    """A contract as the wire spells it; empty and zero mean "not given".

    `last_trade_date` is what the clients call lastTradeDateOrContractMonth (`yyyymmdd`, `yyyymm`),
    `strike` is in index points or currency units, `multiplier` stays text as on the wire.
    """

    con_id: int = 0
    symbol: str = ""
    sec_type: str = ""
    last_trade_date: str = ""
    strike: float = 0.0
    right: str = ""
    multiplier: str = ""
    exchange: str = ""
    primary_exchange: str = ""
    currency: str = ""
    local_symbol: str = ""
    trading_class: str = ""
    include_expired: bool = False
    sec_id_type: str = ""
    sec_id: str = ""
    issuer_id: str = ""
    combo_legs_text: str = ""
    combo_legs: tuple[ComboLeg, ...] = ()
    delta_neutral: DeltaNeutral | None = None


class WireContractDetails(msgspec.Struct, frozen=True, kw_only=True):
    """All that a contract-details reply tells about one contract.

    `trading_hours` and `liquid_hours` are the wire's session lists
    (`yyyymmdd:hhmm-yyyymmdd:hhmm;...`) in `time_zone_id`. `expiry_text` stands in the expiry field
    (`yyyymmdd`, or `yyyymmdd hh:mm zone`); if empty, the contract's own date does.
    """

    contract: WireContract
    min_tick: Decimal
    market_name: str = ""
    expiry_text: str = ""
    order_types: str = ""
    valid_exchanges: str = ""
    price_magnifier: int = 1
    under_con_id: int = 0
    long_name: str = ""
    contract_month: str = ""
    industry: str = ""
    category: str = ""
    subcategory: str = ""
    time_zone_id: str = ""
    trading_hours: str = ""
    liquid_hours: str = ""
    ev_rule: str = ""
    ev_multiplier: int = 0
    sec_ids: tuple[TagValue, ...] = ()
    agg_group: int = 0
    under_symbol: str = ""
    under_sec_type: str = ""
    market_rule_ids: str = ""
    real_expiration_date: str = ""
    stock_type: str = ""
    min_size: Decimal = Decimal(1)
    size_increment: Decimal = Decimal(1)
    suggested_size_increment: Decimal = Decimal(1)
