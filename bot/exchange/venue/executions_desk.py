"""Serves fills of the day: executions by filter, each with its commission.

As at the broker's gateway, the question reaches back to midnight and no further (domain.md section
3.3): a client keeps its own ledger.
"""

from datetime import datetime

from bot.exchange.venue.contracts import BAG, BAG_CON_ID, sec_type
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.hours import midnight
from bot.exchange.venue.order_messages import commission_report, exec_details
from bot.exchange.venue.records import Execution
from bot.exchange.venue.wire_time import read_time
from bot.exchange.wire.replies import ExecDetailsEnd
from bot.exchange.wire.requests import RequestExecutions

_SIDES = {"BUY": "BUY", "BOT": "BUY", "SELL": "SELL", "SLD": "SELL", "SSHORT": "SELL"}


class ExecutionsDesk:
    """Answers questions about fills."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def executions(self, client: Client, request: RequestExecutions) -> None:
        """Send today's fills that pass the filter, the end mark, then their commissions."""
        floor = self._floor
        try:
            since = max(self._since(request), midnight(floor.now))
        except ValueError as error:
            floor.fail(client, request.request_id, 321, f"Error validating request: {error}")
            return
        found = [e for e in floor.books.executions if e.at >= since and self._passes(request, e)]
        for done in found:
            contract = floor.contract_of(floor.books.orders[done.perm_id], done.con_id)
            floor.send(
                client, exec_details(done, contract, floor.books.account, request.request_id)
            )
        floor.send(client, ExecDetailsEnd(request_id=request.request_id))
        for done in found:
            if done.con_id != BAG_CON_ID:  # a combination is charged by leg
                floor.send(client, commission_report(done))

    def _since(self, request: RequestExecutions) -> datetime:
        return read_time(request.time) if request.time else midnight(self._floor.now)

    def _passes(self, request: RequestExecutions, done: Execution) -> bool:
        product = self._floor.lead(self._floor.books.orders[done.perm_id])
        kind = sec_type(product) if done.con_id != BAG_CON_ID else BAG
        return (
            request.client_id in (0, done.client_id)
            and request.account in ("", self._floor.books.account)
            and request.symbol in ("", product.symbol)
            and request.sec_type in ("", kind)
            and request.exchange in ("", done.exchange)
            and (not request.side or _SIDES.get(request.side.upper()) == done.side)
        )
