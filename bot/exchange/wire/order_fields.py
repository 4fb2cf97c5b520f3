"""The fields of a placed order, in the order in which they stand on the wire.

Three kinds of field: carried into `WireOrder`, read only to know where the next begins, and
*neutral*, which must be unset or zero: if it is not, its wire name goes to `WireOrder.unsupported`
and the venue refuses the order.
"""

import re
from decimal import Decimal

from bot.exchange.wire.contract import ComboLeg, DeltaNeutral, TagValue
from bot.exchange.wire.errors import ProtocolError
from bot.exchange.wire.field_reader import FieldReader
from bot.exchange.wire.request_plan import (
    Draft,
    RequestField,
    of_contract,
    of_order,
    skipped,
    spanning,
)
from bot.exchange.wire.versions import MAX_VERSION

BAG = "BAG"
_F = FieldReader
# Unset text, zero however printed, the largest double and the largest 32-bit integer. The word
# None and the question mark are what the broker's software says for an unset order type and an
# unset side of a position, and a client that re-sends a fetched order says them back.
_NEUTRAL = re.compile(
    r"|\?|None|[Ff]alse|-?0+(\.0*)?|1\.797\d*[eE]\+?308|2147483647",
    re.ASCII,
)
_PEG_BENCH, _PEG_BEST, _PEG_MID = "PEG BENCH", "PEG BEST", "PEG MID"
# Newer clients also write the pegged types in one word; older ones would not know them in a reply.
_CLOSED_UP = {"PEGBENCH": _PEG_BENCH, "PEGBEST": _PEG_BEST, "PEGMID": _PEG_MID}
# How many fields follow a condition's type number.
_CONDITION_SIZES = {1: 6, 3: 3, 4: 3, 5: 4, 6: 5, 7: 5}


def is_neutral(text: str) -> bool:
    """Whether a raw field says nothing that could change an order."""
    return _NEUTRAL.fullmatch(text) is not None


def neutral(name: str, *, since: int = 0, until: int = MAX_VERSION + 1) -> RequestField:
    """Read a field that the exchange does not simulate."""

    def step(reader: FieldReader, draft: Draft) -> None:
        _note(name, reader.text(), draft)

    return spanning(step, since=since, until=until)


def contract_fields() -> tuple[RequestField, ...]:
    """The twelve fields by which requests name a contract."""
    return (
        of_contract("con_id", _F.integer_or_zero),
        of_contract("symbol", _F.text),
        of_contract("sec_type", _F.text),
        of_contract("last_trade_date", _F.text),
        of_contract("strike", _F.number_or_zero),
        of_contract("right", _F.text),
        of_contract("multiplier", _F.text),
        of_contract("exchange", _F.text),
        of_contract("primary_exchange", _F.text),
        of_contract("currency", _F.text),
        of_contract("local_symbol", _F.text),
        of_contract("trading_class", _F.text),
    )


def held_contract_fields() -> tuple[RequestField, ...]:
    """The eleven fields by which a request names a contract that is held."""
    return (*contract_fields()[:8], *contract_fields()[9:])


def read_short_legs(reader: FieldReader, draft: Draft) -> None:
    """Read the legs of a combination whose data is asked for."""
    if draft.contract["sec_type"] == BAG:
        draft.contract["combo_legs"] = tuple(_short_leg(reader) for _ in range(reader.count()))


def read_delta_neutral_contract(reader: FieldReader, draft: Draft) -> None:
    """Read the hedge of a delta-neutral combination, if there is one."""
    if reader.flag():
        draft.contract["delta_neutral"] = DeltaNeutral(
            con_id=reader.integer_or_zero(),
            delta=reader.number_or_zero(),
            price=reader.number_or_zero(),
        )


def _note(name: str, text: str, draft: Draft) -> None:
    if not is_neutral(text) and name not in draft.unsupported:
        draft.unsupported.append(name)


def _note_each(name: str, count: int, reader: FieldReader, draft: Draft) -> None:
    for _ in range(count):
        _note(name, reader.text(), draft)


def _short_leg(reader: FieldReader) -> ComboLeg:
    return ComboLeg(
        con_id=reader.integer(),
        ratio=reader.integer(),
        action=reader.text(),
        exchange=reader.text(),
    )


