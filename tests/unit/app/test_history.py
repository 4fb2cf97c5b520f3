"""The daily history, and how little is asked for it."""

from datetime import date, timedelta

import pytest

from bot.app.history import HistoryKeeper, completed_dates
from bot.app.ports import BrokerRefusedError, BrokerTimeoutError, BrokerUnreachableError
from bot.app.universe import Listings
from bot.domain.instruments import ConId, Future, Index, Instrument, Universe
from bot.domain.sessions import NEW_YORK, UnknownSessionError
from tests.support import strategy_world as world
from tests.support.app_world import DAY, EXPIRED, SISTERS, AppWorld, closes, expired_future
from tests.support.signal_inputs import SESSIONS

WINDOW = 512
VIX = Index(con_id=world.VIX_ID, symbol="VIX", exchange="CBOE")
SPX = Index(con_id=world.SPX_ID, symbol="SPX", exchange="CBOE")
FEB, MAR = world.vx_future("feb"), world.vx_future("mar")
GONE, DECEMBER, JANUARY = (expired_future(settles) for settles in EXPIRED)


def listings(*futures: Future, sisters: tuple[Index, ...] = ()) -> Listings:
    return Listings(
        vix=VIX,
        spx=SPX,
        futures=futures,
        universe=Universe(instruments=(VIX, SPX)),
        sisters=sisters,
    )


@pytest.fixture
async def keeper(app: AppWorld) -> HistoryKeeper:
    go_to(app, DAY)
    await app.broker.connect()
    return HistoryKeeper(app.broker, SESSIONS)


def asked(app: AppWorld) -> dict[ConId, int]:
    """Return what was asked since the last look."""
    found = dict(app.broker.asked_closes)
    app.broker.asked_closes.clear()
    return found


def go_to(app: AppWorld, day: date) -> date:
    app.clock.time = world.moment(f"{day} 08:00")
    return day


async def test_the_window_is_the_512_sessions_before_the_day(keeper: HistoryKeeper) -> None:
    history = await keeper.assemble(DAY, listings())
    assert len(history.dates) == WINDOW
    assert history.dates[-1] == date(2018, 2, 2)
    assert history.vix == tuple(closes(VIX, day) for day in history.dates)
    assert history.spx == tuple(closes(SPX, day) for day in history.dates)


def test_on_a_weekend_the_window_ends_with_friday() -> None:
    assert completed_dates(SESSIONS, date(2018, 2, 3))[-1] == date(2018, 2, 2)


def test_a_table_that_is_too_short_says_so() -> None:
    with pytest.raises(UnknownSessionError):
        completed_dates(SESSIONS, date(2016, 2, 5))


async def test_a_future_has_closes_from_its_listing_to_the_day_before_it_settles(
    keeper: HistoryKeeper,
) -> None:
    history = await keeper.assemble(DAY, listings(JANUARY, FEB))
    january = dict(zip(history.dates, history.futures[0].closes, strict=True))
    listed = date(2018, 1, 17) - timedelta(days=270)
    known = [day for day, close in january.items() if close is not None]
    assert known[0] == next(day for day in history.dates if day >= listed)
    assert known[-1] == date(2018, 1, 16)
    assert history.futures[1].closes[-1] == closes(FEB, date(2018, 2, 2))
    assert [f.settlement for f in history.futures] == [JANUARY.settlement, FEB.settlement]


async def test_a_close_on_the_settlement_day_itself_is_not_a_close(
    app: AppWorld, keeper: HistoryKeeper
) -> None:
    app.market.closes = lambda _instrument, _day: 14.0
    history = await keeper.assemble(DAY, listings(JANUARY))
    by_day = dict(zip(history.dates, history.futures[0].closes, strict=True))
    assert by_day[date(2018, 1, 16)] == 14.0
    assert by_day[date(2018, 1, 17)] is None


async def test_futures_that_settled_before_the_window_are_left_out(
    app: AppWorld, keeper: HistoryKeeper
) -> None:
    history = await keeper.assemble(DAY, listings(GONE, DECEMBER))
    assert [f.settlement for f in history.futures] == [DECEMBER.settlement]
    assert GONE.con_id not in asked(app)


