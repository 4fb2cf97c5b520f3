"""When the exchange trades (Cboe hours; 2018-01-15 was a holiday)."""

from datetime import date
from decimal import Decimal

import pytest

from bot.domain.instruments import Option, Right
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.venue.hours import is_open, last_trade_at, midnight, trading_session
from tests.support.venue_rig import at, rig_reference, rig_sessions, vix_option


@pytest.mark.parametrize(
    ("now", "open_"),
    [
        ("2018-01-16T09:29:59", "False"),
        ("2018-01-16T09:30", "True"),
        ("2018-01-16T16:14:59", "True"),
        ("2018-01-16T16:15", "False"),
        ("2018-01-15T12:00", "False"),
    ],
)
def test_orders_trade_in_regular_hours_only(now: str, open_: str) -> None:
    assert str(is_open(rig_sessions(), at(now))) == open_


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2018-01-15T12:00", date(2018, 1, 16)),
        ("2018-01-16T08:00", date(2018, 1, 16)),
        ("2018-01-16T16:14", date(2018, 1, 16)),
        ("2018-01-16T16:15", date(2018, 1, 17)),
        ("2018-01-19T16:20", date(2018, 1, 22)),
    ],
)
def test_an_order_belongs_to_the_running_or_next_session(now: str, day: date) -> None:
    assert trading_session(rig_sessions(), at(now)).date == day


def test_a_vix_series_trades_last_on_tuesdays_close() -> None:
    option = rig_reference().instrument(vix_option("15"))
    assert isinstance(option, Option)
    assert last_trade_at(rig_sessions(), option) == at("2018-02-13T16:15")


def test_an_expiring_spxw_stops_at_four() -> None:
    key = ContractKey(ContractClass.SPXW, date(2018, 1, 19), Decimal(2700), Right.CALL)
    option = rig_reference().instrument(con_id_of(key))
    assert isinstance(option, Option)
    assert last_trade_at(rig_sessions(), option) == at("2018-01-19T16:00")


def test_midnight_is_new_yorks() -> None:
    assert midnight(at("2018-01-16T23:30")) == at("2018-01-16T00:00")
