"""The adapter against the paper exchange over a socket, as the demo runs it.

What only the two together can show: that what one says the other takes, message for message.
"""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.adapters.calendar import session_table
from bot.adapters.ib import Address, IbBroker, Limits
from bot.app.ports import BrokerRefusedError, Greeting
from bot.domain.account import AccountId
from bot.domain.broker import (
    BrokerEvent,
    BrokerStatus,
    CommissionHeard,
    ExecutionHeard,
    LinkChanged,
    StatusHeard,
)
from bot.domain.inputs import Farm
from bot.domain.instruments import Future, Index, Option, Right
from bot.domain.orders import Intent, IntentId, Side
from bot.domain.quotes import DataType, Quote
from bot.domain.rungs import RuleClass, Rung
from bot.exchange.assembly import ExchangePlan, open_exchange
from bot.exchange.server import ExchangeServer, open_server
from bot.exchange.store import MemoryStore
from tests.support.scripted_tws import CLIENT_ID
from tests.support.standing_clock import StandingClock

STORM = datetime(2018, 2, 5, 15, 0, tzinfo=UTC)


@pytest.fixture
async def exchange() -> AsyncIterator[ExchangeServer]:
    plan = ExchangePlan(scenario="volmageddon-2018", seed=1, start=STORM)
    assembled = open_exchange(plan, session_table, MemoryStore())
    async with open_server(assembled.venue, assembled.store) as server:
        yield server


@pytest.fixture
async def floor(exchange: ExchangeServer, clock: StandingClock) -> AsyncIterator[IbBroker]:
    """An adapter connected to the exchange."""
    address = Address(host="127.0.0.1", port=exchange.port, client_id=CLIENT_ID)
    broker = IbBroker(address, clock, limits=Limits(answer=5, refresh=1), throttle=False)
    clock.time = STORM
    greeting = await broker.connect()
    assert greeting.server_time == STORM
    yield broker
    await broker.disconnect()


async def account_of(broker: IbBroker) -> AccountId:
    return (await broker.account()).account_id


async def heard_so_far(broker: IbBroker) -> list[BrokerEvent]:
    """Return the events up to now."""
    await broker.current_time()
    mark = LinkChanged(what="mark", up=True)
    broker._heard.put(mark)
    events: list[BrokerEvent] = []
    while (event := await broker.next_event()) is not mark:
        events.append(event)
        broker.event_done()
    broker.event_done()
    return events


async def a_call(broker: IbBroker) -> Option:
    """Return an out-of-the-money VIX call of the front month, watched and quoted."""
    days = await broker.option_days("VIX", "VIX")
    chain = await broker.options("VIX", "VIX", days[1])
    call = next(o for o in chain if o.right is Right.CALL and o.strike == 25)
    await broker.watch([call])
    await broker.current_time()
    return call


def an_intent(call: Option, limit: Decimal, side: Side = Side.BUY) -> Intent:
    return Intent(
        intent_id=IntentId("d1-1"),
        side=side,
        con_id=call.con_id,
        quantity=2,
        limit=limit,
        rung=Rung.S1,
        rule="R1",
        rule_class=RuleClass.INITIAL,
    )


async def test_the_account_is_a_simulated_one_with_balances(floor: IbBroker) -> None:
    account = await floor.account()
    assert account.account_id.startswith("SIM")
    assert account.as_of == STORM
    assert account.net_liquidation_usd is not None
    assert account.cash_usd is not None
    assert account.available_funds_usd is not None


async def test_the_farms_are_told_to_be_up(floor: IbBroker) -> None:
    assert floor.farm() is Farm.OK


async def test_the_condors_of_the_scenario_are_held_and_can_be_named(floor: IbBroker) -> None:
    positions = await floor.positions()
    assert positions
    named = await floor.instruments([position.con_id for position in positions])
    assert all(isinstance(i, Option) and i.symbol == "SPX" for i in named)
    assert sum(position.quantity for position in positions) == 0