def _order_leg(reader: FieldReader) -> ComboLeg:
    return ComboLeg(
        con_id=reader.integer(),
        ratio=reader.integer(),
        action=reader.text(),
        exchange=reader.text(),
        open_close=reader.integer_or_zero(),
        short_sale_slot=reader.integer_or_zero(),
        designated_location=reader.text(),
        exempt_code=reader.integer_or_zero(),
    )


def _tag_values(reader: FieldReader) -> tuple[TagValue, ...]:
    return tuple(TagValue(tag=reader.text(), value=reader.text()) for _ in range(reader.count()))


def _read_combo(reader: FieldReader, draft: Draft) -> None:
    if draft.contract["sec_type"] != BAG:
        return
    draft.contract["combo_legs"] = tuple(_order_leg(reader) for _ in range(reader.count()))
    draft.order["combo_leg_prices"] = tuple(
        reader.optional_decimal() for _ in range(reader.count())
    )
    draft.order["smart_combo_params"] = _tag_values(reader)


def _read_exempt_code(reader: FieldReader, draft: Draft) -> None:
    text = reader.text()
    if text != "-1":
        _note("exemptCode", text, draft)


def _read_delta_neutral_order(reader: FieldReader, draft: Draft) -> None:
    kind = reader.text()
    _note("deltaNeutralOrderType", kind, draft)
    _note("deltaNeutralAuxPrice", reader.text(), draft)
    if kind:
        _note_each("deltaNeutralOrderType", 8, reader, draft)


def _read_scale(reader: FieldReader, draft: Draft) -> None:
    _note_each("scaleInitLevelSize", 2, reader, draft)
    increment = reader.optional_decimal()
    if increment is not None and increment > 0:
        draft.unsupported.append("scalePriceIncrement")
        _note_each("scalePriceIncrement", 7, reader, draft)


def _read_hedge(reader: FieldReader, draft: Draft) -> None:
    kind = reader.text()
    _note("hedgeType", kind, draft)
    if kind:
        _note("hedgeType", reader.text(), draft)


def _read_order_delta_neutral(reader: FieldReader, draft: Draft) -> None:
    read_delta_neutral_contract(reader, draft)
    if "delta_neutral" in draft.contract:
        draft.unsupported.append("deltaNeutralContract")


def _read_algo(reader: FieldReader, draft: Draft) -> None:
    strategy = reader.text()
    draft.order["algo_strategy"] = strategy
    if strategy:
        draft.order["algo_params"] = _tag_values(reader)


def _read_benchmark(reader: FieldReader, draft: Draft) -> None:
    if draft.order["order_type"] == _PEG_BENCH:
        _note_each("referenceContractId", 5, reader, draft)


def _read_conditions(reader: FieldReader, draft: Draft) -> None:
    count = reader.count()
    if not count:
        return
    draft.unsupported.append("conditions")
    for _ in range(count):
        kind = reader.integer()
        if kind not in _CONDITION_SIZES:
            raise ProtocolError(f"unknown order condition {kind}")
        _note_each("conditions", _CONDITION_SIZES[kind], reader, draft)
    _note_each("conditions", 2, reader, draft)


def _read_pegged(reader: FieldReader, draft: Draft) -> None:
    """Read what version 170 added for the broker's own venue and for pegged orders."""
    if draft.contract["exchange"] == "IBKRATS":
        _note("minTradeQty", reader.text(), draft)
    if draft.order["order_type"] == _PEG_BEST:
        _note("minCompeteSize", reader.text(), draft)
        offset = reader.text()
        _note("competeAgainstBestOffset", offset, draft)
        # An infinite offset stands for "up to the midpoint" and brings its own two offsets.
        if offset.lower().startswith("inf"):
            _note_each("midOffsetAtWhole", 2, reader, draft)
    elif draft.order["order_type"] == _PEG_MID:
        _note_each("midOffsetAtWhole", 2, reader, draft)


def _quantity(reader: FieldReader) -> Decimal:
    quantity = reader.optional_decimal()
    return Decimal(0) if quantity is None else quantity


def _order_type(reader: FieldReader) -> str:
    text = reader.text()
    return _CLOSED_UP.get(text, text)


