"""The fields of open and completed orders, by far the longest messages.

Attributes that `WireOrder` does not carry are written as unset, which is what they are: an order
that sets one is refused.
"""

from decimal import Decimal

from bot.exchange.wire.errors import ProtocolError
from bot.exchange.wire.field_reader import FieldReader
from bot.exchange.wire.replies import CompletedOrder, OpenOrder
from bot.exchange.wire.reply_plan import (
    UNSET,
    ReplyField,
    Values,
    blank,
    block,
    counted,
    decimal,
    fixed,
    flag,
    floating,
    integer,
    join,
    optional_decimal,
    optional_integer,
    rows,
    spell_decimal,
    spell_float,
    spell_text,
    text,
)


def contract_fields(path: str) -> tuple[ReplyField, ...]:
    """The eleven fields by which most replies name the contract at `path`."""
    return (
        integer(f"{path}.con_id"),
        text(f"{path}.symbol"),
        text(f"{path}.sec_type"),
        text(f"{path}.last_trade_date"),
        floating(f"{path}.strike"),
        text(f"{path}.right"),
        text(f"{path}.multiplier"),
        text(f"{path}.exchange"),
        text(f"{path}.currency"),
        text(f"{path}.local_symbol"),
        text(f"{path}.trading_class"),
    )


def tag_values(path: str) -> ReplyField:
    """Write a count and then tag and value of each pair."""
    return rows(path, text("tag"), text("value"))


def _spell_leg_price(price: Decimal | None) -> str:
    return "" if price is None else spell_decimal(price)


def _spell_delta_neutral(reply: OpenOrder | CompletedOrder) -> str:
    hedge = reply.contract.delta_neutral
    if hedge is None:
        return "0"
    return join(("1", str(hedge.con_id), spell_float(hedge.delta), spell_float(hedge.price)))


def _take_delta_neutral(reader: FieldReader, values: Values) -> None:
    if reader.flag():
        values["contract.delta_neutral.con_id"] = reader.integer()
        values["contract.delta_neutral.delta"] = reader.number_or_zero()
        values["contract.delta_neutral.price"] = reader.number_or_zero()


_ALGO_PARAMS = tag_values("order.algo_params")


def _spell_algo(reply: OpenOrder | CompletedOrder) -> str:
    strategy = reply.order.algo_strategy
    return join((spell_text(strategy), _ALGO_PARAMS.spell(reply))) if strategy else ""


def _take_algo(reader: FieldReader, values: Values) -> None:
    values["order.algo_strategy"] = reader.text()
    if values["order.algo_strategy"] and _ALGO_PARAMS.take is not None:
        _ALGO_PARAMS.take(reader, values)


_ORDER_HEAD: tuple[ReplyField, ...] = (
    *contract_fields("contract"),
    text("order.action"),
    decimal("order.total_quantity"),
    text("order.order_type"),
    optional_decimal("order.lmt_price"),
    optional_decimal("order.aux_price"),
    text("order.tif"),
    text("order.oca_group"),
    text("order.account"),
    text("order.open_close"),
    integer("order.origin"),
    text("order.order_ref"),
)
# The broker's software names the missing order type "None", which makes every client read the block
# that belongs to a present one.
_NO_DELTA_NEUTRAL: tuple[ReplyField, ...] = (
    fixed("None"),
    fixed(""),  # price
    fixed("0"),  # contract
    blank(3),  # settling firm, clearing account and intent
    fixed("?"),  # open or close
    fixed("0"),  # short sale
    fixed("0"),  # its slot
    fixed(""),  # its location
)
_COMBO_AND_SCALE: tuple[ReplyField, ...] = (
    text("contract.combo_legs_text"),
    rows(
        "contract.combo_legs",
        integer("con_id"),
        integer("ratio"),
        text("action"),
        text("exchange"),
        integer("open_close"),
        integer("short_sale_slot"),
        text("designated_location"),
        integer("exempt_code"),
    ),
    counted("order.combo_leg_prices", _spell_leg_price, FieldReader.optional_decimal),
    tag_values("order.smart_combo_params"),
    blank(3),  # scale: first and later level size, price increment
    fixed(""),  # hedge type
)
# Minimum trade quantity, and the four numbers of pegged orders.
_PEGGED = blank(5, since=170)
_PEG_BENCH = "PEG BENCH"


def _spell_benchmark(reply: OpenOrder | CompletedOrder) -> str:
    """Write the count of conditions, after the benchmark block where the order type has one."""
    if reply.order.order_type != _PEG_BENCH:
        return "0"
    return join(("0", "0", "0", "0", "", "0"))


def _take_benchmark(reader: FieldReader, values: Values) -> None:
    if values["order.order_type"] == _PEG_BENCH:
        for _ in range(5):
            reader.text()
    if reader.count():
        raise ProtocolError("an order with conditions, which have no place in our structs")


