"""Serves account summaries: the values that a client names, then those of them that changed.

A tag that the broker does not know brings no row and no error (known clients ask for such tags and
work on). `$LEDGER` asks for the ledger in the base currency, `$LEDGER:USD` in one currency,
`$LEDGER:ALL` in all.
"""

from bot.exchange.venue.account_scope import is_group
from bot.exchange.venue.account_statement import AccountStatements
from bot.exchange.venue.account_updates_desk import unheard
from bot.exchange.venue.account_values import BASE, USD, NamedValue, ledger_values, total_values
from bot.exchange.venue.floor import Client, Floor, SummarySubscription
from bot.exchange.wire.replies import AccountSummary, AccountSummaryEnd
from bot.exchange.wire.requests import CancelAccountSummary, RequestAccountSummary

MAX_SUMMARIES = 2
_LEDGER = "$LEDGER"
_ALL_CURRENCIES = "ALL"
_TOO_MANY = (
    "Error processing request.-'cq' : cause - Maximum number of account summary requests exceeded"
)


class AccountSummaryDesk:
    """Tells account summaries, of which each client may have two."""

    def __init__(self, floor: Floor, statements: AccountStatements) -> None:
        self._floor = floor
        self._statements = statements

    def subscribe(self, client: Client, request: RequestAccountSummary) -> None:
        """Send the values asked for, then the end mark; 322 beyond two, 321 for a strange group."""
        number = request.request_id
        if len(client.summaries) >= MAX_SUMMARIES and number not in client.summaries:
            self._floor.fail(client, number, 322, _TOO_MANY)
            return
        if not is_group(self._floor, client, request.group, number):
            return
        client.summaries[number] = _read(request.tags)
        self._tell(client, number)
        self._floor.send(client, AccountSummaryEnd(request_id=number))

    def unsubscribe(self, client: Client, request: CancelAccountSummary) -> None:
        """End a summary."""
        client.summaries.pop(request.request_id, None)

    def refresh(self) -> None:
        """Tell subscribers what changed since they were last told."""
        for client in self._floor.clients.values():
            for request_id in client.summaries:
                self._tell(client, request_id)

    def _tell(self, client: Client, request_id: int) -> None:
        asked = client.summaries[request_id]
        for value in unheard(self._values(asked), asked.told):
            reply = AccountSummary(
                request_id=request_id,
                account=self._floor.books.account,
                tag=value.key,
                value=value.text,
                currency=value.currency,
            )
            self._floor.send(client, reply)

    def _values(self, asked: SummarySubscription) -> list[NamedValue]:
        statement = self._statements.make()
        totals = [value for value in total_values(statement) if value.key in asked.tags]
        ledger = [v for v in ledger_values(statement) if v.currency in asked.ledger]
        return totals + ledger


def _read(tags: str) -> SummarySubscription:
    words = [tag.strip() for tag in tags.split(",")]
    ledgers = [word.partition(":")[2] for word in words if word.partition(":")[0] == _LEDGER]
    currencies = {currency or BASE for currency in ledgers}
    if _ALL_CURRENCIES in currencies:
        currencies = {BASE, USD}
    return SummarySubscription(tags=frozenset(words), ledger=frozenset(currencies))
