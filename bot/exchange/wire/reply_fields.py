"""Which replies exist and the fields of each; the hot ticks are in `bot.exchange.wire.ticks`."""

from typing import Any

from bot.exchange.wire import replies as rp
from bot.exchange.wire.order_reply_fields import COMPLETED_ORDER, OPEN_ORDER, contract_fields
from bot.exchange.wire.reply_plan import (
    UNSET,
    ReplyField,
    block,
    decimal,
    fixed,
    floating,
    integer,
    join,
    optional_decimal,
    optional_floating,
    optional_integer,
    size,
    spell_decimal,
    spell_float,
    spell_text,
    spell_whole,
    text,
)

_FRACTIONAL_BARS = 163
_SIZE_RULES = 164
_ISSUER_ID = 176


def _id_only(message_id: int, *, old_version: str | None = "1") -> tuple[ReplyField, ...]:
    version = () if old_version is None else (fixed(old_version),)
    return (fixed(str(message_id)), *version, integer("request_id"))


def _spell_accounts(reply: rp.ManagedAccounts) -> str:
    return ",".join(map(spell_text, reply.accounts))


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


def _spell_bar(bar: rp.WireBar, volume: str) -> str:
    prices = map(spell_decimal, (bar.open, bar.high, bar.low, bar.close))
    return join((spell_text(bar.date), *prices, volume, spell_decimal(bar.average), str(bar.count)))


def _spell_bars(reply: rp.HistoricalData) -> str:
    bars = (_spell_bar(bar, spell_decimal(bar.volume)) for bar in reply.bars)
    return join([str(len(reply.bars)), *bars])


def _spell_old_bars(reply: rp.HistoricalData) -> str:
    bars = (_spell_bar(bar, spell_whole(bar.volume)) for bar in reply.bars)
    return join([str(len(reply.bars)), *bars])


