"""What the library's decoder speaks to: one method per message, named as the wire names them.

Each method translates and hands on: rows and ends to the pending requests, ticks to the lines, all
else as events to the queue. Nothing is decided and nothing is sent from here. An exception in one
of these is reported by the decoder's alarm (`bot.adapters.ib.client_library`) and comes out of the
queue.
"""

from collections.abc import Callable
from typing import Any

from bot.adapters.ib.client_library import DecoderTarget
from bot.adapters.ib.heard import Heard
from bot.adapters.ib.lines import Lines
from bot.adapters.ib.link import RESTORED_DATA_LOST, SOCKET, UPSTREAM_LOST, WARNINGS, LinkState
from bot.adapters.ib.numbers import whole
from bot.adapters.ib.orders import (
    Listed,
    Progress,
    TicketBook,
    commission_of,
    execution_of,
    status_of,
)
from bot.adapters.ib.requests import Requests
from bot.app.ports import BrokerRefusedError, BrokerUnreachableError
from bot.domain.broker import LinkChanged, NoticeHeard, OrderErrorHeard, StatusHeard

CURRENT_TIME = "current time"
POSITIONS = "positions"
OPEN_ORDERS = "open orders"
COMPLETED_ORDERS = "completed orders"


def market_rule(rule_id: int) -> tuple[str, int]:
    """Return the key under which a market rule is awaited."""
    return ("market rule", rule_id)


