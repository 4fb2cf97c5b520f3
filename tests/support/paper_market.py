"""The paper exchange's market and contracts over a packaged scenario, for tests."""

from datetime import date, datetime, time
from decimal import Decimal
from functools import cache

from bot.domain.instruments import ConId, Right
from bot.domain.sessions import SessionTable, at_new_york
from bot.exchange.market.market import Market
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.scenarios.loader import load_scenario
from bot.exchange.scenarios.scenario import Scenario
from tests.support.session_tables import index_option_sessions

STORM = "volmageddon-2018"
CALM = "calm-2017"
CRASH = "march-2020"
GRIND = "grind-2022"
SPRING = "spring-2018"
STORM_DAY = date(2018, 2, 5)


@cache
def scenario(name: str = STORM) -> Scenario:
    """Return a packaged scenario, read once."""
    return load_scenario(name)


def sessions_of(name: str = STORM) -> SessionTable:
    """Return the session table a scenario asks for."""
    wanted = scenario(name)
    return index_option_sessions(wanted.sessions_from, wanted.sessions_until)


@cache
def market(name: str = STORM, seed: int = 1) -> Market:
    """Return a market whose answers may be kept: they depend on the time asked alone."""
    return Market(scenario(name), sessions_of(name), seed)


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Return the UTC instant of a New York wall clock."""
    return at_new_york(day, time(hour, minute, second))


def evaluations(day: date) -> list[datetime]:
    """Return the five-minute evaluation times 09:35 to 16:10 of a session."""
    minutes = range(9 * 60 + 35, 16 * 60 + 11, 5)
    return [at(day, minute // 60, minute % 60) for minute in minutes]


def future(settlement: date, contract_class: ContractClass = ContractClass.VX) -> ConId:
    """Return the number of the future, by itself of VX, that settles on a day."""
    return con_id_of(ContractKey(contract_class, settlement))


def option(
    contract_class: ContractClass, settlement: date, strike: str, right: Right = Right.CALL
) -> ConId:
    """Return the number of an option."""
    return con_id_of(ContractKey(contract_class, settlement, Decimal(strike), right))


def spread_position(name: str = STORM) -> list[tuple[ConId, int, Decimal]]:
    """Return contract, position and average price of each leg a scenario's account holds."""
    return [
        (
            option(
                ContractClass[condor.trading_class], condor.settlement, str(leg.strike), leg.right
            ),
            leg.position,
            leg.average_price,
        )
        for condor in scenario(name).condors
        for leg in condor.legs
    ]
