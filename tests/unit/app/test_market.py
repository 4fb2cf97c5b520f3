"""What is streamed, and what one moment of it freezes to."""

from decimal import Decimal

import pytest

from bot.app.blobs import BlobStore
from bot.app.market import Market
from bot.app.ports import BrokerTimeoutError
from bot.domain.account import Position
from bot.domain.book import Book, Lot
from bot.domain.canonical import encode
from bot.domain.inputs import EvaluationKind, Farm, Inputs
from bot.domain.instruments import ConId, is_vix_call
from bot.domain.orders import Intent, IntentId, Order, OrderState, Side
from bot.domain.rungs import RuleClass, Rung
from bot.domain.value import replace
from tests.support import strategy_world as world
from tests.support.app_world import (
    CALM_CURVE,
    CALM_VIX,
    SISTERS,
    TEN,
    AppWorld,
    quotes_at,
    slot,
)

SESSION = slot("2018-02-05 10:00").session
TOMORROW = slot("2018-02-06 10:00").session
INTRADAY = EvaluationKind.INTRADAY
DEEP, FAR = world.call_id("mar", 40), world.call_id("apr", 40)
"""Strikes no tier would choose on a quiet day."""


def holding(con_id: ConId) -> Book:
    lot = Lot(
        intent_id=IntentId("old"),
        rung=Rung.D1,
        con_id=con_id,
        quantity=1,
        price=Decimal("0.20"),
        rule="R8",
        rule_class=RuleClass.EMERGENCY,
        opened_at=TEN,
    )
    return Book(lots=(lot,))


def working(con_id: ConId) -> Book:
    wanted = Intent(
        intent_id=IntentId("new"),
        side=Side.BUY,
        con_id=con_id,
        quantity=1,
        limit=Decimal("0.20"),
        rung=Rung.D1,
        rule="R8",
        rule_class=RuleClass.EMERGENCY,
    )
    return Book(orders=(Order(intent=wanted, state=OrderState.WORKING, limit=wanted.limit),))


async def read(app: AppWorld, book: Book | None = None) -> Market:
    """Return a market that was read in the morning, at ten o'clock."""
    await app.broker.connect()
    market = Market(app.broker, BlobStore(app.journal), app.slow)
    await market.refresh(TEN, SESSION, book or Book())
    return market


async def freeze(app: AppWorld, market: Market, book: Book | None = None) -> Inputs:
    return await market.freeze(app.clock.now, INTRADAY, SESSION, lambda: book or Book())


def small(app: AppWorld, max_lines: int) -> AppWorld:
    app.slow = replace(app.slow, max_lines=max_lines)
    return app


async def test_it_cannot_be_used_before_it_was_read(app: AppWorld) -> None:
    await app.broker.connect()
    market = Market(app.broker, BlobStore(app.journal), app.slow)
    with pytest.raises(RuntimeError, match="before its listings were read"):
        await freeze(app, market)


async def test_indices_futures_legs_and_the_ladders_strikes_are_streamed(app: AppWorld) -> None:
    market = await read(app)
    watched = app.broker.watched
    assert {world.VIX_ID, world.SPX_ID} <= watched
    assert {world.future_id(month) for month in world.SETTLEMENTS} <= watched
    assert {p.con_id for p in world.condor_positions()} <= watched
    calls = [i for i in watched if is_vix_call(app.market.instruments[i])]
    assert len(calls) >= 15
    assert watched == set(market.lines.watched)
    assert market.lines.left_out == ()


async def test_what_is_held_and_what_works_is_streamed_at_any_strike(app: AppWorld) -> None:
    market = await read(app)
    assert not {DEEP, FAR} & app.broker.watched
    await freeze(app, market, holding(DEEP))
    assert DEEP in app.broker.watched
    await freeze(app, market, working(FAR))
    assert FAR in app.broker.watched
    assert DEEP not in app.broker.watched


async def test_where_lines_are_short_what_is_held_comes_first_and_strikes_last(
    app: AppWorld,
) -> None:
    market = await read(small(app, 8), holding(DEEP))
    futures = tuple(world.future_id(month) for month in world.SETTLEMENTS)
    assert market.lines.watched == (DEEP, world.VIX_ID, world.SPX_ID, *futures)
    legs = tuple(p.con_id for p in await app.broker.positions())
    assert market.lines.left_out[:4] == legs
    assert app.broker.watched == set(market.lines.watched)


async def test_other_indices_take_a_line_each_after_the_legs_and_before_the_strikes(
    app: AppWorld,
) -> None:
    app.offer("VIX3M", "AD-NYSE")
    market = await read(app)
    watched = market.lines.watched
    sisters = [watched.index(index.con_id) for index in SISTERS.values()]
    legs = [watched.index(p.con_id) for p in world.condor_positions()]
    assert sisters == [max(legs) + 1, max(legs) + 2]
    short = await read(small(app, max(legs) + 2))
    assert len(short.lines.watched) == max(legs) + 2
    assert SISTERS["AD-NYSE"].con_id in short.lines.left_out


async def test_a_position_nobody_can_name_in_the_universe_is_not_streamed(app: AppWorld) -> None:
    market = await read(app)
    await freeze(app, market, holding(ConId(123_456_789)))
    assert 123_456_789 not in app.broker.watched


