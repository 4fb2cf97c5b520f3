"""From a contract's key to the instrument: days, settlement instant, grid and local symbol.

An AM-settled option stops trading the session before it settles at 09:30; a future may trade on its
settlement day itself, a PM-settled SPXW ends and settles at 16:00 (domain.md sections 1.1-1.4).
"""

from datetime import date, datetime, time
from typing import NamedTuple

from bot.domain.instruments import ConId, Future, Option, Right
from bot.domain.sessions import SessionTable, at_new_york, settlement_instant
from bot.exchange.reference.conid import (
    ContractClass,
    ContractKey,
    UnknownContractError,
    con_id_of,
    key_of,
)
from bot.exchange.reference.products import Product
from bot.exchange.reference.rules import RULE_OF_CLASS, RULES
from bot.exchange.reference.underlyings import INDICES, STOCKS

PM_SETTLEMENT_TIME = time(16, 0)
OPTION_MULTIPLIER = 100


class _FutureTerms(NamedTuple):
    symbol: str
    exchange: str
    multiplier: int


_FUTURES = {
    ContractClass.VX: _FutureTerms("VIX", "CFE", 1000),
    ContractClass.VXM: _FutureTerms("VXM", "CFE", 100),
    ContractClass.ES: _FutureTerms("ES", "CME", 50),
    ContractClass.MES: _FutureTerms("MES", "CME", 5),
}
_AM_OPTIONS = frozenset({ContractClass.VIX, ContractClass.VIXW, ContractClass.SPX})
_MONTH_CODES = "FGHJKMNQUVXZ"


def instrument_of(con_id: ConId, sessions: SessionTable) -> Product:
    """Return the instrument with this number, listed at the moment or not.

    Raises:
        UnknownContractError: No contract that settles within the session table has this number.
    """
    undated = INDICES.get(con_id) or STOCKS.get(con_id)
    if undated is not None:
        return undated
    key = key_of(con_id)
    if not sessions.sessions[0].date < key.settlement <= sessions.sessions[-1].date:
        raise UnknownContractError(f"no contract has the number {con_id}")
    return instrument_from_key(key, sessions)


def instrument_from_key(key: ContractKey, sessions: SessionTable) -> Future | Option:
    """Return the future or option that `key` stands for."""
    if key.strike is None or key.right is None:
        return _future(key)
    contract_class = key.contract_class
    return Option(
        con_id=con_id_of(key),
        symbol=contract_class.underlying,
        trading_class=contract_class.label,
        exchange="CBOE",
        multiplier=OPTION_MULTIPLIER,
        right=key.right,
        strike=key.strike,
        last_trading_day=last_trading_day(contract_class, key.settlement, sessions),
        settlement=settlement_of(contract_class, key.settlement),
        grid=RULES[RULE_OF_CLASS[contract_class]],
        local_symbol=_occ_symbol(key, key.right),
    )


def last_trading_day(
    contract_class: ContractClass, settlement: date, sessions: SessionTable
) -> date:
    """Return the last day a contract that settles on `settlement` trades."""
    if contract_class in _AM_OPTIONS:
        return sessions.shift(settlement, -1).date
    return settlement


def settlement_of(contract_class: ContractClass, settlement: date) -> datetime:
    """Return the instant of settlement on the settlement day, in UTC."""
    if contract_class is ContractClass.SPXW:
        return at_new_york(settlement, PM_SETTLEMENT_TIME)
    return settlement_instant(settlement)


def _future(key: ContractKey) -> Future:
    month = _MONTH_CODES[key.settlement.month - 1]
    terms = _FUTURES[key.contract_class]
    return Future(
        con_id=con_id_of(key),
        symbol=terms.symbol,
        trading_class=key.contract_class.label,
        exchange=terms.exchange,
        multiplier=terms.multiplier,
        last_trading_day=key.settlement,
        settlement=settlement_of(key.contract_class, key.settlement),
        grid=RULES[RULE_OF_CLASS[key.contract_class]],
        local_symbol=f"{key.contract_class.label}{month}{key.settlement.year % 10}",
    )


def _occ_symbol(key: ContractKey, right: Right) -> str:
    """Return the 21 characters of the options industry: root, settlement day, right, strike."""
    assert key.strike is not None
    root = key.contract_class.label
    return f"{root:<6}{key.settlement:%y%m%d}{right}{int(key.strike * 1000):08d}"
