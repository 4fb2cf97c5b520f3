"""Lines: opened, told, limited and closed."""

from decimal import Decimal

import msgspec
import pytest

from bot.domain.instruments import ConId, Right
from bot.exchange.market.quote import MarketQuote
from bot.exchange.reference.underlyings import SPX_ID, SPY_ID, VIX_ID
from bot.exchange.venue.data_rules import Access, DataRules, Entitlements
from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import ComboLeg, WireContract
from bot.exchange.wire.replies import (
    MarketDataType,
    Reply,
    TickGeneric,
    TickOptionComputation,
    TickPrice,
    TickRequestParameters,
    TickSize,
    TickSnapshotEnd,
    TickString,
)
from tests.support.venue_rig import (
    CALL_15,
    VIX_INDEX,
    Rig,
    at,
    codes,
    only,
    quote,
    spx_option,
    vix_option,
)

LINE = quote(CALL_15, "1.00", "1.10")
CALL = WireContract(con_id=CALL_15, exchange="SMART")
FULL = MarketQuote(
    con_id=CALL_15,
    bid=Decimal("1.00"),
    ask=Decimal("1.10"),
    bid_size=5,
    ask_size=6,
    last=Decimal("1.05"),
    last_size=2,
    volume=100,
    close=Decimal("0.95"),
    open=Decimal("0.90"),
    high=Decimal("1.20"),
    low=Decimal("0.85"),
    iv=1.1,
    delta=0.3,
    gamma=0.1,
    vega=0.02,
    theta=-0.01,
    underlying_price=12.5,
)
EVENING = "2018-01-16T18:30"


def line(
    request_id: int,
    contract: WireContract = CALL,
    *,
    generics: str = "",
    snapshot: bool = False,
    regulatory: bool = False,
) -> ask.RequestMarketData:
    return ask.RequestMarketData(
        request_id=request_id,
        contract=contract,
        generic_ticks=generics,
        snapshot=snapshot,
        regulatory_snapshot=regulatory,
    )


def prices(replies: list[Reply]) -> dict[int, Decimal | None]:
    return {tick.tick_type: tick.price for tick in only(replies, TickPrice)}


def kinds(replies: list[Reply]) -> list[int]:
    return [reply.data_type for reply in only(replies, MarketDataType)]


def rights(**kinds_of_product: Access) -> DataRules:
    return DataRules(entitlements=msgspec.structs.replace(Entitlements(), **kinds_of_product))


def test_a_line_says_its_kind_and_grid_before_its_ticks() -> None:
    rig = Rig(lines=[LINE])
    replies = rig.say(rig.connect(), line(3))
    assert replies[0] == MarketDataType(request_id=3, data_type=1)
    assert replies[1] == TickRequestParameters(
        request_id=3, min_tick=Decimal("0.01"), bbo_exchange="SMART", snapshot_permissions=3
    )
    assert prices(replies) == {1: Decimal("1.00"), 2: Decimal("1.10")}


def test_a_line_tells_the_day_the_trade_and_where_they_were_made() -> None:
    rig = Rig(lines=[FULL])
    replies = rig.say(rig.connect(), line(3))
    told = {tick_type: price for tick_type, price in prices(replies).items() if price}
    assert {key: str(price) for key, price in told.items()} == {
        1: "1.00",
        2: "1.10",
        4: "1.05",
        6: "1.20",
        7: "0.85",
        9: "0.95",
        14: "0.90",
    }
    assert {t.tick_type: t.size for t in only(replies, TickSize)} == {5: 2, 8: 100}
    stamp = str(int(at("2018-01-16T10:00").timestamp()))
    texts = {t.tick_type: t.value for t in only(replies, TickString)}
    assert texts == {32: "C", 33: "C", 84: "C", 45: stamp}
    assert [(t.tick_type, t.value) for t in only(replies, TickGeneric)] == [(49, 0.0)]


