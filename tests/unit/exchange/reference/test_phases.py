"""What trades at which hour, by kind of product."""

from datetime import date, datetime
from itertools import pairwise

import pytest

from bot.domain.sessions import NEW_YORK
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.reference.contracts import instrument_of
from bot.exchange.reference.phases import (
    Phase,
    contract_stretches,
    phase_at,
    session_of,
    stretches,
)
from bot.exchange.reference.products import Product
from bot.exchange.reference.underlyings import AD_NYSE_ID, SPX_ID, SPY, VIX3M_ID, VIX_ID
from tests.support.paper_market import future, option
from tests.support.session_tables import index_option_sessions

SESSIONS = index_option_sessions(date(2017, 1, 3), date(2018, 12, 31))
CALL = instrument_of(option(ContractClass.VIX, date(2018, 3, 21), "17"), SESSIONS)
VX = instrument_of(future(date(2018, 3, 21)), SESSIONS)
ES = instrument_of(con_id_of(ContractKey(ContractClass.ES, date(2018, 3, 16))), SESSIONS)
VIX = instrument_of(VIX_ID, SESSIONS)
SPX = instrument_of(SPX_ID, SESSIONS)
VIX3M = instrument_of(VIX3M_ID, SESSIONS)
BREADTH = instrument_of(AD_NYSE_ID, SESSIONS)

C, N, R, K = Phase.CLOSED, Phase.NIGHT, Phase.REGULAR, Phase.CURB


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("clock", "option_", "vx", "es", "spy", "vix", "spx", "vix3m"),
    [
        ("03:00", N, N, N, C, C, C, C),
        ("03:15", N, N, N, C, N, C, C),
        ("04:00", N, N, N, N, N, C, C),
        ("09:24", N, N, N, N, N, C, C),
        ("09:25", C, N, N, N, C, C, C),
        ("09:30", R, R, R, R, R, R, R),
        ("15:59", R, R, R, R, R, R, R),
        ("16:00", R, R, K, K, R, C, R),
        ("16:15", K, K, K, K, C, C, C),
        ("16:59", K, K, K, K, C, C, C),
        ("17:00", C, C, C, K, C, C, C),
        ("18:00", C, N, N, K, C, C, C),
        ("20:00", C, N, N, C, C, C, C),
        ("20:15", N, N, N, C, C, C, C),
    ],
)
def test_every_kind_has_its_hours(  # noqa: PLR0917 - a table
    clock: str,
    option_: Phase,
    vx: Phase,
    es: Phase,
    spy: Phase,
    vix: Phase,
    spx: Phase,
    vix3m: Phase,
) -> None:
    """A Tuesday around the clock (domain.md sections 1.1, 1.3 and 2)."""
    now = at(f"2018-02-06T{clock}")
    products: tuple[Product, ...] = (CALL, VX, ES, SPY, VIX, SPX, VIX3M)
    found = [phase_at(product, SESSIONS, now) for product in products]
    assert found == [option_, vx, es, spy, vix, spx, vix3m]
    assert phase_at(BREADTH, SESSIONS, now) is spx


def test_an_early_close_ends_everything_sooner() -> None:
    """The day after Thanksgiving: options to 13:15, shares to 13:00, then the curb."""
    friday = "2017-11-24T"
    assert phase_at(CALL, SESSIONS, at(friday + "13:14")) is R
    assert phase_at(CALL, SESSIONS, at(friday + "13:15")) is K
    assert phase_at(CALL, SESSIONS, at(friday + "14:00")) is C
    assert phase_at(SPY, SESSIONS, at(friday + "13:00")) is K


def test_a_holiday_is_closed_until_its_evening() -> None:
    """On Presidents' Day nothing trades before the night of Tuesday's session begins."""
    assert phase_at(VX, SESSIONS, at("2018-02-19T12:00")) is C
    assert phase_at(VX, SESSIONS, at("2018-02-19T18:00")) is N


def test_a_night_belongs_to_the_session_after_it() -> None:
    """Friday night is nobody's, Sunday night is Monday's."""
    assert phase_at(CALL, SESSIONS, at("2018-02-09T21:00")) is C
    assert phase_at(CALL, SESSIONS, at("2018-02-11T21:00")) is N
    assert session_of(CALL, SESSIONS, at("2018-02-11T21:00")).date == date(2018, 2, 12)
    assert session_of(CALL, SESSIONS, at("2018-02-09T16:30")).date == date(2018, 2, 9)
    assert session_of(CALL, SESSIONS, at("2018-02-09T17:00")).date == date(2018, 2, 12)


def test_stretches_follow_one_another() -> None:
    """No product is in two phases at once."""
    session = SESSIONS.on_or_after(date(2018, 2, 6))
    for product in (CALL, VX, ES, SPY, VIX, SPX, VIX3M, BREADTH):
        for earlier, later in pairwise(stretches(product, session)):
            assert earlier.end <= later.start


@pytest.mark.parametrize(
    ("product", "day", "phases", "ends"),
    [
        ("vix", "2018-03-19", [N, R, K], "2018-03-19T17:00"),
        ("vix", "2018-03-20", [N, R], "2018-03-20T16:15"),
        ("vix", "2018-03-21", [], None),
        ("spx", "2018-03-15", [N, R], "2018-03-15T16:15"),
        ("spxw", "2018-03-16", [N, R], "2018-03-16T16:00"),
        ("vx", "2018-03-20", [N, R, K], "2018-03-20T17:00"),
        ("vx", "2018-03-21", [N], "2018-03-21T09:00"),
        ("vx", "2018-03-22", [], None),
        ("es", "2018-03-16", [N], "2018-03-16T09:30"),
        ("spy", "2018-03-16", [N, R, K], "2018-03-16T20:00"),
    ],
)
def test_a_contract_ends_on_its_last_day(
    product: str, day: str, phases: list[Phase], ends: str | None
) -> None:
    """Options with their last regular session, SPXW with the stocks, futures in the morning."""
    products: dict[str, Product] = {
        "vix": CALL,
        "vx": VX,
        "es": ES,
        "spx": instrument_of(option(ContractClass.SPX, date(2018, 3, 16), "2700"), SESSIONS),
        "spxw": instrument_of(option(ContractClass.SPXW, date(2018, 3, 16), "2700"), SESSIONS),
        "spy": SPY,
    }
    found = contract_stretches(products[product], SESSIONS.on_or_after(date.fromisoformat(day)))
    assert [each.phase for each in found] == phases
    assert [each.end for each in found[-1:]] == ([] if ends is None else [at(ends)])
