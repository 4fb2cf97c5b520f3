"""Summaries: the values a client names, at most two lists at a time."""

from decimal import Decimal

import pytest

from bot.exchange.venue.holding import Holding
from bot.exchange.wire import requests as ask
from bot.exchange.wire.replies import AccountSummary, AccountSummaryEnd, Reply
from tests.support.venue_rig import CALL_15, Rig, codes, only, quote

HELD = Holding(con_id=CALL_15, multiplier=100, quantity=3, cost_usd=Decimal(301))


@pytest.fixture
def rig() -> Rig:
    return Rig(lines=[quote(CALL_15, "1.00", "1.10")], holdings=[HELD])


def summary(number: int, tags: str = "NetLiquidation, TotalCashValue") -> ask.Request:
    return ask.RequestAccountSummary(request_id=number, group="All", tags=tags)


def told(replies: list[Reply]) -> dict[tuple[str, str], str]:
    return {(each.tag, each.currency): each.value for each in only(replies, AccountSummary)}


def test_a_summary_holds_what_was_asked(rig: Rig) -> None:
    replies = rig.say(rig.connect(), summary(1))
    assert told(replies) == {
        ("NetLiquidation", "USD"): "100315.00",
        ("TotalCashValue", "USD"): "100000.00",
    }
    assert replies[-1] == AccountSummaryEnd(request_id=1)


def test_two_summaries_are_the_limit_of_each_client(rig: Rig) -> None:
    session, other = rig.connect(1), rig.connect(2)
    assert codes(rig.say(session, summary(1)) + rig.say(session, summary(2))) == []
    assert codes(rig.say(session, summary(3))) == [322]
    assert codes(rig.say(session, summary(2))) == []  # the same number replaces its list
    assert codes(rig.say(other, summary(3))) == []
    rig.say(session, ask.CancelAccountSummary(request_id=1))
    assert codes(rig.say(session, summary(3))) == []


def test_only_what_changed_is_told_every_three_minutes(rig: Rig) -> None:
    session = rig.connect()
    rig.say(session, summary(1))
    assert session not in rig.step("2018-01-16T10:03")
    rig.market.show(quote(CALL_15, "2.00", "2.10"))
    assert session not in rig.step("2018-01-16T10:04")
    assert told(rig.step("2018-01-16T10:06")[session]) == {("NetLiquidation", "USD"): "100615.00"}
    rig.say(session, ask.CancelAccountSummary(request_id=1))
    rig.market.show(quote(CALL_15, "1.00", "1.10"))
    assert session not in rig.step("2018-01-16T10:09")


def test_an_unknown_tag_brings_no_row_and_no_error(rig: Rig) -> None:
    replies = rig.say(rig.connect(), summary(1, "ReqTEquity,NetLiquidation"))
    assert told(replies) == {("NetLiquidation", "USD"): "100315.00"}
    assert codes(replies) == []


def test_an_unknown_group_is_refused(rig: Rig) -> None:
    session = rig.connect()
    request = ask.RequestAccountSummary(request_id=1, group="Family", tags="NetLiquidation")
    assert codes(rig.say(session, request)) == [321]
    rig.market.show(quote(CALL_15, "2.00", "2.10"))
    assert session not in rig.step("2018-01-16T10:03")


@pytest.mark.parametrize(
    ("tag", "currencies"),
    [
        ("$LEDGER", {"BASE"}),
        ("$LEDGER:USD", {"USD"}),
        ("$LEDGER:EUR", set()),
        ("$LEDGER:ALL", {"BASE", "USD"}),
        ("$LEDGER:USD,$LEDGER:ALL", {"BASE", "USD"}),
    ],
)
def test_the_ledger_is_told_by_currency(rig: Rig, tag: str, currencies: set[str]) -> None:
    replies = rig.say(rig.connect(), summary(1, tag))
    rows = told(replies)
    assert {currency for _, currency in rows} == currencies
    for currency in currencies:
        assert rows["CashBalance", currency] == "100000.00"
        assert rows["Currency", currency] == currency
        assert rows["OptionMarketValue", currency] == "315.00"
    assert not {key for key, _ in rows} & {"NetLiquidation", "AccountType"}
    assert replies[-1] == AccountSummaryEnd(request_id=1)
