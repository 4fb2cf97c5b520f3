"""Listings, price rules, chains and symbols in the wire's form."""

from collections.abc import Iterable, Iterator
from itertools import groupby, product
from operator import attrgetter

import msgspec

from bot.domain.money import PriceGrid
from bot.exchange.reference.listing import Listing, Series
from bot.exchange.reference.order_types import order_types_of
from bot.exchange.reference.query import CONTINUOUS
from bot.exchange.reference.reference import Chain
from bot.exchange.reference.symbols import SymbolMatch
from bot.exchange.venue.contracts import spell_contract
from bot.exchange.wire.contract import TagValue, WireContract, WireContractDetails
from bot.exchange.wire.replies import MarketRule, OptionParameters, PriceIncrement, SymbolSample


def details_rows(
    listings: Iterable[Listing], pattern: WireContract
) -> Iterator[WireContractDetails]:
    """Yield the rows that answer a request for details.

    One row for a contract where the client named an exchange or the number, else one for each
    exchange: a description that names none is as ambiguous as the contract has exchanges. A chain
    is long, and the rows of an expiry share all but the contract.
    """
    for series, group in groupby(listings, attrgetter("series")):
        shared = _details(series)
        exchanges = _exchanges_asked(series, pattern)
        for listing, exchange in product(group, exchanges):
            contract = spell_contract(listing.instrument, exchange)
            if pattern.sec_type == CONTINUOUS:
                contract = msgspec.structs.replace(contract, sec_type=CONTINUOUS)
            yield msgspec.structs.replace(shared, contract=contract)


def _exchanges_asked(series: Series, pattern: WireContract) -> tuple[str, ...]:
    if pattern.exchange:
        return (pattern.exchange,)
    return series.sheet.exchanges[:1] if pattern.con_id else series.sheet.exchanges


def _details(series: Series) -> WireContractDetails:
    """Return all that a client is told of a contract but the contract itself."""
    sheet = series.sheet
    return WireContractDetails(
        contract=WireContract(),
        min_tick=sheet.min_tick,
        market_name=sheet.market_name,
        expiry_text=series.last_trade_text,
        order_types=",".join(order_types_of(sheet.sec_type)),
        valid_exchanges=",".join(sheet.exchanges),
        market_rule_ids=",".join(str(sheet.rule_id) for _ in sheet.exchanges),
        under_con_id=sheet.under_con_id or 0,
        under_symbol=sheet.under_symbol,
        under_sec_type="IND" if sheet.under_con_id else "",
        long_name=sheet.long_name,
        contract_month=series.contract_month,
        industry=sheet.industry,
        category=sheet.category,
        subcategory=sheet.subcategory,
        real_expiration_date=series.real_expiration_date,
        time_zone_id=sheet.zone,
        trading_hours=series.hours.trading,
        liquid_hours=series.hours.liquid,
        sec_ids=tuple(TagValue(tag=tag, value=value) for tag, value in sheet.sec_ids),
        agg_group=sheet.agg_group,
        stock_type=sheet.stock_type,
        min_size=sheet.min_size,
        size_increment=sheet.size_increment,
        suggested_size_increment=sheet.suggested_size_increment,
    )


def market_rule(rule_id: int, grid: PriceGrid) -> MarketRule:
    """Return a price grid as a rule."""
    rows = (PriceIncrement(low_edge=s.low_edge, increment=s.increment) for s in grid.steps)
    return MarketRule(rule_id=rule_id, increments=tuple(rows))


def option_parameters(request_id: int, chain: Chain) -> OptionParameters:
    """Return one chain."""
    return OptionParameters(
        request_id=request_id,
        exchange=chain.exchange,
        under_con_id=chain.underlying_con_id,
        trading_class=chain.trading_class,
        multiplier=str(chain.multiplier),
        expirations=chain.expirations,
        strikes=tuple(float(strike) for strike in chain.strikes),
    )


def symbol_sample(match: SymbolMatch) -> SymbolSample:
    """Return one match of a symbol search."""
    return SymbolSample(
        con_id=match.con_id,
        symbol=match.symbol,
        sec_type=match.sec_type,
        primary_exchange=match.primary_exchange,
        currency="USD",
        derivative_sec_types=match.derivatives,
        description=match.name,
    )
