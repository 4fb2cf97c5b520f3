"""What time alone books: days, interest, daily settlement, expiry."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from bot.domain.instruments import Right
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.reference.underlyings import SPY_ID
from bot.exchange.venue.holding import Holding
from bot.exchange.venue.records import (
    DayOpened,
    Interest,
    InterestAccrued,
    InterestPaid,
    PositionSettled,
    Record,
    VariationSettled,
)
from bot.exchange.wire import requests as ask
from bot.exchange.wire.replies import ExecDetails, PortfolioValue, Position
from tests.support.venue_rig import ACCOUNT, CALL_15, FEBRUARY, Rig, at, only, quote, spx_option

FUTURE = con_id_of(ContractKey(ContractClass.VX, FEBRUARY))
HELD = Holding(con_id=CALL_15, multiplier=100, quantity=3, cost_usd=Decimal(301))
LONG = Holding(
    con_id=FUTURE,
    multiplier=1000,
    quantity=1,
    cost_usd=Decimal(20_000),
    is_future=True,
    settled_usd=Decimal(20_000),
)
AT_20 = quote(FUTURE, "19.95", "20.05")
AT_21 = quote(FUTURE, "20.95", "21.05")
RATE = Decimal("0.013")


def booked(rig: Rig, kind: type[Record]) -> list[Record]:
    return [record for record in rig.records if isinstance(record, kind)]


# -- days


def test_a_day_begins_once_with_the_marks_before_it() -> None:
    rig = Rig(lines=[quote(CALL_15, "1.00", "1.10")], holdings=[HELD])
    rig.market.show(quote(CALL_15, "2.00", "2.10"))
    for now in ("2018-01-16T16:30", "2018-01-16T17:00", "2018-01-17T07:55", "2018-01-17T16:30"):
        rig.step(now)
    first, second = booked(rig, DayOpened)
    cash = Decimal(100_000)
    assert first == DayOpened(
        day=date(2018, 1, 16), equity_with_loan_usd=cash, marks={CALL_15: Decimal("1.05")}
    )
    assert second == DayOpened(
        day=date(2018, 1, 17), equity_with_loan_usd=cash, marks={CALL_15: Decimal("2.05")}
    )


def test_friday_evening_belongs_to_monday() -> None:
    rig = Rig("2018-01-19T10:00")
    for now in ("2018-01-19T20:30", "2018-01-20T12:00", "2018-01-22T10:00"):
        rig.step(now)
    days = [record.day for record in booked(rig, DayOpened) if isinstance(record, DayOpened)]
    assert days == [date(2018, 1, 19), date(2018, 1, 22)]


# -- daily settlement


def test_futures_are_settled_at_four() -> None:
    rig = Rig(lines=[AT_20], holdings=[LONG])
    rig.market.show(AT_21)
    rig.step("2018-01-16T15:59")
    assert booked(rig, VariationSettled) == []
    rig.step("2018-01-16T16:00")
    settled = VariationSettled(
        con_id=FUTURE, at=at("2018-01-16T16:00"), price_points=Decimal("21.00")
    )
    assert booked(rig, VariationSettled) == [settled]
    assert rig.books.cash_usd == 101_000
    rig.step("2018-01-16T16:30")
    assert booked(rig, VariationSettled) == [settled]
    figures = rig.venue.account.figures()
    assert (figures.total.futures_pnl_usd, figures.unrealized_usd) == (Decimal(0), Decimal(1000))


def test_an_early_close_is_settled_earlier() -> None:
    """24 November 2017 closed at 13:15."""
    rig = Rig("2017-11-24T12:59", lines=[AT_21], holdings=[LONG])
    rig.step("2017-11-24T13:00")
    (settled,) = booked(rig, VariationSettled)
    assert isinstance(settled, VariationSettled)
    assert settled.at == at("2017-11-24T13:00")


def test_a_leap_over_days_settles_once() -> None:
    """Each day's move adds up to the whole, so the last settlement says it all."""
    rig = Rig(lines=[AT_20], holdings=[LONG])
    rig.market.show(AT_21)
    rig.step("2018-01-22T09:00")
    (settled,) = booked(rig, VariationSettled)
    assert isinstance(settled, VariationSettled)
    assert settled.at == at("2018-01-19T16:00")


