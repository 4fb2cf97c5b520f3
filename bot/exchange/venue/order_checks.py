"""Whether an order may stand: what it says, what it would trade, what the account can bear.

Each check returns a refusal or None; the order desk asks them in turn and answers with the first.
Codes and their meaning are those of domain.md section 3.6.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

import msgspec

from bot.domain.instruments import Future, Option, is_vix_call
from bot.domain.sessions import SessionTable
from bot.exchange.reference.products import Product
from bot.exchange.venue.books import Books
from bot.exchange.venue.commission import order_commission_usd
from bot.exchange.venue.contracts import SMART
from bot.exchange.venue.hours import last_trade_at
from bot.exchange.venue.margin import OptionPosition, requirement_usd
from bot.exchange.venue.orders import BookedOrder, Side, Tif
from bot.exchange.wire.order import WireOrder

MAX_CONTRACTS = 10_000
_ZERO_SIZE_TEXT = "The order size cannot be zero."
_REJECTED = "Order rejected - reason:"


class Refusal(msgspec.Struct, frozen=True):
    """Why an order does not stand."""

    code: int
    text: str


def _invalid(text: str) -> Refusal:
    return Refusal(321, f"Error validating request:-'bN' : cause - {text}")


def check_form(order: WireOrder, account: str) -> Refusal | None:
    """Refuse what the exchange does not simulate or what no order can say.

    An order with an attribute that is not honoured must not trade as if it were.
    """
    if order.unsupported:
        return _invalid(f"not simulated here: {', '.join(order.unsupported)}")
    if order.account not in ("", account):
        return _invalid(f"Invalid account code '{order.account}'")
    if order.order_type != "LMT":
        return Refusal(387, "Unsupported order type for this exchange and security type.")
    return _check_attributes(order) or _check_numbers(order)


def _check_attributes(order: WireOrder) -> Refusal | None:
    if order.action not in (Side.BUY, Side.SELL):
        return _invalid(f"action '{order.action}'")
    if order.tif not in ("", *Tif):
        return _invalid(f"time in force '{order.tif}'")
    named = {
        "all_or_none": order.all_or_none,
        "min_qty": order.min_qty,
        "display_size": order.display_size,
        "oca_group": order.oca_group,
        "parent_id": order.parent_id,
        "good_after_time": order.good_after_time,
        "algo_strategy": order.algo_strategy,
        "cash_qty": order.cash_qty,
        "hidden": order.hidden,
        "transmit": not order.transmit,
    }
    asked = [name for name, value in named.items() if value]
    return _invalid(f"not simulated here: {', '.join(asked)}") if asked else None


def _check_numbers(order: WireOrder) -> Refusal | None:
    quantity = order.total_quantity
    if quantity == 0:
        return Refusal(434, _ZERO_SIZE_TEXT)
    if quantity < 0 or quantity != quantity.to_integral_value():
        return _invalid(f"quantity {quantity}")
    if order.lmt_price is None or order.lmt_price <= 0:
        return _invalid("a limit order needs a limit price above zero")
    if quantity > MAX_CONTRACTS:
        return Refusal(201, f"{_REJECTED}Order size exceeds {MAX_CONTRACTS} contracts")
    return None


def check_instrument(
    instrument: Product, exchange: str, sessions: SessionTable, now: datetime
) -> Refusal | None:
    """Refuse what cannot be traded here, or no longer."""
    if isinstance(instrument, Future):
        return Refusal(460, "No trading permissions for futures in this account.")
    if not isinstance(instrument, Option):
        return Refusal(201, f"{_REJECTED}{instrument.symbol} is an index and cannot be traded")
    if exchange not in (SMART, instrument.exchange):
        return _invalid("Missing or unknown order exchange")
    if now >= last_trade_at(sessions, instrument):
        return Refusal(392, "Sorry, this contract has expired.")
    return None


def check_grid(option: Option, limit: Decimal) -> Refusal | None:
    """Refuse a price that the market rule does not allow."""
    if option.grid.is_legal(limit):
        return None
    return Refusal(
        110, "The price does not conform to the minimum price variation for this contract."
    )


def check_short(option: Option, order: BookedOrder, books: Books) -> Refusal | None:
    """Refuse to sell VIX calls that are not held, counting what working orders already sell."""
    if order.side is Side.BUY or not is_vix_call(option):
        return None
    others = _others(books, order)
    selling = sum(o.remaining for o in others if o.con_id == order.con_id and o.side is Side.SELL)
    if order.remaining <= books.quantity(order.con_id) - selling:
        return None
    return Refusal(201, f"{_REJECTED}This account may not be short of VIX calls")


def check_funds(
    option: Option, order: BookedOrder, books: Books, held: list[OptionPosition]
) -> Refusal | None:
    """Refuse what the available funds do not pay for, counting what working orders may spend."""
    after = requirement_usd([*held, OptionPosition(option, order.side.sign * order.remaining)])
    if after is None:
        return Refusal(201, f"{_REJECTED}The position would have unlimited risk")
    spending = sum((_outlay_usd(o, option) for o in _others(books, order)), Decimal(0))
    free = books.cash_usd - after - spending - _outlay_usd(order, option)
    if free >= 0:
        return None
    return Refusal(
        201, f"{_REJECTED}Your available funds are insufficient, short of {-free:.2f} USD"
    )


def _others(books: Books, order: BookedOrder) -> Iterable[BookedOrder]:
    return [o for o in books.open_orders() if o.perm_id != order.perm_id]


def _outlay_usd(order: BookedOrder, option: Option) -> Decimal:
    """Return the cash that the rest of an order takes; a sale's proceeds count when they come."""
    commission = order_commission_usd(order.remaining, order.limit)
    if order.side is Side.SELL:
        return commission
    return order.remaining * order.limit * option.multiplier + commission