OPEN_ORDER: tuple[ReplyField, ...] = (
    fixed("5"),
    integer("order.order_id"),
    *_ORDER_HEAD,
    integer("order.client_id"),
    integer("order.perm_id"),
    flag("order.outside_rth"),
    flag("order.hidden"),
    fixed("0"),  # discretionary amount
    text("order.good_after_time"),
    fixed(""),  # shares allocation, long abolished
    blank(3),  # adviser's group, method, percentage
    fixed("", until=177),  # adviser's profile
    text("order.model_code"),
    text("order.good_till_date"),
    fixed(""),  # rule 80A
    fixed(""),  # percent offset
    fixed(""),  # settling firm
    fixed("0"),  # short-sale slot
    fixed(""),  # its location
    fixed("-1"),  # exempt code
    fixed("0"),  # auction strategy
    blank(5),  # starting and stock reference price, delta, stock range
    optional_integer("order.display_size"),
    flag("order.block_order"),
    flag("order.sweep_to_fill"),
    flag("order.all_or_none"),
    optional_integer("order.min_qty"),
    integer("order.oca_type"),
    fixed("0"),  # electronic only
    fixed("0"),  # firm quote only
    fixed(""),  # price cap
    integer("order.parent_id"),
    integer("order.trigger_method"),
    blank(2),  # volatility and its type
    *_NO_DELTA_NEUTRAL,
    fixed("0"),  # continuous update
    fixed(""),  # reference price type
    optional_decimal("order.trail_stop_price"),
    optional_decimal("order.trailing_percent"),
    blank(2),  # basis points and their type
    *_COMBO_AND_SCALE,
    fixed("0"),  # opt out of smart routing
    text("order.clearing_account"),
    text("order.clearing_intent"),
    flag("order.not_held"),
    block(_spell_delta_neutral, _take_delta_neutral),
    block(_spell_algo, _take_algo),
    fixed("0"),  # solicited
    flag("order.what_if"),
    text("state.status"),
    optional_decimal("state.init_margin_before", unset=UNSET),
    optional_decimal("state.maint_margin_before", unset=UNSET),
    optional_decimal("state.equity_with_loan_before", unset=UNSET),
    optional_decimal("state.init_margin_change", unset=UNSET),
    optional_decimal("state.maint_margin_change", unset=UNSET),
    optional_decimal("state.equity_with_loan_change", unset=UNSET),
    optional_decimal("state.init_margin_after", unset=UNSET),
    optional_decimal("state.maint_margin_after", unset=UNSET),
    optional_decimal("state.equity_with_loan_after", unset=UNSET),
    optional_decimal("state.commission"),
    optional_decimal("state.min_commission"),
    optional_decimal("state.max_commission"),
    text("state.commission_currency"),
    text("state.warning_text"),
    fixed("0"),  # randomize size
    fixed("0"),  # randomize price
    block(_spell_benchmark, _take_benchmark),
    fixed("None"),  # adjusted order type
    fixed(""),  # trigger price
    optional_decimal("order.trail_stop_price"),
    blank(4),  # limit offset, adjusted stop, stop limit and trail
    fixed("0"),  # unit of the adjusted trail
    blank(3),  # soft-dollar tier
    optional_decimal("order.cash_qty"),
    fixed("0"),  # no automatic price for the hedge
    fixed("0"),  # order-management container
    fixed("0"),  # discretionary up to the limit
    flag("order.use_price_management"),
    fixed("", since=158),  # duration
    fixed("", since=160),  # post to the broker's venue
    fixed("0", since=162),  # cancel with the parent
    _PEGGED,
)

COMPLETED_ORDER: tuple[ReplyField, ...] = (
    fixed("101"),
    *_ORDER_HEAD,
    integer("order.perm_id"),
    flag("order.outside_rth"),
    flag("order.hidden"),
    fixed("0"),  # discretionary amount
    text("order.good_after_time"),
    blank(3),  # adviser's group, method, percentage
    fixed("", until=177),  # adviser's profile
    text("order.model_code"),
    text("order.good_till_date"),
    fixed(""),  # rule 80A
    fixed(""),  # percent offset
    fixed(""),  # settling firm
    fixed("0"),  # short-sale slot
    fixed(""),  # its location
    fixed("-1"),  # exempt code
    blank(5),  # starting and stock reference price, delta, stock range
    optional_integer("order.display_size"),
    flag("order.sweep_to_fill"),
    flag("order.all_or_none"),
    optional_integer("order.min_qty"),
    integer("order.oca_type"),
    integer("order.trigger_method"),
    blank(2),  # volatility and its type
    blank(2),  # delta-neutral order type and price
    fixed("0"),  # continuous update
    fixed(""),  # reference price type
    optional_decimal("order.trail_stop_price"),
    optional_decimal("order.trailing_percent"),
    *_COMBO_AND_SCALE,
    text("order.clearing_account"),
    text("order.clearing_intent"),
    flag("order.not_held"),
    block(_spell_delta_neutral, _take_delta_neutral),
    block(_spell_algo, _take_algo),
    fixed("0"),  # solicited
    text("status"),
    fixed("0"),  # randomize size
    fixed("0"),  # randomize price
    block(_spell_benchmark, _take_benchmark),
    optional_decimal("order.trail_stop_price"),
    fixed(""),  # limit offset
    optional_decimal("order.cash_qty"),
    fixed("0"),  # no automatic price for the hedge
    fixed("0"),  # order-management container
    fixed(""),  # automatic cancel date
    decimal("filled_quantity"),
    fixed("0"),  # reference future
    fixed("0"),  # cancel with the parent
    fixed(""),  # shareholder
    fixed("0"),  # imbalance only
    fixed("0"),  # route marketable to the best quote
    integer("parent_perm_id"),
    text("completed_time"),
    text("completed_status"),
    _PEGGED,
)
