"""An exchange put together from its parts."""

import gzip
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from bot.exchange.assembly import ExchangePlan, open_exchange
from bot.exchange.clock import ClockError
from bot.exchange.scenarios.loader import UnknownScenarioError
from bot.exchange.scenarios.parse import ScenarioError
from bot.exchange.scenarios.rebase import RebaseError
from bot.exchange.store import MemoryStore
from bot.exchange.venue.account_rules import AccountRules
from bot.exchange.venue.records import ClockNoted, Record
from bot.exchange.wire import requests as ask
from tests.support.archives import texts
from tests.support.session_tables import index_option_sessions
from tests.support.venue_rig import CALL_15, at, order, place


class ListStore:
    """Keeps records in memory, to be replayed."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def append(self, records: Iterable[Record]) -> None:
        self.records += records

    def replay(self) -> list[Record]:
        return list(self.records)


def test_a_new_exchange_holds_the_scenarios_account() -> None:
    exchange = open_exchange(ExchangePlan(), index_option_sessions, MemoryStore())
    assert exchange.venue.now == at("2018-01-16T09:34")
    assert exchange.books.account == exchange.scenario.account_id == "SIM0000001"
    assert exchange.books.cash_usd == exchange.scenario.cash_usd
    legs = [leg for condor in exchange.scenario.condors for leg in condor.legs]
    assert sorted(h.quantity for h in exchange.books.positions()) == sorted(
        leg.position for leg in legs
    )
    cost = sum((leg.position * leg.average_price * 100 for leg in legs), Decimal(0))
    assert exchange.books.cost_of_positions_usd() == cost
    assert exchange.running_clock(60).now(60.0) == at("2018-01-16T10:34")


def test_account_and_start_can_be_chosen() -> None:
    plan = ExchangePlan(account="DU1234567", start=at("2018-02-05T09:34"))
    exchange = open_exchange(plan, index_option_sessions, MemoryStore())
    assert exchange.books.account == "DU1234567"
    assert exchange.venue.now == at("2018-02-05T09:34")


def test_the_account_has_the_rules_of_the_plan() -> None:
    """One that may sell naked calls takes what one that may not refuses."""
    for rules, expected in ((AccountRules(), []), (AccountRules(naked_calls=True), ["SELL"])):
        plan = ExchangePlan(rules=rules)
        exchange = open_exchange(plan, index_option_sessions, MemoryStore())
        session = exchange.venue.open_session()
        exchange.venue.handle(session, ask.StartApi(client_id=1))
        wire = order(1, "SELL", 1, "40.00")
        exchange.venue.handle(session, place(wire, CALL_15))
        assert [o.side for o in exchange.books.open_orders()] == expected


def test_what_was_stored_is_there_again_and_time_goes_on() -> None:
    store = ListStore()
    first = open_exchange(ExchangePlan(), index_option_sessions, store)
    store.append(first.venue.advance(at("2018-01-17T10:00")).records)
    again = open_exchange(ExchangePlan(), index_option_sessions, store)
    assert again.venue.now == at("2018-01-17T10:00")
    assert again.books.cash_usd == first.books.cash_usd
    assert again.books.positions() == first.books.positions()
    assert isinstance(store.records[-1], ClockNoted)
    later = ExchangePlan(start=at("2018-01-18T10:00"))
    assert open_exchange(later, index_option_sessions, store).venue.now == later.start
    earlier = ExchangePlan(start=at("2018-01-16T10:00"))
    with pytest.raises(ClockError, match="cannot go back"):
        open_exchange(earlier, index_option_sessions, store)
    resumed = open_exchange(
        msgspec.structs.replace(earlier, resumes=True), index_option_sessions, store
    )
    assert resumed.venue.now == later.start


def test_wrong_names_and_times_are_refused() -> None:
    with pytest.raises(UnknownScenarioError):
        open_exchange(ExchangePlan(scenario="none"), index_option_sessions, MemoryStore())
    with pytest.raises(ClockError):
        open_exchange(
            ExchangePlan(start=at("2019-01-16T10:00")), index_option_sessions, MemoryStore()
        )


def test_a_scenario_can_be_played_on_another_calendar() -> None:
    """February 2018 as if it began in November 2026: its account, its prices, today's expiries."""
    plan = ExchangePlan(begins=date(2026, 11, 25))
    exchange = open_exchange(plan, index_option_sessions, MemoryStore())
    assert exchange.venue.now == at("2026-11-25T09:34")
    own = open_exchange(ExchangePlan(), index_option_sessions, MemoryStore())
    moved, days = exchange.scenario.days, own.scenario.days
    assert [day.vix_close for day in moved] == [day.vix_close for day in days]
    assert exchange.books.cash_usd == own.books.cash_usd
    held = exchange.books.positions()
    listed = [exchange.market.reference.by_id(h.con_id, date(2026, 11, 25)) for h in held]
    assert {one.real_expiration_date for one in listed} == {"20270115", "20270219"}


def archived(tmp_path: Path) -> Path:
    """Return a directory with the daily files of a summer."""
    for name, text in texts().items():
        packed = name.endswith(".gz")
        (tmp_path / name).write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    return tmp_path


def test_a_directory_of_days_becomes_an_exchange(tmp_path: Path) -> None:
    plan = ExchangePlan(data=archived(tmp_path), start=at("2015-08-24T09:34"), nights=True)
    exchange = open_exchange(plan, index_option_sessions, MemoryStore())
    assert exchange.venue.now == plan.start
    assert exchange.books.cash_usd == 500_000
    assert exchange.books.positions() == []
    assert exchange.market.vix(at("2015-08-24T16:15")) == pytest.approx(14.0 + 0.7 * 15)
    assert exchange.timetable.end == at("2015-09-04T20:00")


def test_days_from_files_are_played_on_their_own_dates(tmp_path: Path) -> None:
    plan = ExchangePlan(data=archived(tmp_path), begins=date(2026, 1, 5))
    with pytest.raises(RebaseError, match="own dates alone"):
        open_exchange(plan, index_option_sessions, MemoryStore())


def test_a_hole_in_the_days_is_named(tmp_path: Path) -> None:
    folder = archived(tmp_path)
    for name in ("spx_daily.csv", "vix_daily.csv"):
        kept = [x for x in (folder / name).read_text().splitlines() if "2015-08-12" not in x]
        (folder / name).write_text("\n".join(kept))
    plan = ExchangePlan(data=folder, start=at("2015-08-24T09:34"))
    with pytest.raises(ScenarioError, match=r"spx_daily\.csv, line 9: .* session 2015-08-12"):
        open_exchange(plan, index_option_sessions, MemoryStore())
