"""Serves the account: positions, values, summaries, profit and loss, and their updates.

Values are told in full when asked for, then only what changed: after a fill or settlement at once,
otherwise every three minutes, as the broker does. Profit and loss follow every step.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from bot.domain.instruments import ConId
from bot.domain.sessions import NEW_YORK
from bot.exchange.venue.account_values import account_values
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.holding import Holding
from bot.exchange.venue.margin import requirement
from bot.exchange.venue.valuation import (
    AccountFigures,
    mark_points,
    value_account,
    value_position,
)
from bot.exchange.wire.replies import (
    AccountDownloadEnd,
    AccountSummary,
    AccountSummaryEnd,
    AccountUpdateMulti,
    AccountUpdateMultiEnd,
    AccountUpdateTime,
    AccountValue,
    PnL,
    PnLSingle,
    PortfolioValue,
    Position,
    PositionEnd,
    PositionMulti,
    PositionMultiEnd,
    Reply,
)
from bot.exchange.wire.requests import (
    CancelAccountSummary,
    CancelAccountUpdatesMulti,
    CancelPnL,
    CancelPnLSingle,
    CancelPositionsMulti,
    RequestAccountSummary,
    RequestAccountUpdates,
    RequestAccountUpdatesMulti,
    RequestPnL,
    RequestPnLSingle,
    RequestPositionsMulti,
)

REFRESH = timedelta(minutes=3)
MAX_SUMMARIES = 2
_WIRE_DIGITS = Decimal("0.00000001")


class AccountDesk:
    """Tells clients what the account holds and what it is worth."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._refreshed_at: datetime = floor.now

    # -- figures

    def mark(self) -> None:
        """Mark the positions to the market as it stands; where nobody quotes the mark stays."""
        for holding in self._floor.books.positions():
            self._mark(holding.con_id)

    def _mark(self, con_id: ConId) -> None:
        mark = mark_points(self._floor.board.quote(con_id))
        if mark is not None:
            self._floor.marks[con_id] = mark

    def figures(self) -> AccountFigures:
        """Return what the account is worth at the present marks."""
        floor = self._floor
        tied = requirement(floor.held_positions(), floor.levels(), naked_calls=True)
        assert tied is not None  # every position has a mark, and naked calls have a charge
        return value_account(floor.books, floor.marks, tied.initial_usd)

    # -- positions

    def subscribe_positions(self, client: Client) -> None:
        """Send all positions, then the end mark, then each that changes."""
        client.positions = True
        for holding in self._floor.books.positions():
            self._floor.send(client, self._position(holding))
        self._floor.send(client, PositionEnd())

    def unsubscribe_positions(self, client: Client) -> None:
        """End the updates."""
        client.positions = False

    def subscribe_positions_multi(self, client: Client, request: RequestPositionsMulti) -> None:
        """Send all positions of the account under a request id, then each that changes."""
        if self._is_foreign(client, request.request_id, request.account):
            return
        client.positions_multi.add(request.request_id)
        for holding in self._floor.books.positions():
            self._floor.send(client, self._position_multi(request.request_id, holding))
        self._floor.send(client, PositionMultiEnd(request_id=request.request_id))

    def unsubscribe_positions_multi(self, client: Client, request: CancelPositionsMulti) -> None:
        """End those updates."""
        client.positions_multi.discard(request.request_id)

    # -- account values

    def updates(self, client: Client, request: RequestAccountUpdates) -> None:
        """Start (all values, portfolio, end mark) or end the account updates."""
        client.account_updates = request.subscribe
        if not request.subscribe:
            return
        if request.account not in ("", self._floor.books.account):
            client.account_updates = False
            self._floor.notify(client, 321, f"Invalid account code '{request.account}'")
            return
        client.account_told = {}
        self._tell_updates(client)
        self._floor.send(client, AccountDownloadEnd(account=self._floor.books.account))

    def updates_multi(self, client: Client, request: RequestAccountUpdatesMulti) -> None:
        """Send all values under a request id, then the end mark, then refreshes."""
        if self._is_foreign(client, request.request_id, request.account):
            return
        client.account_multi[request.request_id] = request.model_code
        self._tell_multi(client, request.request_id)
        self._floor.send(client, AccountUpdateMultiEnd(request_id=request.request_id))

    def cancel_updates_multi(self, client: Client, request: CancelAccountUpdatesMulti) -> None:
        """End those updates."""
        client.account_multi.pop(request.request_id, None)

    def summary(self, client: Client, request: RequestAccountSummary) -> None:
        """Send the values asked for, then the end mark; 322 beyond two subscriptions."""
        if len(client.summaries) >= MAX_SUMMARIES and request.request_id not in client.summaries:
            text = "Error processing request: Maximum number of account summary requests exceeded"
            self._floor.fail(client, request.request_id, 322, text)
            return
        client.summaries[request.request_id] = tuple(t.strip() for t in request.tags.split(","))
        self._tell_summary(client, request.request_id)
        self._floor.send(client, AccountSummaryEnd(request_id=request.request_id))

    def cancel_summary(self, client: Client, request: CancelAccountSummary) -> None:
        """End a summary."""
        client.summaries.pop(request.request_id, None)

    # -- profit and loss

    def pnl(self, client: Client, request: RequestPnL) -> None:
        """Send the account's profit and loss now and whenever it changes."""
        if not self._is_foreign(client, request.request_id, request.account):
            client.pnl[request.request_id] = None
            self._tell_pnl(client, self.figures())

    def cancel_pnl(self, client: Client, request: CancelPnL) -> None:
        """End it."""
        client.pnl.pop(request.request_id, None)

    def pnl_single(self, client: Client, request: RequestPnLSingle) -> None:
        """Send one position's profit and loss now and whenever it changes."""
        if not self._is_foreign(client, request.request_id, request.account):
            client.pnl_single[request.request_id] = (ConId(request.con_id), None)
            self._tell_pnl_single(client)

    def cancel_pnl_single(self, client: Client, request: CancelPnLSingle) -> None:
        """End it."""
        client.pnl_single.pop(request.request_id, None)

    # -- pushes

    def push(self) -> None:
        """Tell subscribers what changed since they were last told."""
        changed = self._floor.positions_changed
        for con_id in sorted(changed):
            self._mark(con_id)
            self._push_position(self._floor.books.holdings[con_id])
        if changed or self._floor.now - self._refreshed_at >= REFRESH:
            self._refreshed_at = self._floor.now
            self._refresh()
        changed.clear()

    def push_pnl(self) -> None:
        """Tell subscribers of profit and loss what changed."""
        figures: AccountFigures | None = None
        for client in self._floor.clients.values():
            if client.pnl:
                figures = figures or self.figures()
                self._tell_pnl(client, figures)
            if client.pnl_single:
                self._tell_pnl_single(client)

    def _push_position(self, holding: Holding) -> None:
        for client in self._floor.clients.values():
            if client.positions:
                self._floor.send(client, self._position(holding))
            for request_id in sorted(client.positions_multi):
                self._floor.send(client, self._position_multi(request_id, holding))

    def _refresh(self) -> None:
        for client in self._floor.clients.values():
            if client.account_updates:
                self._tell_updates(client)
            for request_id in client.account_multi:
                self._tell_multi(client, request_id)
            for request_id in client.summaries:
                self._tell_summary(client, request_id)

    def _tell_updates(self, client: Client) -> None:
        account = self._floor.books.account
        for value in account_values(account, self.figures()):
            if client.account_told.get(value.key) != value.text:
                client.account_told[value.key] = value.text
                reply = AccountValue(
                    key=value.key, value=value.text, currency=value.currency, account=account
                )
                self._floor.send(client, reply)
        for holding in self._portfolio():
            self._floor.send(client, self._portfolio_line(holding))
        local = self._floor.now.astimezone(NEW_YORK)
        self._floor.send(client, AccountUpdateTime(timestamp=f"{local:%H:%M}"))

    def _portfolio(self) -> Iterable[Holding]:
        """Yield the positions, and those just closed, so that a client learns of zero."""
        closed = self._floor.positions_changed
        for con_id, holding in sorted(self._floor.books.holdings.items()):
            if holding.quantity or con_id in closed:
                yield holding

    def _tell_multi(self, client: Client, request_id: int) -> None:
        account = self._floor.books.account
        for value in account_values(account, self.figures()):
            self._floor.send(
                client,
                AccountUpdateMulti(
                    request_id=request_id,
                    account=account,
                    model_code=client.account_multi[request_id],
                    key=value.key,
                    value=value.text,
                    currency=value.currency,
                ),
            )

    def _tell_summary(self, client: Client, request_id: int) -> None:
        account = self._floor.books.account
        for value in account_values(account, self.figures()):
            if value.key in client.summaries[request_id]:
                self._floor.send(
                    client,
                    AccountSummary(
                        request_id=request_id,
                        account=account,
                        tag=value.key,
                        value=value.text,
                        currency=value.currency,
                    ),
                )

    def _tell_pnl(self, client: Client, figures: AccountFigures) -> None:
        for request_id, told in client.pnl.items():
            reply = PnL(
                request_id=request_id,
                daily=None if figures.daily_usd is None else float(figures.daily_usd),
                unrealized=float(figures.unrealized_usd),
                realized=float(figures.realized_usd),
            )
            client.pnl[request_id] = self._if_new(client, told, reply)

    def _tell_pnl_single(self, client: Client) -> None:
        for request_id, (con_id, told) in client.pnl_single.items():
            holding = self._floor.books.holdings.get(con_id)
            if holding is None:
                reply = PnLSingle(
                    request_id=request_id,
                    position=Decimal(0),
                    daily=None,
                    unrealized=None,
                    realized=None,
                    value=None,
                )
            else:
                reply = self._pnl_single(request_id, holding)
            client.pnl_single[request_id] = (con_id, self._if_new(client, told, reply))

    def _pnl_single(self, request_id: int, holding: Holding) -> PnLSingle:
        value = value_position(holding, self._floor.marks)
        return PnLSingle(
            request_id=request_id,
            position=Decimal(holding.quantity),
            daily=None,
            unrealized=float(value.unrealized_usd),
            realized=float(holding.realized_usd),
            value=float(value.market_value_usd),
        )

    def _if_new(self, client: Client, told: Reply | None, reply: Reply) -> Reply:
        if reply != told:
            self._floor.send(client, reply)
        return reply

    # -- spelling

    def _position(self, holding: Holding) -> Position:
        return Position(
            account=self._floor.books.account,
            contract=self._floor.spelled(holding.con_id, ""),
            quantity=Decimal(holding.quantity),
            average_cost=_plain(holding.average_cost_usd),
        )

    def _position_multi(self, request_id: int, holding: Holding) -> PositionMulti:
        return PositionMulti(
            request_id=request_id,
            account=self._floor.books.account,
            contract=self._floor.spelled(holding.con_id, ""),
            quantity=Decimal(holding.quantity),
            average_cost=_plain(holding.average_cost_usd),
        )

    def _portfolio_line(self, holding: Holding) -> PortfolioValue:
        value = value_position(holding, self._floor.marks)
        return PortfolioValue(
            contract=self._floor.spelled(holding.con_id, ""),
            quantity=Decimal(holding.quantity),
            market_price=_plain(value.mark_points),
            market_value=value.market_value_usd,
            average_cost=_plain(holding.average_cost_usd),
            unrealized_pnl=value.unrealized_usd,
            realized_pnl=holding.realized_usd,
            account=self._floor.books.account,
        )

    def _is_foreign(self, client: Client, request_id: int, account: str) -> bool:
        """Answer 321 where an account is meant that this exchange does not keep."""
        if account in ("", self._floor.books.account):
            return False
        text = f"Error validating request: Invalid account code '{account}'"
        self._floor.fail(client, request_id, 321, text)
        return True


def _plain(amount: Decimal) -> Decimal:
    """Return `amount` with a bounded number of digits: an average rarely comes out even."""
    return amount.quantize(_WIRE_DIGITS).normalize() + 0
