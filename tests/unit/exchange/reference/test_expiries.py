"""Settlement days as the exchanges list them."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from bot.domain.sessions import SessionTable, third_friday, vix_settlement_date
from bot.exchange.reference.conid import ContractClass
from bot.exchange.reference.expiries import (
    listed_settlements,
    sp_future_settlements,
    vx_settlements,
)
from tests.support.market_data import needs_data, rows_of
from tests.support.session_tables import index_option_sessions

# domain.md section 1.2: months and days of the published rule.
SETTLEMENTS_2026_2027 = [
    *(date(2026, 1, 21), date(2026, 2, 18), date(2026, 3, 18), date(2026, 4, 15)),
    *(date(2026, 5, 19), date(2026, 6, 17), date(2026, 7, 22), date(2026, 8, 19)),
    *(date(2026, 9, 16), date(2026, 10, 21), date(2026, 11, 18), date(2026, 12, 16)),
    *(date(2027, 1, 20), date(2027, 2, 17), date(2027, 3, 17), date(2027, 4, 21)),
    *(date(2027, 5, 18), date(2027, 6, 16), date(2027, 7, 21), date(2027, 8, 18)),
    *(date(2027, 9, 15), date(2027, 10, 20), date(2027, 11, 17), date(2027, 12, 22)),
]
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)


@pytest.fixture(scope="module")
def sessions() -> SessionTable:
    return index_option_sessions(date(2012, 1, 3), date(2029, 12, 31))


@pytest.fixture(scope="module")
def archive() -> dict[str, set[str]]:
    """Return the settlement days of each contract month that any archive file names."""
    found: dict[str, set[str]] = {}
    for row in rows_of("vx_final_settlement.csv"):
        found.setdefault(row["contract"], set()).add(row["date"])
    for row in rows_of("vx_contracts.csv.gz"):
        found.setdefault(row["contract"], set()).add(row["expiry"])
    return found


def test_vx_settlements_follow_the_published_table(sessions: SessionTable) -> None:
    """All 24 days of 2026 and 2027, the two Tuesdays of Juneteenth among them."""
    found = vx_settlements(date(2026, 1, 2), date(2027, 12, 31), sessions)
    assert found == SETTLEMENTS_2026_2027


@needs_data
def test_vx_settlements_equal_the_exchanges_archive(
    sessions: SessionTable, archive: dict[str, set[str]]
) -> None:
    """Each contract month of 2012 to 2022 has one settlement day, and it is the computed one."""
    assert len(archive) > 130
    for contract, days in archive.items():
        year, month = map(int, contract.split("-"))
        assert days == {vix_settlement_date(year, month, sessions).isoformat()}


@needs_data
def test_the_next_eight_months_of_each_day_equal_the_archive(sessions: SessionTable) -> None:
    """The expiries of the term structure are the computed ones after the day, none left out."""
    rows = rows_of("vx_term_structure.csv")
    assert len(rows) > 2_700
    computed = vx_settlements(date(2012, 1, 3), date(2024, 1, 1), sessions)
    for row in rows:
        day = date.fromisoformat(row["date"])
        coming = [each.isoformat() for each in computed if each > day][:8]
        assert [row[f"exp{k}"] for k in range(1, 9) if row[f"exp{k}"]] == coming


def test_juneteenth_moved_settlement_itself_in_2024(sessions: SessionTable) -> None:
    """Wednesday 19 June 2024 was a holiday: Tuesday the 18th (domain.md section 1.2)."""
    assert vix_settlement_date(2024, 6, sessions) == date(2024, 6, 18)


def test_the_settlement_day_is_still_the_futures_day(sessions: SessionTable) -> None:
    """A VX future trades into its settlement morning, the option's last day was the one before."""
    wednesday = date(2018, 2, 14)
    for contract_class in (ContractClass.VX, ContractClass.VXM):
        assert listed_settlements(contract_class, wednesday, sessions)[0] == wednesday
    assert listed_settlements(ContractClass.VIX, date(2018, 2, 13), sessions)[0] == wednesday
    assert listed_settlements(ContractClass.VIX, wednesday, sessions)[0] == date(2018, 3, 21)


