"""Orders between our terms and the wire's.

Statuses are the broker's own words from the wire. The library's copy of an order is never asked:
it turns "cancelled" on codes that leave the order alive (10349, 104, 161; domain.md section 4).
What must be known to change or cancel an order is kept as a frozen `Ticket`, and every send builds
a new library order from it: the library and the broker write into the object they are handed.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from bot.adapters.ib.client_library import ComboLeg, Contract, Order
from bot.adapters.ib.contracts import sec_type_of
from bot.adapters.ib.numbers import exact, is_set, whole
from bot.app.ports import BrokerError
from bot.domain.account import AccountId
from bot.domain.broker import BrokerOrder, BrokerStatus, CommissionHeard, ExecutionHeard
from bot.domain.instruments import ConId, Instrument
from bot.domain.orders import ExecId, Intent, Leg, Side
from bot.domain.value import Value, replace

COMBINATION = "BAG"

_STATUS = {
    "ApiPending": BrokerStatus.PENDING,
    "PendingSubmit": BrokerStatus.PENDING,
    "PreSubmitted": BrokerStatus.WORKING,
    "Submitted": BrokerStatus.WORKING,
    "PendingCancel": BrokerStatus.PENDING_CANCEL,
    "PreCancelled": BrokerStatus.PENDING_CANCEL,
    "ApiCancelled": BrokerStatus.CANCELLED,
    "Cancelled": BrokerStatus.CANCELLED,
    "Filled": BrokerStatus.FILLED,
    "Inactive": BrokerStatus.INACTIVE,
}
_SIDE = {"BOT": Side.BUY, "SLD": Side.SELL}


def side_of(word: str) -> Side:
    """Return the side of an execution; raises `ValueError` for a word that is not the broker's."""
    if word not in _SIDE:
        raise ValueError(f"unknown side {word!r} of an execution")
    return _SIDE[word]


def status_of(word: str) -> BrokerStatus:
    """Return what the broker's status word proves (domain.md section 3.4).

    Raises:
        ValueError: the word is not one of the broker's.
    """
    if word not in _STATUS:
        raise ValueError(f"unknown order status {word!r}")
    return _STATUS[word]


class Listed(NamedTuple):
    """An order as the broker lists it, in the library's terms."""

    contract: Any
    order: Any
    state: Any

    @property
    def key(self) -> tuple[int, int, int]:
        """Client, order number and permanent number."""
        return (self.order.clientId, self.order.orderId, self.order.permId)


class Progress(NamedTuple):
    """How far an order has come; `filled` in contracts."""

    key: tuple[int, int, int]
    status: str
    filled: float


class Ticket(Value):
    """One order of this client, as it was last sent or listed; `limit` in points.

    A combination has `legs`, as a purchase of it trades them, and no contract number of its own
    (`con_id` is 0 or what the broker gives to combinations); its limit may have any sign.
    """

    order_ref: str
    order_id: int
    con_id: ConId
    symbol: str
    sec_type: str
    exchange: str
    side: Side
    quantity: int
    limit: Decimal
    account: AccountId
    legs: tuple[Leg, ...] = ()

    def contract(self) -> Contract:
        """Return a new library contract: number and exchange decide, of a combination its legs'.

        No expiry or strike goes along, since a field that disagrees gets 478 (domain.md 3.5).
        """
        if self.legs:
            return Contract(
                symbol=self.symbol,
                secType=COMBINATION,
                exchange=self.exchange,
                currency="USD",
                comboLegs=[_wire_leg(leg, self.exchange) for leg in self.legs],
            )
        return Contract(
            conId=self.con_id,
            symbol=self.symbol,
            secType=self.sec_type,
            exchange=self.exchange,
            currency="USD",
        )

    def order(self) -> Order:
        """Return a new library order: LMT DAY, everything explicit that a preset could fill.

        A combination stays guaranteed, all legs or none, by leaving its routing unset (domain.md
        1.5).
        """
        return Order(
            orderId=self.order_id,
            action=self.side.value,
            totalQuantity=self.quantity,
            orderType="LMT",
            lmtPrice=float(self.limit),
            tif="DAY",
            account=self.account,
            orderRef=self.order_ref,
            transmit=True,
            outsideRth=False,
        )


class TicketBook:
    """Which reference, order number and permanent number belong together.

    Order numbers are this client's own; other clients' orders are known by permanent number alone.
    The book outlives a connection, and a new process fills it from the open orders.
    """

    def __init__(self) -> None:
        self._by_ref: dict[str, Ticket] = {}
        self._ref_by_order: dict[int, str] = {}
        self._ref_by_perm: dict[int, str] = {}

    def enter(self, ticket: Ticket) -> None:
        """Add or replace a ticket."""
        self._by_ref[ticket.order_ref] = ticket
        self._ref_by_order[ticket.order_id] = ticket.order_ref

    def ticket(self, order_ref: str) -> Ticket | None:
        """Return the ticket of a reference, None when no order of this client carries it."""
        return self._by_ref.get(order_ref)

    def link(self, order_ref: str, perm_id: int) -> None:
        """Remember a permanent number; 0 means that there is none yet."""
        if order_ref and perm_id:
            self._ref_by_perm[perm_id] = order_ref

    def ref_of_own(self, order_id: int) -> str | None:
        """Return the reference of this client's order `order_id`."""
        return self._ref_by_order.get(order_id)

    def ref_of(self, order_id: int, perm_id: int, *, own: bool) -> str:
        """Return the reference of an order of any client, empty when nothing has told it."""
        if own and order_id in self._ref_by_order:
            return self._ref_by_order[order_id]
        return self._ref_by_perm.get(perm_id, "")

    def order_id_of(self, order_ref: str) -> int:
        """Return this client's order number for a reference, 0 when there is none."""
        ticket = self._by_ref.get(order_ref)
        return ticket.order_id if ticket else 0

    def hear_order(self, contract: Any, order: Any, *, own: bool) -> None:
        """Take in a listed order: this is how the map is rebuilt after a restart."""
        self.link(order.orderRef, order.permId)
        limit = limit_of(order)
        is_whole = contract.secType != COMBINATION or contract.comboLegs
        if own and order.orderRef and limit is not None and is_whole:
            self.enter(_ticket_of(contract, order, limit))


