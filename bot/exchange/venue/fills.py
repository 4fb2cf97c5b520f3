"""A fill as a record: the executions of what was matched, their costs, and the order after them.

Nothing is booked here; the record is what happened, worked out once, so that replaying it needs
neither market nor rules.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from bot.domain.instruments import ConId
from bot.exchange.reference.products import Tradable
from bot.exchange.venue.books import Books
from bot.exchange.venue.commission import by_rate_usd, fill_commission_usd
from bot.exchange.venue.filling import filled_order
from bot.exchange.venue.matching import Print
from bot.exchange.venue.orders import BookedOrder
from bot.exchange.venue.records import Execution, FillBooked


class Filling(msgspec.Struct, frozen=True, kw_only=True):
    """What a fill needs beside its prints: the products, the instant, and whether it rested."""

    products: Mapping[ConId, Tradable]
    at: datetime
    rested: bool = False


def make_fill(
    books: Books, order: BookedOrder, prints: Sequence[Print], filling: Filling
) -> FillBooked:
    """Return the record of a fill of `order`; nothing is booked yet.

    A combination's legs have ids of one segment more than the whole, as at the broker.
    """
    trades = tuple(_execution(books, order, each, filling) for each in prints)
    after = filled_order(order, prints, trades, filling.at)
    if not order.legs:
        return FillBooked(trades=trades, order=after)
    legs = tuple(
        msgspec.structs.replace(each, exec_id=books.next_exec_id(f".{number:02x}"))
        for number, each in enumerate(trades, start=2)
    )
    return FillBooked(trades=legs, order=after, whole=_whole(order, after, trades[0]))


def _whole(before: BookedOrder, after: BookedOrder, leg: Execution) -> Execution | None:
    """Return the execution of the units that were completed, like `leg` in all else."""
    units = after.filled - before.filled
    if not units:
        return None
    return msgspec.structs.replace(
        leg,
        con_id=after.con_id,
        exchange=after.exchange,
        side=after.side,
        quantity=units,
        price=after.last_fill_price,
        by_rate_usd=Decimal(0),
        commission_usd=Decimal(0),
        realized_usd=None,
        cum_quantity=after.filled,
        average_price=after.average_price,
    )


def _execution(books: Books, order: BookedOrder, done: Print, filling: Filling) -> Execution:
    """Return the execution of one leg, its commission and what it realizes worked out."""
    product = filling.products[done.leg.con_id]
    bare = Execution(
        exec_id=books.next_exec_id(),
        perm_id=order.perm_id,
        order_id=order.order_id,
        client_id=order.client_id,
        con_id=product.con_id,
        exchange=done.leg.exchange,
        side=done.side,
        quantity=done.quantity,
        price=done.price,
        multiplier=product.multiplier,
        at=filling.at,
        by_rate_usd=by_rate_usd(product, done.quantity, done.price),
        commission_usd=Decimal(0),
        realized_usd=None,
        rested=filling.rested,
        order_ref=order.order_ref,
        cum_quantity=0,
        average_price=Decimal(0),
    )
    sums = books.charges(order.perm_id, product.con_id).plus(bare)
    charged = msgspec.structs.replace(
        bare,
        commission_usd=fill_commission_usd(
            product, sums.value_usd, sums.by_rate_usd, sums.charged_usd
        ),
        cum_quantity=sums.quantity,
        average_price=sums.points / sums.quantity,
    )
    realized = books.traded(charged).realized_usd
    return msgspec.structs.replace(charged, realized_usd=realized)
