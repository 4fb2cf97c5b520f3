"""The keys of the contracts that are listed on a day.

Dates come from `bot.exchange.reference.expiries`, strikes from `bot.exchange.reference.strikes`;
here they are put together and searched.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

from bot.domain.instruments import Right
from bot.domain.sessions import SessionTable
from bot.exchange.reference.conid import (
    VIX_FUTURE_CLASSES,
    ContractClass,
    ContractKey,
)
from bot.exchange.reference.contracts import future_symbol, last_trading_day, option_named
from bot.exchange.reference.expiries import (
    listed_settlements,
    sp_future_settlements,
    vx_settlements,
)
from bot.exchange.reference.query import CONTINUOUS, Query
from bot.exchange.reference.strikes import Strikes
from bot.exchange.scenarios.scenario import LISTING_HORIZON_DAYS, Scenario

EXPIRED_FUTURES_DAYS = 731
"""For so long an expired future is found on request: two years, as at the broker."""

_FURTHEST = timedelta(days=LISTING_HORIZON_DAYS)


class Listed:
    """What is listed, day by day; answers are kept, because a session asks the same often."""

    def __init__(self, scenario: Scenario, sessions: SessionTable) -> None:
        self._first = scenario.days[0].date
        self._last = min(scenario.days[-1].date + _FURTHEST, sessions.sessions[-1].date)
        self._sessions = sessions
        self._lists = Strikes(scenario.days)
        self._settlements: dict[tuple[ContractClass, date], tuple[date, ...]] = {}
        self._strikes: dict[tuple[ContractClass, date, date], tuple[Decimal, ...]] = {}
        self._unions: dict[tuple[ContractClass, date], tuple[Decimal, ...]] = {}

    def settlements(self, contract_class: ContractClass, day: date) -> tuple[date, ...]:
        """Return the settlement days of a class that still trade on `day`, nearest first."""
        key = contract_class, day
        if key not in self._settlements:
            self._settlements[key] = listed_settlements(contract_class, day, self._sessions)
        return self._settlements[key]

    def strikes(
        self, contract_class: ContractClass, settlement: date, day: date
    ) -> tuple[Decimal, ...]:
        """Return the listed strikes of one expiry in points, ascending."""
        key = contract_class, settlement, day
        if key not in self._strikes:
            self._strikes[key] = self._lists.listed(contract_class, settlement, day)
        return self._strikes[key]

    def all_strikes(self, contract_class: ContractClass, day: date) -> tuple[Decimal, ...]:
        """Return the strikes that any expiry of a class has, in points, ascending."""
        key = contract_class, day
        if key not in self._unions:
            settlements = self.settlements(contract_class, day)
            lists = {self.strikes(contract_class, each, day) for each in settlements}
            self._unions[key] = tuple(sorted(set().union(*lists)))
        return self._unions[key]

    def knows(self, key: ContractKey, day: date) -> bool:
        """Tell whether a contract is listed on `day` or was, when it last traded."""
        contract_class, settlement, strike, _ = key
        if not self._first < settlement <= self._last:
            return False
        as_of = min(day, self._last_trade(contract_class, settlement))
        if settlement not in self.settlements(contract_class, as_of):
            return False
        return strike is None or strike in self.strikes(contract_class, settlement, as_of)

    def lists(self, key: ContractKey, day: date) -> bool:
        """Tell whether a contract still trades on `day` or later."""
        return self.knows(key, day) and day <= self._last_trade(key.contract_class, key.settlement)

    def keys(self, query: Query, day: date) -> Iterator[ContractKey]:
        """Yield the contracts that fit, by class, settlement and strike; exchanges left aside."""
        if query.local_symbol:
            yield from self._named(query, day)
            return
        for contract_class in ContractClass:
            if query.may_name(contract_class):
                for settlement in self._expiries(contract_class, query, day):
                    yield from self._expiry(contract_class, settlement, query, day)

    def _named(self, query: Query, day: date) -> Iterator[ContractKey]:
        """Yield what a local symbol names: the symbol of an option says all of it."""
        option = option_named(query.local_symbol)
        if option is None:
            for contract_class in ContractClass:
                if contract_class.is_future and query.may_name(contract_class):
                    for settlement in self._expiries(contract_class, query, day):
                        key = ContractKey(contract_class, settlement)
                        if future_symbol(key) == query.local_symbol:
                            yield key
        elif self.lists(option, day) and self._agrees(option, query):
            yield option

    def _agrees(self, option: ContractKey, query: Query) -> bool:
        contract_class, settlement, strike, right = option
        return (
            query.may_name(contract_class)
            and query.may_expire(self._last_trade(contract_class, settlement), settlement)
            and query.strike in {None, strike}
            and query.right in {None, right}
        )

    def _expiries(self, contract_class: ContractClass, query: Query, day: date) -> Iterator[date]:
        for settlement in self._asked(contract_class, query, day):
            if query.may_expire(self._last_trade(contract_class, settlement), settlement):
                yield settlement

    def _asked(self, contract_class: ContractClass, query: Query, day: date) -> Iterable[date]:
        listed = self.settlements(contract_class, day)
        if query.sec_type == CONTINUOUS:
            return [settlement for settlement in listed if settlement > day][:1]
        if contract_class.is_future and query.include_expired:
            start = max(self._first, day - timedelta(days=EXPIRED_FUTURES_DAYS))
            every = (
                vx_settlements if contract_class in VIX_FUTURE_CLASSES else sp_future_settlements
            )
            return every(start, listed[-1], self._sessions)
        return listed

    def _expiry(
        self, contract_class: ContractClass, settlement: date, query: Query, day: date
    ) -> Iterator[ContractKey]:
        if contract_class.is_future:
            yield ContractKey(contract_class, settlement)
            return
        strikes = self.strikes(contract_class, settlement, day)
        if query.strike is not None:
            strikes = (query.strike,) if query.strike in strikes else ()
        rights = tuple(Right) if query.right is None else (query.right,)
        for strike, right in product(strikes, rights):
            yield ContractKey(contract_class, settlement, strike, right)

    def _last_trade(self, contract_class: ContractClass, settlement: date) -> date:
        return last_trading_day(contract_class, settlement, self._sessions)
