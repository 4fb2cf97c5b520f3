"""Listings, price rules and chains in the wire's form."""

from bot.domain.instruments import Index
from bot.domain.money import PriceGrid
from bot.exchange.reference.listing import Listing
from bot.exchange.reference.reference import Chain
from bot.exchange.venue.contracts import spell_contract
from bot.exchange.wire.contract import WireContractDetails
from bot.exchange.wire.replies import MarketRule, OptionParameters, PriceIncrement


def contract_details(listing: Listing, exchange: str) -> WireContractDetails:
    """Return all that a client is told of a contract, routed as the client asked or by default."""
    is_index = isinstance(listing.instrument, Index)
    return WireContractDetails(
        contract=spell_contract(listing.instrument, exchange or listing.valid_exchanges[0]),
        min_tick=listing.min_tick,
        market_name=listing.market_name,
        order_types="" if is_index else "LMT,DAY,GTC",
        valid_exchanges=",".join(listing.valid_exchanges),
        market_rule_ids=",".join(str(rule) for rule in listing.market_rule_ids),
        under_con_id=listing.under_con_id or 0,
        under_symbol=listing.under_symbol,
        under_sec_type="" if is_index else "IND",
        long_name=listing.long_name,
        contract_month=listing.contract_month,
        real_expiration_date=listing.real_expiration_date,
        time_zone_id=listing.time_zone_id,
        trading_hours=listing.trading_hours,
        liquid_hours=listing.liquid_hours,
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
