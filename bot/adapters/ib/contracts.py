"""Contracts between our terms and the wire's (domain.md sections 1.1-1.4).

The broker says when a contract stops trading and which of its days is the settlement; the hour of
the settlement is known from the class, but for PM settlements, which come with the last trade: at
16:00 New York, on half days at 13:00. Facts that are missing, ambiguous or at odds with each
other refuse the contract: nothing is guessed.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.adapters.ib.client_library import Contract, ContractDetails
from bot.adapters.ib.numbers import exact
from bot.app.ports import BrokerRefusedError
from bot.domain.instruments import ConId, Future, Index, Instrument, Option, Other, Right
from bot.domain.money import GridStep, PriceGrid
from bot.domain.sessions import NEW_YORK, at_new_york, settlement_instant

SMART = "SMART"
CFE = "CFE"
VIX_FUTURE_CLASS = "VX"
NO_SUCH_CONTRACT = 200

_OURS = frozenset({("FUT", "VIX"), ("FUT", "VXM"), ("OPT", "VIX"), ("OPT", "SPX")})

_OCC_SYMBOL = re.compile(r"\w+ *(\d{6})[CP]\d{8}")
_PM_CLASSES = frozenset({"SPXW"})
_AM_CLASSES = frozenset({"SPX", "VIX", "VIXW"})
_PM_SETTLEMENT = time(16, 0)
_PM_HOURS = (time(12, 0), time(17, 0))
"""Between these, New York time, an index option of the afternoon may stop trading."""

_CLOCK = re.compile(r"(\d\d):(\d\d)(:00)?")
_CHICAGO = ZoneInfo("America/Chicago")
_ZONES = {
    **dict.fromkeys(("US/Eastern", "America/New_York", "EST", "EST5EDT"), NEW_YORK),
    **dict.fromkeys(("US/Central", "America/Chicago", "CST", "CST6CDT"), _CHICAGO),
    "EST (Eastern Standard Time)": NEW_YORK,
    "CST (Central Standard Time)": _CHICAGO,
}
"""The zones in which the broker tells US hours; another one is not guessed (domain.md 3.7)."""

# A settlement follows the last trading day by one session; three holidays in a row do not happen.
_LONGEST_GAP = timedelta(days=5)


def refused(text: str) -> BrokerRefusedError:
    """Return the error for a contract that is unknown, ambiguous or not understood."""
    return BrokerRefusedError(NO_SUCH_CONTRACT, text)


def index_pattern(symbol: str) -> Contract:
    """Return what finds an index: NYSE breadth at NYSE, all others at CBOE (domain.md 2)."""
    exchange = "NYSE" if symbol.endswith("-NYSE") else "CBOE"
    return Contract(secType="IND", symbol=symbol, exchange=exchange, currency="USD")


def vix_future_pattern(*, include_expired: bool) -> Contract:
    """Return what finds the monthly VX futures; the class is pinned against the weeklies."""
    return Contract(
        secType="FUT",
        symbol="VIX",
        exchange=CFE,
        currency="USD",
        tradingClass=VIX_FUTURE_CLASS,
        includeExpired=include_expired,
    )


def option_pattern(symbol: str, trading_class: str, last_trading_day: date) -> Contract:
    """Return what finds all options of one expiry of one class."""
    return Contract(
        secType="OPT",
        symbol=symbol,
        exchange=SMART,
        currency="USD",
        multiplier="100",
        tradingClass=trading_class,
        lastTradeDateOrContractMonth=f"{last_trading_day:%Y%m%d}",
    )


def con_id_pattern(con_id: ConId) -> Contract:
    """Return what finds one contract by number."""
    return Contract(conId=con_id)


def contract_of(instrument: Instrument) -> Contract:
    """Return a new library contract for data requests: the number decides."""
    return Contract(
        conId=instrument.con_id,
        symbol=instrument.symbol,
        secType=sec_type_of(instrument),
        exchange=instrument.exchange,
        currency="USD",
        includeExpired=isinstance(instrument, Future),
    )


def sec_type_of(instrument: Instrument) -> str:
    """Return the wire's word for the kind of instrument."""
    match instrument:
        case Index():
            return "IND"
        case Future():
            return "FUT"
        case Option():
            return "OPT"


def exchange_of(details: ContractDetails) -> str:
    """Return where a contract is quoted and traded: SMART where it routes, else its own venue."""
    exchanges = details.validExchanges.split(",")
    return SMART if SMART in exchanges else _contract(details).exchange


def rule_id_of(details: ContractDetails) -> int:
    """Return the market rule that holds at the exchange used.

    `marketRuleIds` is parallel to `validExchanges`; `minTick` is never the grid (domain.md 1.1).
    """
    exchanges = details.validExchanges.split(",")
    rules = details.marketRuleIds.split(",")
    exchange = exchange_of(details)
    if len(rules) != len(exchanges) or exchange not in exchanges:
        raise refused(
            f"{_name(details)}: no market rule for {exchange} in exchanges "
            f"{details.validExchanges!r}, rules {details.marketRuleIds!r}"
        )
    return int(rules[exchanges.index(exchange)])


def grid_of(increments: list[Any]) -> PriceGrid:
    """Return the price grid of a market rule."""
    steps = [
        GridStep(low_edge=exact(row.lowEdge), increment=exact(row.increment)) for row in increments
    ]
    return PriceGrid(steps=tuple(sorted(steps, key=lambda step: step.low_edge)))


