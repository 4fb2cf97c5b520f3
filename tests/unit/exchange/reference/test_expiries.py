"""Settlement days and strikes as the exchange lists them."""

import itertools
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.sessions import SessionTable, vix_settlement_date
from bot.exchange.reference.conid import ContractClass
from bot.exchange.reference.expiries import (
    VIX_STRIKES,
    option_settlements,
    spx_strikes,
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


@pytest.fixture
def sessions() -> SessionTable:
    return index_option_sessions(date(2017, 1, 3), date(2018, 12, 31))


def test_vx_settlements_follow_the_published_table() -> None:
    """All 24 days of 2026 and 2027, the two Tuesdays of Juneteenth among them."""
    sessions = index_option_sessions(date(2026, 1, 2), date(2028, 3, 1))
    found = vx_settlements(date(2026, 1, 2), date(2027, 12, 31), sessions)
    assert found == SETTLEMENTS_2026_2027


@needs_data
def test_vx_settlements_equal_the_exchanges_archive() -> None:
    """Every final settlement day of 2012 to 2022, where the archive is at hand."""
    sessions = index_option_sessions(date(2012, 1, 3), date(2023, 3, 31))
    rows = rows_of("vx_final_settlement.csv")
    assert len(rows) > 100
    for row in rows:
        year, month = map(int, row["contract"].split("-"))
        assert vix_settlement_date(year, month, sessions).isoformat() == row["date"]


def test_the_settlement_day_is_still_the_futures_day(sessions: SessionTable) -> None:
    """A VX future trades into its settlement morning, the option's last day was the one before."""
    wednesday = date(2018, 2, 14)
    assert vx_settlements(wednesday, date(2018, 3, 31), sessions)[0] == wednesday
    assert option_settlements(ContractClass.VIX, date(2018, 2, 13), sessions)[0] == wednesday
    assert option_settlements(ContractClass.VIX, wednesday, sessions)[0] == date(2018, 3, 21)


def test_spx_settles_on_third_fridays_or_the_session_before(sessions: SessionTable) -> None:
    """Six AM expiries; the third Friday's last trading day is Thursday."""
    found = option_settlements(ContractClass.SPX, date(2018, 1, 18), sessions)
    assert found == [
        *(date(2018, 1, 19), date(2018, 2, 16), date(2018, 3, 16)),
        *(date(2018, 4, 20), date(2018, 5, 18), date(2018, 6, 15)),
    ]
    assert option_settlements(ContractClass.SPX, date(2018, 1, 19), sessions)[0] == date(
        2018, 2, 16
    )


def test_spxw_expires_on_fridays_and_before_good_friday(sessions: SessionTable) -> None:
    """30 March 2018 was Good Friday: that week's series ends on Thursday."""
    found = option_settlements(ContractClass.SPXW, date(2018, 3, 16), sessions)
    assert found[:3] == [date(2018, 3, 16), date(2018, 3, 23), date(2018, 3, 29)]
    assert len(found) == 6
    assert option_settlements(ContractClass.SPXW, date(2018, 3, 30), sessions)[0] == date(
        2018, 4, 6
    )


def test_vix_strikes_stand_as_listed() -> None:
    """Half points below 15, points to 50, fives to 100 (domain.md section 1.1)."""
    assert VIX_STRIKES[0] == 8
    assert list(VIX_STRIKES[12:17]) == [14, Decimal("14.5"), 15, 16, 17]
    assert list(VIX_STRIKES[-13:-8]) == [48, 49, 50, 55, 60]
    assert VIX_STRIKES[-1] == 100
    assert sorted(set(VIX_STRIKES)) == list(VIX_STRIKES)


def test_spx_strikes_reach_30_per_cent_either_way() -> None:
    """Every five points from 0.70 of the lowest to 1.30 of the highest close of late."""
    strikes = spx_strikes(2601.0, 2801.0)
    assert strikes[0] == 1820
    assert strikes[-1] == 3645
    assert {later - earlier for earlier, later in itertools.pairwise(strikes)} == {5}