def test_an_option_shows_four_computations_and_an_empty_side_none() -> None:
    worthless = msgspec.structs.replace(FULL, bid=None, bid_size=0)
    rig = Rig(lines=[worthless])
    told = only(rig.say(rig.connect(), line(3)), TickOptionComputation)
    by_type = {tick.tick_type: tick for tick in told}
    assert sorted(by_type) == [10, 11, 12, 13]
    assert (by_type[10].implied_volatility, by_type[10].option_price) == (None, None)
    assert by_type[11].option_price == 1.1
    assert by_type[13].implied_volatility == 1.1
    bid, ask_ = by_type[12].implied_volatility, by_type[11].implied_volatility
    assert bid is not None
    assert ask_ is not None
    assert bid < ask_
    assert {tick.underlying_price for tick in told} == {12.5}


def test_whoever_does_without_is_told_the_models_computation_alone() -> None:
    rig = Rig(lines=[FULL], data_rules=DataRules(price_computations=False))
    told = only(rig.say(rig.connect(), line(3)), TickOptionComputation)
    assert [(tick.tick_type, tick.delta, tick.option_price) for tick in told] == [(13, 0.3, None)]


def test_an_index_line_allows_no_snapshot() -> None:
    rig = Rig()
    (parameters,) = only(rig.say(rig.connect(), line(3, VIX_INDEX)), TickRequestParameters)
    assert (parameters.bbo_exchange, parameters.snapshot_permissions) == ("CBOE", 0)


def test_each_step_tells_what_changed_to_whoever_watches() -> None:
    rig = Rig(lines=[LINE])
    watcher, other = rig.connect(1), rig.connect(2)
    rig.say(watcher, line(3))
    rig.market.show(quote(CALL_15, "1.05", "1.10"))
    told = rig.step("2018-01-16T10:01")
    assert prices(told[watcher]) == {1: Decimal("1.05")}
    assert other not in told
    assert watcher not in rig.step("2018-01-16T10:02")


def test_a_used_id_is_refused_and_the_line_stays() -> None:
    rig = Rig(lines=[LINE])
    session = rig.connect()
    rig.say(session, line(3))
    assert codes(rig.say(session, line(3))) == [102]
    assert codes(rig.say(session, ask.CancelMarketData(request_id=3))) == []
    assert codes(rig.say(session, ask.CancelMarketData(request_id=3))) == [300]


def test_the_account_has_a_hundred_lines_over_all_clients() -> None:
    rig = Rig()
    first, second = rig.connect(1), rig.connect(2)
    for number in range(100):
        assert codes(rig.say(first, line(number))) == []
    assert codes(rig.say(second, line(1))) == [101]
    assert codes(rig.say(second, line(2, snapshot=True))) == []
    rig.say(first, ask.CancelMarketData(request_id=7))
    assert codes(rig.say(second, line(1))) == []


def test_more_lines_may_be_allowed() -> None:
    rig = Rig(data_rules=DataRules(max_lines=1))
    session = rig.connect()
    assert codes(rig.say(session, line(1))) == []
    assert codes(rig.say(session, line(2))) == [101]


@pytest.mark.parametrize("regulatory", [False, True])
def test_a_complete_snapshot_ends_at_once_and_holds_no_line(*, regulatory: bool) -> None:
    rig = Rig(lines=[FULL])
    session = rig.connect()
    replies = rig.say(session, line(3, snapshot=not regulatory, regulatory=regulatory))
    assert replies[-1] == TickSnapshotEnd(request_id=3)
    assert codes(rig.say(session, ask.CancelMarketData(request_id=3))) == [300]


def test_an_incomplete_snapshot_waits_for_the_rest() -> None:
    rig = Rig(lines=[LINE])
    session = rig.connect()
    assert only(rig.say(session, line(3, snapshot=True)), TickSnapshotEnd) == []
    assert codes(rig.say(session, line(3, snapshot=True))) == [102]
    rig.market.show(FULL)
    told = rig.step("2018-01-16T10:00:05")[session]
    assert prices(told)[4] == Decimal("1.05")
    assert told[-1] == TickSnapshotEnd(request_id=3)


def test_an_incomplete_snapshot_ends_after_eleven_seconds_of_the_exchange() -> None:
    rig = Rig(lines=[LINE])
    session = rig.connect()
    rig.say(session, line(3, snapshot=True))
    assert session not in rig.step("2018-01-16T10:00:10")
    assert rig.step("2018-01-16T10:00:11")[session] == [TickSnapshotEnd(request_id=3)]