def index_of(details: ContractDetails) -> Index:
    """Translate an index."""
    contract = _contract(details)
    return Index(con_id=ConId(contract.conId), symbol=contract.symbol, exchange=contract.exchange)


def future_of(details: ContractDetails, grid: PriceGrid) -> Future:
    """Translate a VIX future; it settles at 09:30 New York of its settlement day.

    Trading ends half an hour earlier, yet the settlement is what pairs it with its options.
    """
    contract = _contract(details)
    last_day = _last_trading_day(details)
    return Future(
        con_id=ConId(contract.conId),
        symbol=contract.symbol,
        trading_class=contract.tradingClass,
        exchange=exchange_of(details),
        multiplier=int(contract.multiplier),
        last_trading_day=last_day,
        settlement=settlement_instant(_not_before(details, last_day, _real_expiration(details))),
        grid=grid,
        local_symbol=contract.localSymbol,
    )


def other_of(details: ContractDetails) -> Other:
    """Translate what the bot has no business with: enough to say what it is."""
    contract = _contract(details)
    return Other(
        con_id=ConId(contract.conId),
        symbol=contract.symbol,
        exchange=contract.exchange,
        kind=contract.secType,
    )


def is_ours(details: ContractDetails) -> bool:
    """Tell whether a contract is of the kinds the bot reads: indices, VIX futures, VIX and SPX."""
    contract = _contract(details)
    return contract.secType == "IND" or (contract.secType, contract.symbol) in _OURS


def option_of(details: ContractDetails, grid: PriceGrid) -> Option:
    """Translate an index option."""
    contract = _contract(details)
    return Option(
        con_id=ConId(contract.conId),
        symbol=contract.symbol,
        trading_class=contract.tradingClass,
        exchange=exchange_of(details),
        multiplier=int(contract.multiplier),
        right=Right(contract.right[:1]),
        strike=exact(contract.strike),
        last_trading_day=_last_trading_day(details),
        settlement=_option_settlement(details),
        grid=grid,
        local_symbol=contract.localSymbol,
    )


def _option_settlement(details: ContractDetails) -> datetime:
    """Return when an option settles, by the OCC date inside its local symbol.

    AM classes: 09:30 New York of the day after the last trading day. PM class: the last trade of
    the last trading day itself. `realExpirationDate` may name either day, and any third one is
    refused.
    """
    contract, last_day = _contract(details), _last_trading_day(details)
    match = _OCC_SYMBOL.fullmatch(contract.localSymbol)
    if match is None:
        raise refused(f"{_name(details)}: no settlement day in {contract.localSymbol!r}")
    settlement_day = _not_before(details, last_day, _day(details, f"20{match[1]}"))
    if details.realExpirationDate and _real_expiration(details) not in {last_day, settlement_day}:
        raise refused(f"{_name(details)}: expiration {details.realExpirationDate} contradicts it")
    if contract.tradingClass in _PM_CLASSES and settlement_day == last_day:
        return _last_trade(details, settlement_day)
    if contract.tradingClass in _AM_CLASSES and settlement_day > last_day:
        return settlement_instant(settlement_day)
    raise refused(
        f"{_name(details)}: class {contract.tradingClass} with last trading day {last_day} and "
        f"settlement day {settlement_day} is not known"
    )


def _last_trade(details: ContractDetails, day: date) -> datetime:
    """Return when a PM-settled contract stops trading, at 16:00 where the broker leaves it out."""
    text, zone = details.lastTradeTime, details.timeZoneId
    if not text:
        return at_new_york(day, _PM_SETTLEMENT)
    match = _CLOCK.fullmatch(text)
    if match is None or zone not in _ZONES:
        raise refused(f"{_name(details)}: last trade at {text!r} in zone {zone!r} is not known")
    clock = time(int(match[1]), int(match[2]), tzinfo=_ZONES[zone])
    last = datetime.combine(day, clock).astimezone(NEW_YORK)
    if not _PM_HOURS[0] <= last.time() <= _PM_HOURS[1]:
        raise refused(f"{_name(details)}: last trade at {text} {zone} is not in the afternoon")
    return last.astimezone(UTC)


def _not_before(details: ContractDetails, last_day: date, settlement_day: date) -> date:
    if not last_day <= settlement_day <= last_day + _LONGEST_GAP:
        raise refused(f"{_name(details)}: settles {settlement_day}, last trades {last_day}")
    return settlement_day


def _last_trading_day(details: ContractDetails) -> date:
    return _day(details, _contract(details).lastTradeDateOrContractMonth)


def _real_expiration(details: ContractDetails) -> date:
    return _day(details, details.realExpirationDate)


def _day(details: ContractDetails, text: str) -> date:
    try:
        return day_of(text)
    except ValueError:
        raise refused(f"{_name(details)}: {text!r} is no date") from None


def day_of(text: str) -> date:
    """Return the date of `yyyymmdd`; raises `ValueError` for any other form."""
    if not re.fullmatch(r"\d{8}", text):
        raise ValueError(f"{text!r} is not yyyymmdd")
    return date.fromisoformat(text)


def kind_of(details: ContractDetails) -> str:
    """Return the wire's word for the kind of contract."""
    return _contract(details).secType


def _contract(details: ContractDetails) -> Contract:
    if details.contract is None:
        raise refused("contract details without a contract")
    return details.contract


def _name(details: ContractDetails) -> str:
    contract = _contract(details)
    return f"{contract.secType} {contract.localSymbol or contract.symbol} ({contract.conId})"