def test_twelve_vix_months_are_listed(sessions: SessionTable) -> None:
    """Up to twelve monthlies (domain.md section 1.1): in January 2026 the whole table."""
    found = listed_settlements(ContractClass.VIX, date(2026, 1, 2), sessions)
    assert list(found) == SETTLEMENTS_2026_2027[:12]


@pytest.mark.parametrize("day", [date(2018, 2, 5), date(2019, 3, 1), date(2026, 5, 4)])
def test_six_vix_weeks_stand_thirty_days_before_spxw_fridays(
    sessions: SessionTable, day: date
) -> None:
    """None where a monthly settles; in between every week of the near future."""
    weeks = listed_settlements(ContractClass.VIXW, day, sessions)
    months = listed_settlements(ContractClass.VIX, day, sessions)
    assert len(weeks) == 6
    assert not set(weeks) & set(months)
    near = sorted({*weeks, *(each for each in months if each <= weeks[-1])})
    assert all(later - earlier <= timedelta(days=8) for earlier, later in pairwise(near))
    for settlement in weeks:
        assert sessions.is_session(settlement)
        assert settlement.weekday() in {TUESDAY, WEDNESDAY}


@pytest.mark.parametrize(
    ("friday", "settlement"),
    [
        (date(2018, 3, 30), date(2018, 2, 27)),  # Good Friday 30 days later: the Tuesday before
        (date(2018, 3, 9), date(2018, 2, 7)),
        (date(2026, 7, 3), date(2026, 6, 2)),  # Independence Day observed
        (date(2026, 12, 25), date(2026, 11, 24)),  # Christmas
    ],
)
def test_a_vix_week_shifts_with_its_friday(
    sessions: SessionTable, friday: date, settlement: date
) -> None:
    """The Wednesday 30 days before, or the business day before that (domain.md section 1.2)."""
    assert friday - timedelta(days=30) - settlement <= timedelta(days=1)
    found = listed_settlements(ContractClass.VIXW, settlement - timedelta(days=7), sessions)
    assert settlement in found
    assert friday - timedelta(days=30) in {settlement, settlement + timedelta(days=1)}


def test_a_vix_week_on_a_holiday_wednesday_moves_to_tuesday(sessions: SessionTable) -> None:
    """4 July 2018 was a Wednesday."""
    found = listed_settlements(ContractClass.VIXW, date(2018, 6, 25), sessions)
    assert date(2018, 7, 3) in found
    assert date(2018, 7, 4) not in found
    on_the_day = listed_settlements(ContractClass.VIXW, date(2018, 7, 3), sessions)
    assert date(2018, 7, 3) not in on_the_day


def test_spx_settles_on_third_fridays_or_the_session_before(sessions: SessionTable) -> None:
    """Twelve months, then quarters of two years; the third Friday's last trading day is before."""
    found = listed_settlements(ContractClass.SPX, date(2018, 1, 18), sessions)
    assert found[:3] == (date(2018, 1, 19), date(2018, 2, 16), date(2018, 3, 16))
    assert found[11] == date(2018, 12, 21)
    assert found[12:] == (
        *(date(2019, 3, 15), date(2019, 6, 21), date(2019, 9, 20), date(2019, 12, 20)),
    )
    assert listed_settlements(ContractClass.SPX, date(2018, 1, 19), sessions)[0] == date(
        2018, 2, 16
    )


@pytest.mark.parametrize(
    ("year", "month", "settles"),
    [
        (2014, 4, date(2014, 4, 17)),  # Good Friday
        (2019, 4, date(2019, 4, 18)),  # Good Friday
        (2022, 4, date(2022, 4, 14)),  # Good Friday
        (2026, 6, date(2026, 6, 18)),  # Juneteenth
        (2027, 6, date(2027, 6, 17)),  # Juneteenth observed
    ],
)
def test_a_third_friday_on_a_holiday_moves_to_thursday(
    sessions: SessionTable, year: int, month: int, settles: date
) -> None:
    """AM and PM options both; a VIX settlement thirty days before moves with it."""
    before = settles - timedelta(days=30)
    assert third_friday(year, month) == settles + timedelta(days=1)
    assert settles in listed_settlements(ContractClass.SPX, before, sessions)
    assert settles in listed_settlements(ContractClass.SPXW, before, sessions)
    assert vix_settlement_date(year, month - 1, sessions) == settles - timedelta(days=30)


