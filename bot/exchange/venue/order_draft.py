"""From a well-formed request to the order as it would be booked: its ends, its status, its legs."""

from datetime import datetime, time
from decimal import Decimal

import msgspec

from bot.domain.instruments import ConId
from bot.domain.sessions import UnknownSessionError, at_new_york
from bot.exchange.reference.products import Tradable
from bot.exchange.venue.combos import booked_legs
from bot.exchange.venue.contracts import BAG_CON_ID, ResolvedLeg
from bot.exchange.venue.floor import Floor
from bot.exchange.venue.hours import last_trade_at
from bot.exchange.venue.order_hours import heeds_outside_rth
from bot.exchange.venue.order_terms import (
    Deadline,
    read_deadline,
    read_priority,
    read_start,
    read_tif,
)
from bot.exchange.venue.orders import BookedOrder, OrderType, Side, Status, Tif
from bot.exchange.wire.order import WireOrder

_NOON = time(12)


class Deal(msgspec.Struct, frozen=True):
    """What an order trades: the legs of a combination, or one contract as the only leg."""

    legs: tuple[ResolvedLeg, ...]
    exchange: str
    is_combo: bool

    @property
    def lead(self) -> Tradable:
        """The first leg's product; its hours are the deal's."""
        return self.legs[0].product

    @property
    def con_id(self) -> ConId:
        """The contract number, or the one all combinations share."""
        return BAG_CON_ID if self.is_combo else self.lead.con_id


def draft_order(
    floor: Floor, client_id: int, wire: WireOrder, deal: Deal, parent: BookedOrder | None
) -> BookedOrder:
    """Return the order that a well-formed request asks for, as new and not yet booked."""
    kind = OrderType(wire.order_type)
    draft = BookedOrder(
        perm_id=floor.books.next_perm_id,
        order_id=wire.order_id,
        client_id=client_id,
        con_id=deal.con_id,
        exchange=deal.exchange,
        side=Side(wire.action),
        quantity=int(wire.total_quantity),
        order_type=kind,
        limit=_limit(wire, deal) if kind.has_limit else None,
        stop=wire.aux_price if kind.has_stop else None,
        tif=read_tif(wire),
        outside_rth=wire.outside_rth
        and heeds_outside_rth(deal.lead, kind, is_algo=bool(wire.algo_strategy)),
        order_ref=wire.order_ref,
        status=Status.PRE_SUBMITTED if wire.transmit else Status.PENDING_SUBMIT,
        placed_at=floor.now,
        good_until=floor.now,
        legs=booked_legs(deal.legs) if deal.is_combo else (),
        leg_limits=leg_limits(wire, deal) if kind.has_limit else (),
        guaranteed=not (deal.is_combo and is_non_guaranteed(wire)),
        all_or_none=wire.all_or_none,
        good_till_date=wire.good_till_date,
        good_after_time=wire.good_after_time,
        good_after=read_start(wire),
        oca_group=wire.oca_group,
        oca_type=wire.oca_type,
        parent_id=wire.parent_id,
        parent_perm_id=parent.perm_id if parent else 0,
        waits_for_parent=parent is not None and parent.is_open,
        trigger_method=wire.trigger_method,
        priority=read_priority(wire),
    )
    ends = _ends_at(floor, deal, draft, read_deadline(wire))
    return with_status(floor, deal.lead, msgspec.structs.replace(draft, good_until=ends))


def with_status(floor: Floor, lead: Tradable, order: BookedOrder) -> BookedOrder:
    """Return an open order with the status it has at this moment: working or held."""
    if order.status is Status.PENDING_SUBMIT:
        return order
    works = is_ready(floor, order, lead) and not order.is_asleep
    return msgspec.structs.replace(
        order, status=Status.SUBMITTED if works else Status.PRE_SUBMITTED
    )


def is_ready(floor: Floor, order: BookedOrder, lead: Tradable) -> bool:
    """Tell whether nothing but prices keeps an order from trading."""
    if not order.is_live or order.order_type.is_closing:
        return False
    if order.good_after is not None and floor.now < order.good_after:
        return False
    return floor.order_hours.trades_at(lead, order, floor.now)


def is_non_guaranteed(wire: WireOrder) -> bool:
    """Tell whether a combination may fill leg by leg."""
    return any(
        each.tag == "NonGuaranteed" and each.value not in ("", "0")
        for each in wire.smart_combo_params
    )


def leg_limits(wire: WireOrder, deal: Deal) -> tuple[Decimal, ...]:
    """Return the prices per leg, empty where the whole is priced, as a single contract is."""
    prices = wire.combo_leg_prices if deal.is_combo else ()
    return tuple(price for price in prices if price is not None)


def _limit(wire: WireOrder, deal: Deal) -> Decimal | None:
    """Return the limit of the whole; prices per leg add up to it."""
    prices = leg_limits(wire, deal)
    if not prices:
        return wire.lmt_price
    both = zip(deal.legs, prices, strict=True)
    return sum((leg.signed_ratio * price for leg, price in both), Decimal(0))


def _ends_at(floor: Floor, deal: Deal, order: BookedOrder, deadline: Deadline) -> datetime:
    last = min(last_trade_at(floor.sessions, leg.product) for leg in deal.legs)
    if order.order_type.is_closing:
        return min(last, floor.order_hours.regular_close(deal.lead, floor.now))
    if order.tif is Tif.GTC:
        return last
    if deadline.at is not None:
        return min(last, deadline.at)
    start = max(floor.now, order.good_after or floor.now)
    if deadline.day is not None:
        if deadline.day < floor.today:
            return floor.now
        start = at_new_york(deadline.day, _NOON)
    try:
        return min(last, floor.order_hours.day_ends_at(deal.lead, order, start))
    except UnknownSessionError:
        return last