class Listener(DecoderTarget):
    """One connection's ear.

    Attributes:
        requests: The questions that await an answer.
        lines: The streaming data lines.
        link: The state behind the socket.
        on_refusal: Told why the handshake cannot succeed; None once it has.
        ended: Whether the socket has ended.
    """

    def __init__(self, heard: Heard, tickets: TicketBook, lines: Lines, client_id: int) -> None:
        self._heard = heard
        self._tickets = tickets
        self._client_id = client_id
        self.requests = Requests()
        self.lines = lines
        self.link = LinkState()
        self.on_refusal: Callable[[str], None] | None = None
        self.on_order_id: Callable[[int], None] = lambda _order_id: None
        self.on_end: Callable[[], None] = lambda: None
        # The hot path: ticks go to the lines without a step between.
        self.priceSizeTick = lines.hear_price
        self.tickSize = lines.hear_size
        self.marketDataType = lines.hear_data_type

    # -- the connection

    def connectAck(self) -> None:
        """Nothing to do: the client goes on by itself."""

    def setEventsDone(self) -> None:
        """Take in that the socket has ended, for whatever reason and in whatever phase."""
        if self.on_refusal is not None:
            self.on_refusal("the other side closed the connection")
        self.on_end()

    def connectionClosed(self) -> None:
        """Take in that a standing connection was lost."""
        self.lines.lose(still_open=False)
        self.requests.refuse_all(BrokerUnreachableError("the connection was lost"))
        self._heard.put(LinkChanged(what=SOCKET, up=False, detail="the connection was lost"))

    def error(self, request_id: int, code: int, text: str, _advanced_reject: str) -> None:
        """Hand a code to what it names: a question, a line, an order of ours, or nobody."""
        link = self.link.hear(code, text)
        if link is not None:
            self._hear_link(code, link)
        elif self.on_refusal is not None and code not in WARNINGS:
            self.on_refusal(f"{code}: {text}")
        elif request_id in self.requests and code not in WARNINGS:
            self.requests.refuse(request_id, BrokerRefusedError(code, text))
        else:
            self._hear_notice(request_id, code, text)

    def _hear_link(self, code: int, link: LinkChanged) -> None:
        if code in UPSTREAM_LOST:
            self.lines.lose(still_open=True)
        elif code == RESTORED_DATA_LOST:
            self.lines.lose(still_open=False)
        self._heard.put(link)

    def _hear_notice(self, request_id: int, code: int, text: str) -> None:
        order_ref = self._tickets.ref_of_own(request_id)
        if order_ref is not None:
            self._heard.put(
                OrderErrorHeard(order_ref=order_ref, order_id=request_id, code=code, text=text)
            )
        else:
            con_id = self.lines.refuse(request_id, code)
            self._heard.put(NoticeHeard(code=code, text=text, con_id=con_id))

    # -- orders

    def openOrder(self, order_id: int, contract: Any, order: Any, state: Any) -> None:
        """Take in an order as the broker holds it, listed or after a change."""
        self.on_order_id(order_id)
        self._tickets.hear_order(contract, order, own=order.clientId == self._client_id)
        self.requests.row(OPEN_ORDERS, Listed(contract, order, state))

    def openOrderEnd(self) -> None:
        """All open orders are told."""
        self.requests.end(OPEN_ORDERS)

    def orderStatus(
        self,
        order_id: int,
        status: str,
        filled: float,
        remaining: float,
        _average_price: float,
        perm_id: int,
        _parent_id: int,
        _last_price: float,
        client_id: int,
        *_why: object,
    ) -> None:
        """Take in an order's status, repeated or new; the word is the broker's."""
        order_ref = self._tickets.ref_of(order_id, perm_id, own=client_id == self._client_id)
        self._tickets.link(order_ref, perm_id)
        progress = Progress((client_id, order_id, perm_id), status, filled)
        self.requests.row(OPEN_ORDERS, progress)
        self._heard.put(
            StatusHeard(
                order_ref=order_ref,
                order_id=order_id,
                perm_id=perm_id,
                status=status_of(status),
                filled=whole(filled, f"order {order_id}"),
                remaining=whole(remaining, f"order {order_id}"),
            )
        )

    def completedOrder(self, contract: Any, order: Any, state: Any) -> None:
        """Take in a completed order; the message has no order number."""
        self._tickets.link(order.orderRef, order.permId)
        self.requests.row(COMPLETED_ORDERS, Listed(contract, order, state))

    def completedOrdersEnd(self) -> None:
        """All completed orders are told."""
        self.requests.end(COMPLETED_ORDERS)

    def execDetails(self, request_id: int, contract: Any, execution: Any) -> None:
        """Take in an execution: a row of an answer, or news."""
        self._tickets.link(execution.orderRef, execution.permId)
        if request_id in self.requests:
            self.requests.row(request_id, (contract, execution))
            return
        heard = execution_of(contract, execution)
        if heard is not None:
            self._heard.put(heard)

    def execDetailsEnd(self, request_id: int) -> None:
        """All executions are told."""
        self.requests.end(request_id)

    def commissionReport(self, report: Any) -> None:
        """Take in what an execution cost."""
        heard = commission_of(report)
        if heard is not None:
            self._heard.put(heard)

    # -- rows and ends of answers

    def currentTime(self, epoch_seconds: int) -> None:
        """The broker's time."""
        self.requests.row(CURRENT_TIME, epoch_seconds)
        self.requests.end(CURRENT_TIME)

    def position(self, account: str, contract: Any, quantity: float, average_cost: float) -> None:
        """One position of one account."""
        self.requests.row(POSITIONS, (account, contract, quantity, average_cost))

    def positionEnd(self) -> None:
        """All positions are told."""
        self.requests.end(POSITIONS)

    def accountSummary(
        self, request_id: int, account: str, tag: str, value: str, currency: str
    ) -> None:
        """One balance of one account."""
        self.requests.row(request_id, (account, tag, value, currency))

    def accountSummaryEnd(self, request_id: int) -> None:
        """All balances are told."""
        self.requests.end(request_id)

    def contractDetails(self, request_id: int, details: Any) -> None:
        """One contract that matches."""
        self.requests.row(request_id, details)

    def contractDetailsEnd(self, request_id: int) -> None:
        """All matching contracts are told."""
        self.requests.end(request_id)

    def securityDefinitionOptionParameter(
        self,
        request_id: int,
        exchange: str,
        _underlying: int,
        trading_class: str,
        _multiplier: str,
        expirations: list[str],
        _strikes: list[float],
    ) -> None:
        """One option class on one exchange."""
        self.requests.row(request_id, (exchange, trading_class, tuple(expirations)))

    def securityDefinitionOptionParameterEnd(self, request_id: int) -> None:
        """All option classes are told."""
        self.requests.end(request_id)

    def marketRule(self, rule_id: int, increments: list[Any]) -> None:
        """One price grid, whole."""
        for increment in increments:
            self.requests.row(market_rule(rule_id), increment)
        self.requests.end(market_rule(rule_id))

    def historicalData(self, request_id: int, bar: Any) -> None:
        """One bar."""
        self.requests.row(request_id, bar)

    def historicalDataEnd(self, request_id: int, _start: str, _end: str) -> None:
        """All bars are told."""
        self.requests.end(request_id)

    def tickOptionComputation(self, *_greeks: object) -> None:
        """The broker's greeks are not used: they may rest on spot (domain.md section 1.6)."""