def test_a_waiting_snapshot_can_be_cancelled() -> None:
    rig = Rig(lines=[LINE])
    session = rig.connect()
    rig.say(session, line(3, snapshot=True))
    assert rig.say(session, ask.CancelMarketData(request_id=3)) == []
    assert session not in rig.step("2018-01-16T10:00:11")


def test_an_index_snapshot_needs_last_and_close() -> None:
    level = MarketQuote(con_id=VIX_ID, last=Decimal("11.20"), close=Decimal("10.16"))
    rig = Rig(lines=[level])
    replies = rig.say(rig.connect(), line(3, VIX_INDEX, snapshot=True))
    assert replies[-1] == TickSnapshotEnd(request_id=3)


def test_a_snapshot_takes_no_generic_ticks_and_no_line_takes_unknown_ones() -> None:
    rig = Rig()
    session = rig.connect()
    for bad in (line(3, generics="233", snapshot=True), line(3, generics="100,7777,x")):
        (code,) = codes(rig.say(session, bad))
        assert code == 321
    assert codes(rig.say(session, ask.CancelMarketData(request_id=3))) == [300]


def test_an_unknown_data_type_is_refused() -> None:
    rig = Rig()
    assert codes(rig.say(rig.connect(), ask.RequestMarketDataType(data_type=9))) == [321]


# -- kinds of data


def typed(rig: Rig, data_type: int, contract: WireContract = CALL) -> list[Reply]:
    session = rig.connect(data_type)
    rig.say(session, ask.RequestMarketDataType(data_type=data_type))
    return rig.say(session, line(3, contract))


@pytest.mark.parametrize("data_type", [1, 2, 3, 4])
def test_who_may_have_live_data_gets_them_whatever_is_allowed(data_type: int) -> None:
    replies = typed(Rig(lines=[FULL]), data_type)
    assert kinds(replies) == [1]
    assert prices(replies)[1] == Decimal("1.00")


@pytest.mark.parametrize("data_type", [1, 3])
def test_outside_hours_a_live_line_has_no_sides_and_its_last_price(data_type: int) -> None:
    replies = typed(Rig(EVENING, lines=[FULL]), data_type)
    assert kinds(replies) == [1]
    told = prices(replies)
    assert (told[1], told[2], told[4]) == (None, None, Decimal("1.05"))
    assert only(replies, TickOptionComputation) == []


@pytest.mark.parametrize("data_type", [2, 4])
def test_outside_hours_a_frozen_line_shows_the_last_sides(data_type: int) -> None:
    rig = Rig(EVENING, lines=[FULL])
    before = msgspec.structs.replace(FULL, bid=Decimal("0.70"))
    rig.market.past[at("2018-01-16T16:59:59")] = {CALL_15: before}
    replies = typed(rig, data_type)
    assert kinds(replies) == [2]
    assert prices(replies)[1] == Decimal("0.70")


def test_a_frozen_line_goes_live_with_the_market_and_says_so() -> None:
    rig = Rig(EVENING, lines=[FULL])
    session = rig.connect()
    rig.say(session, ask.RequestMarketDataType(data_type=2))
    rig.say(session, line(3))
    told = rig.step("2018-01-16T20:15")[session]
    assert kinds(told) == [1]
    assert session not in rig.step("2018-01-16T20:16")
    assert kinds(rig.say(session, line(4))) == [1]
    told = rig.step("2018-01-17T09:27")[session]
    assert kinds(told) == [2, 2]


def test_a_closed_line_is_silent_until_the_market_opens() -> None:
    rig = Rig(EVENING, lines=[FULL])
    session = rig.connect()
    rig.say(session, line(3))
    assert session not in rig.step("2018-01-16T19:00")
    assert prices(rig.step("2018-01-16T20:15")[session])[1] == Decimal("1.00")


def test_without_rights_delayed_data_come_under_their_own_types() -> None:
    rig = Rig(lines=[FULL], data_rules=rights(option=Access.DELAYED))
    before = msgspec.structs.replace(FULL, bid=Decimal("0.80"))
    rig.market.past[at("2018-01-16T09:45")] = {CALL_15: before}
    replies = typed(rig, 3)
    assert codes(replies) == [10167]
    assert kinds(replies) == [3]
    told = prices(replies)
    assert told[66] == Decimal("0.80")
    assert sorted(told) == [66, 67, 68, 72, 73, 75, 76]
    sizes = {t.tick_type for t in only(replies, TickSize)}
    assert sizes == {71, 74}
    stamp = str(int(at("2018-01-16T09:45").timestamp()))
    assert {t.tick_type: t.value for t in only(replies, TickString)} == {88: stamp}
    computed = [t.tick_type for t in only(replies, TickOptionComputation)]
    assert computed == [80, 81, 82, 83]