async def test_on_a_half_day_an_afternoon_settlement_is_the_exchanges(clock: StandingClock) -> None:
    """2017-07-03 closes early: SPXW ends and settles at 13:00 New York, not at 16:00."""
    start = datetime(2017, 6, 29, 15, 0, tzinfo=UTC)
    plan = ExchangePlan(scenario="calm-2017", start=start)
    assembled = open_exchange(plan, session_table, MemoryStore())
    async with open_server(assembled.venue, assembled.store) as server:
        address = Address(host="127.0.0.1", port=server.port, client_id=CLIENT_ID)
        broker = IbBroker(address, clock, limits=Limits(answer=5), throttle=False)
        await broker.connect()
        chain = await broker.options("SPX", "SPXW", date(2017, 7, 3))
        await broker.disconnect()
    assert {option.settlement for option in chain} == {datetime(2017, 7, 3, 17, 0, tzinfo=UTC)}


async def test_calls_pair_with_futures_by_settlement(floor: IbBroker) -> None:
    futures = await floor.vix_futures(include_expired=False)
    settlements = {future.settlement for future in futures}
    days = await floor.option_days("VIX", "VIX")
    for day in days[:3]:
        chain = await floor.options("VIX", "VIX", day)
        assert {option.settlement for option in chain} <= settlements
        assert all(option.last_trading_day < option.settlement.date() for option in chain)


async def test_expired_futures_have_a_history(floor: IbBroker) -> None:
    live = await floor.vix_futures(include_expired=False)
    every = await floor.vix_futures(include_expired=True)
    assert len(every) > len(live)
    closes = await floor.daily_closes(every[5], 20)
    assert len(closes) == 20
    assert closes[-1].date <= every[5].last_trading_day


async def test_the_index_has_a_long_history_without_today(floor: IbBroker) -> None:
    vix = await floor.index("VIX")
    closes = await floor.daily_closes(vix, 512)
    assert len(closes) == 512
    assert closes[-1].date == datetime(2018, 2, 2, tzinfo=UTC).date()
    assert closes[-1].close == 17.31


async def test_breadth_has_a_past_of_both_signs_and_counts_now(
    floor: IbBroker, exchange: ExchangeServer
) -> None:
    """Advances as bid, declines as ask; a day's bar closes at the one less the other."""
    breadth, quarter = await floor.index("AD-NYSE"), await floor.index("VIX3M")
    closes = [day.close for day in await floor.daily_closes(breadth, 512)]
    assert len(closes) == 512
    assert min(closes) < -1500
    assert max(closes) > 1500
    await floor.watch([breadth, quarter])
    await exchange.advance(STORM + timedelta(seconds=30))
    await floor.current_time()
    counts, level = (floor_quote(floor, index) for index in (breadth, quarter))
    assert counts.bid is not None
    assert counts.ask is not None
    assert 2000 < counts.bid + counts.ask < 3200
    assert level.last is not None


def floor_quote(floor: IbBroker, index: Index) -> Quote:
    return next(quote for quote in floor.quotes() if quote.con_id == index.con_id)


async def test_an_index_nobody_lists_is_refused(floor: IbBroker) -> None:
    with pytest.raises(BrokerRefusedError):
        await floor.index("MOVE")


async def test_an_unknown_contract_is_refused(floor: IbBroker) -> None:
    with pytest.raises(BrokerRefusedError):
        await floor.index("NONSENSE")


async def test_lines_carry_live_two_sided_quotes_on_the_grid(
    floor: IbBroker, exchange: ExchangeServer
) -> None:
    vix = await floor.index("VIX")
    future = (await floor.vix_futures(include_expired=False))[0]
    call = await a_call(floor)
    await floor.watch([vix, future, call])
    await exchange.advance(STORM + timedelta(seconds=30))
    await floor.current_time()
    quotes = {quote.con_id: quote for quote in floor.quotes()}
    assert quotes.keys() == {vix.con_id, future.con_id, call.con_id}
    assert {quote.data_type for quote in quotes.values()} == {DataType.LIVE}
    assert quotes[vix.con_id].last is not None
    for instrument in (future, call):
        quote = quotes[instrument.con_id]
        assert isinstance(instrument, Future | Option)
        assert quote.is_two_sided
        assert quote.bid is not None
        assert quote.ask is not None
        assert instrument.grid.is_legal(quote.bid)
        assert instrument.grid.is_legal(quote.ask)


