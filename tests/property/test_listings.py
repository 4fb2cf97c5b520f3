"""What is listed on a day depends on the past alone, whatever the market does."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.instruments import ConId, Right
from bot.exchange.reference.conid import (
    ContractClass,
    ContractKey,
    UnknownContractError,
    con_id_of,
)
from bot.exchange.reference.reference import Reference
from bot.exchange.reference.strikes import Strikes
from bot.exchange.scenarios.scenario import Day
from tests.support.paper_market import STORM_DAY, scenario, sessions_of

FIRST = date(2018, 1, 1)
REFERENCE = Reference(scenario(), sessions_of())
OPTIONS = [each for each in ContractClass if not each.is_future]
levels = st.tuples(st.floats(500.0, 8000.0), st.floats(9.0, 150.0))
paths = st.lists(levels, min_size=2, max_size=40)


def days_of(path: list[tuple[float, float]]) -> list[Day]:
    """Return consecutive days with these closes of SPX and VIX."""
    return [
        Day(
            date=FIRST + timedelta(days=ahead),
            spx_open=path[0][0],
            spx_high=spx,
            spx_low=spx,
            spx_close=spx,
            vix_close=vix,
        )
        for ahead, (spx, vix) in enumerate(path)
    ]


@given(past=paths, futures=st.tuples(paths, paths), ahead=st.integers(1, 300))
def test_a_list_knows_nothing_of_the_day_or_after(
    past: list[tuple[float, float]],
    futures: tuple[list[tuple[float, float]], list[tuple[float, float]]],
    ahead: int,
) -> None:
    """Two markets with one past list the same strikes, from the day on they may differ."""
    day = FIRST + timedelta(days=len(past))
    one, other = (Strikes(days_of(past + future)) for future in futures)
    for contract_class in OPTIONS:
        settlement = day + timedelta(days=ahead)
        listed = one.listed(contract_class, settlement, day)
        assert listed == other.listed(contract_class, settlement, day)
        assert list(listed) == sorted(set(listed))


@given(path=paths, settles=st.integers(1, 300))
def test_no_market_takes_a_strike_off(path: list[tuple[float, float]], settles: int) -> None:
    """Each day's list holds the one of the day before."""
    strikes = Strikes(days_of(path))
    for contract_class in OPTIONS:
        settlement = FIRST + timedelta(days=settles)
        before: set[Decimal] = set()
        for ahead in range(min(len(path), settles)):
            listed = set(strikes.listed(contract_class, settlement, FIRST + timedelta(days=ahead)))
            assert before <= listed
            before = listed


def packed(contract_class: ContractClass, settlement: date, steps: int, right: Right) -> ConId:
    """Return the number of any contract, listed or not."""
    if contract_class.is_future:
        return con_id_of(ContractKey(contract_class, settlement))
    strike = steps * contract_class.strike_step
    return con_id_of(ContractKey(contract_class, settlement, strike, right))


numbers = st.one_of(
    st.integers(0, 2**31 - 1).map(ConId),
    st.builds(
        packed,
        st.sampled_from(ContractClass),
        st.dates(date(2010, 1, 1), date(2050, 12, 31)),
        st.integers(1, 2000),
        st.sampled_from(Right),
    ),
)


@given(number=numbers)
def test_any_number_is_a_contract_or_unknown(number: ConId) -> None:
    """A client may ask for whatever it likes, and nothing else happens."""
    try:
        found = REFERENCE.by_id(number, STORM_DAY)
    except UnknownContractError:
        return
    assert found.instrument.con_id == number


def test_the_edges_of_the_calendar_are_no_contracts() -> None:
    """Nor are the days around the ends of the session table, sessions or not."""
    table = sessions_of().sessions
    for edge in (table[0].date, table[-1].date):
        for ahead in range(-7, 8):
            day = edge + timedelta(days=ahead)
            for contract_class in ContractClass:
                number = packed(contract_class, day, 40, Right.CALL)
                try:
                    found = REFERENCE.by_id(number, STORM_DAY)
                except UnknownContractError:
                    continue
                assert found.instrument.con_id == number