def test_without_a_quote_the_last_mark_settles_and_before_one_the_cost() -> None:
    rig = Rig(lines=[AT_21], holdings=[LONG])
    rig.market.show(quote(FUTURE))
    rig.step("2018-01-16T16:00")
    assert rig.books.cash_usd == 101_000
    unseen = Rig(holdings=[LONG])
    unseen.step("2018-01-16T16:00")
    assert unseen.books.cash_usd == 100_000


def test_options_and_shares_are_not_settled_daily() -> None:
    share = Holding(con_id=SPY_ID, multiplier=1, quantity=10, cost_usd=Decimal(2700))
    rig = Rig(lines=[quote(CALL_15, "1.00", "1.10")], holdings=[HELD, share])
    rig.step("2018-01-16T16:30")
    assert booked(rig, VariationSettled) == []
    assert rig.books.cash_usd == 100_000


# -- expiry


@pytest.mark.parametrize(
    ("holding", "value", "cash", "realized"),
    [
        (HELD, "7.31", "102193.00", "1892.00"),
        (HELD, "0", "100000.00", "-301.00"),
        (LONG, "22.31", "102310.00", "2310.00"),
        (msgspec.structs.replace(HELD, quantity=-3, cost_usd=Decimal(-301)), "1", "99700", "1.00"),
    ],
    ids=["in the money", "worthless", "future", "short"],
)
def test_an_expiry_pays_and_leaves_nothing(
    holding: Holding, value: str, cash: str, realized: str
) -> None:
    """Position and portfolio are told as zero; no execution is made up."""
    rig = Rig("2018-02-14T09:29", lines=[AT_20, quote(CALL_15, "1", "1.1")], holdings=[holding])
    session = rig.connect()
    rig.say(session, ask.RequestPositions())
    rig.say(session, ask.RequestAccountUpdates(subscribe=True, account=ACCOUNT))
    rig.market.settled[holding.con_id] = Decimal(value)
    replies = rig.step("2018-02-14T09:30")[session]
    assert rig.books.cash_usd == Decimal(cash)
    assert rig.books.realized_usd == Decimal(realized)
    assert [position.quantity for position in only(replies, Position)] == [0]
    (line,) = only(replies, PortfolioValue)
    assert (line.quantity, line.realized_pnl) == (Decimal(0), Decimal(realized))
    assert only(replies, ExecDetails) == []
    rig.step("2018-02-14T09:31")
    assert len(booked(rig, PositionSettled)) == 1


def test_a_leap_over_its_expiry_pays_a_future_out_once() -> None:
    rig = Rig("2018-02-13T15:00", lines=[AT_20], holdings=[LONG])
    rig.market.settled[FUTURE] = Decimal(25)
    rig.step("2018-02-14T16:30")
    assert booked(rig, VariationSettled) == []
    assert rig.books.cash_usd == 105_000
    assert rig.books.positions() == []


def test_a_condor_settles_leg_by_leg_to_its_payoff() -> None:
    """At 2590 the 2600 put costs 10 and the 2550 put is worthless: 1,000 USD a condor."""
    legs = {spx_option("2550", Right.PUT): 1, spx_option("2600", Right.PUT): -1}
    held = [
        Holding(con_id=con_id, multiplier=100, quantity=quantity, cost_usd=Decimal(quantity * 500))
        for con_id, quantity in legs.items()
    ]
    rig = Rig("2018-03-16T09:29", holdings=held)
    for con_id, value in zip(legs, ("0", "10"), strict=True):
        rig.market.settled[con_id] = Decimal(value)
    rig.step("2018-03-16T09:30")
    assert rig.books.cash_usd == 99_000
    assert rig.books.positions() == []


# -- interest


