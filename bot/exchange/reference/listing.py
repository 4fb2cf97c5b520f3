"""A listed contract with what the broker's contract details say beside the instrument."""

from datetime import date
from decimal import Decimal
from typing import assert_never

import msgspec

from bot.domain.instruments import ConId, Future, Index, Option
from bot.domain.sessions import NEW_YORK
from bot.exchange.reference.hours import TIME_ZONE_ID, Hours
from bot.exchange.reference.products import Product, Stock
from bot.exchange.reference.rules import INDEX_RULE, RULES, SPX_RULE, STOCK_RULE, VIX_RULE, VX_RULE
from bot.exchange.reference.underlyings import LONG_NAMES, SPX_ID, VIX_ID

_OPTION_RULES = {"VIX": VIX_RULE, "SPX": SPX_RULE, "SPXW": SPX_RULE}
_UNDERLYING_IDS = {"VIX": VIX_ID, "SPX": SPX_ID}


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A contract as its details describe it on one day.

    `last_trade_date` is what the broker calls lastTradeDateOrContractMonth: the last trading day;
    `real_expiration_date` is the settlement day; both are YYYYMMDD and empty for an index.
    `valid_exchanges` and `market_rule_ids` are parallel.
    """

    instrument: Product
    sec_type: str
    currency: str
    long_name: str
    market_name: str
    contract_month: str
    last_trade_date: str
    real_expiration_date: str
    min_tick: Decimal
    valid_exchanges: tuple[str, ...]
    market_rule_ids: tuple[int, ...]
    time_zone_id: str
    trading_hours: str
    liquid_hours: str
    under_con_id: ConId | None
    under_symbol: str


def listing_of(instrument: Product, hours: Hours) -> Listing:
    """Return the details of `instrument` with the hours of the day asked for."""
    match instrument:
        case Index():
            return _listing(instrument, hours, "IND", ("CBOE",), INDEX_RULE)
        case Stock():
            return _listing(instrument, hours, "STK", ("SMART", "ARCA"), STOCK_RULE)
        case Future():
            return _listing(instrument, hours, "FUT", ("CFE",), VX_RULE)
        case Option():
            rule = _OPTION_RULES[instrument.trading_class]
            return _listing(instrument, hours, "OPT", ("SMART", "CBOE"), rule)
        case _:
            assert_never(instrument)


def last_trade_date(instrument: Product) -> str:
    """Return the last trading day as YYYYMMDD, empty for an index."""
    return "" if isinstance(instrument, Index | Stock) else f"{instrument.last_trading_day:%Y%m%d}"


def settlement_day(instrument: Future | Option) -> date:
    """Return the settlement day in New York."""
    return instrument.settlement.astimezone(NEW_YORK).date()


def _listing(
    instrument: Product, hours: Hours, sec_type: str, exchanges: tuple[str, ...], rule: int
) -> Listing:
    derived = not isinstance(instrument, Index | Stock)
    return Listing(
        instrument=instrument,
        sec_type=sec_type,
        currency="USD",
        long_name=LONG_NAMES[instrument.symbol],
        market_name=instrument.symbol
        if isinstance(instrument, Index)
        else instrument.trading_class,
        contract_month=last_trade_date(instrument)[:6],
        last_trade_date=last_trade_date(instrument),
        real_expiration_date=""
        if isinstance(instrument, Index | Stock)
        else f"{settlement_day(instrument):%Y%m%d}",
        min_tick=min(step.increment for step in RULES[rule].steps),
        valid_exchanges=exchanges,
        market_rule_ids=(rule,) * len(exchanges),
        time_zone_id=TIME_ZONE_ID,
        trading_hours=hours.trading,
        liquid_hours=hours.liquid,
        under_con_id=_UNDERLYING_IDS[instrument.symbol] if derived else None,
        under_symbol=instrument.symbol if derived else "",
    )
