"""Serves the account: its four desks, and when each of them speaks.

Values are told in full when asked for, then only what changed: after a fill or settlement at once,
otherwise every three minutes, as the broker does. Profit and loss follow every step.
"""

from datetime import datetime, timedelta

from bot.exchange.venue.account_statement import AccountStatements
from bot.exchange.venue.account_summary_desk import AccountSummaryDesk
from bot.exchange.venue.account_updates_desk import AccountUpdatesDesk
from bot.exchange.venue.appraisal import Appraisal
from bot.exchange.venue.floor import Floor
from bot.exchange.venue.pnl_desk import PnLDesk
from bot.exchange.venue.positions_desk import PositionsDesk
from bot.exchange.venue.valuation import AccountFigures

REFRESH = timedelta(minutes=3)


class AccountDesk:
    """Tells clients what the account holds and what it is worth."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self.appraisal = Appraisal(floor)
        self.statements = AccountStatements(floor, self.appraisal)
        self.positions = PositionsDesk(floor)
        self.updates = AccountUpdatesDesk(floor, self.statements)
        self.summaries = AccountSummaryDesk(floor, self.statements)
        self.pnl = PnLDesk(floor, self.appraisal)
        self._refreshed_at: datetime = floor.now

    def figures(self) -> AccountFigures:
        """Return what the account is worth at the present marks."""
        return self.appraisal.figures()

    def push(self) -> None:
        """Tell subscribers of positions and values what changed since they were last told."""
        changed = self._floor.positions_changed
        for con_id in sorted(changed):
            self.appraisal.mark(con_id)
            self.positions.push(self._floor.books.holdings[con_id])
        if changed or self._floor.now - self._refreshed_at >= REFRESH:
            self._refreshed_at = self._floor.now
            self.updates.refresh()
            self.summaries.refresh()
        changed.clear()
