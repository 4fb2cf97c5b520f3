"""Strike lists: what is listed near and far, and that it follows the past alone."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from bot.exchange.reference.conid import ContractClass
from bot.exchange.reference.expiries import listed_settlements
from bot.exchange.reference.strikes import Strikes, vix_strikes
from bot.exchange.scenarios.scenario import Day
from tests.support.market_data import closes_of, needs_data, rows_of
from tests.support.paper_market import STORM_DAY, scenario
from tests.support.session_tables import index_option_sessions

MARCH = date(2018, 3, 16)
NEAR_DAYS = 100
NEAR_MONEY = {"vix": (0.6, 1.6), "spx": (0.9, 1.1)}
"""Shares of the index between which real chains have no strike that ours lacks."""


def days_of(closes: list[float], vix: list[float] | None = None) -> list[Day]:
    """Return consecutive days with these closes of SPX and VIX."""
    vix = vix or [15.0] * len(closes)
    return [
        Day(
            date=date(2018, 1, 1) + timedelta(days=ahead),
            spx_open=closes[0],
            spx_high=max(closes),
            spx_low=min(closes),
            spx_close=close,
            vix_close=level,
        )
        for ahead, (close, level) in enumerate(zip(closes, vix, strict=True))
    ]


@pytest.fixture(scope="module")
def strikes() -> Strikes:
    return Strikes(scenario().days)


def steps(strikes: tuple[Decimal, ...], low: int, high: int) -> set[Decimal]:
    """Return the distances between the strikes from `low` to `high`."""
    held = [strike for strike in strikes if low <= strike <= high]
    return {later - earlier for earlier, later in pairwise(held)}


def test_near_vix_strikes_stand_as_listed() -> None:
    """Half points below 15, points to 50, fives to 100 (domain.md section 1.1)."""
    listed = vix_strikes(20.0)
    assert listed[0] == 8
    assert list(listed[12:17]) == [14, Decimal("14.5"), 15, 16, 17]
    assert list(listed[-13:-8]) == [48, 49, 50, 55, 60]
    assert listed[-1] == 100
    assert sorted(set(listed)) == list(listed)


def test_a_storm_adds_vix_strikes() -> None:
    """After a close of 82.69 points reach beyond it and the wings more than twice as far."""
    listed = vix_strikes(82.69)
    assert set(vix_strikes(20.0)) < set(listed)
    assert steps(listed, 15, 105) == {1}
    assert steps(listed, 105, 210) == {5}
    assert listed[-1] == 210


def test_far_vix_months_are_sparse(strikes: Strikes) -> None:
    """Beyond half a year points to 30 and fives beyond, which the near list holds too."""
    far = strikes.listed(ContractClass.VIX, date(2018, 11, 21), STORM_DAY)
    assert steps(far, 10, 30) == {1}
    assert steps(far, 30, 100) == {5}
    assert set(far) < set(strikes.listed(ContractClass.VIX, date(2018, 3, 21), STORM_DAY))


@pytest.mark.parametrize("vix_class", [ContractClass.VIX, ContractClass.VIXW])
def test_a_vix_list_knows_the_highest_close_before_the_day(vix_class: ContractClass) -> None:
    """A close of 60 adds strikes on the day after it, not on the day."""
    lists = Strikes(days_of([2700.0] * 4, vix=[20.0, 60.0, 20.0, 20.0]))
    tops = [lists.listed(vix_class, MARCH, date(2018, 1, day))[-1] for day in (1, 2, 3, 4)]
    assert tops == [100, 100, 150, 150]


def test_spx_strikes_are_five_near_and_wider_far(strikes: Strikes) -> None:
    """Around 2,762, the close before: fives, then tens and twenty-fives, then hundreds."""
    listed = strikes.listed(ContractClass.SPX, MARCH, STORM_DAY)
    assert steps(listed, 2500, 2950) == {5}
    assert steps(listed, 3200, 3300) == {5, 10}
    assert [Decimal(strike) in listed for strike in (3210, 3215, 3225)] == [True, False, True]
    assert steps(listed, 1600, 1700) == {25}
    assert steps(listed, 900, 1200) == {100}
    assert listed[0] < 2762 / 2
    assert listed[-1] > 2762 * 1.5
    assert sorted(set(listed)) == list(listed)


def test_far_spx_expiries_have_fewer_strikes(strikes: Strikes) -> None:
    """An expiry two years away has fifties and hundreds, one of half a year twenty-fives."""
    far = strikes.listed(ContractClass.SPX, date(2019, 12, 20), STORM_DAY)
    assert steps(far, 2000, 3000) == {50}
    assert steps(far, 3600, 10_000) == {100}
    middle = strikes.listed(ContractClass.SPX, date(2018, 9, 21), STORM_DAY)
    assert steps(middle, 2000, 3000) == {25}
    assert len(far) < len(middle) < len(strikes.listed(ContractClass.SPX, MARCH, STORM_DAY))


def test_spx_strikes_know_nothing_of_the_day_itself() -> None:
    """A crash of half adds strikes on the next day; on its own day the list is as it was."""
    calm, crash = Strikes(days_of([2700.0] * 5)), Strikes(days_of([2700.0] * 3 + [1350.0] * 2))
    for contract_class in (ContractClass.SPX, ContractClass.SPXW):
        today, tomorrow = date(2018, 1, 4), date(2018, 1, 5)
        assert crash.listed(contract_class, MARCH, today) == calm.listed(
            contract_class, MARCH, today
        )
        assert set(calm.listed(contract_class, MARCH, tomorrow)) < set(
            crash.listed(contract_class, MARCH, tomorrow)
        )
        assert Decimal(1355) in crash.listed(contract_class, MARCH, tomorrow)


def test_the_first_day_is_listed_around_its_opening() -> None:
    """Nothing is known before it but where it opens."""
    listed = Strikes(days_of([2700.0, 2700.0])).listed(ContractClass.SPX, MARCH, date(2018, 1, 1))
    assert steps(listed, 2380, 2970) == {5}


@pytest.mark.parametrize(
    ("contract_class", "settlement"),
    [
        (ContractClass.SPX, date(2018, 6, 15)),
        (ContractClass.SPXW, date(2018, 3, 29)),
        (ContractClass.VIX, date(2018, 6, 20)),
        (ContractClass.VIXW, date(2018, 2, 28)),
    ],
)
def test_no_strike_is_ever_taken_off(
    strikes: Strikes, contract_class: ContractClass, settlement: date
) -> None:
    """From a year before until the end each day's list holds the one of the day before."""
    before: set[Decimal] = set()
    for ahead in range(365):
        day = settlement - timedelta(days=365 - ahead)
        if day > scenario().days[-1].date:
            break
        listed = set(strikes.listed(contract_class, settlement, day))
        assert before <= listed
        before = listed
    assert len(before) > 50