async def test_the_front_series_is_made_of_the_futures(keeper: HistoryKeeper) -> None:
    history = await keeper.assemble(DAY, listings(JANUARY, FEB, MAR))
    # all futures of this market close alike, so that a mean of two of them is the same number
    assert history.vix_front[-1] == pytest.approx(closes(FEB, date(2018, 2, 2)))


async def test_at_first_everything_is_asked_for(app: AppWorld, keeper: HistoryKeeper) -> None:
    await keeper.assemble(DAY, listings(JANUARY, FEB))
    assert asked(app) == {
        VIX.con_id: WINDOW,
        SPX.con_id: WINDOW,
        JANUARY.con_id: WINDOW,
        FEB.con_id: WINDOW,
    }


async def test_the_next_morning_one_close_each_is_asked_for(
    app: AppWorld, keeper: HistoryKeeper
) -> None:
    await keeper.assemble(DAY, listings(JANUARY, FEB))
    asked(app)
    history = await keeper.assemble(go_to(app, date(2018, 2, 6)), listings(JANUARY, FEB))
    assert asked(app) == {VIX.con_id: 1, SPX.con_id: 1, FEB.con_id: 1}
    assert history.dates[-1] == DAY
    assert history.vix[-1] == closes(VIX, DAY)
    assert len(history.dates) == WINDOW


async def test_on_the_same_day_nothing_is_asked_again(app: AppWorld, keeper: HistoryKeeper) -> None:
    first = await keeper.assemble(DAY, listings(JANUARY, FEB))
    asked(app)
    assert await keeper.assemble(DAY, listings(JANUARY, FEB)) == first
    assert asked(app) == {}


async def test_after_days_away_the_tail_covers_them(app: AppWorld, keeper: HistoryKeeper) -> None:
    await keeper.assemble(DAY, listings(FEB))
    asked(app)
    await keeper.assemble(go_to(app, date(2018, 2, 9)), listings(FEB))
    assert asked(app) == {VIX.con_id: 4, SPX.con_id: 4, FEB.con_id: 4}


async def test_a_settled_future_is_asked_up_to_its_end_and_then_no_more(
    app: AppWorld, keeper: HistoryKeeper
) -> None:
    await keeper.assemble(date(2018, 2, 5), listings(FEB))
    asked(app)
    # settled on Wednesday the 14th; on the 16th six sessions back reach the close of the 8th
    history = await keeper.assemble(go_to(app, date(2018, 2, 16)), listings(FEB))
    assert asked(app)[FEB.con_id] == 9
    by_day = dict(zip(history.dates, history.futures[0].closes, strict=True))
    assert by_day[date(2018, 2, 13)] == closes(FEB, date(2018, 2, 13))
    assert by_day[date(2018, 2, 14)] is None
    await keeper.assemble(go_to(app, date(2018, 2, 20)), listings(FEB))
    assert FEB.con_id not in asked(app)


async def test_a_settled_future_without_its_last_close_is_not_asked_for_ever(
    app: AppWorld, keeper: HistoryKeeper
) -> None:
    last = date(2018, 1, 16)
    app.market.closes = lambda i, day: None if day == last else closes(i, day)
    await keeper.assemble(DAY, listings(JANUARY))
    asked(app)
    await keeper.assemble(go_to(app, date(2018, 2, 6)), listings(JANUARY))
    assert JANUARY.con_id not in asked(app)


async def test_a_close_not_there_in_the_morning_is_asked_again_the_next(
    app: AppWorld, keeper: HistoryKeeper
) -> None:
    friday = date(2018, 2, 2)
    app.market.closes = lambda i, day: None if day == friday else closes(i, day)
    history = await keeper.assemble(DAY, listings())
    assert history.vix[-1] is None
    app.market.closes = closes
    asked(app)
    history = await keeper.assemble(go_to(app, date(2018, 2, 6)), listings())
    assert asked(app)[VIX.con_id] == 2
    assert history.vix[-2] == closes(VIX, friday)


