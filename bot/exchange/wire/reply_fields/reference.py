"""Fields of the replies about what is listed and by which rules it trades."""

from typing import Any

from bot.exchange.wire import replies as rp
from bot.exchange.wire.field_reader import FieldReader
from bot.exchange.wire.reply_fields.form import headed
from bot.exchange.wire.reply_plan import (
    ReplyField,
    Values,
    block,
    counted,
    decimal,
    fixed,
    floating,
    integer,
    rows,
    spell_float,
    spell_text,
    text,
)

_SIZE_RULES = 164
_ISSUER_ID = 176


def _spell_expiry(reply: rp.ContractDetails) -> str:
    return spell_text(reply.details.expiry_text or reply.details.contract.last_trade_date)


def _take_expiry(reader: FieldReader, values: Values) -> None:
    values["details.expiry_text"] = reader.text()


def _spell_long_name(reply: rp.ContractDetails) -> str:
    """Escape what is not ASCII, since the clients unescape this one field."""
    return spell_text(reply.details.long_name.encode("unicode_escape").decode("ascii"))


def _take_long_name(reader: FieldReader, values: Values) -> None:
    values["details.long_name"] = reader.text().encode().decode("unicode_escape")


_SAMPLE = (
    integer("con_id"),
    text("symbol"),
    text("sec_type"),
    text("primary_exchange"),
    text("currency"),
    counted("derivative_sec_types", spell_text, FieldReader.text),
)


TABLE: dict[type[Any], tuple[ReplyField, ...]] = {
    rp.ContractDetails: (
        fixed("10"),
        fixed("8", until=_SIZE_RULES),
        integer("request_id"),
        text("details.contract.symbol"),
        text("details.contract.sec_type"),
        block(_spell_expiry, _take_expiry),
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
        block(_spell_long_name, _take_long_name),
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
        rows("details.sec_ids", text("tag"), text("value")),
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
        counted("expirations", spell_text, FieldReader.text),
        counted("strikes", spell_float, FieldReader.number_or_zero),
    ),
    rp.OptionParametersEnd: headed(76, old_version=None),
    rp.SymbolSamples: (
        *headed(79, old_version=None),
        rows("samples", *_SAMPLE, until=_ISSUER_ID),
        rows("samples", *_SAMPLE, text("description"), text("issuer_id"), since=_ISSUER_ID),
    ),
    rp.MarketRule: (
        fixed("93"),
        integer("rule_id"),
        rows("increments", decimal("low_edge"), decimal("increment")),
    ),
    rp.MarketDepthExchanges: (
        fixed("80"),
        rows(
            "exchanges",
            text("exchange"),
            text("sec_type"),
            text("listing_exchange"),
            text("service"),
            integer("aggregate_group"),
        ),
    ),
    rp.SmartComponents: (
        *headed(82, old_version=None),
        rows("components", integer("bit_number"), text("exchange"), text("letter")),
    ),
}