def test_delayed_data_follow_a_quarter_of_an_hour_behind() -> None:
    rig = Rig(lines=[FULL], data_rules=rights(option=Access.DELAYED))
    session = rig.connect()
    rig.say(session, ask.RequestMarketDataType(data_type=3))
    rig.say(session, line(3))
    later = msgspec.structs.replace(FULL, ask=Decimal("1.30"))
    rig.market.past[at("2018-01-16T10:05")] = {CALL_15: later}
    assert session not in rig.step("2018-01-16T10:10")
    assert prices(rig.step("2018-01-16T10:20")[session]) == {67: Decimal("1.30")}


def test_delayed_data_freeze_too() -> None:
    rig = Rig(EVENING, lines=[FULL], data_rules=rights(option=Access.DELAYED))
    replies = typed(rig, 4)
    assert kinds(replies) == [4]
    assert prices(replies)[66] == Decimal("1.00")
    assert kinds(typed(rig, 3)) == [3]


@pytest.mark.parametrize(
    ("access", "data_type", "code"),
    [
        (Access.DELAYED, 1, 354),
        (Access.DELAYED, 2, 354),
        (Access.NOT_BY_API, 1, 10089),
        (Access.NONE, 1, 354),
        (Access.NONE, 3, 10186),
        (Access.NOT_BY_API, 3, 10167),
    ],
)
def test_lack_of_rights_has_its_code(access: Access, data_type: int, code: int) -> None:
    replies = typed(Rig(lines=[FULL], data_rules=rights(option=access)), data_type)
    assert codes(replies) == [code]
    assert (kinds(replies) == []) is (code != 10167)


def test_delayed_data_may_be_switched_off() -> None:
    rules = DataRules(delayed_enabled=False, entitlements=Entitlements(index=Access.DELAYED))
    assert codes(typed(Rig(data_rules=rules), 3, VIX_INDEX)) == [10168]


@pytest.mark.parametrize(
    ("access", "code"), [(Access.DELAYED, 10090), (Access.NONE, 10090), (Access.NOT_BY_API, 10091)]
)
def test_an_option_whose_index_may_not_be_had_shows_prices_alone(access: Access, code: int) -> None:
    replies = typed(Rig(lines=[FULL], data_rules=rights(index=access)), 1)
    assert codes(replies) == [code]
    assert prices(replies)[1] == Decimal("1.00")
    assert only(replies, TickOptionComputation) == []


def test_other_kinds_keep_their_rights() -> None:
    rules = rights(option=Access.NONE, future=Access.NONE)
    assert codes(typed(Rig(data_rules=rules), 1, VIX_INDEX)) == []
    assert codes(typed(Rig(data_rules=rights(stock=Access.NONE)), 1, SPY)) == [354]


@pytest.mark.parametrize(
    ("denied", "index", "option"),
    [("VIX", [354], [354]), ("VIX:IND", [354], [10090]), ("VIX:OPT", [], [354]), ("SPX", [], [])],
)
def test_a_symbol_may_be_denied_as_a_whole_or_by_kind(
    denied: str, index: list[int], option: list[int]
) -> None:
    rules = DataRules(entitlements=Entitlements(denied=frozenset({denied})))
    assert codes(typed(Rig(data_rules=rules), 1, VIX_INDEX)) == index
    assert codes(typed(Rig(lines=[FULL], data_rules=rules), 1)) == option


SPY = WireContract(con_id=SPY_ID)

# -- combinations

SHORT = vix_option("20")
PUT = spx_option("2700", Right.PUT)


def bag(*legs: tuple[ConId, int, str], symbol: str = "VIX") -> WireContract:
    return WireContract(
        symbol=symbol,
        sec_type="BAG",
        currency="USD",
        exchange="SMART",
        combo_legs=tuple(
            ComboLeg(con_id=con_id, ratio=ratio, action=action, exchange="SMART")
            for con_id, ratio, action in legs
        ),
    )


