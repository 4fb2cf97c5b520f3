"""Balances, positions and daily closes through the adapter: fresh, whole, or an error."""

from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal

import pytest

from bot.adapters.ib import Address, IbBroker, Limits
from bot.app.ports import BrokerError, BrokerRefusedError, BrokerTimeoutError, DailyClose
from bot.domain.account import Account, AccountId, Position
from bot.domain.instruments import ConId, Future
from bot.exchange.wire import replies as said
from bot.exchange.wire import requests as asked
from tests.support.scripted_tws import (
    ACCOUNT,
    CLIENT_ID,
    ScriptedTws,
    bars,
    vix_call,
    vix_future,
)
from tests.support.standing_clock import StandingClock

CALL, FUTURE = ConId(5001), ConId(6001)


def held(tws: ScriptedTws, con_id: ConId, quantity: str, account: str = ACCOUNT) -> said.Position:
    return said.Position(
        account=account,
        contract=tws.details(con_id).contract,
        quantity=Decimal(quantity),
        average_cost=Decimal("285.65"),
    )


async def test_balances_are_read_afresh_and_the_subscription_is_ended(
    broker: IbBroker, tws: ScriptedTws, clock: StandingClock
) -> None:
    expected = Account(
        account_id=AccountId(ACCOUNT),
        as_of=clock.now(),
        net_liquidation_usd=Decimal("100000.25"),
        cash_usd=Decimal(90000),
        available_funds_usd=Decimal("80000.5"),
    )
    assert await broker.account() == expected
    await broker.account()
    assert len(tws.all_of(asked.RequestAccountSummary)) == 2
    ended = await tws.wait_for(asked.CancelAccountSummary, 2)
    asked_for = [request.request_id for request in tws.all_of(asked.RequestAccountSummary)]
    assert [request.request_id for request in ended] == asked_for


async def test_an_unreported_balance_is_none(broker: IbBroker, tws: ScriptedTws) -> None:
    def reply(request: asked.RequestAccountSummary) -> list[said.Reply]:
        number = request.request_id
        rows = [
            (ACCOUNT, "NetLiquidation", "1000", "EUR"),
            (ACCOUNT, "TotalCashValue", "", "USD"),
            ("DU7654321", "AvailableFunds", "5", "USD"),
        ]
        told = [
            said.AccountSummary(
                request_id=number, account=account, tag=tag, value=value, currency=currency
            )
            for account, tag, value, currency in rows
        ]
        return [*told, said.AccountSummaryEnd(request_id=number)]

    tws.answer(asked.RequestAccountSummary, reply)
    account = await broker.account()
    assert account.net_liquidation_usd is None
    assert account.cash_usd is None
    assert account.available_funds_usd is None


async def test_a_refused_summary_is_an_error(broker: IbBroker, tws: ScriptedTws) -> None:
    def refuse(request: asked.RequestAccountSummary) -> list[said.Reply]:
        return [said.ErrorMessage(request_id=request.request_id, code=322, text="too many")]

    tws.answer(asked.RequestAccountSummary, refuse)
    with pytest.raises(BrokerRefusedError, match="322: too many"):
        await broker.account()


async def test_a_summary_cut_off_by_a_lost_connection_is_an_error(
    broker: IbBroker, tws: ScriptedTws
) -> None:
    def drop(_: asked.RequestAccountSummary) -> list[said.Reply]:
        tws.drop()
        return []

    tws.answer(asked.RequestAccountSummary, drop)
    with pytest.raises(BrokerError, match="lost"):
        await broker.account()


async def test_a_warning_does_not_fail_the_question_it_comes_with(
    broker: IbBroker, tws: ScriptedTws
) -> None:
    answer = tws._answers[asked.RequestAccountSummary]

    def warn(request: asked.RequestAccountSummary) -> list[said.Reply]:
        number = request.request_id
        return [said.ErrorMessage(request_id=number, code=2150, text="hm"), *answer(request)]

    tws.answer(asked.RequestAccountSummary, warn)
    assert (await broker.account()).cash_usd == 90000


