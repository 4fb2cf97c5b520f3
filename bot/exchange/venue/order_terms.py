"""What an order says, before anybody asks what it trades: form checks and reading.

An order with an attribute that is not honoured must not trade as if it were, so everything the
exchange does not simulate is refused here (321), as is what no order can say. The texts of the wire
become the types of the order table.
"""

from collections.abc import Callable
from datetime import date, datetime

import msgspec

from bot.exchange.venue.adaptive import ADAPTIVE, PRIORITY_TAG
from bot.exchange.venue.orders import OrderType, Priority, Side, Tif
from bot.exchange.venue.refusal import Refusal, incomplete, invalid
from bot.exchange.venue.stops import TRIGGER_METHODS
from bot.exchange.venue.wire_time import read_time
from bot.exchange.wire.order import WireOrder

_TYPES, _SIDES, _PRIORITIES = frozenset(OrderType), frozenset(Side), frozenset(Priority)
_TIFS = frozenset({"", *Tif})
_OCA_TYPES = range(4)


class Deadline(msgspec.Struct, frozen=True):
    """When an order ends: at an instant, or with the trading day of a date."""

    at: datetime | None = None
    day: date | None = None


def check_form(order: WireOrder, account: str) -> Refusal | None:
    """Return why an order is none, whatever it would trade; None if it may be read."""
    if order.unsupported:
        return invalid(f"not simulated here: {', '.join(order.unsupported)}")
    if order.account not in ("", account):
        return invalid(f"Invalid account code '{order.account}'")
    if order.what_if and not order.transmit:
        return Refusal(413, "What-if order should have the transmit flag set to true.")
    if order.order_type not in _TYPES:
        return Refusal(387, "Unsupported order type for this exchange and security type.")
    return _first(order, _check_attributes, _check_size, _check_prices, _check_times, _check_algo)


def _first(order: WireOrder, *checks: Callable[[WireOrder], Refusal | None]) -> Refusal | None:
    return next((found for check in checks if (found := check(order)) is not None), None)


def _check_attributes(order: WireOrder) -> Refusal | None:
    if order.action not in _SIDES:
        return invalid(f"action '{order.action}'")
    if order.tif not in _TIFS:
        return invalid(f"time in force '{order.tif}'")
    if order.oca_type not in _OCA_TYPES:
        return invalid(f"OCA type {order.oca_type}")
    if order.trigger_method not in TRIGGER_METHODS:
        return invalid(f"trigger method {order.trigger_method}")
    named = {
        "min_qty": order.min_qty,
        "display_size": order.display_size,
        "cash_qty": order.cash_qty,
        "hidden": order.hidden,
        "block_order": order.block_order,
        "sweep_to_fill": order.sweep_to_fill,
        "trail_stop_price": order.trail_stop_price,
        "trailing_percent": order.trailing_percent,
    }
    asked = [name for name, value in named.items() if value]
    return invalid(f"not simulated here: {', '.join(asked)}") if asked else None


def _check_size(order: WireOrder) -> Refusal | None:
    quantity = order.total_quantity
    if quantity == 0:
        return Refusal(434, "The order size cannot be zero.")
    if quantity < 0 or quantity != quantity.to_integral_value():
        return invalid(f"quantity {quantity}")
    return None


def _check_prices(order: WireOrder) -> Refusal | None:
    kind = OrderType(order.order_type)
    if kind.has_limit and order.lmt_price is None and not order.combo_leg_prices:
        return incomplete("the limit price")
    if kind.has_stop and order.aux_price is None:
        return incomplete("the stop price")
    if kind.has_stop and order.aux_price is not None and order.aux_price <= 0:
        return invalid("a stop price must be above zero")
    if kind.is_closing and order.tif not in ("", Tif.DAY):
        return invalid(f"an order at the close cannot be {order.tif}")
    return None


def _check_times(order: WireOrder) -> Refusal | None:
    if order.tif == Tif.GTD and not order.good_till_date:
        return incomplete("the good-till date")
    if order.good_till_date and order.tif != Tif.GTD:
        return invalid("a good-till date needs the time in force GTD")
    try:
        read_start(order)
        read_deadline(order)
    except ValueError as error:
        return invalid(str(error))
    return None


def _check_algo(order: WireOrder) -> Refusal | None:
    if not order.algo_strategy:
        return None
    if order.algo_strategy != ADAPTIVE:
        return Refusal(439, "The order processing failed. Algorithm definition not found.")
    if order.order_type not in (OrderType.LIMIT, OrderType.MARKET):
        return Refusal(387, "Unsupported order type for this exchange and security type.")
    if any(each.tag != PRIORITY_TAG for each in order.algo_params):
        return Refusal(443, "Order processing failed. Unknown algo attribute.")
    if len(order.algo_params) != 1 or order.algo_params[0].value not in _PRIORITIES:
        return Refusal(441, "Algo attributes validation failed: adaptivePriority")
    return None


def read_tif(order: WireOrder) -> Tif:
    """Return how long a well-formed order stands; the preset for an empty one is the day."""
    return Tif(order.tif or Tif.DAY)


def read_priority(order: WireOrder) -> Priority | None:
    """Return the pace of a well-formed Adaptive order, None for any other."""
    return Priority(order.algo_params[0].value) if order.algo_strategy else None


def read_start(order: WireOrder) -> datetime | None:
    """Return when an order begins, None for at once.

    Raises:
        ValueError: It is not a time.
    """
    return read_time(order.good_after_time) if order.good_after_time else None


def read_deadline(order: WireOrder) -> Deadline:
    """Return when a GTD order ends; a date without a time means the end of that trading day.

    Raises:
        ValueError: It is neither a date nor a time.
    """
    text = order.good_till_date
    if not text:
        return Deadline()
    if len(text) == len("yyyymmdd"):
        return Deadline(day=date.fromisoformat(text))
    return Deadline(at=read_time(text))
