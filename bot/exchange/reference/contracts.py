"""From a contract's key to the instrument: days, settlement instant, grid and local symbol.

An AM-settled option stops trading the session before it settles at 09:30; a future may trade on its
settlement day itself, a PM-settled SPXW ends and settles with the stock market at 16:00, on early
closes at 13:00 (domain.md sections 1.1-1.4).
"""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from bot.domain.instruments import ConId, Future, Option, Right
from bot.domain.sessions import SessionTable, settlement_instant
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

OPTION_MULTIPLIER = 100

_AFTER_STOCKS = timedelta(minutes=15)
"""Index options trade so much longer than the stocks that a PM settlement is made of."""


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
_OCC_SYMBOL = re.compile(r"(?P<root>\w+) *(?P<day>\d{6})(?P<right>[CP])(?P<strike>\d{8})")
_OCC_STRIKE_UNITS = 1000
_OPTION_CLASSES = {each.label: each for each in ContractClass if not each.is_future}


def symbol_of(contract_class: ContractClass) -> str:
    """Return the symbol that the contracts of a class are asked for by."""
    terms = _FUTURES.get(contract_class)
    return contract_class.underlying if terms is None else terms.symbol


def multiplier_of(contract_class: ContractClass) -> int:
    """Return the multiplier of the contracts of a class, in USD per point."""
    terms = _FUTURES.get(contract_class)
    return OPTION_MULTIPLIER if terms is None else terms.multiplier


def future_symbol(key: ContractKey) -> str:
    """Return the local symbol of a future: class, letter of the month, last digit of the year."""
    month = _MONTH_CODES[key.settlement.month - 1]
    return f"{key.contract_class.label}{month}{key.settlement.year % 10}"


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
        return _future(key, sessions)
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
        settlement=settlement_of(contract_class, key.settlement, sessions),
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


def settlement_of(
    contract_class: ContractClass, settlement: date, sessions: SessionTable
) -> datetime:
    """Return the instant of settlement on the settlement day, in UTC."""
    if contract_class is ContractClass.SPXW:
        return sessions.on_or_after(settlement).close_at - _AFTER_STOCKS
    return settlement_instant(settlement)


def option_named(local_symbol: str) -> ContractKey | None:
    """Return the option that 21 characters of the options industry name, None if they do not."""
    match = _OCC_SYMBOL.fullmatch(local_symbol)
    if match is None or match["root"] not in _OPTION_CLASSES:
        return None
    try:
        settlement = datetime.strptime(match["day"], "%y%m%d").date()  # noqa: DTZ007 - a date
    except ValueError:
        return None
    strike = Decimal(match["strike"]) / _OCC_STRIKE_UNITS
    return ContractKey(_OPTION_CLASSES[match["root"]], settlement, strike, Right(match["right"]))


def _future(key: ContractKey, sessions: SessionTable) -> Future:
    terms = _FUTURES[key.contract_class]
    return Future(
        con_id=con_id_of(key),
        symbol=terms.symbol,
        trading_class=key.contract_class.label,
        exchange=terms.exchange,
        multiplier=terms.multiplier,
        last_trading_day=key.settlement,
        settlement=settlement_of(key.contract_class, key.settlement, sessions),
        grid=RULES[RULE_OF_CLASS[key.contract_class]],
        local_symbol=future_symbol(key),
    )


def _occ_symbol(key: ContractKey, right: Right) -> str:
    """Return the 21 characters of the options industry: root, settlement day, right, strike."""
    assert key.strike is not None
    root = key.contract_class.label
    return f"{root:<6}{key.settlement:%y%m%d}{right}{int(key.strike * _OCC_STRIKE_UNITS):08d}"