def test_s_and_p_futures_settle_on_quarterly_third_fridays(sessions: SessionTable) -> None:
    """Five quarters ahead; the settlement morning itself still trades."""
    expected = (
        *(date(2018, 3, 16), date(2018, 6, 15), date(2018, 9, 21)),
        *(date(2018, 12, 21), date(2019, 3, 15)),
    )
    for contract_class in (ContractClass.ES, ContractClass.MES):
        assert listed_settlements(contract_class, date(2018, 3, 16), sessions) == expected
    assert listed_settlements(ContractClass.ES, date(2018, 3, 17), sessions)[0] == expected[1]
    reach = sp_future_settlements(date(2017, 1, 1), date(2018, 3, 16), sessions)
    assert reach == [
        *(date(2017, 3, 17), date(2017, 6, 16), date(2017, 9, 15)),
        *(date(2017, 12, 15), date(2018, 3, 16)),
    ]


@pytest.mark.parametrize(
    ("day", "weekdays"),
    [
        (date(2015, 6, 1), {FRIDAY}),
        (date(2016, 4, 4), {WEDNESDAY, FRIDAY}),
        (date(2018, 6, 4), {MONDAY, WEDNESDAY, FRIDAY}),
        (date(2022, 9, 12), {MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY}),
    ],
)
def test_spxw_expires_on_the_weekdays_of_its_era(
    sessions: SessionTable, day: date, weekdays: set[int]
) -> None:
    """Fridays always, Wednesdays and Mondays since 2016, every day since 2022."""
    found = listed_settlements(ContractClass.SPXW, day, sessions)
    near = [each for each in found if each <= day + timedelta(days=28)]
    ends = {each for each in near if _is_month_end(each, sessions)}
    usual = {each.weekday() for each in near if each not in ends}
    assert usual == weekdays


def _is_month_end(day: date, sessions: SessionTable) -> bool:
    return sessions.shift(day, 1).date.month != day.month


def test_spxw_reaches_a_year_in_month_ends_and_third_fridays(sessions: SessionTable) -> None:
    """Beyond the six weeks of Fridays only those are listed, each sort for twelve months."""
    day = date(2018, 1, 16)
    found = listed_settlements(ContractClass.SPXW, day, sessions)
    assert list(found) == sorted(set(found))
    far = [each for each in found if each > day + timedelta(days=42)]
    assert len(far) == 21
    for each in far:
        friday = third_friday(each.year, each.month)
        assert _is_month_end(each, sessions) or sessions.on_or_before(friday).date == each
    assert found[-1] == date(2018, 12, 31)


def test_spxw_holidays_move_expiries(sessions: SessionTable) -> None:
    """Good Friday's series ends on Thursday, that of Presidents' Day on Tuesday."""
    march = listed_settlements(ContractClass.SPXW, date(2018, 3, 16), sessions)
    assert march[0] == date(2018, 3, 16)
    assert date(2018, 3, 29) in march
    assert date(2018, 3, 30) not in march
    february = listed_settlements(ContractClass.SPXW, date(2018, 2, 5), sessions)
    assert date(2018, 2, 19) not in february
    assert {date(2018, 2, 20), date(2018, 2, 21)} <= set(february)


@pytest.mark.parametrize("contract_class", list(ContractClass))
def test_what_is_listed_stays_listed_until_its_last_day(
    sessions: SessionTable, contract_class: ContractClass
) -> None:
    """No expiry comes and goes: it is listed once, and gone after it traded for the last time."""
    days = [each.date for each in sessions.sessions if date(2022, 3, 1) <= each.date]
    before: set[date] = set()
    for day in days[:120]:
        listed = set(listed_settlements(contract_class, day, sessions))
        assert {each for each in before - listed if each > day} == set()
        before = listed
