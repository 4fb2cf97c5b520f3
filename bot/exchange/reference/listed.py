"""The keys of the contracts that are listed on a day.

Dates come from `bot.exchange.reference.expiries`; here they are put together with the closes of the
scenario, up to the day before and never beyond.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

from bot.domain.instruments import Right
from bot.domain.sessions import SessionTable
from bot.exchange.reference.conid import SPX_CLASSES, ContractClass, ContractKey
from bot.exchange.reference.contracts import last_trading_day
from bot.exchange.reference.expiries import (
    VIX_STRIKES,
    VX_LISTED_DAYS,
    option_settlements,
    spx_strikes,
    vx_settlements,
)
from bot.exchange.reference.query import Query
from bot.exchange.scenarios.scenario import LISTING_HORIZON_DAYS, Scenario

STRIKE_WINDOW = 60
"""Sessions whose closes set the range of listed SPX strikes."""


_LISTED = (ContractClass.VX, ContractClass.VIX, ContractClass.SPX, ContractClass.SPXW)
_FURTHEST = timedelta(days=LISTING_HORIZON_DAYS)


class Listed:
    """What is listed, day by day; answers are kept, because a session asks the same often."""

    def __init__(self, scenario: Scenario, sessions: SessionTable) -> None:
        self._days = scenario.days
        self._sessions = sessions
        self._settlements: dict[tuple[ContractClass, date], list[date]] = {}
        self._strikes: dict[date, tuple[Decimal, ...]] = {}

    def settlements(self, contract_class: ContractClass, day: date) -> list[date]:
        """Return the settlement days of a class that still trade on `day`, nearest first."""
        key = contract_class, day
        if key not in self._settlements:
            if contract_class is ContractClass.VX:
                end = day + timedelta(days=VX_LISTED_DAYS)
                self._settlements[key] = vx_settlements(day, end, self._sessions)
            else:
                self._settlements[key] = option_settlements(contract_class, day, self._sessions)
        return self._settlements[key]

    def strikes(self, contract_class: ContractClass, day: date) -> tuple[Decimal, ...]:
        """Return the listed strikes of an option class in points, ascending."""
        if contract_class not in SPX_CLASSES:
            return VIX_STRIKES
        if day not in self._strikes:
            before = [each.spx_close for each in self._days if each.date < day]
            window = before[-STRIKE_WINDOW:] or [self._days[0].spx_open]
            self._strikes[day] = spx_strikes(min(window), max(window))
        return self._strikes[day]

    def knows(self, key: ContractKey, day: date) -> bool:
        """Tell whether a contract is listed on `day` or was, when it last traded."""
        contract_class, settlement, strike, _ = key
        if not self._days[0].date < settlement <= self._days[-1].date + _FURTHEST:
            return False
        last = last_trading_day(contract_class, settlement, self._sessions)
        as_of = min(day, last)
        if settlement not in self.settlements(contract_class, as_of):
            return False
        return strike is None or strike in self.strikes(contract_class, as_of)

    def keys(self, query: Query, day: date) -> Iterator[ContractKey]:
        """Yield the listed contracts that may fit, after what is cheap to tell."""
        for contract_class in ContractClass:
            if contract_class not in _LISTED or not query.may_name(contract_class):
                continue
            for settlement in self._asked(contract_class, query, day):
                last = last_trading_day(contract_class, settlement, self._sessions)
                if query.may_trade_last_on(last):
                    yield from self._expiry(contract_class, settlement, query, day)

    def _asked(self, contract_class: ContractClass, query: Query, day: date) -> Iterable[date]:
        listed = self.settlements(contract_class, day)
        if contract_class is ContractClass.VX and query.include_expired:
            return vx_settlements(self._days[0].date, listed[-1], self._sessions)
        return listed

    def _expiry(
        self, contract_class: ContractClass, settlement: date, query: Query, day: date
    ) -> Iterator[ContractKey]:
        if contract_class is ContractClass.VX:
            yield ContractKey(contract_class, settlement)
            return
        strikes = self.strikes(contract_class, day)
        if query.strike is not None:
            strikes = tuple(strike for strike in strikes if strike == query.strike)
        for strike, right in product(strikes, Right):
            yield ContractKey(contract_class, settlement, strike, right)
