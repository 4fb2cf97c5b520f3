"""What time alone books: trading days that begin, interest, daily settlement, expiry.

Everything that fell due since the books' clock is booked at the next step, however far it leaps, in
order of time: a day begins with the marks that the last step left; a night's interest belongs to
the balance of that step; futures are marked where they stood at 16:00 (the indices' and CFE's daily
settlement, domain.md section 1.3; an early close moves it along); what has expired is paid out at
its settlement value, and its position told as zero. The broker reports no execution for that to
clients, so none is made up.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from bot.domain.sessions import Session
from bot.exchange.reference.products import Stock
from bot.exchange.venue.appraisal import Appraisal
from bot.exchange.venue.floor import Floor
from bot.exchange.venue.holding import Holding
from bot.exchange.venue.hours import new_york_date, trading_day
from bot.exchange.venue.interest import night_interest_usd
from bot.exchange.venue.records import (
    DayOpened,
    Interest,
    InterestAccrued,
    InterestPaid,
    PositionSettled,
    VariationSettled,
)
from bot.exchange.venue.valuation import mark_points

BEFORE_CLOSE = timedelta(minutes=15)
"""Daily settlement lies this long before the options' close: 16:00, or 13:00 on an early close."""
_PAY_SESSION = 3
"""The business day of a month on which the broker posts the interest of the month before."""


class SettlementDesk:
    """Books what falls due; `benchmark` is the yearly rate of interest, None for no interest."""

    def __init__(self, floor: Floor, appraisal: Appraisal, benchmark: Decimal | None) -> None:
        self._floor = floor
        self._appraisal = appraisal
        self._benchmark = benchmark

    def step(self) -> None:
        """Book what fell due between the books' clock and now."""
        clock = self._floor.books.clock
        assert clock is not None  # the books are open
        self._open_day()
        if self._benchmark is not None:
            self._accrue(clock, self._benchmark)
            self._pay_interest()
        self._settle_futures(clock)
        self._pay_out()

    def _open_day(self) -> None:
        """Let daily profit and loss count from the marks before the day's first step."""
        books, today = self._floor.books, trading_day(self._floor.sessions, self._floor.now)
        if books.day_opening is not None and books.day_opening.day == today:
            return
        figures = self._appraisal.figures()
        record = DayOpened(
            day=today,
            equity_with_loan_usd=figures.securities.equity_with_loan_usd,
            marks=self._appraisal.marks_held(),
        )
        self._floor.book(record)

    def _accrue(self, clock: datetime, benchmark: Decimal) -> None:
        """Book interest for each night that ended since `clock`."""
        day, today = new_york_date(clock), self._floor.today
        if day == today:
            return
        interest = self._night(benchmark)
        while day < today:
            if interest != Interest():
                self._floor.book(InterestAccrued(day=day, interest=interest))
            day += timedelta(days=1)

    def _night(self, benchmark: Decimal) -> Interest:
        figures = self._appraisal.figures()
        worth = figures.total.net_liquidation_usd
        securities = figures.securities.cash_usd - self._pledged_usd()
        return Interest(
            securities_usd=night_interest_usd(securities, benchmark, worth),
            commodities_usd=night_interest_usd(figures.commodities.cash_usd, benchmark, worth),
        )

    def _pledged_usd(self) -> Decimal:
        """Return the value of shares sold short, whose proceeds are pledged to their lender."""
        return sum(
            (
                -position.quantity * position.mark_points
                for position in self._floor.held_positions()
                if isinstance(position.product, Stock)
                and position.quantity < 0
                and position.mark_points is not None
            ),
            Decimal(0),
        )

    def _pay_interest(self) -> None:
        month = self._floor.today.replace(day=1)
        due = self._floor.sessions.shift(month, _PAY_SESSION - 1).date
        has_old = self._floor.books.interest.has_unpaid(month)
        if has_old and self._floor.today >= due:
            self._floor.book(InterestPaid(before=month, at=self._floor.now))

    def _settle_futures(self, clock: datetime) -> None:
        due = self._last_settlement()
        if not clock < due:
            return
        for holding in self._floor.books.positions():
            if holding.is_future and not self._has_expired(holding, due):
                self._settle_future(holding, due)

    def _has_expired(self, holding: Holding, at: datetime) -> bool:
        return self._floor.market.settlement_value(holding.con_id, at) is not None

    def _last_settlement(self) -> datetime:
        """Return the latest daily settlement that is not ahead."""
        sessions, now = self._floor.sessions, self._floor.now
        session: Session = sessions.on_or_before(self._floor.today)
        if now < session.close_at - BEFORE_CLOSE:
            session = sessions.on_or_before(session.date - timedelta(days=1))
        return session.close_at - BEFORE_CLOSE

    def _settle_future(self, holding: Holding, due: datetime) -> None:
        floor, con_id = self._floor, holding.con_id
        (quote,) = floor.market.quotes([con_id], due)
        price = mark_points(quote)
        if price is None:
            price = floor.marks.get(con_id, holding.average_price_points)
        floor.book(VariationSettled(con_id=con_id, at=due, price_points=price))

    def _pay_out(self) -> None:
        floor = self._floor
        for holding in floor.books.positions():
            value = floor.market.settlement_value(holding.con_id, floor.now)
            if value is not None:
                record = PositionSettled(con_id=holding.con_id, at=floor.now, value_points=value)
                floor.book(record)
                floor.positions_changed.add(holding.con_id)
