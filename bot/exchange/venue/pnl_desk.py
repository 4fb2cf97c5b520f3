"""Serves profit and loss, of the account and of single positions, at every step that changes it.

The day's profit counts from the marks with which the trading day began and from the day's trades;
before the first trading day it is unknown, as everything is of a contract never held.
"""

from decimal import Decimal

from bot.domain.instruments import ConId
from bot.exchange.venue.account_scope import is_ours
from bot.exchange.venue.appraisal import Appraisal
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.valuation import (
    AccountFigures,
    day_profit_usd,
    day_realized_usd,
    value_position,
)
from bot.exchange.venue.wire_amounts import floating
from bot.exchange.wire.replies import PnL, PnLSingle, Reply
from bot.exchange.wire.requests import CancelPnL, CancelPnLSingle, RequestPnL, RequestPnLSingle


class PnLDesk:
    """Tells profit and loss."""

    def __init__(self, floor: Floor, appraisal: Appraisal) -> None:
        self._floor = floor
        self._appraisal = appraisal

    def subscribe(self, client: Client, request: RequestPnL) -> None:
        """Send the account's profit and loss now and whenever it changes; 321 if not ours."""
        number, account, model = request.request_id, request.account, request.model_code
        if is_ours(self._floor, client, account, model=model, request_id=number):
            client.pnl[number] = None
            self._tell(client, self._appraisal.figures())

    def unsubscribe(self, client: Client, request: CancelPnL) -> None:
        """End it."""
        client.pnl.pop(request.request_id, None)

    def subscribe_single(self, client: Client, request: RequestPnLSingle) -> None:
        """Send one position's profit and loss now and whenever it changes; 321 if not ours."""
        number, account, model = request.request_id, request.account, request.model_code
        if is_ours(self._floor, client, account, model=model, request_id=number):
            client.pnl_single[number] = (ConId(request.con_id), None)
            self._tell_single(client)

    def unsubscribe_single(self, client: Client, request: CancelPnLSingle) -> None:
        """End it."""
        client.pnl_single.pop(request.request_id, None)

    def push(self) -> None:
        """Tell subscribers what changed."""
        figures: AccountFigures | None = None
        for client in self._floor.clients.values():
            if client.pnl:
                figures = figures or self._appraisal.figures()
                self._tell(client, figures)
            if client.pnl_single:
                self._tell_single(client)

    def _tell(self, client: Client, figures: AccountFigures) -> None:
        for request_id, told in client.pnl.items():
            reply = PnL(
                request_id=request_id,
                daily=floating(figures.daily_usd),
                unrealized=float(figures.unrealized_usd),
                realized=float(figures.realized_usd),
            )
            client.pnl[request_id] = self._if_new(client, told, reply)

    def _tell_single(self, client: Client) -> None:
        for request_id, (con_id, told) in client.pnl_single.items():
            reply = self._single(request_id, con_id)
            client.pnl_single[request_id] = (con_id, self._if_new(client, told, reply))

    def _single(self, request_id: int, con_id: ConId) -> PnLSingle:
        books, marks = self._floor.books, self._floor.marks
        holding = books.holdings.get(con_id)
        if holding is None:
            return PnLSingle(
                request_id=request_id,
                position=Decimal(0),
                daily=None,
                unrealized=None,
                realized=None,
                value=None,
            )
        value = value_position(holding, marks)
        return PnLSingle(
            request_id=request_id,
            position=Decimal(holding.quantity),
            daily=floating(day_profit_usd(books, con_id, marks)),
            unrealized=float(value.unrealized_usd),
            realized=float(day_realized_usd(books, con_id)),
            value=float(value.market_value_usd),
        )

    def _if_new(self, client: Client, told: Reply | None, reply: Reply) -> Reply:
        if reply != told:
            self._floor.send(client, reply)
        return reply
