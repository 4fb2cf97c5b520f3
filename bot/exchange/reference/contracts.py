"""From a contract's key to the instrument: days, settlement instant, grid and local symbol.

An AM-settled contract stops trading the session before it settles at 09:30; a VX future may trade
on its settlement day itself, a PM-settled SPXW ends and settles at 16:00 (domain.md sections
1.1-1.4).
"""

from datetime import date, datetime, time

from bot.domain.instruments import ConId, Future, Index, Instrument, Option, Right
from bot.domain.sessions import SessionTable, at_new_york, settlement_instant
from bot.exchange.reference.conid import (
    SPX_CLASSES,
    SPX_ID,
    VIX_ID,
    ContractClass,
    ContractKey,
    UnknownContractError,
    con_id_of,
    key_of,
)
from bot.exchange.reference.rules import RULE_OF_CLASS, RULES

INDICES: dict[ConId, Index] = {
    VIX_ID: Index(con_id=VIX_ID, symbol="VIX", exchange="CBOE"),
    SPX_ID: Index(con_id=SPX_ID, symbol="SPX", exchange="CBOE"),
}

PM_SETTLEMENT_TIME = time(16, 0)
VX_MULTIPLIER = 1000
OPTION_MULTIPLIER = 100
_MONTH_CODES = "FGHJKMNQUVXZ"


def instrument_of(con_id: ConId, sessions: SessionTable) -> Instrument:
    """Return the instrument with this number, listed at the moment or not.

    Raises:
        UnknownContractError: No contract that settles within the session table has this number.
    """
    index = INDICES.get(con_id)
    if index is not None:
        return index
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
        symbol="SPX" if contract_class in SPX_CLASSES else "VIX",
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
    if contract_class in {ContractClass.VX, ContractClass.SPXW}:
        return settlement
    return sessions.shift(settlement, -1).date


def settlement_of(contract_class: ContractClass, settlement: date) -> datetime:
    """Return the instant of settlement on the settlement day, in UTC."""
    if contract_class is ContractClass.SPXW:
        return at_new_york(settlement, PM_SETTLEMENT_TIME)
    return settlement_instant(settlement)


def _future(key: ContractKey) -> Future:
    month = _MONTH_CODES[key.settlement.month - 1]
    return Future(
        con_id=con_id_of(key),
        symbol="VIX",
        trading_class="VX",
        exchange="CFE",
        multiplier=VX_MULTIPLIER,
        last_trading_day=key.settlement,
        settlement=settlement_of(key.contract_class, key.settlement),
        grid=RULES[RULE_OF_CLASS[key.contract_class]],
        local_symbol=f"VX{month}{key.settlement.year % 10}",
    )


def _occ_symbol(key: ContractKey, right: Right) -> str:
    """Return the 21 characters of the options industry: root, settlement day, right, strike."""
    assert key.strike is not None
    root = key.contract_class.label
    return f"{root:<6}{key.settlement:%y%m%d}{right}{int(key.strike * 1000):08d}"
