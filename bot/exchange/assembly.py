"""Puts an exchange together: scenario, market, books, venue, clock and state.

The one place that knows all rooms of the tower. What is outside of it - session tables, the state
file, the socket - is handed in or done by the caller.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import msgspec

from bot.domain.money import to_cents
from bot.domain.sessions import NEW_YORK, SessionTable
from bot.exchange.clock import ClockError, RunningClock, Timetable
from bot.exchange.market.market import Market
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.reference.contracts import OPTION_MULTIPLIER
from bot.exchange.scenarios.archive import check_sessions
from bot.exchange.scenarios.loader import load_archive, load_scenario
from bot.exchange.scenarios.rebase import RebaseError, rebase, span_of
from bot.exchange.scenarios.scenario import Scenario
from bot.exchange.store import Store
from bot.exchange.venue.account_rules import AccountRules
from bot.exchange.venue.books import Books
from bot.exchange.venue.data_rules import DataRules
from bot.exchange.venue.floor import Floor
from bot.exchange.venue.holding import Holding
from bot.exchange.venue.records import AccountOpened
from bot.exchange.venue.venue import Venue

SessionSource = Callable[[date, date], SessionTable]
"""Returns the regular sessions of index options between two dates."""


class ExchangePlan(msgspec.Struct, frozen=True, kw_only=True):
    """Which exchange is wanted.

    `account` empty means the scenario's own; `start` None means 09:34 of its first session, or
    where a stored clock stands. With `data` the market is made of the daily files of that directory
    and begins on the day of `start` (`bot.exchange.scenarios.archive`). With `nights` the clock
    leaps over nothing (`bot.exchange.clock`). With `begins` the scenario is played on the calendar
    from that date on instead of its own. With `interest`, cash earns and debt costs by the rate of
    the scenario; a demo leaves it off, since its bot keeps a cash book of nothing but its trades.
    `rules` say what the account may trade and who sees everybody's orders. With `resumes` a stored
    clock beyond `start` goes on where it stands: the start of who is started again and again.
    """

    scenario: str = "volmageddon-2018"
    seed: int = 1
    account: str = ""
    start: datetime | None = None
    nights: bool = False
    data_rules: DataRules = DataRules()
    begins: date | None = None
    data: Path | None = None
    interest: bool = False
    rules: AccountRules = AccountRules()
    resumes: bool = False


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """An exchange ready to be served; its venue stands at `venue.now`."""

    scenario: Scenario
    sessions: SessionTable
    timetable: Timetable
    market: Market
    books: Books
    venue: Venue
    store: Store

    def running_clock(self, speed: float) -> RunningClock:
        """Return a clock that runs `speed` times the wall's, from where the venue stands."""
        return RunningClock(timetable=self.timetable, start=self.venue.now, speed=speed)


def open_exchange(plan: ExchangePlan, sessions: SessionSource, store: Store) -> Exchange:
    """Assemble the exchange, with the account as `store` has kept it or else newly opened.

    Raises:
        UnknownScenarioError: There is no scenario of that name.
        ScenarioError: A file of `plan.data` is missing or malformed.
        RebaseError: The calendar does not hold the scenario around `plan.begins`.
        ClockError: `plan.start` is not a time of the scenario, or lies before the stored clock.
        StoreError: The stored records cannot be read or written.
    """
    scenario = _scenario(plan, sessions)
    table = sessions(scenario.sessions_from, scenario.sessions_until)
    timetable = Timetable(table, scenario.first_session, scenario.last_session, nights=plan.nights)
    market = Market(scenario, table, plan.seed)
    books = Books()
    for record in store.replay():
        books.apply(record)
    start = _start(plan, books, timetable)
    if not books.is_open:
        opened = _opening(scenario, plan.account or scenario.account_id, start)
        books.apply(opened)
        store.append([opened])
    floor = Floor(
        books=books,
        market=market,
        reference=market.reference,
        sessions=table,
        now=start,
        rules=plan.rules,
    )
    floor.data_rules = plan.data_rules
    venue = Venue(floor, Decimal(str(scenario.rate)) if plan.interest else None)
    store.append(venue.advance(start).records)
    return Exchange(
        scenario=scenario,
        sessions=table,
        timetable=timetable,
        market=market,
        books=books,
        venue=venue,
        store=store,
    )


def _scenario(plan: ExchangePlan, sessions: SessionSource) -> Scenario:
    if plan.data is not None:
        return _archive(plan, plan.data, sessions)
    scenario = load_scenario(plan.scenario)
    if plan.begins is None:
        return scenario
    return rebase(scenario, sessions(*span_of(scenario, plan.begins)), plan.begins)


def _archive(plan: ExchangePlan, directory: Path, sessions: SessionSource) -> Scenario:
    if plan.begins is not None:
        raise RebaseError("real days from files are played on their own dates alone")
    first = None if plan.start is None else plan.start.astimezone(NEW_YORK).date()
    scenario = load_archive(directory, first)
    check_sessions(scenario, sessions(scenario.sessions_from, scenario.sessions_until))
    return scenario


def _start(plan: ExchangePlan, books: Books, timetable: Timetable) -> datetime:
    stored = books.clock
    if plan.start is None:
        return stored or timetable.start
    start = timetable.check(plan.start)
    if stored is not None and start < stored:
        if plan.resumes:
            return stored
        raise ClockError(f"the stored clock stands at {stored}, it cannot go back to {start}")
    return start


def _opening(scenario: Scenario, account: str, at: datetime) -> AccountOpened:
    return AccountOpened(
        account=account, at=at, cash_usd=scenario.cash_usd, holdings=_holdings(scenario)
    )


def _holdings(scenario: Scenario) -> tuple[Holding, ...]:
    """Return the scenario's condors as positions per leg, as the broker holds them."""
    held: dict[int, Holding] = {}
    for condor in scenario.condors:
        for leg in condor.legs:
            contract_class = ContractClass[condor.trading_class]
            key = ContractKey(contract_class, condor.settlement, leg.strike, leg.right)
            con_id = con_id_of(key)
            cost = to_cents(leg.position * leg.average_price * OPTION_MULTIPLIER)
            before = held.get(con_id, Holding(con_id=con_id, multiplier=OPTION_MULTIPLIER))
            held[con_id] = Holding(
                con_id=con_id,
                multiplier=OPTION_MULTIPLIER,
                quantity=before.quantity + leg.position,
                cost_usd=before.cost_usd + cost,
            )
    return tuple(held.values())
