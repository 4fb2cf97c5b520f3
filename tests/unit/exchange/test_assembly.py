"""An exchange put together from its parts."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pytest

from bot.exchange.assembly import ExchangePlan, open_exchange
from bot.exchange.clock import ClockError
from bot.exchange.scenarios.loader import UnknownScenarioError
from bot.exchange.store import MemoryStore
from bot.exchange.venue.account_rules import AccountRules
from bot.exchange.venue.records import ClockNoted, Record
from bot.exchange.wire import requests as ask
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
    with pytest.raises(ClockError, match="cannot go back"):
        open_exchange(ExchangePlan(start=at("2018-01-16T10:00")), index_option_sessions, store)


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
    assert exchange.market.vix(exchange.venue.now) != 0
    assert exchange.books.cash_usd == own.books.cash_usd
    held = exchange.books.positions()
    listed = [exchange.market.reference.by_id(h.con_id, date(2026, 11, 25)) for h in held]
    assert {one.real_expiration_date for one in listed} == {"20270115", "20270219"}
