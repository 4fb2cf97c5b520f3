"""The venue: requests in, replies out, and time moved from outside.

No I/O and no clock. The shell (`bot.exchange.server`) calls `handle` for each request in order of
arrival and `advance` when time has passed; each returns an `Outbox`: store its records, then write
its replies, then close what it drops. In that order nothing a client was told can be lost.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.exchange.venue.account_desk import AccountDesk
from bot.exchange.venue.data_desk import DataDesk
from bot.exchange.venue.executions_desk import ExecutionsDesk
from bot.exchange.venue.floor import Client, Floor, Outbox, SessionId
from bot.exchange.venue.history_desk import HistoryDesk
from bot.exchange.venue.matching_desk import MatchingDesk
from bot.exchange.venue.order_desk import OrderDesk
from bot.exchange.venue.records import ClockNoted
from bot.exchange.venue.reference_desk import ReferenceDesk
from bot.exchange.venue.settlement_desk import SettlementDesk
from bot.exchange.venue.wire_time import spell_time
from bot.exchange.wire import requests as ask
from bot.exchange.wire.replies import (
    NO_REQUEST,
    CurrentTime,
    ErrorMessage,
    Hello,
    ManagedAccounts,
    NextValidId,
)

FARMS = (
    (2104, "Market data farm connection is OK:usopt"),
    (2104, "Market data farm connection is OK:usfuture"),
    (2106, "HMDS data farm connection is OK:ushmds"),
    (2158, "Sec-def data farm connection is OK:secdefil"),
)
_DUPLICATE_CLIENT = (
    "Unable to connect as the client id is already in use. Retry with a unique client id."
)


class Venue:
    """One account's exchange, its books opened before."""

    def __init__(self, floor: Floor, benchmark: Decimal | None = None) -> None:
        """Open it; `benchmark` is the yearly rate that interest follows, None for no interest."""
        self._floor = floor
        self._reference = ReferenceDesk(floor)
        self._data = DataDesk(floor, self._reference)
        self._history = HistoryDesk(floor, self._reference)
        self._matching = MatchingDesk(floor)
        self._orders = OrderDesk(floor, self._reference, self._matching)
        self._executions = ExecutionsDesk(floor)
        self._account = AccountDesk(floor)
        self._settlement = SettlementDesk(floor, self._account.appraisal, benchmark)
        self._next_session_id = 0
        self._account.appraisal.mark_all()
        self._routes = self._order_routes() | self._account_routes() | self._other_routes()

    @property
    def now(self) -> datetime:
        """The exchange's time."""
        return self._floor.now

    @property
    def account(self) -> AccountDesk:
        """The desk that knows what the account is worth."""
        return self._account

    @property
    def served(self) -> Iterable[type]:
        """The kinds of request that have an answer, beside `StartApi`."""
        return self._routes.keys()

    # -- connections

    def greet(self) -> Hello:
        """Return what ends the handshake."""
        return Hello(connection_time=spell_time(self._floor.now))

    def open_session(self) -> SessionId:
        """Return a fresh session id for a connection."""
        self._next_session_id += 1
        return SessionId(self._next_session_id)

    def close_session(self, session_id: SessionId) -> None:
        """Forget a connection; orders stay (they belong to the client id)."""
        self._floor.clients.pop(session_id, None)

    # -- time

    def advance(self, now: datetime) -> Outbox:
        """Move the exchange to `now`: settle, expire, match, and tell everybody what changed.

        Raises:
            ValueError: `now` lies before the exchange's time.
        """
        floor = self._floor
        if now < floor.now:
            raise ValueError(f"the exchange stands at {floor.now} and cannot go back to {now}")
        floor.now = now
        floor.board.step(floor.watched(), now)
        self._settlement.step()
        self._matching.step()
        self._account.appraisal.mark_all()
        self._data.tell_all()
        self._account.push()
        self._account.pnl.push()
        floor.book(ClockNoted(at=now))
        return floor.take_outbox()

    # -- requests

    def handle(self, session_id: SessionId, request: ask.Request) -> Outbox:
        """Serve one request of a connection; every request is answered or has no answer."""
        client = self._floor.clients.get(session_id)
        if isinstance(request, ask.StartApi):
            self._start(session_id, request)
        elif client is None:
            self._floor.outbox.drops[session_id] = "a request before StartApi"
        else:
            self._routes[type(request)](client, request)
            self._account.push()
        return self._floor.take_outbox()

    def refuse(self, session_id: SessionId, reason: str) -> Outbox:
        """Tell a client that what it sent was not understood; the session goes on."""
        client = self._floor.clients.get(session_id)
        if client is not None:
            self._floor.notify(client, 320, f"Error reading request: {reason}")
        return self._floor.take_outbox()

    def _start(self, session_id: SessionId, request: ask.StartApi) -> None:
        floor = self._floor
        if any(c.client_id == request.client_id for c in floor.clients.values()):
            refusal = ErrorMessage(code=326, text=_DUPLICATE_CLIENT)
            floor.outbox.replies[session_id] = [refusal]
            floor.outbox.drops[session_id] = f"client id {request.client_id} is in use"
            return
        client = Client(session_id=session_id, client_id=request.client_id)
        floor.clients[session_id] = client
        self._send_accounts(client)
        self._send_next_id(client)
        for code, text in FARMS:
            floor.notify(client, code, text)

    def _send_next_id(self, client: Client) -> None:
        order_id = self._floor.books.next_order_id(client.client_id)
        self._floor.send(client, NextValidId(order_id=order_id))

    # -- what is served by whom; a test holds that every request of the wire has its row

    def _order_routes(self) -> dict[type, Callable[[Client, Any], None]]:
        orders = self._orders
        return {
            ask.PlaceOrder: orders.place,
            ask.CancelOrder: orders.cancel,
            ask.RequestGlobalCancel: lambda _client, _request: orders.cancel_all(),
            ask.RequestOpenOrders: lambda c, _: orders.open_orders(c, everybody=False),
            ask.RequestAllOpenOrders: lambda c, _: orders.open_orders(c, everybody=True),
            ask.RequestAutoOpenOrders: orders.bind_orders,
            ask.RequestCompletedOrders: lambda c, _: orders.completed_orders(c),
            ask.RequestExecutions: self._executions.executions,
        }

    def _account_routes(self) -> dict[type, Callable[[Client, Any], None]]:
        account = self._account
        return {
            ask.RequestPositions: lambda c, _: account.positions.subscribe(c),
            ask.CancelPositions: lambda c, _: account.positions.unsubscribe(c),
            ask.RequestPositionsMulti: account.positions.subscribe_multi,
            ask.CancelPositionsMulti: account.positions.unsubscribe_multi,
            ask.RequestAccountUpdates: account.updates.subscribe,
            ask.RequestAccountUpdatesMulti: account.updates.subscribe_multi,
            ask.CancelAccountUpdatesMulti: account.updates.unsubscribe_multi,
            ask.RequestAccountSummary: account.summaries.subscribe,
            ask.CancelAccountSummary: account.summaries.unsubscribe,
            ask.RequestPnL: account.pnl.subscribe,
            ask.CancelPnL: account.pnl.unsubscribe,
            ask.RequestPnLSingle: account.pnl.subscribe_single,
            ask.CancelPnLSingle: account.pnl.unsubscribe_single,
        }

    def _other_routes(self) -> dict[type, Callable[[Client, Any], None]]:
        reference, data, history = self._reference, self._data, self._history
        return {
            ask.RequestCurrentTime: lambda c, _: self._send_time(c),
            ask.RequestIds: lambda c, _: self._send_next_id(c),
            ask.RequestManagedAccounts: lambda c, _: self._send_accounts(c),
            ask.SetServerLogLevel: lambda _client, _request: None,
            ask.Unsupported: self._decline,
            ask.RequestContractDetails: reference.details,
            ask.RequestMatchingSymbols: reference.matching_symbols,
            ask.RequestOptionParameters: reference.option_parameters,
            ask.RequestMarketRule: reference.market_rule,
            ask.RequestMarketData: data.open_line,
            ask.CancelMarketData: data.close_line,
            ask.RequestMarketDataType: data.choose_type,
            ask.RequestHistoricalData: history.bars,
            ask.CancelHistoricalData: history.cancel,
            ask.RequestHeadTimestamp: history.head,
            ask.CancelHeadTimestamp: history.cancel,
        }

    def _send_time(self, client: Client) -> None:
        self._floor.send(client, CurrentTime(epoch_seconds=int(self._floor.now.timestamp())))

    def _send_accounts(self, client: Client) -> None:
        self._floor.send(client, ManagedAccounts(accounts=(self._floor.books.account,)))

    def _decline(self, client: Client, request: ask.Unsupported) -> None:
        request_id = NO_REQUEST if request.request_id is None else request.request_id
        text = f"Error validating request: {request.name} is not served by this exchange"
        self._floor.fail(client, request_id, 321, text)