async def test_a_quiet_line_asked_again_speaks_at_once(
    floor: IbBroker, clock: StandingClock
) -> None:
    call = await a_call(floor)
    clock.advance(60)
    await floor.ask_again([call.con_id])
    (quote,) = floor.quotes()
    assert quote.as_of == clock.now()
    assert quote.is_two_sided


async def test_a_marketable_order_fills_and_all_accounts_of_it_agree(
    floor: IbBroker, exchange: ExchangeServer
) -> None:
    call = await a_call(floor)
    before = await floor.account()
    (quote,) = floor.quotes()
    assert quote.ask is not None
    order_id = floor.place(an_intent(call, quote.ask), before.account_id)
    events = await heard_so_far(floor)
    for step in range(1, 10):
        if any(isinstance(e, StatusHeard) and e.status is BrokerStatus.FILLED for e in events):
            break
        await exchange.advance(STORM + timedelta(seconds=30 * step))
        events += await heard_so_far(floor)
    fills = {e.exec_id: e for e in events if isinstance(e, ExecutionHeard)}
    costs = {e.exec_id: e for e in events if isinstance(e, CommissionHeard)}
    assert sum(fill.quantity for fill in fills.values()) == 2
    assert {fill.order_ref for fill in fills.values()} == {"d1-1"}
    assert costs.keys() == fills.keys()
    position = next(p for p in await floor.positions() if p.con_id == call.con_id)
    assert position.quantity == 2
    assert {execution.exec_id for execution in await floor.executions()} == fills.keys()
    done = next(o for o in await floor.completed_orders() if o.order_ref == "d1-1")
    assert (done.status, done.filled, done.order_id) == (BrokerStatus.FILLED, 2, order_id)
    spent = sum((100 * f.price * f.quantity for f in fills.values()), Decimal(0))
    spent += sum((cost.commission_usd for cost in costs.values()), Decimal(0))
    after = await floor.account()
    assert before.cash_usd is not None
    assert after.cash_usd == before.cash_usd - spent


async def test_a_resting_order_is_listed_moved_and_cancelled(
    floor: IbBroker, exchange: ExchangeServer
) -> None:
    call = await a_call(floor)
    account = await account_of(floor)
    order_id = floor.place(an_intent(call, Decimal("0.05")), account)
    floor.change(IntentId("d1-1"), Decimal("0.06"))
    (order,) = await floor.open_orders()
    assert (order.order_ref, order.order_id, order.client_id) == ("d1-1", order_id, CLIENT_ID)
    assert (order.limit, order.status) == (Decimal("0.06"), BrokerStatus.WORKING)
    floor.cancel(IntentId("d1-1"))
    await exchange.advance(STORM + timedelta(seconds=30))
    statuses = [e.status for e in await heard_so_far(floor) if isinstance(e, StatusHeard)]
    assert statuses[-1] is BrokerStatus.CANCELLED
    assert await floor.open_orders() == ()


async def test_a_new_process_takes_up_the_open_order_of_the_old_one(
    floor: IbBroker, exchange: ExchangeServer, clock: StandingClock
) -> None:
    call = await a_call(floor)
    account = await account_of(floor)
    order_id = floor.place(an_intent(call, Decimal("0.05")), account)
    await floor.current_time()
    await floor.disconnect()
    address = Address(host="127.0.0.1", port=exchange.port, client_id=CLIENT_ID)
    successor = IbBroker(address, clock, throttle=False)
    greeting: Greeting = await successor.connect()
    assert greeting.accounts == (account,)
    (order,) = await successor.open_orders()
    assert (order.order_ref, order.order_id) == ("d1-1", order_id)
    successor.cancel(IntentId("d1-1"))
    await exchange.advance(STORM + timedelta(seconds=30))
    assert await successor.open_orders() == ()
    await successor.disconnect()
