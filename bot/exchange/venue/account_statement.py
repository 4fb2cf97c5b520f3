"""Makes the statement that updates and summaries spell, from figures, trades and calendar."""

from bot.exchange.venue.account_values import Statement
from bot.exchange.venue.appraisal import Appraisal
from bot.exchange.venue.floor import Floor
from bot.exchange.venue.hours import trading_day
from bot.exchange.venue.recent_trades import day_trades_remaining, unsettled_sales_usd


class AccountStatements:
    """Statements of the account as it stands."""

    def __init__(self, floor: Floor, appraisal: Appraisal) -> None:
        self._floor = floor
        self._appraisal = appraisal

    def make(self) -> Statement:
        """Return the account's statement at this instant."""
        floor, figures = self._floor, self._appraisal.figures()
        books, sessions = floor.books, floor.sessions
        today = trading_day(sessions, floor.now)
        unsettled = unsettled_sales_usd(books, sessions, today)
        worth = figures.total.net_liquidation_usd
        return Statement(
            account=books.account,
            figures=figures,
            settled_cash_usd=books.cash_usd - unsettled,
            day_trades=day_trades_remaining(books, sessions, today, worth),
        )