PLACE_ORDER: tuple[RequestField, ...] = (
    of_order("order_id", _F.integer),
    *contract_fields(),
    of_contract("sec_id_type", _F.text),
    of_contract("sec_id", _F.text),
    of_order("action", _F.text),
    of_order("total_quantity", _quantity),
    of_order("order_type", _order_type),
    of_order("lmt_price", _F.optional_decimal),
    of_order("aux_price", _F.optional_decimal),
    of_order("tif", _F.text),
    of_order("oca_group", _F.text),
    of_order("account", _F.text),
    of_order("open_close", _F.text),
    of_order("origin", _F.integer_or_zero),
    of_order("order_ref", _F.text),
    of_order("transmit", _F.flag),
    of_order("parent_id", _F.integer_or_zero),
    of_order("block_order", _F.flag),
    of_order("sweep_to_fill", _F.flag),
    of_order("display_size", _F.optional_integer),
    of_order("trigger_method", _F.integer_or_zero),
    of_order("outside_rth", _F.flag),
    of_order("hidden", _F.flag),
    spanning(_read_combo),
    skipped(_F.text),  # shares allocation, long abolished
    neutral("discretionaryAmt"),
    of_order("good_after_time", _F.text),
    of_order("good_till_date", _F.text),
    neutral("faGroup"),
    neutral("faMethod"),
    neutral("faPercentage"),
    neutral("faProfile", until=177),
    of_order("model_code", _F.text),
    neutral("shortSaleSlot"),
    neutral("designatedLocation"),
    spanning(_read_exempt_code),
    of_order("oca_type", _F.integer_or_zero),
    neutral("rule80A"),
    neutral("settlingFirm"),
    of_order("all_or_none", _F.flag),
    of_order("min_qty", _F.optional_integer),
    neutral("percentOffset"),
    neutral("eTradeOnly"),
    neutral("firmQuoteOnly"),
    neutral("nbboPriceCap"),
    neutral("auctionStrategy"),
    neutral("startingPrice"),
    neutral("stockRefPrice"),
    neutral("delta"),
    neutral("stockRangeLower"),
    neutral("stockRangeUpper"),
    of_order("override_percentage_constraints", _F.flag),
    neutral("volatility"),
    neutral("volatilityType"),
    spanning(_read_delta_neutral_order),
    neutral("continuousUpdate"),
    neutral("referencePriceType"),
    of_order("trail_stop_price", _F.optional_decimal),
    of_order("trailing_percent", _F.optional_decimal),
    spanning(_read_scale),
    neutral("scaleTable"),
    neutral("activeStartTime"),
    neutral("activeStopTime"),
    spanning(_read_hedge),
    neutral("optOutSmartRouting"),
    of_order("clearing_account", _F.text),
    of_order("clearing_intent", _F.text),
    of_order("not_held", _F.flag),
    spanning(_read_order_delta_neutral),
    spanning(_read_algo),
    of_order("algo_id", _F.text),
    of_order("what_if", _F.flag),
    neutral("orderMiscOptions"),
    neutral("solicited"),
    neutral("randomizeSize"),
    neutral("randomizePrice"),
    spanning(_read_benchmark),
    spanning(_read_conditions),
    neutral("adjustedOrderType"),
    neutral("triggerPrice"),
    neutral("lmtPriceOffset"),
    neutral("adjustedStopPrice"),
    neutral("adjustedStopLimitPrice"),
    neutral("adjustedTrailingAmount"),
    neutral("adjustableTrailingUnit"),
    neutral("extOperator"),
    neutral("softDollarTier"),
    neutral("softDollarTier"),
    of_order("cash_qty", _F.optional_decimal),
    neutral("mifid2DecisionMaker"),
    neutral("mifid2DecisionAlgo"),
    neutral("mifid2ExecutionTrader"),
    neutral("mifid2ExecutionAlgo"),
    neutral("dontUseAutoPriceForHedge"),
    neutral("isOmsContainer"),
    neutral("discretionaryUpToLimitPrice"),
    of_order("use_price_management", _F.optional_flag),
    neutral("duration", since=158),
    neutral("postToAts", since=160),
    neutral("autoCancelParent", since=162),
    of_order("advanced_error_override", _F.text, since=166),
    neutral("manualOrderTime", since=169),
    spanning(_read_pegged, since=170),
)
