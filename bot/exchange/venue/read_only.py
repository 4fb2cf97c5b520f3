"""What a gateway answers whose API was set to read-only.

It refuses orders and whatever binds them with 321, the questions for a client's own open orders
among them, and may leave the question for completed orders without an answer (domain.md section
3.1). Everything else is served as ever.
"""

from collections.abc import Callable
from typing import Any

from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.refusal import invalid
from bot.exchange.wire import requests as ask

REFUSAL = invalid("The API interface is currently in Read-Only mode.")


def read_only_routes(floor: Floor) -> dict[type, Callable[[Client, Any], None]]:
    """Return who answers instead of the order desk."""

    def refuse(client: Client, _request: object) -> None:
        floor.notify(client, REFUSAL.code, REFUSAL.text)

    def refuse_order(client: Client, request: ask.CancelOrder) -> None:
        floor.fail(client, request.order_id, REFUSAL.code, REFUSAL.text)

    def refuse_new(client: Client, request: ask.PlaceOrder) -> None:
        floor.fail(client, request.order.order_id, REFUSAL.code, REFUSAL.text)

    def refuse_exercise(client: Client, request: ask.ExerciseOptions) -> None:
        floor.fail(client, request.request_id, REFUSAL.code, REFUSAL.text)

    return {
        ask.PlaceOrder: refuse_new,
        ask.CancelOrder: refuse_order,
        ask.RequestGlobalCancel: refuse,
        ask.ExerciseOptions: refuse_exercise,
        ask.RequestOpenOrders: refuse,
        ask.RequestAutoOpenOrders: refuse,
        ask.RequestCompletedOrders: lambda _client, _request: None,
    }
