"""Streaming lines through the adapter: values, stamps, data types, and what an outage does."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.adapters.ib import IbBroker
from bot.domain.broker import NoticeHeard
from bot.domain.instruments import ConId, Instrument, Option, Other
from bot.domain.quotes import DataType, Quote
from bot.exchange.wire import replies as said
from bot.exchange.wire import requests as asked
from tests.support.scripted_tws import ScriptedTws, vix_call, vix_future
from tests.support.standing_clock import StandingClock

CALL, PUTATIVE, FUTURE = ConId(5001), ConId(5002), ConId(6001)
BID_SIZE, BID, ASK, ASK_SIZE, LAST, LAST_SIZE, CLOSE = range(7)
CLOSE = 9
NOON = datetime(2018, 2, 5, 15, 0, tzinfo=UTC)


@pytest.fixture
async def instruments(broker: IbBroker, tws: ScriptedTws) -> list[Instrument]:
    tws.contracts += [vix_call(CALL, 25), vix_call(PUTATIVE, 26), vix_future(FUTURE, "20180214")]
    found = await broker.instruments([CALL, PUTATIVE, FUTURE])
    return [instrument for instrument in found if not isinstance(instrument, Other)]


async def lines_of(tws: ScriptedTws, count: int) -> dict[int, int]:
    """Return the request number of each line asked for, by contract."""
    requests = await tws.wait_for(asked.RequestMarketData, count)
    return {request.contract.con_id: request.request_id for request in requests}


def price(number: int, tick: int, value: str | None, size: int = 0) -> said.TickPrice:
    amount = None if value is None else Decimal(value)
    return said.TickPrice(request_id=number, tick_type=tick, price=amount, size=Decimal(size))


async def quote_after(broker: IbBroker, tws: ScriptedTws, *ticks: said.Reply) -> Quote | None:
    """Let the broker say ticks of the only line and return its quote."""
    tws.say(*ticks)
    await broker.current_time()
    quotes = broker.quotes()
    return quotes[0] if quotes else None


@pytest.fixture
async def line(broker: IbBroker, tws: ScriptedTws, instruments: list[Instrument]) -> int:
    """The request number of a streamed call."""
    await broker.watch(instruments[:1])
    return (await lines_of(tws, 1))[CALL]


async def test_a_line_is_streamed_by_number_and_never_a_snapshot(
    broker: IbBroker, tws: ScriptedTws, instruments: list[Instrument]
) -> None:
    await broker.watch(instruments)
    requests = await tws.wait_for(asked.RequestMarketData, 3)
    assert [(r.contract.con_id, r.contract.exchange) for r in requests] == [
        (CALL, "SMART"),
        (PUTATIVE, "SMART"),
        (FUTURE, "CFE"),
    ]
    assert not any(request.snapshot for request in requests)


async def test_a_quote_holds_what_was_sent_without_float_dust(
    broker: IbBroker, tws: ScriptedTws, line: int
) -> None:
    quote = await quote_after(
        broker,
        tws,
        price(line, BID, "3.45", 12),
        price(line, ASK, "3.6", 7),
        price(line, LAST, "4"),
    )
    assert quote == Quote(
        con_id=CALL,
        as_of=NOON,
        data_type=DataType.LIVE,
        bid=Decimal("3.45"),
        ask=Decimal("3.6"),
        bid_size=12,
        ask_size=7,
        last=Decimal(4),
    )
    assert str(quote.bid) == "3.45"
    assert str(quote.last) == "4"


async def test_a_line_that_said_nothing_has_no_quote(
    broker: IbBroker, tws: ScriptedTws, line: int
) -> None:
    await broker.current_time()
    assert broker.quotes() == ()


async def test_prices_we_do_not_use_are_not_a_quote(
    broker: IbBroker, tws: ScriptedTws, line: int
) -> None:
    close = price(line, CLOSE, "3.2")
    volume = said.TickSize(request_id=line, tick_type=8, size=Decimal(5))
    greeks = said.TickOptionComputation(request_id=line, tick_type=13, delta=0.5)
    assert await quote_after(broker, tws, close, volume, greeks) is None


@pytest.mark.parametrize(
    ("sent", "size", "expected", "expected_size"),
    [
        ("3.45", 12, Decimal("3.45"), 12),
        ("0", 0, None, None),
        ("0", 4, Decimal(0), 4),
        (None, 0, None, None),
        ("-1", 0, None, None),
        ("-1", 5, None, 5),
        ("-2", 0, None, None),
        ("1.7976931348623157E308", 1, None, 1),
        ("nan", 1, None, 1),
        ("3.45", 0, Decimal("3.45"), None),
    ],
)
async def test_marks_of_absence_are_none(
    broker: IbBroker,
    tws: ScriptedTws,
    line: int,
    *,
    sent: str | None,
    size: int,
    expected: Decimal | None,
    expected_size: int | None,
) -> None:
    if sent == "nan":
        body = f"1\x006\x00{line}\x00{BID}\x00nan\x00{size}\x000\x00".encode()
        tws.say_raw(len(body).to_bytes(4, "big") + body)
        quote = await quote_after(broker, tws, price(line, LAST, "3"))
    else:
        quote = await quote_after(broker, tws, price(line, BID, sent, size))
    assert quote is not None
    assert (quote.bid, quote.bid_size) == (expected, expected_size)
    assert not quote.is_two_sided


async def test_a_size_that_falls_to_zero_takes_the_side_away(
    broker: IbBroker, tws: ScriptedTws, line: int
) -> None:
    both = [price(line, BID, "3.4", 5), price(line, ASK, "3.5", 5)]
    quote = await quote_after(broker, tws, *both)
    assert quote is not None
    assert quote.is_two_sided
    gone = said.TickSize(request_id=line, tick_type=ASK_SIZE, size=Decimal(0))
    quote = await quote_after(broker, tws, gone)
    assert quote is not None
    assert not quote.is_two_sided
    back = said.TickSize(request_id=line, tick_type=ASK_SIZE, size=Decimal(9))
    grown = said.TickSize(request_id=line, tick_type=BID_SIZE, size=Decimal(8))
    quote = await quote_after(broker, tws, back, grown)
    assert quote is not None
    assert (quote.bid_size, quote.ask_size) == (8, 9)


async def test_a_last_price_of_zero_is_none(broker: IbBroker, tws: ScriptedTws, line: int) -> None:
    quote = await quote_after(broker, tws, price(line, LAST, "0", 0), price(line, BID, "1", 1))
    assert quote is not None
    assert quote.last is None


async def test_a_quote_is_stamped_by_our_clock_when_its_last_value_arrives(
    broker: IbBroker, tws: ScriptedTws, line: int, clock: StandingClock
) -> None:
    quote = await quote_after(broker, tws, price(line, BID, "3.4", 5))
    assert quote is not None
    assert quote.as_of == NOON
    clock.advance(30)
    quote = await quote_after(broker, tws, price(line, CLOSE, "3.2"))
    assert quote is not None
    assert quote.as_of == NOON
    quote = await quote_after(broker, tws, price(line, BID, "3.4", 5))
    assert quote is not None
    assert quote.age_seconds(clock.now()) == 0


async def test_an_unchanged_quote_is_the_same_object(
    broker: IbBroker, tws: ScriptedTws, instruments: list[Instrument]
) -> None:
    await broker.watch(instruments)
    numbers = await lines_of(tws, 3)
    tws.say(price(numbers[CALL], BID, "3.4", 5), price(numbers[FUTURE], BID, "20.1", 5))
    await broker.current_time()
    call, future = broker.quotes()
    tws.say(price(numbers[FUTURE], BID, "20.15", 5))
    await broker.current_time()
    assert broker.quotes()[0] is call
    assert broker.quotes()[1] != future


async def test_the_data_type_is_read_per_line(
    broker: IbBroker, tws: ScriptedTws, instruments: list[Instrument]
) -> None:
    tws.answer(asked.RequestMarketData, lambda _: [])
    await broker.watch(instruments)
    numbers = await lines_of(tws, 3)
    tws.say(
        *(price(number, BID, "1", 1) for number in numbers.values()),
        said.MarketDataType(request_id=numbers[CALL], data_type=1),
        said.MarketDataType(request_id=numbers[FUTURE], data_type=2),
    )
    await broker.current_time()
    assert [quote.data_type for quote in broker.quotes()] == [DataType.LIVE, None, DataType.FROZEN]


async def test_delayed_ticks_are_values_of_a_delayed_line(
    broker: IbBroker, tws: ScriptedTws, line: int
) -> None:
    quote = await quote_after(
        broker,
        tws,
        said.ErrorMessage(request_id=line, code=10167, text="Displaying delayed market data"),
        said.MarketDataType(request_id=line, data_type=3),
        price(line, 66, "3.4", 5),
        price(line, 67, "3.5", 5),
        price(line, 68, "3.45", 1),
        said.TickSize(request_id=line, tick_type=69, size=Decimal(6)),
        said.TickSize(request_id=line, tick_type=70, size=Decimal(7)),
    )
    assert quote is not None
    assert quote.data_type is DataType.DELAYED
    assert (quote.bid, quote.ask, quote.last) == (Decimal("3.4"), Decimal("3.5"), Decimal("3.45"))
    assert (quote.bid_size, quote.ask_size) == (6, 7)


async def test_one_contract_named_twice_is_one_line(
    broker: IbBroker, tws: ScriptedTws, instruments: list[Instrument]
) -> None:
    """The library keeps a ticker per object, so equal contracts would tick twice."""
    await broker.watch([instruments[0], instruments[0]])
    (again,) = await broker.instruments([CALL])
    assert isinstance(again, Option)
    await broker.watch([again])
    await broker.current_time()
    assert len(tws.all_of(asked.RequestMarketData)) == 1
    number = (await lines_of(tws, 1))[CALL]
    await quote_after(broker, tws, price(number, BID, "3.4", 5), price(number, BID, "3.4", 5))
    assert len(broker.quotes()) == 1


async def test_watching_starts_what_is_missing_and_ends_the_rest(
    broker: IbBroker, tws: ScriptedTws, instruments: list[Instrument]
) -> None:
    call, other, future = instruments
    await broker.watch([call, future])
    numbers = await lines_of(tws, 2)
    tws.say(*(price(number, BID, "1", 1) for number in numbers.values()))
    await broker.current_time()
    await broker.watch([future, other])
    ended = await tws.wait_for(asked.CancelMarketData)
    assert [request.request_id for request in ended] == [numbers[CALL]]
    assert set(await lines_of(tws, 3)) == {CALL, PUTATIVE, FUTURE}
    assert [quote.con_id for quote in broker.quotes()] == [FUTURE]


async def test_late_ticks_of_an_ended_line_are_nobodys(
    broker: IbBroker, tws: ScriptedTws, line: int
) -> None:
    await broker.watch([])
    late: list[said.Reply] = [
        price(line, BID, "1", 1),
        said.TickSize(request_id=line, tick_type=BID_SIZE, size=Decimal(1)),
        said.MarketDataType(request_id=line, data_type=1),
    ]
    assert await quote_after(broker, tws, *late) is None


@pytest.mark.parametrize("code", [101, 200, 354, 10089, 10090, 10168, 10186, 10197])
async def test_a_refused_line_loses_its_values_and_names_its_contract(
    broker: IbBroker, tws: ScriptedTws, line: int, code: int
) -> None:
    await quote_after(broker, tws, price(line, BID, "3.4", 5))
    refusal = said.ErrorMessage(request_id=line, code=code, text="no data")
    assert await quote_after(broker, tws, refusal) is None
    assert await broker.next_event() == NoticeHeard(code=code, text="no data", con_id=CALL)


@pytest.mark.parametrize("code", [2119, 10167])
async def test_a_warning_on_a_line_leaves_its_values(
    broker: IbBroker, tws: ScriptedTws, line: int, code: int
) -> None:
    warning = said.ErrorMessage(request_id=line, code=code, text="so you know")
    assert await quote_after(broker, tws, price(line, BID, "3.4", 5), warning) is not None
    assert await broker.next_event() == NoticeHeard(code=code, text="so you know", con_id=CALL)


async def test_a_refused_line_is_not_asked_for_again_while_it_stays_wanted(
    broker: IbBroker, tws: ScriptedTws, instruments: list[Instrument], line: int
) -> None:
    await quote_after(broker, tws, said.ErrorMessage(request_id=line, code=354, text="no data"))
    await broker.watch(instruments[:1])
    await broker.current_time()
    assert len(tws.all_of(asked.RequestMarketData)) == 1


async def test_a_line_refused_for_want_of_lines_is_asked_for_again_once_others_end(
    broker: IbBroker, tws: ScriptedTws, instruments: list[Instrument]
) -> None:
    await broker.watch(instruments)
    numbers = await lines_of(tws, 3)
    none_left = said.ErrorMessage(request_id=numbers[FUTURE], code=101, text="Max tickers reached")
    await quote_after(broker, tws, none_left)
    await broker.watch(instruments)
    await broker.current_time()
    assert len(tws.all_of(asked.RequestMarketData)) == 3
    await broker.watch(instruments[1:])
    assert (await tws.wait_for(asked.RequestMarketData, 4))[3].contract.con_id == FUTURE


async def test_after_1101_old_values_are_gone_until_heard_anew(
    broker: IbBroker, tws: ScriptedTws, instruments: list[Instrument], line: int
) -> None:
    """The library keeps them, and asks for nothing again."""
    await quote_after(broker, tws, price(line, BID, "3.4", 5))
    restored = said.ErrorMessage(code=1101, text="Connectivity restored, data lost")
    assert await quote_after(broker, tws, restored) is None
    assert await quote_after(broker, tws, price(line, BID, "3.5", 5)) is None
    await broker.watch(instruments[:1])
    number = (await tws.wait_for(asked.RequestMarketData, 2))[1].request_id
    assert number != line
    assert tws.all_of(asked.CancelMarketData) == []
    quote = await quote_after(broker, tws, price(number, BID, "3.6", 5))
    assert quote is not None
    assert quote.bid == Decimal("3.6")


async def test_while_upstream_is_down_there_are_no_quotes_and_no_line_is_started(
    broker: IbBroker, tws: ScriptedTws, instruments: list[Instrument], line: int
) -> None:
    await quote_after(broker, tws, price(line, BID, "3.4", 5))
    assert await quote_after(broker, tws, said.ErrorMessage(code=1100, text="lost")) is None
    await broker.watch(instruments)
    await broker.current_time()
    assert len(tws.all_of(asked.RequestMarketData)) == 1


async def test_after_1102_the_lines_still_open_are_ended_and_started_afresh(
    broker: IbBroker, tws: ScriptedTws, instruments: list[Instrument], line: int
) -> None:
    """The broker kept them, but a quiet line would not repeat what it said before the outage."""
    lost = said.ErrorMessage(code=1100, text="lost")
    kept = said.ErrorMessage(code=1102, text="restored, data maintained")
    await quote_after(broker, tws, price(line, BID, "3.4", 5), lost, kept)
    assert broker.quotes() == ()
    await broker.watch(instruments[:1])
    assert (await tws.wait_for(asked.CancelMarketData))[0].request_id == line
    assert len(await tws.wait_for(asked.RequestMarketData, 2)) == 2


async def test_a_new_connection_starts_without_lines(
    broker: IbBroker, tws: ScriptedTws, instruments: list[Instrument], line: int
) -> None:
    await quote_after(broker, tws, price(line, BID, "3.4", 5))
    tws.drop()
    await broker.next_event()
    assert broker.quotes() == ()
    await broker.connect()
    assert broker.quotes() == ()
    await broker.watch(instruments[:1])
    assert len(await tws.wait_for(asked.RequestMarketData, 2)) == 2


async def test_an_unknown_kind_of_data_is_an_error(
    broker: IbBroker, tws: ScriptedTws, line: int, loses_messages: None
) -> None:
    tws.say(said.MarketDataType(request_id=line, data_type=9))
    with pytest.raises(Exception, match="marketDataType"):
        await broker.next_event()


async def test_a_line_asked_again_has_what_it_says_now(
    broker: IbBroker, tws: ScriptedTws, line: int, clock: StandingClock
) -> None:
    await quote_after(broker, tws, price(line, BID, "3.4", 5))
    clock.advance(60)

    def speak(request: asked.RequestMarketData) -> list[said.Reply]:
        number = request.request_id
        kind = said.MarketDataType(request_id=number, data_type=1)
        return [kind, price(number, BID, "3.5", 6), price(number, ASK, "3.6", 7)]

    tws.answer(asked.RequestMarketData, speak)
    await broker.ask_again([CALL, ConId(999)])
    (quote,) = broker.quotes()
    assert (quote.bid, quote.ask, quote.as_of) == (Decimal("3.5"), Decimal("3.6"), clock.now())
    assert tws.all_of(asked.CancelMarketData)[0].request_id == line


async def test_a_line_asked_again_that_speaks_late_is_waited_for(
    broker: IbBroker, tws: ScriptedTws, line: int
) -> None:
    async def speak_late() -> None:
        number = (await tws.wait_for(asked.RequestMarketData, 2))[1].request_id
        await asyncio.sleep(0.05)
        tws.say(price(number, BID, "3.5", 6))

    async with asyncio.TaskGroup() as group:
        group.create_task(speak_late())
        await broker.ask_again([CALL])
        assert [quote.bid for quote in broker.quotes()] == [Decimal("3.5")]


async def test_a_line_asked_again_that_stays_silent_has_no_quote(
    broker: IbBroker, tws: ScriptedTws, line: int
) -> None:
    await quote_after(broker, tws, price(line, BID, "3.4", 5))
    await broker.ask_again([CALL])
    assert broker.quotes() == ()


async def test_nothing_is_asked_again_while_upstream_is_down(
    broker: IbBroker, tws: ScriptedTws, line: int
) -> None:
    await quote_after(broker, tws, said.ErrorMessage(code=1100, text="lost"))
    await broker.ask_again([CALL])
    await broker.current_time()
    assert len(tws.all_of(asked.RequestMarketData)) == 1
