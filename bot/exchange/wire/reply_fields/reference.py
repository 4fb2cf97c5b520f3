"""Fields of the replies about what is listed and by which rules it trades."""

from typing import Any

from bot.exchange.wire import replies as rp
from bot.exchange.wire.reply_fields.form import headed
from bot.exchange.wire.reply_plan import (
    ReplyField,
    block,
    decimal,
    fixed,
    floating,
    integer,
    join,
    spell_decimal,
    spell_float,
    spell_text,
    text,
)

_SIZE_RULES = 164
_ISSUER_ID = 176


def _spell_expiry(reply: rp.ContractDetails) -> str:
    return spell_text(reply.details.expiry_text or reply.details.contract.last_trade_date)


def _spell_long_name(reply: rp.ContractDetails) -> str:
    """Escape what is not ASCII, since the clients unescape this one field."""
    return spell_text(reply.details.long_name.encode("unicode_escape").decode("ascii"))


def _spell_security_ids(reply: rp.ContractDetails) -> str:
    pairs = reply.details.sec_ids
    flat = (spell_text(part) for pair in pairs for part in (pair.tag, pair.value))
    return join([str(len(pairs)), *flat])


def _spell_sample(sample: rp.SymbolSample, *, with_issuer: bool) -> str:
    kinds = sample.derivative_sec_types
    issuer = (sample.description, sample.issuer_id) if with_issuer else ()
    names = (sample.symbol, sample.sec_type, sample.primary_exchange, sample.currency)
    texts = (*names, str(len(kinds)), *kinds, *issuer)
    return join((str(sample.con_id), *map(spell_text, texts)))


def _spell_samples(reply: rp.SymbolSamples) -> str:
    samples = (_spell_sample(one, with_issuer=True) for one in reply.samples)
    return join([str(len(reply.samples)), *samples])


def _spell_old_samples(reply: rp.SymbolSamples) -> str:
    samples = (_spell_sample(one, with_issuer=False) for one in reply.samples)
    return join([str(len(reply.samples)), *samples])


def _spell_chain(reply: rp.OptionParameters) -> str:
    days = map(spell_text, reply.expirations)
    strikes = map(spell_float, reply.strikes)
    return join((str(len(reply.expirations)), *days, str(len(reply.strikes)), *strikes))


def _spell_increments(reply: rp.MarketRule) -> str:
    edges = (
        spell_decimal(part) for one in reply.increments for part in (one.low_edge, one.increment)
    )
    return join([str(len(reply.increments)), *edges])


def _spell_components(reply: rp.SmartComponents) -> str:
    parts = (
        part
        for one in reply.components
        for part in (str(one.bit_number), spell_text(one.exchange), spell_text(one.letter))
    )
    return join([str(len(reply.components)), *parts])


def _spell_depth_exchange(one: rp.DepthExchange) -> str:
    names = (one.exchange, one.sec_type, one.listing_exchange, one.service)
    return join((*map(spell_text, names), str(one.aggregate_group)))


def _spell_depth_exchanges(reply: rp.MarketDepthExchanges) -> str:
    return join([str(len(reply.exchanges)), *map(_spell_depth_exchange, reply.exchanges)])


TABLE: dict[type[Any], tuple[ReplyField, ...]] = {
    rp.ContractDetails: (
        fixed("10"),
        fixed("8", until=_SIZE_RULES),
        integer("request_id"),
        text("details.contract.symbol"),
        text("details.contract.sec_type"),
        block(_spell_expiry),
        floating("details.contract.strike"),
        text("details.contract.right"),
        text("details.contract.exchange"),
        text("details.contract.currency"),
        text("details.contract.local_symbol"),
        text("details.market_name"),
        text("details.contract.trading_class"),
        integer("details.contract.con_id"),
        decimal("details.min_tick"),
        fixed("1", until=_SIZE_RULES),  # size multiplier, abolished
        text("details.contract.multiplier"),
        text("details.order_types"),
        text("details.valid_exchanges"),
        integer("details.price_magnifier"),
        integer("details.under_con_id"),
        block(_spell_long_name),
        text("details.contract.primary_exchange"),
        text("details.contract_month"),
        text("details.industry"),
        text("details.category"),
        text("details.subcategory"),
        text("details.time_zone_id"),
        text("details.trading_hours"),
        text("details.liquid_hours"),
        text("details.ev_rule"),
        integer("details.ev_multiplier"),
        block(_spell_security_ids),
        integer("details.agg_group"),
        text("details.under_symbol"),
        text("details.under_sec_type"),
        text("details.market_rule_ids"),
        text("details.real_expiration_date"),
        text("details.stock_type"),
        decimal("details.min_size", since=_SIZE_RULES),
        decimal("details.size_increment", since=_SIZE_RULES),
        decimal("details.suggested_size_increment", since=163),
    ),
    rp.ContractDetailsEnd: headed(52),
    rp.OptionParameters: (
        *headed(75, old_version=None),
        text("exchange"),
        integer("under_con_id"),
        text("trading_class"),
        text("multiplier"),
        block(_spell_chain),
    ),
    rp.OptionParametersEnd: headed(76, old_version=None),
    rp.SymbolSamples: (
        *headed(79, old_version=None),
        block(_spell_old_samples, until=_ISSUER_ID),
        block(_spell_samples, since=_ISSUER_ID),
    ),
    rp.MarketRule: (fixed("93"), integer("rule_id"), block(_spell_increments)),
    rp.MarketDepthExchanges: (fixed("80"), block(_spell_depth_exchanges)),
    rp.SmartComponents: (*headed(82, old_version=None), block(_spell_components)),
}