async def test_a_gap_stays_unknown_and_is_not_carried_forward(
    app: AppWorld, keeper: HistoryKeeper
) -> None:
    gap = date(2017, 6, 7)
    app.market.closes = lambda i, day: None if day == gap else closes(i, day)
    history = await keeper.assemble(DAY, listings())
    assert history.vix[history.dates.index(gap)] is None
    asked(app)
    await keeper.assemble(DAY, listings())
    assert asked(app) == {}


async def test_a_future_without_bars_is_unknown_and_asked_again(
    app: AppWorld, keeper: HistoryKeeper
) -> None:
    def without_february(instrument: Instrument, day: date) -> float | None:
        return None if instrument == FEB else closes(instrument, day)

    app.market.closes = without_february
    history = await keeper.assemble(DAY, listings(FEB))
    assert set(history.futures[0].closes) == {None}
    app.market.closes = closes
    history = await keeper.assemble(DAY, listings(FEB))
    assert history.futures[0].closes[-1] == closes(FEB, date(2018, 2, 2))


@pytest.mark.parametrize(
    "error", [BrokerTimeoutError("no answer"), BrokerRefusedError(200, "no such contract")]
)
async def test_any_other_failure_is_the_callers(
    app: AppWorld, keeper: HistoryKeeper, error: BrokerTimeoutError | BrokerRefusedError
) -> None:
    app.broker.fail("daily_closes", error)
    with pytest.raises(type(error)):
        await keeper.assemble(DAY, listings())


class TestOptional:
    """What a broker may lack leaves a signal without its past, and stops nothing."""

    BOTH = listings(sisters=tuple(SISTERS.values()))

    async def test_the_past_of_breadth_is_signed(
        self, app: AppWorld, keeper: HistoryKeeper
    ) -> None:
        history = await keeper.assemble(DAY, self.BOTH)
        (breadth,) = history.indices
        assert breadth.symbol == "AD-NYSE"
        assert breadth.closes == tuple(closes(SISTERS["AD-NYSE"], day) for day in history.dates)
        assert min(close for close in breadth.closes if close is not None) < 0.0
        assert SISTERS["VIX3M"].con_id not in asked(app)  # no signal looks back on it

    async def test_the_next_morning_one_close_is_asked_for(
        self, app: AppWorld, keeper: HistoryKeeper
    ) -> None:
        await keeper.assemble(DAY, self.BOTH)
        asked(app)
        await keeper.assemble(go_to(app, date(2018, 2, 6)), self.BOTH)
        assert asked(app)[SISTERS["AD-NYSE"].con_id] == 1

    @pytest.mark.parametrize(
        "error",
        [
            BrokerRefusedError(162, "no data"),
            BrokerRefusedError(354, "not subscribed"),
            BrokerTimeoutError("no answer"),
        ],
    )
    async def test_without_it_there_is_no_past_and_it_is_asked_for_again(
        self,
        app: AppWorld,
        keeper: HistoryKeeper,
        error: BrokerTimeoutError | BrokerRefusedError,
    ) -> None:
        app.broker.fail("daily_closes", error, after=2)
        history = await keeper.assemble(DAY, self.BOTH)
        assert history.indices == ()
        assert history.vix[-1] == closes(VIX, date(2018, 2, 2))
        again = await keeper.assemble(DAY, self.BOTH)
        assert again.indices[0].symbol == "AD-NYSE"

    async def test_a_lost_connection_is_the_callers(
        self, app: AppWorld, keeper: HistoryKeeper
    ) -> None:
        app.broker.fail("daily_closes", BrokerUnreachableError("gone"), after=2)
        with pytest.raises(BrokerUnreachableError):
            await keeper.assemble(DAY, self.BOTH)


async def test_the_settlement_day_is_the_one_in_new_york(keeper: HistoryKeeper) -> None:
    assert FEB.settlement.astimezone(NEW_YORK).date() == date(2018, 2, 14)
    history = await keeper.assemble(date(2018, 2, 15), listings(FEB))
    assert history.futures[0].closes[history.dates.index(date(2018, 2, 14))] is None