def test_interest_accrues_each_night_and_shows_as_accrued_cash() -> None:
    """(100,000 - 10,000) x (1.3 % - 0.5 %) / 360 = 2.00 a night, three over the week-end."""
    rig = Rig("2018-01-18T10:00", benchmark=RATE)
    rig.step("2018-01-18T16:30")
    assert booked(rig, InterestAccrued) == []
    rig.step("2018-01-19T09:00")
    night = Interest(securities_usd=Decimal("2.00"))
    assert booked(rig, InterestAccrued) == [InterestAccrued(day=date(2018, 1, 18), interest=night)]
    rig.step("2018-01-22T09:00")
    assert rig.books.interest.unpaid().total_usd == 8
    figures = rig.venue.account.figures()
    assert (figures.total.cash_usd, figures.total.accrued_usd) == (Decimal(100_000), Decimal(8))
    assert figures.total.net_liquidation_usd == 100_008
    assert figures.daily_usd == 0


def test_interest_is_paid_on_the_third_business_day_of_the_next_month() -> None:
    """Nights of January until 1 February make 28 USD; those of February wait until March."""
    rig = Rig("2018-01-18T10:00", benchmark=RATE)
    rig.step("2018-02-02T16:30")
    assert (rig.books.cash_usd, rig.books.interest.earned_usd) == (Decimal(100_000), Decimal(30))
    rig.step("2018-02-05T09:00")
    assert booked(rig, InterestPaid) == [
        InterestPaid(before=date(2018, 2, 1), at=at("2018-02-05T09:00"))
    ]
    assert rig.books.cash_usd == 100_028
    assert rig.books.interest.unpaid().total_usd == 8
    rig.step("2018-02-06T09:00")
    assert len(booked(rig, InterestPaid)) == 1


def test_a_debt_costs_from_the_first_dollar() -> None:
    """20,000 short of cash at 1.3 % and 1.5 % on top: 1.56 a night."""
    debt = Holding(con_id=SPY_ID, multiplier=1, quantity=429, cost_usd=Decimal(120_000))
    rig = Rig(
        "2018-01-18T10:00",
        lines=[quote(SPY_ID, "279.99", "280.01")],
        holdings=[debt],
        cash=Decimal(-20_000),
        benchmark=RATE,
    )
    rig.step("2018-01-19T09:00")
    assert rig.books.interest.unpaid().securities_usd == Decimal("-1.56")


def test_the_proceeds_of_shares_sold_short_earn_nothing() -> None:
    """128,000 of cash hold 28,000 of proceeds: as if it were 100,000."""
    short = Holding(con_id=SPY_ID, multiplier=1, quantity=-100, cost_usd=Decimal(-28_000))
    rig = Rig(
        "2018-01-18T10:00",
        lines=[quote(SPY_ID, "279.99", "280.01")],
        holdings=[short],
        cash=Decimal(128_000),
        benchmark=RATE,
    )
    rig.step("2018-01-19T09:00")
    assert rig.books.interest.unpaid().securities_usd == Decimal("2.00")


def test_futures_money_earns_in_its_own_segment() -> None:
    """The commodities' share is below the 10,000 that earn nothing."""
    rig = Rig("2018-01-18T10:00", lines=[AT_20], holdings=[LONG], benchmark=RATE)
    commodities = rig.venue.account.figures().commodities.cash_usd
    assert 0 < commodities < 10_000
    rig.step("2018-01-19T09:00")
    expected = (90_000 - commodities) * Decimal("0.008") / 360
    assert float(rig.books.interest.unpaid().total_usd) == pytest.approx(float(expected), abs=0.01)


def test_without_a_rate_there_is_no_interest() -> None:
    rig = Rig("2018-01-18T10:00")
    rig.step("2018-02-06T09:00")
    assert booked(rig, InterestAccrued) == booked(rig, InterestPaid) == []


def test_a_night_that_earns_nothing_leaves_no_record() -> None:
    rig = Rig("2018-01-18T10:00", cash=Decimal(9_000), benchmark=RATE)
    rig.step("2018-01-19T09:00")
    assert booked(rig, InterestAccrued) == []