async def test_several_accounts_need_a_choice(
    tws: ScriptedTws, clock: StandingClock, unconnected: IbBroker
) -> None:
    tws.accounts = (ACCOUNT, "DU7654321")
    greeting = await unconnected.connect()
    assert greeting.accounts == tws.accounts
    with pytest.raises(BrokerError, match="several accounts"):
        await unconnected.positions()
    await unconnected.disconnect()
    address = Address(host="127.0.0.1", port=tws.port, client_id=CLIENT_ID)
    chosen = IbBroker(address, clock, account=AccountId("DU7654321"), throttle=False)
    await chosen.connect()
    assert (await chosen.account()).account_id == "DU7654321"
    await chosen.disconnect()


async def test_positions_are_the_accounts_own_latest_and_not_flat(
    broker: IbBroker, tws: ScriptedTws
) -> None:
    tws.contracts += [vix_call(CALL, 25), vix_call(5002, 26), vix_future(FUTURE, "20180214")]
    rows = [
        held(tws, FUTURE, "-1"),
        held(tws, CALL, "2"),
        held(tws, CALL, "3"),
        held(tws, ConId(5002), "0"),
        held(tws, ConId(5002), "9", account="DU7654321"),
    ]
    tws.answer(asked.RequestPositions, lambda _: [*rows, said.PositionEnd()])
    cost = Decimal("285.65")
    assert await broker.positions() == (
        Position(con_id=CALL, quantity=3, average_cost_usd=cost),
        Position(con_id=FUTURE, quantity=-1, average_cost_usd=cost),
    )
    assert await tws.wait_for(asked.CancelPositions)


async def test_no_positions_is_an_answer_and_no_end_is_not(
    broker: IbBroker, tws: ScriptedTws
) -> None:
    tws.contracts.append(vix_call(CALL, 25))
    assert await broker.positions() == ()
    tws.answer(asked.RequestPositions, lambda _: [held(tws, CALL, "2")])
    with pytest.raises(BrokerTimeoutError):
        await broker.positions()


async def test_a_fraction_of_a_contract_is_an_error(broker: IbBroker, tws: ScriptedTws) -> None:
    tws.contracts.append(vix_call(CALL, 25))
    row = held(tws, CALL, "2.5")
    tws.answer(asked.RequestPositions, lambda _: [row, said.PositionEnd()])
    with pytest.raises(BrokerError, match="whole number"):
        await broker.positions()


async def test_position_news_nobody_asked_for_is_ignored(
    broker: IbBroker, tws: ScriptedTws
) -> None:
    tws.contracts.append(vix_call(CALL, 25))
    tws.say(held(tws, CALL, "2"))
    await broker.current_time()
    assert await broker.positions() == ()


@pytest.mark.parametrize("kind", [asked.RequestOpenOrders, asked.RequestCompletedOrders])
async def test_a_list_that_never_ends_is_unknown(
    broker: IbBroker, tws: ScriptedTws, kind: type
) -> None:
    """On a read-only login completed orders may never be answered."""
    tws.fall_silent(kind)
    lists: dict[type, Callable[[], Awaitable[object]]] = {
        asked.RequestOpenOrders: broker.open_orders,
        asked.RequestCompletedOrders: broker.completed_orders,
    }
    with pytest.raises(BrokerTimeoutError):
        await lists[kind]()


async def test_daily_closes_are_completed_sessions_oldest_first(
    broker: IbBroker, tws: ScriptedTws
) -> None:
    vix = await broker.index("VIX")
    rows = [("20180131", "13.54"), ("20180201", "13.47"), ("20180202", "17.31")]
    tws.answer(asked.RequestHistoricalData, bars(*rows, ("20180205", "20.01")))
    assert await broker.daily_closes(vix, 2) == (
        DailyClose(date=date(2018, 2, 1), close=13.47),
        DailyClose(date=date(2018, 2, 2), close=17.31),
    )
    request = tws.all_of(asked.RequestHistoricalData)[0]
    assert (request.bar_size, request.what_to_show, request.end) == ("1 day", "TRADES", "")
    assert (request.regular_hours_only, request.date_format) == (True, 1)
    assert request.keep_up_to_date is False
    assert request.duration == "10 D"


