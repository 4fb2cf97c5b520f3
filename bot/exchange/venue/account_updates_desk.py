"""Serves account updates: all values and the portfolio in full, then only what changed.

The broker allows any number of clients to watch one account and tells 2100 or 2101 only where a
second account is asked for besides; there is one here, so another is invalid (321) and takes
nothing over.
"""

from collections.abc import Iterable

import msgspec

from bot.domain.instruments import ConId
from bot.domain.sessions import NEW_YORK
from bot.exchange.venue.account_scope import is_ours
from bot.exchange.venue.account_statement import AccountStatements
from bot.exchange.venue.account_values import NamedValue, account_values, ledger_values
from bot.exchange.venue.floor import Client, Floor, MultiSubscription
from bot.exchange.venue.holding import Holding
from bot.exchange.venue.valuation import day_realized_usd, value_position
from bot.exchange.venue.wire_amounts import plain
from bot.exchange.wire.replies import (
    AccountDownloadEnd,
    AccountUpdateMulti,
    AccountUpdateMultiEnd,
    AccountUpdateTime,
    AccountValue,
    PortfolioValue,
)
from bot.exchange.wire.requests import (
    CancelAccountUpdatesMulti,
    RequestAccountUpdates,
    RequestAccountUpdatesMulti,
)

_NET_LIQUIDATION = "NetLiquidation"


class AccountUpdatesDesk:
    """Tells account values and portfolio lines."""

    def __init__(self, floor: Floor, statements: AccountStatements) -> None:
        self._floor = floor
        self._statements = statements

    def subscribe(self, client: Client, request: RequestAccountUpdates) -> None:
        """Start (all values, portfolio, end mark) or end the updates; 321 if not ours."""
        if not request.subscribe:
            client.account_updates = False
            return
        if not is_ours(self._floor, client, request.account):
            return
        client.account_updates = True
        client.account_told, client.portfolio_told = {}, {}
        self._tell(client)
        self._floor.send(client, AccountDownloadEnd(account=self._floor.books.account))

    def subscribe_multi(self, client: Client, request: RequestAccountUpdatesMulti) -> None:
        """Send the values under a request id, then the end mark, then what changes.

        With `ledger_and_nlv` only the ledger and net liquidation are meant.
        """
        number, account, model = request.request_id, request.account, request.model_code
        if not is_ours(self._floor, client, account, model=model, request_id=number):
            return
        client.account_multi[number] = MultiSubscription(only_ledger=request.ledger_and_nlv)
        self._tell_multi(client, number)
        self._floor.send(client, AccountUpdateMultiEnd(request_id=number))

    def unsubscribe_multi(self, client: Client, request: CancelAccountUpdatesMulti) -> None:
        """End those updates."""
        client.account_multi.pop(request.request_id, None)

    def refresh(self) -> None:
        """Tell subscribers what changed since they were last told."""
        for client in self._floor.clients.values():
            if client.account_updates:
                self._tell(client)
            for request_id in client.account_multi:
                self._tell_multi(client, request_id)

    def _tell(self, client: Client) -> None:
        account = self._floor.books.account
        for value in unheard(account_values(self._statements.make()), client.account_told):
            reply = AccountValue(
                key=value.key, value=value.text, currency=value.currency, account=account
            )
            self._floor.send(client, reply)
        self._tell_time(client)
        for con_id, line in self._portfolio():
            if client.portfolio_told.get(con_id) != line:
                client.portfolio_told[con_id] = line
                self._floor.send(client, line)
                self._tell_time(client)

    def _tell_time(self, client: Client) -> None:
        local = self._floor.now.astimezone(NEW_YORK)
        self._floor.send(client, AccountUpdateTime(timestamp=f"{local:%H:%M}"))

    def _tell_multi(self, client: Client, request_id: int) -> None:
        asked = client.account_multi[request_id]
        for value in unheard(self._values(only_ledger=asked.only_ledger), asked.told):
            reply = AccountUpdateMulti(
                request_id=request_id,
                account=self._floor.books.account,
                model_code="",
                key=value.key,
                value=value.text,
                currency=value.currency,
            )
            self._floor.send(client, reply)

    def _values(self, *, only_ledger: bool) -> list[NamedValue]:
        statement = self._statements.make()
        values = account_values(statement)
        if not only_ledger:
            return values
        names = {value.name for value in ledger_values(statement)}
        return [value for value in values if value.name in names or value.key == _NET_LIQUIDATION]

    def _portfolio(self) -> Iterable[tuple[ConId, PortfolioValue]]:
        """Yield a line for each position and, with quantity zero, for each closed this day."""
        books = self._floor.books
        for holding in (*books.positions(), *books.closed_today()):
            yield holding.con_id, self._line(holding)

    def _line(self, holding: Holding) -> PortfolioValue:
        floor = self._floor
        value = value_position(holding, floor.marks)
        product = floor.instrument(holding.con_id)
        contract = msgspec.structs.replace(
            floor.spelled(holding.con_id, ""), primary_exchange=product.exchange
        )
        return PortfolioValue(
            contract=contract,
            quantity=plain(holding.quantity),
            market_price=plain(value.mark_points),
            market_value=value.market_value_usd,
            average_cost=plain(holding.average_cost_usd),
            unrealized_pnl=value.unrealized_usd,
            realized_pnl=day_realized_usd(floor.books, holding.con_id),
            account=floor.books.account,
        )


def unheard(values: Iterable[NamedValue], told: dict[tuple[str, str], str]) -> Iterable[NamedValue]:
    """Yield the values that differ from what was `told`, and note them there."""
    for value in values:
        if told.get(value.name) != value.text:
            told[value.name] = value.text
            yield value