@needs_data
@pytest.mark.parametrize("index", NEAR_MONEY)
def test_real_chains_have_no_near_strike_that_is_not_listed(index: str) -> None:
    """Every strike around the money of the archived chains, and every expiry of theirs."""
    vix, spx = closes_of("vix_daily.csv"), closes_of("spx_daily.csv")
    level = {"vix": vix, "spx": spx}[index]
    lists = Strikes([_real_day(day, spx[day], vix[day]) for day in sorted(spx.keys() & vix.keys())])
    sessions = index_option_sessions(date(2012, 1, 3), date(2025, 12, 31))
    low, high = NEAR_MONEY[index]
    compared = 0
    for row in rows_of(f"{index}_option_chain_samples.csv"):
        day, settlement = (date.fromisoformat(row[each]) for each in ("quote_date", "expiry"))
        is_near = (settlement - day).days <= NEAR_DAYS
        if day not in level or row["root"] not in ContractClass.__members__ or not is_near:
            continue
        contract_class, strike = ContractClass[row["root"]], Decimal(row["strike"])
        if contract_class.is_future:
            continue
        assert settlement in listed_settlements(contract_class, day, sessions)
        if low <= float(strike) / level[day] <= high:
            assert strike in lists.listed(contract_class, settlement, day)
            compared += 1
    assert compared > 20


def _real_day(day: date, spx: float, vix: float) -> Day:
    return Day(date=day, spx_open=spx, spx_high=spx, spx_low=spx, spx_close=spx, vix_close=vix)