def _ticket_of(contract: Any, order: Any, limit: Decimal) -> Ticket:
    return Ticket(
        order_ref=order.orderRef,
        order_id=order.orderId,
        con_id=ConId(contract.conId),
        symbol=contract.symbol,
        sec_type=contract.secType,
        exchange=contract.exchange,
        side=Side(order.action),
        quantity=whole(order.totalQuantity, f"order {order.orderId}"),
        limit=limit,
        account=AccountId(order.account),
        legs=tuple(_leg_of(leg) for leg in contract.comboLegs),
    )


def _wire_leg(leg: Leg, exchange: str) -> ComboLeg:
    return ComboLeg(conId=leg.con_id, ratio=leg.ratio, action=leg.side.value, exchange=exchange)


def _leg_of(leg: Any) -> Leg:
    return Leg(con_id=ConId(leg.conId), side=Side(leg.action), ratio=leg.ratio)


def _traded_legs(contract: Any, side: Side) -> tuple[Leg, ...]:
    """Return what an order trades: a sale of a combination turns its legs round."""
    legs = tuple(_leg_of(leg) for leg in contract.comboLegs)
    if side is Side.BUY:
        return legs
    return tuple(replace(leg, side=Side.SELL if leg.side is Side.BUY else Side.BUY) for leg in legs)


def ticket_for(
    intent: Intent, instruments: Sequence[Instrument], account: AccountId, order_id: int
) -> Ticket:
    """Return the ticket of a new order; `instruments` are those of the intent's legs.

    Raises:
        BrokerError: the legs of a combination cannot be traded together.
    """
    first = instruments[0]
    if any((each.symbol, each.exchange) != (first.symbol, first.exchange) for each in instruments):
        shown = ", ".join(f"{each.symbol} at {each.exchange}" for each in instruments)
        raise BrokerError(f"{intent.intent_id}: no combination of {shown}")
    return Ticket(
        order_ref=intent.intent_id,
        order_id=order_id,
        con_id=ConId(0) if intent.is_roll else intent.con_id,
        symbol=first.symbol,
        sec_type=COMBINATION if intent.is_roll else sec_type_of(first),
        exchange=first.exchange,
        side=intent.side,
        quantity=intent.quantity,
        limit=intent.limit,
        account=account,
        legs=intent.legs if intent.is_roll else (),
    )


def at_limit(ticket: Ticket, limit: Decimal) -> Ticket:
    """Return `ticket` moved to another limit."""
    return replace(ticket, limit=limit)


def limit_of(order: Any) -> Decimal | None:
    """Return a library order's limit in points, None for an order without one."""
    if order.orderType != "LMT" or not is_set(order.lmtPrice):
        return None
    return exact(order.lmtPrice)


def execution_of(contract: Any, execution: Any) -> ExecutionHeard | None:
    """Translate an execution; None for the summary of a combination, whose legs come besides."""
    if contract.secType == COMBINATION:
        return None
    return ExecutionHeard(
        order_ref=execution.orderRef,
        exec_id=ExecId(execution.execId),
        perm_id=execution.permId,
        con_id=ConId(contract.conId),
        side=side_of(execution.side),
        quantity=whole(execution.shares, f"execution {execution.execId}"),
        price=exact(execution.price),
        executed_at=execution.time,
    )


def commission_of(report: Any) -> CommissionHeard | None:
    """Translate a commission report, None while the commission is unset.

    Raises:
        ValueError: the commission is in another currency than USD.
    """
    if not is_set(report.commission):
        return None
    if report.currency != "USD":
        raise ValueError(f"commission of {report.execId} in {report.currency!r}, not in USD")
    return CommissionHeard(exec_id=ExecId(report.execId), commission_usd=exact(report.commission))


def broker_order(row: Listed, progress: Progress, order_id: int) -> BrokerOrder:
    """Translate a listed order, which at its end is listed without its number.

    Raises:
        ValueError: one of its numbers or words cannot be held.
    """
    order, side = row.order, Side(row.order.action)
    name = f"order {order.permId}"
    return BrokerOrder(
        order_ref=order.orderRef,
        order_id=order_id,
        client_id=order.clientId,
        perm_id=order.permId,
        con_id=ConId(row.contract.conId),
        side=side,
        quantity=whole(order.totalQuantity, name),
        limit=limit_of(order),
        status=status_of(progress.status),
        filled=whole(progress.filled, name),
        legs=_traded_legs(row.contract, side),
    )