async def test_today_is_new_yorks(broker: IbBroker, tws: ScriptedTws, clock: StandingClock) -> None:
    """At 02:00 UTC on the 6th it is still the 5th in New York, whose bar is not complete."""
    vix = await broker.index("VIX")
    clock.advance(11 * 3600)
    tws.answer(asked.RequestHistoricalData, bars(("20180202", "17.31"), ("20180205", "37.32")))
    assert [c.close for c in await broker.daily_closes(vix, 5)] == [17.31]


async def test_a_close_that_is_no_number_is_missing_and_not_zero(
    broker: IbBroker, tws: ScriptedTws
) -> None:
    vix = await broker.index("VIX")
    rows = [("20180131", "0"), ("20180201", "-1"), ("20180202", "17.31")]
    tws.answer(asked.RequestHistoricalData, bars(*rows))
    assert [c.close for c in await broker.daily_closes(vix, 5)] == [17.31]


async def test_expired_futures_are_asked_for_as_such(broker: IbBroker, tws: ScriptedTws) -> None:
    tws.contracts.append(vix_future(FUTURE, "20180117"))
    (future,) = await broker.instruments([FUTURE])
    assert isinstance(future, Future)
    tws.answer(asked.RequestHistoricalData, bars(("20180116", "11.5")))
    await broker.daily_closes(future, 300)
    request = tws.all_of(asked.RequestHistoricalData)[0]
    assert request.contract.include_expired is True
    assert request.duration == "2 Y"


async def test_an_empty_history_is_an_error(broker: IbBroker, tws: ScriptedTws) -> None:
    vix = await broker.index("VIX")
    tws.answer(asked.RequestHistoricalData, bars())
    with pytest.raises(BrokerRefusedError, match="no bars"):
        await broker.daily_closes(vix, 5)


async def test_a_refused_history_is_an_error(broker: IbBroker, tws: ScriptedTws) -> None:
    def refuse(request: asked.RequestHistoricalData) -> list[said.Reply]:
        text = "Historical Market Data Service error message:pacing violation"
        return [said.ErrorMessage(request_id=request.request_id, code=162, text=text)]

    vix = await broker.index("VIX")
    tws.answer(asked.RequestHistoricalData, refuse)
    with pytest.raises(BrokerRefusedError, match="pacing") as caught:
        await broker.daily_closes(vix, 5)
    assert caught.value.code == 162


async def test_a_history_that_does_not_come_is_withdrawn(
    broker: IbBroker, tws: ScriptedTws
) -> None:
    vix = await broker.index("VIX")
    with pytest.raises(BrokerTimeoutError):
        await broker.daily_closes(vix, 5)
    withdrawn = (await tws.wait_for(asked.CancelHistoricalData))[0]
    assert withdrawn.request_id == tws.all_of(asked.RequestHistoricalData)[0].request_id


async def test_a_late_answer_to_a_numbered_question_is_dropped(
    broker: IbBroker, tws: ScriptedTws
) -> None:
    vix = await broker.index("VIX")
    with pytest.raises(BrokerTimeoutError):
        await broker.daily_closes(vix, 5)
    late = tws.all_of(asked.RequestHistoricalData)[0]
    tws.say(*bars(("20180201", "13.47"))(late))
    tws.answer(asked.RequestHistoricalData, bars(("20180202", "17.31")))
    assert [c.close for c in await broker.daily_closes(vix, 5)] == [17.31]


async def test_paced_requests_are_all_answered(tws: ScriptedTws, clock: StandingClock) -> None:
    address = Address(host="127.0.0.1", port=tws.port, client_id=CLIENT_ID)
    paced = IbBroker(address, clock, limits=Limits(connect=1, answer=1))
    await paced.connect()
    for _ in range(5):
        await paced.account()
    await paced.disconnect()
    assert len(tws.all_of(asked.RequestAccountSummary)) == 5
