"""Answers questions about orders: what is open, what is done, and who may bind."""

from datetime import timedelta

from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.order_messages import completed_order, open_order, order_status
from bot.exchange.wire.replies import CompletedOrdersEnd, OpenOrderEnd
from bot.exchange.wire.requests import RequestAutoOpenOrders

COMPLETED_DAYS = timedelta(days=7)


class OrderQuestions:
    """Tells of orders to whoever asks."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def open_orders(self, client: Client, *, everybody: bool) -> None:
        """Send the open orders of this client, or of everybody, then the end mark.

        The master sees everybody's as its own (domain.md section 3.3).
        """
        floor = self._floor
        everybody = everybody or client.client_id == floor.rules.master_client_id
        for order in floor.books.open_orders():
            if everybody or order.client_id == client.client_id:
                contract = floor.contract_of(order, order.con_id)
                floor.send(client, open_order(order, contract, floor.books.account))
                floor.send(client, order_status(order))
        floor.send(client, OpenOrderEnd())

    def completed_orders(self, client: Client) -> None:
        """Send the orders of all clients that ended in the last week, then the end mark.

        Every order here came over the API, so asking for those alone asks for the same.
        """
        floor = self._floor
        for order in floor.books.orders.values():
            if order.ended_at is not None and floor.now - order.ended_at <= COMPLETED_DAYS:
                contract = floor.contract_of(order, order.con_id)
                floor.send(client, completed_order(order, contract, floor.books.account))
        floor.send(client, CompletedOrdersEnd())

    def bind_orders(self, client: Client, request: RequestAutoOpenOrders) -> None:
        """Take note: nobody places orders by hand here. Only client 0 may ask (321)."""
        if request.bind and client.client_id != 0:
            self._floor.notify(client, 321, "Error validating request: only client 0 may bind")