SPREAD = bag((CALL_15, 1, "BUY"), (SHORT, 2, "SELL"))


def test_a_combination_costs_what_its_legs_cost() -> None:
    """Bid 1.00 - 2 x 0.50, ask 1.10 - 2 x 0.40; ten of the second leg make five units."""
    rig = Rig(lines=[LINE, quote(SHORT, "0.40", "0.50")])
    session = rig.connect()
    replies = rig.say(session, line(3, SPREAD))
    told = {t.tick_type: (t.price, t.size) for t in only(replies, TickPrice)}
    assert told == {1: (Decimal("0.00"), Decimal(5)), 2: (Decimal("0.30"), Decimal(5))}
    assert session not in rig.step("2018-01-16T10:01")
    rig.market.show(quote(SHORT, "0.40", "0.60"))
    assert prices(rig.step("2018-01-16T10:02")[session]) == {1: Decimal("-0.20")}


def test_a_combination_lacks_the_side_that_a_leg_lacks() -> None:
    rig = Rig(lines=[LINE, quote(SHORT, None, "0.05")])
    replies = rig.say(rig.connect(), line(3, SPREAD))
    told = {t.tick_type: (t.price, t.size) for t in only(replies, TickPrice)}
    assert told == {1: (Decimal("0.90"), Decimal(5)), 2: (None, Decimal(0))}


def test_a_combination_has_the_close_of_its_legs() -> None:
    other = msgspec.structs.replace(quote(SHORT, "0.40", "0.50"), close=Decimal("0.45"))
    rig = Rig(lines=[FULL, other])
    session = rig.connect()
    assert prices(rig.say(session, line(3, SPREAD)))[9] == Decimal("0.05")
    assert only(rig.say(session, line(4, SPREAD, snapshot=True)), TickSnapshotEnd) != []


def test_a_combination_freezes_when_a_leg_does() -> None:
    rig = Rig(EVENING, lines=[LINE, quote(SHORT, "0.40", "0.50")])
    session = rig.connect()
    rig.say(session, ask.RequestMarketDataType(data_type=2))
    replies = rig.say(session, line(3, SPREAD, generics="100"))
    assert kinds(replies) == [2]
    assert prices(replies)[2] == Decimal("0.30")


def test_bad_legs_are_answered() -> None:
    rig = Rig(data_rules=rights(option=Access.NONE))
    session = rig.connect()
    assert codes(rig.say(session, line(3, bag((CALL_15, 1, "BUY"), (PUT, 1, "SELL"))))) == [312]
    assert codes(rig.say(session, line(3, SPREAD))) == [354]
    assert codes(rig.say(session, line(3, WireContract(con_id=1)))) == [200]


# -- generic ticks


def test_generic_ticks_come_with_the_line_and_when_they_change() -> None:
    rig = Rig(lines=[FULL])
    session = rig.connect()
    replies = rig.say(session, line(3, generics="100,221,mdoff"))
    assert prices(replies) == {37: Decimal("1.05")}
    assert [(t.tick_type, t.size) for t in only(replies, TickSize)] == [(29, Decimal(100))]
    assert only(replies, TickOptionComputation) == []
    later = msgspec.structs.replace(FULL, ask=Decimal("1.20"), volume=120)
    rig.market.show(later)
    told = rig.step("2018-01-16T10:01")[session]
    assert prices(told) == {37: Decimal("1.10")}
    assert only(told, TickSize) == []
    rig.market.show(msgspec.structs.replace(later, volume=130))
    told = rig.step("2018-01-16T10:05")[session]
    assert [(t.tick_type, t.size) for t in only(told, TickSize)] == [(29, Decimal(130))]


def test_a_shares_letters_are_its_own_exchanges() -> None:
    rig = Rig(lines=[quote(SPY_ID, "270.00", "270.01")])
    replies = rig.say(rig.connect(), line(3, SPY))
    assert {t.value for t in only(replies, TickString)} == {"P"}


def test_an_unquoted_line_opens_all_the_same() -> None:
    """SPX in the rig shows nothing, not even a level."""
    rig = Rig()
    replies = rig.say(rig.connect(), line(3, WireContract(con_id=SPX_ID), snapshot=True))
    assert prices(replies) == {1: None, 2: None}
    assert only(replies, TickSnapshotEnd) == []