async def test_strikes_are_chosen_once_the_futures_were_heard(app: AppWorld) -> None:
    await read(app)
    asked = [r for r in app.broker.requests if r in {"watch", "current_time"}]
    assert asked[:4] == ["watch", "current_time", "watch", "current_time"]
    assert asked.count("watch") <= 3


async def test_a_freeze_is_one_moment_of_everything(app: AppWorld) -> None:
    market = await read(app)
    app.clock.advance(7)
    book = holding(DEEP)
    inputs = await freeze(app, market, book)
    snapshot = inputs.snapshot
    assert snapshot.now == app.clock.now()
    assert (snapshot.kind, snapshot.session, snapshot.farm) == (INTRADAY, SESSION, Farm.OK)
    assert {quote.con_id for quote in snapshot.quotes} <= app.broker.watched
    assert snapshot.positions == await app.broker.positions()
    assert snapshot.account == await app.broker.account()
    assert inputs.book == book
    assert inputs.history == market.known.history
    assert inputs.universe == market.known.listings.universe
    assert (inputs.policy, inputs.sessions) == (app.slow.policy, app.slow.sessions)


async def test_a_watched_line_that_says_nothing_is_told_of(app: AppWorld) -> None:
    mute = world.call_id("mar", 14)
    del app.market.quotes[mute]
    market = await read(app)
    inputs = await freeze(app, market)
    assert mute in app.broker.watched
    assert inputs.snapshot.silent == (mute,)


async def test_the_moment_and_the_book_are_taken_after_everything_was_read(app: AppWorld) -> None:
    market = await read(app)
    books = [Book()]

    def a_fill_comes() -> None:
        app.clock.advance(3)
        books.append(holding(DEEP))

    app.broker.meanwhile("positions", a_fill_comes)
    inputs = await market.freeze(app.clock.now, INTRADAY, SESSION, lambda: books[-1])
    assert inputs.book == holding(DEEP)
    assert (inputs.snapshot.now - TEN).total_seconds() == 3.0


async def test_the_blobs_are_in_the_journal_under_their_hashes(app: AppWorld) -> None:
    inputs = await freeze(app, await read(app))
    for name in ("history", "calendar", "sessions", "universe", "policy"):
        stored = app.journal.blob(getattr(inputs.blobs, name))
        assert stored == encode(getattr(inputs, name))


async def test_a_quiet_minute_asks_for_no_more_than_account_and_positions(app: AppWorld) -> None:
    market = await read(app)
    await freeze(app, market)
    app.broker.requests.clear()
    await freeze(app, market)
    assert app.broker.requests == ["account", "positions", "watch"]


async def test_new_lines_are_waited_for(app: AppWorld) -> None:
    market = await read(app)
    await freeze(app, market)
    app.broker.requests.clear()
    inputs = await freeze(app, market, holding(DEEP))
    assert app.broker.requests == ["account", "positions", "watch", "current_time"]
    assert inputs.snapshot.quote(DEEP) is not None


async def test_a_new_position_is_read_with_its_contract(app: AppWorld) -> None:
    market = await read(app)
    leg = world.spx_id("C", 2600)
    app.broker.hold([Position(con_id=leg, quantity=1, average_cost_usd=Decimal(900))])
    inputs = await freeze(app, market)
    assert leg in inputs.universe.by_id()
    assert leg in app.broker.watched


async def test_a_session_whose_morning_was_missed_is_read_before_it_is_decided_on(
    app: AppWorld,
) -> None:
    market = await read(app)
    app.clock.time = world.moment("2018-02-06 10:00")
    inputs = await market.freeze(app.clock.now, INTRADAY, TOMORROW, Book)
    assert market.known.day == TOMORROW.date
    assert inputs.history.dates[-1] == SESSION.date


async def test_a_broker_that_does_not_answer_freezes_nothing(app: AppWorld) -> None:
    market = await read(app)
    app.broker.fail("positions", BrokerTimeoutError("nothing came"))
    with pytest.raises(BrokerTimeoutError):
        await freeze(app, market)


async def test_the_lines_follow_the_market_to_other_strikes(app: AppWorld) -> None:
    market = await read(app)
    quiet = app.broker.watched
    app.broker.move(quotes_at(TEN, {m: 2 * f for m, f in CALM_CURVE.items()}, 25.0).values())
    await freeze(app, market)
    assert app.broker.watched - quiet
    assert {world.VIX_ID, world.SPX_ID} <= app.broker.watched


async def test_a_market_that_stands_still_keeps_its_lines(app: AppWorld) -> None:
    market = await read(app)
    await freeze(app, market)
    before = market.lines
    app.broker.move(quotes_at(TEN, CALM_CURVE, CALM_VIX).values())
    await freeze(app, market)
    assert market.lines == before


async def test_forgotten_lines_are_streamed_again(app: AppWorld) -> None:
    market = await read(app)
    await app.broker.disconnect()
    await app.broker.connect()
    market.forget_lines()
    assert market.lines.watched == ()
    await market.refresh(TEN, SESSION, Book())
    assert app.broker.watched == set(market.lines.watched)
