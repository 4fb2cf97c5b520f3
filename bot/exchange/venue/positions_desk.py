"""Tells clients what the account holds, and each position that changes.

What was closed on the trading day is told once more as zero, as the broker does: a client that
comes back learns that it is gone.
"""

from bot.exchange.venue.account_scope import is_ours
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.holding import Holding
from bot.exchange.venue.wire_amounts import plain
from bot.exchange.wire.replies import Position, PositionEnd, PositionMulti, PositionMultiEnd
from bot.exchange.wire.requests import CancelPositionsMulti, RequestPositionsMulti


class PositionsDesk:
    """Serves positions, with and without a request id."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def subscribe(self, client: Client) -> None:
        """Send all positions, then the end mark, then each that changes."""
        client.positions = True
        for holding in self._told():
            self._floor.send(client, self._position(holding))
        self._floor.send(client, PositionEnd())

    def unsubscribe(self, client: Client) -> None:
        """End the updates."""
        client.positions = False

    def subscribe_multi(self, client: Client, request: RequestPositionsMulti) -> None:
        """Send all positions under a request id, then each that changes; 321 if not ours."""
        number, account, model = request.request_id, request.account, request.model_code
        if not is_ours(self._floor, client, account, model=model, request_id=number):
            return
        client.positions_multi.add(number)
        for holding in self._told():
            self._floor.send(client, self._position_multi(number, holding))
        self._floor.send(client, PositionMultiEnd(request_id=number))

    def unsubscribe_multi(self, client: Client, request: CancelPositionsMulti) -> None:
        """End those updates."""
        client.positions_multi.discard(request.request_id)

    def push(self, holding: Holding) -> None:
        """Tell subscribers that a position changed."""
        for client in self._floor.clients.values():
            if client.positions:
                self._floor.send(client, self._position(holding))
            for request_id in sorted(client.positions_multi):
                self._floor.send(client, self._position_multi(request_id, holding))

    def _told(self) -> list[Holding]:
        books = self._floor.books
        return [*books.positions(), *books.closed_today()]

    def _position(self, holding: Holding) -> Position:
        return Position(
            account=self._floor.books.account,
            contract=self._floor.spelled(holding.con_id, ""),
            quantity=plain(holding.quantity),
            average_cost=plain(holding.average_cost_usd),
        )

    def _position_multi(self, request_id: int, holding: Holding) -> PositionMulti:
        return PositionMulti(
            request_id=request_id,
            account=self._floor.books.account,
            contract=self._floor.spelled(holding.con_id, ""),
            quantity=plain(holding.quantity),
            average_cost=plain(holding.average_cost_usd),
        )