REPLIES: dict[type[Any], tuple[ReplyField, ...]] = {
    rp.OrderStatus: (
        fixed("3"),
        integer("order_id"),
        text("status"),
        decimal("filled"),
        decimal("remaining"),
        decimal("average_fill_price"),
        integer("perm_id"),
        integer("parent_id"),
        decimal("last_fill_price"),
        integer("client_id"),
        text("why_held"),
        decimal("market_cap_price"),
    ),
    rp.ErrorMessage: (
        *_id_only(4, old_version="2"),
        integer("code"),
        text("text"),
        text("advanced_reject_json", since=166),
    ),
    rp.OpenOrder: OPEN_ORDER,
    rp.AccountValue: (
        fixed("6"),
        fixed("2"),
        text("key"),
        text("value"),
        text("currency"),
        text("account"),
    ),
    rp.PortfolioValue: (
        fixed("7"),
        fixed("8"),
        integer("contract.con_id"),
        text("contract.symbol"),
        text("contract.sec_type"),
        text("contract.last_trade_date"),
        floating("contract.strike"),
        text("contract.right"),
        text("contract.multiplier"),
        text("contract.primary_exchange"),
        text("contract.currency"),
        text("contract.local_symbol"),
        text("contract.trading_class"),
        decimal("quantity"),
        decimal("market_price"),
        decimal("market_value"),
        decimal("average_cost"),
        decimal("unrealized_pnl"),
        decimal("realized_pnl"),
        text("account"),
    ),
    rp.AccountUpdateTime: (fixed("8"), fixed("1"), text("timestamp")),
    rp.NextValidId: (fixed("9"), fixed("1"), integer("order_id")),
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
    rp.ExecDetails: (
        *_id_only(11, old_version=None),
        integer("execution.order_id"),
        *contract_fields("contract"),
        text("execution.exec_id"),
        text("execution.time"),
        text("execution.account"),
        text("execution.exchange"),
        text("execution.side"),
        decimal("execution.shares"),
        decimal("execution.price"),
        integer("execution.perm_id"),
        integer("execution.client_id"),
        integer("execution.liquidation"),
        decimal("execution.cum_qty"),
        decimal("execution.avg_price"),
        text("execution.order_ref"),
        text("execution.ev_rule"),
        optional_decimal("execution.ev_multiplier"),
        text("execution.model_code"),
        integer("execution.last_liquidity"),
        fixed("0", since=178),  # a price revision is pending
    ),
    rp.ManagedAccounts: (fixed("15"), fixed("1"), block(_spell_accounts)),
    rp.HistoricalData: (
        *_id_only(17, old_version=None),
        text("start"),
        text("end"),
        block(_spell_old_bars, until=_FRACTIONAL_BARS),
        block(_spell_bars, since=_FRACTIONAL_BARS),
    ),
    rp.CurrentTime: (fixed("49"), fixed("1"), integer("epoch_seconds")),
    rp.ContractDetailsEnd: _id_only(52),
    rp.OpenOrderEnd: (fixed("53"), fixed("1")),
    rp.AccountDownloadEnd: (fixed("54"), fixed("1"), text("account")),
    rp.ExecDetailsEnd: _id_only(55),
    rp.TickSnapshotEnd: _id_only(57),
    rp.MarketDataType: (*_id_only(58), integer("data_type")),
    rp.CommissionReport: (
        fixed("59"),
        fixed("1"),
        text("exec_id"),
        decimal("commission"),
        text("currency"),
        optional_decimal("realized_pnl", unset=UNSET),
        optional_decimal("bond_yield", unset=UNSET),
        optional_integer("yield_redemption_date"),
    ),
    rp.Position: (
        fixed("61"),
        fixed("3"),
        text("account"),
        *contract_fields("contract"),
        decimal("quantity"),
        decimal("average_cost"),
    ),
    rp.PositionEnd: (fixed("62"), fixed("1")),
    rp.AccountSummary: (
        *_id_only(63),
        text("account"),
        text("tag"),
        text("value"),
        text("currency"),
    ),
    rp.AccountSummaryEnd: _id_only(64),
    rp.PositionMulti: (
        *_id_only(71),
        text("account"),
        *contract_fields("contract"),
        decimal("quantity"),
        decimal("average_cost"),
        text("model_code"),
    ),
    rp.PositionMultiEnd: _id_only(72),
    rp.AccountUpdateMulti: (
        *_id_only(73),
        text("account"),
        text("model_code"),
        text("key"),
        text("value"),
        text("currency"),
    ),
    rp.AccountUpdateMultiEnd: _id_only(74),
    rp.OptionParameters: (
        *_id_only(75, old_version=None),
        text("exchange"),
        integer("under_con_id"),
        text("trading_class"),
        text("multiplier"),
        block(_spell_chain),
    ),
    rp.OptionParametersEnd: _id_only(76, old_version=None),
    rp.SymbolSamples: (
        *_id_only(79, old_version=None),
        block(_spell_old_samples, until=_ISSUER_ID),
        block(_spell_samples, since=_ISSUER_ID),
    ),
    rp.TickRequestParameters: (
        *_id_only(81, old_version=None),
        decimal("min_tick"),
        text("bbo_exchange"),
        integer("snapshot_permissions"),
    ),
    rp.HeadTimestamp: (*_id_only(88, old_version=None), text("timestamp")),
    rp.HistoricalDataUpdate: (
        *_id_only(90, old_version=None),
        integer("bar.count"),
        text("bar.date"),
        decimal("bar.open"),
        decimal("bar.close"),
        decimal("bar.high"),
        decimal("bar.low"),
        decimal("bar.average"),
        *size("bar.volume"),
    ),
    rp.MarketRule: (fixed("93"), integer("rule_id"), block(_spell_increments)),
    rp.PnL: (
        *_id_only(94, old_version=None),
        optional_floating("daily"),
        optional_floating("unrealized"),
        optional_floating("realized"),
    ),
    rp.PnLSingle: (
        *_id_only(95, old_version=None),
        *size("position"),
        optional_floating("daily"),
        optional_floating("unrealized"),
        optional_floating("realized"),
        optional_floating("value"),
    ),
    rp.CompletedOrder: COMPLETED_ORDER,
    rp.CompletedOrdersEnd: (fixed("102"),),
}
