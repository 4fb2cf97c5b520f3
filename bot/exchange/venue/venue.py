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
from bot.exchange.venue.calculation_desk import CalculationDesk
from bot.exchange.venue.data_desk import DataDesk
from bot.exchange.venue.depth_desk import DepthDesk
from bot.exchange.venue.display_groups import DisplayGroupDesk
from bot.exchange.venue.exchanges_desk import ExchangesDesk
from bot.exchange.venue.executions_desk import ExecutionsDesk
from bot.exchange.venue.exercise_desk import ExerciseDesk
from bot.exchange.venue.floor import Client, Floor, Outbox, SessionId
from bot.exchange.venue.histogram_desk import HistogramDesk
from bot.exchange.venue.history_desk import HistoryDesk
from bot.exchange.venue.history_requests import HistoryReader
from bot.exchange.venue.matching_desk import MatchingDesk
from bot.exchange.venue.news_desk import NewsDesk
from bot.exchange.venue.order_desk import OrderDesk
from bot.exchange.venue.order_questions import OrderQuestions
from bot.exchange.venue.read_only import read_only_routes
from bot.exchange.venue.real_time_bars import RealTimeBars
from bot.exchange.venue.records import ClockNoted
from bot.exchange.venue.reference_desk import ReferenceDesk
from bot.exchange.venue.scanner_desk import ScannerDesk
from bot.exchange.venue.settlement_desk import SettlementDesk
from bot.exchange.venue.tick_desk import TickDesk
from bot.exchange.venue.tick_history import TickHistory
from bot.exchange.venue.user_desk import UserDesk
from bot.exchange.venue.wire_time import spell_time
from bot.exchange.wire import requests as ask
from bot.exchange.wire.replies import (
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
MAX_CLIENTS = 32
"""How many clients the broker's gateway takes at once."""
MAX_SUBSCRIPTIONS = 1000
"""How much one client may have open at once, so that its memory is bounded."""
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
        reader = HistoryReader(floor, self._reference)
        self._history = HistoryDesk(floor, reader)
        self._past_ticks = TickHistory(floor, reader)
        self._ticks = TickDesk(floor, self._reference, self._past_ticks)
        self._five_seconds = RealTimeBars(floor, self._reference, reader)
        self._depth = DepthDesk(floor, self._reference)
        self._streaming = (self._history, self._ticks, self._five_seconds, self._depth)
        self._histograms = HistogramDesk(floor, reader)
        self._calculations = CalculationDesk(floor, self._reference)
        self._matching = MatchingDesk(floor)
        self._orders = OrderDesk(floor, self._reference, self._matching)
        self._questions = OrderQuestions(floor)
        self._executions = ExecutionsDesk(floor)
        self._account = AccountDesk(floor)
        self._settlement = SettlementDesk(floor, self._account.appraisal, benchmark)
        self._exercise = ExerciseDesk(floor, self._reference)
        self._exchanges = ExchangesDesk(floor)
        self._user = UserDesk(floor)
        self._news = NewsDesk(floor)
        self._scanner = ScannerDesk(floor)
        self._groups = DisplayGroupDesk(floor)
        self._next_session_id = 0
        self._account.appraisal.mark_all()
        self._routes = (
            self._order_routes()
            | self._account_routes()
            | self._other_routes()
            | self._stream_routes()
            | self._service_routes()
            | self._news_routes()
        )
        if floor.rules.read_only:
            self._routes |= read_only_routes(floor)

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
        for desk in self._streaming:
            desk.tell_all()
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
            self._bound(client)
        return self._floor.take_outbox()

    def _bound(self, client: Client) -> None:
        """Drop a client that asks for more and more and ends nothing."""
        if client.subscription_count > MAX_SUBSCRIPTIONS:
            reason = f"more than {MAX_SUBSCRIPTIONS} subscriptions"
            self._floor.outbox.drops[client.session_id] = reason

    def refuse(self, session_id: SessionId, reason: str) -> Outbox:
        """Tell whoever sent it, known or not yet, that a message was not understood."""
        refusal = ErrorMessage(code=320, text=f"Error reading request: {reason}")
        self._floor.outbox.replies.setdefault(session_id, []).append(refusal)
        return self._floor.take_outbox()

    def _start(self, session_id: SessionId, request: ask.StartApi) -> None:
        floor = self._floor
        refusal = self._refusal(request)
        if refusal is not None:
            floor.outbox.replies[session_id] = [refusal]
            floor.outbox.drops[session_id] = refusal.text
            return
        client = Client(session_id=session_id, client_id=request.client_id)
        floor.clients[session_id] = client
        self._send_accounts(client)
        self._send_next_id(client)
        for code, text in FARMS:
            floor.notify(client, code, text)

    def _refusal(self, request: ask.StartApi) -> ErrorMessage | None:
        """Say why this client cannot be taken, if so (domain.md section 3.1)."""
        clients = self._floor.clients
        if request.client_id < 0:
            return ErrorMessage(code=321, text="Error validating request: negative client id")
        if any(c.client_id == request.client_id for c in clients.values()):
            return ErrorMessage(code=326, text=_DUPLICATE_CLIENT)
        if len(clients) >= MAX_CLIENTS:
            text = f"Unable to connect: {MAX_CLIENTS} clients are connected, which is the maximum."
            return ErrorMessage(code=326, text=text)
        return None

    def _send_next_id(self, client: Client) -> None:
        order_id = self._floor.books.next_order_id(client.client_id)
        self._floor.send(client, NextValidId(order_id=order_id))

    # -- what is served by whom; a test holds that every request of the wire has its row

    def _order_routes(self) -> dict[type, Callable[[Client, Any], None]]:
        orders, questions = self._orders, self._questions
        return {
            ask.PlaceOrder: orders.place,
            ask.CancelOrder: orders.cancel,
            ask.RequestGlobalCancel: lambda _client, _request: orders.cancel_all(),
            ask.RequestOpenOrders: lambda c, _: questions.open_orders(c, everybody=False),
            ask.RequestAllOpenOrders: lambda c, _: questions.open_orders(c, everybody=True),
            ask.RequestAutoOpenOrders: questions.bind_orders,
            ask.RequestCompletedOrders: lambda c, _: questions.completed_orders(c),
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
            # clients cancel each head time stamp when it has come: nothing is left to say
            ask.CancelHeadTimestamp: lambda _client, _request: None,
        }

    def _stream_routes(self) -> dict[type, Callable[[Client, Any], None]]:
        # Histograms and calculations are answered at once, so none is left to cancel.
        silent: list[type] = [
            ask.CancelHistogramData,
            ask.CancelCalculateImpliedVolatility,
            ask.CancelCalculateOptionPrice,
        ]
        return dict.fromkeys(silent, _keep_silent) | {
            ask.RequestTickByTick: self._ticks.open_stream,
            ask.CancelTickByTick: self._ticks.close_stream,
            ask.RequestRealTimeBars: self._five_seconds.open_stream,
            ask.CancelRealTimeBars: self._five_seconds.close_stream,
            ask.RequestMarketDepth: self._depth.open_line,
            ask.CancelMarketDepth: self._depth.close_line,
            ask.RequestHistoricalTicks: self._past_ticks.ticks,
            ask.RequestHistogramData: self._histograms.histogram,
            ask.CalculateImpliedVolatility: self._calculations.volatility,
            ask.CalculateOptionPrice: self._calculations.price,
        }

    def _service_routes(self) -> dict[type, Callable[[Client, Any], None]]:
        user, scanner, groups = self._user, self._scanner, self._groups
        return {
            ask.ExerciseOptions: self._exercise.exercise,
            ask.RequestMarketDepthExchanges: self._exchanges.depth_exchanges,
            ask.RequestSmartComponents: self._exchanges.smart_components,
            ask.RequestFamilyCodes: user.family_codes,
            ask.RequestSoftDollarTiers: user.soft_dollar_tiers,
            ask.RequestUserInfo: user.user_info,
            ask.RequestAdvisorConfiguration: user.advisor_configuration,
            ask.ReplaceAdvisorConfiguration: user.replace_advisor_configuration,
            ask.VerifyRequest: user.verify,
            ask.VerifyMessage: user.verify,
            ask.VerifyAndAuthRequest: user.verify_and_authorize,
            ask.VerifyAndAuthMessage: user.verify_and_authorize,
            ask.RequestScannerParameters: scanner.parameters,
            ask.RequestScanner: scanner.subscribe,
            ask.CancelScanner: scanner.cancel,
            ask.QueryDisplayGroups: groups.query,
            ask.SubscribeToDisplayGroup: groups.subscribe,
            ask.UpdateDisplayGroup: groups.update,
            ask.UnsubscribeFromDisplayGroup: groups.unsubscribe,
        }

    def _news_routes(self) -> dict[type, Callable[[Client, Any], None]]:
        news = self._news
        # There are no bulletins, and what was refused at once needs no cancelling.
        silent: list[type] = [
            ask.RequestNewsBulletins,
            ask.CancelNewsBulletins,
            ask.CancelFundamentalData,
            ask.CancelWshMetaData,
            ask.CancelWshEventData,
        ]
        return dict.fromkeys(silent, _keep_silent) | {
            ask.RequestNewsProviders: news.providers,
            ask.RequestHistoricalNews: news.headlines,
            ask.RequestNewsArticle: news.article,
            ask.RequestFundamentalData: news.report,
            ask.RequestWshMetaData: news.calendar,
            ask.RequestWshEventData: news.calendar,
        }

    def _send_time(self, client: Client) -> None:
        self._floor.send(client, CurrentTime(epoch_seconds=int(self._floor.now.timestamp())))

    def _send_accounts(self, client: Client) -> None:
        self._floor.send(client, ManagedAccounts(accounts=(self._floor.books.account,)))


def _keep_silent(_client: Client, _request: object) -> None:
    """Do nothing, as the broker does."""
