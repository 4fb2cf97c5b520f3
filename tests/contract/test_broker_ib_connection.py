"""The adapter's connection: the greeting, its refusals, and every way it can end."""

import asyncio
import socket
from decimal import Decimal

import pytest

from bot.adapters.ib import Address, IbBroker, Limits
from bot.adapters.ib.heard import MessageLostError
from bot.app.ports import BrokerTimeoutError, BrokerUnreachableError
from bot.domain.broker import LinkChanged, NoticeHeard
from bot.domain.inputs import Farm
from bot.exchange.wire import replies as said
from bot.exchange.wire import requests as asked
from tests.support.client_library import VERSIONS
from tests.support.scripted_tws import ACCOUNT, CLIENT_ID, SERVER_TIME, ScriptedTws
from tests.support.standing_clock import StandingClock


async def test_the_greeting_tells_accounts_and_the_brokers_time(unconnected: IbBroker) -> None:
    greeting = await unconnected.connect()
    assert greeting.accounts == (ACCOUNT,)
    assert greeting.server_time == SERVER_TIME
    assert greeting.server_version == VERSIONS[-1]
    assert await unconnected.next_event() == LinkChanged(what="socket", up=True)


async def test_connecting_asks_for_live_data_and_nothing_that_trades(
    broker: IbBroker, tws: ScriptedTws
) -> None:
    assert (await tws.wait_for(asked.RequestMarketDataType))[0].data_type == 1
    assert {type(request) for request in tws.heard} == {
        asked.Handshake,
        asked.StartApi,
        asked.RequestCurrentTime,
        asked.RequestMarketDataType,
    }
    assert tws.all_of(asked.StartApi)[0].client_id == CLIENT_ID


async def test_a_refused_port_is_unreachable(clock: StandingClock) -> None:
    with socket.socket() as bound:  # bound, not listening: connections are refused
        bound.bind(("127.0.0.1", 0))
        address = Address(host="127.0.0.1", port=bound.getsockname()[1], client_id=CLIENT_ID)
        with pytest.raises(BrokerUnreachableError, match=r"127\.0\.0\.1"):
            await IbBroker(address, clock).connect()


async def test_a_server_that_never_greets_is_unreachable(
    unconnected: IbBroker, tws: ScriptedTws
) -> None:
    tws.greets = False
    with pytest.raises(BrokerUnreachableError, match="no greeting within"):
        await unconnected.connect()


async def test_something_else_at_the_port_is_unreachable(
    clock: StandingClock, loses_messages: None
) -> None:
    ended = asyncio.Event()

    async def web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"\0\0\0\x10HTTP/1.1\x00400 xx\x00")
        await reader.read()
        writer.close()
        await writer.wait_closed()
        ended.set()

    async with await asyncio.start_server(web, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        broker = IbBroker(
            Address(host="127.0.0.1", port=port, client_id=CLIENT_ID),
            clock,
            limits=Limits(connect=60),
        )
        async with asyncio.timeout(5):
            with pytest.raises(BrokerUnreachableError, match="a packet could not be handled"):
                await broker.connect()
            await ended.wait()


async def test_a_client_number_in_use_is_told_at_once(
    clock: StandingClock, tws: ScriptedTws
) -> None:
    """The library alone would wait for its whole limit and then say only that time ran out."""

    def in_use(_: asked.StartApi) -> list[said.Reply]:
        return [said.ErrorMessage(code=326, text="Unable to connect as the client id is in use")]

    tws.answer(asked.StartApi, in_use)
    address = Address(host="127.0.0.1", port=tws.port, client_id=CLIENT_ID)
    broker = IbBroker(address, clock, limits=Limits(connect=60))
    async with asyncio.timeout(5):
        with pytest.raises(BrokerUnreachableError, match=r"326: .* in use"):
            await broker.connect()


async def test_a_connection_closed_during_the_greeting_is_told_at_once(
    clock: StandingClock, tws: ScriptedTws
) -> None:
    def hang_up(_: asked.StartApi) -> list[said.Reply]:
        tws.drop()
        return []

    tws.answer(asked.StartApi, hang_up)
    address = Address(host="127.0.0.1", port=tws.port, client_id=CLIENT_ID)
    async with asyncio.timeout(5):
        with pytest.raises(BrokerUnreachableError, match="closed the connection"):
            await IbBroker(address, clock, limits=Limits(connect=60)).connect()


async def test_a_gateway_that_greets_and_then_says_nothing_is_unreachable(
    unconnected: IbBroker, tws: ScriptedTws
) -> None:
    tws.fall_silent()
    with pytest.raises(BrokerUnreachableError, match="not answered"):
        await unconnected.connect()
    assert unconnected.farm() is Farm.DOWN


async def test_a_lost_socket_is_an_event_and_fails_what_was_awaited(
    broker: IbBroker, tws: ScriptedTws
) -> None:
    tws.fall_silent(asked.RequestPositions)
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(_expect_unreachable(broker))
        await tws.wait_for(asked.RequestPositions)
        tws.drop()
    assert waiting.result() == "the connection was lost"
    heard = await broker.next_event()
    assert heard == LinkChanged(what="socket", up=False, detail="the connection was lost")
    assert broker.farm() is Farm.DOWN
    assert broker.quotes() == ()
    with pytest.raises(BrokerUnreachableError, match="not connected"):
        await broker.current_time()


async def _expect_unreachable(broker: IbBroker) -> str:
    with pytest.raises(BrokerUnreachableError) as caught:
        await broker.positions()
    return str(caught.value)


async def test_our_own_disconnect_is_no_event_and_fails_what_was_awaited(
    broker: IbBroker, tws: ScriptedTws
) -> None:
    tws.fall_silent(asked.RequestPositions)
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(_expect_unreachable(broker))
        await tws.wait_for(asked.RequestPositions)
        await broker.disconnect()
    assert waiting.result() == "the connection was closed"
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await broker.next_event()


async def test_it_connects_again_after_a_loss(broker: IbBroker, tws: ScriptedTws) -> None:
    tws.drop()
    await broker.next_event()
    greeting = await broker.connect()
    assert greeting.accounts == (ACCOUNT,)
    assert await broker.current_time() == SERVER_TIME


async def test_a_hung_server_is_found_by_the_time_probe(broker: IbBroker, tws: ScriptedTws) -> None:
    """The socket stays open and the library goes on calling it connected."""
    tws.fall_silent()
    with pytest.raises(BrokerTimeoutError, match="unknown"):
        await broker.current_time()


async def test_a_late_answer_is_not_taken_for_the_answer_to_the_next_question(
    broker: IbBroker, tws: ScriptedTws
) -> None:
    tws.fall_silent(asked.RequestCurrentTime)
    with pytest.raises(BrokerTimeoutError):
        await broker.current_time()
    tws.speak_again()

    def late_then_now(_: asked.RequestCurrentTime) -> list[said.Reply]:
        late = int(SERVER_TIME.timestamp())
        return [said.CurrentTime(epoch_seconds=late), said.CurrentTime(epoch_seconds=late + 60)]

    tws.answer(asked.RequestCurrentTime, late_then_now)
    assert (await broker.current_time() - SERVER_TIME).total_seconds() == 60


async def test_a_message_that_cannot_be_read_comes_out_as_an_error(
    broker: IbBroker, tws: ScriptedTws, loses_messages: None
) -> None:
    """The library would only log it, and it may have been a fill."""
    body = b"11\x001\x00too short\x00"
    tws.say_raw(len(body).to_bytes(4, "big") + body)
    with pytest.raises(MessageLostError, match="Error handling fields"):
        await broker.next_event()
    assert await broker.current_time() == SERVER_TIME


async def test_a_message_that_cannot_be_translated_comes_out_as_an_error(
    broker: IbBroker, tws: ScriptedTws, loses_messages: None
) -> None:
    status = said.OrderStatus(
        order_id=1,
        status="Sideways",
        filled=Decimal(0),
        remaining=Decimal(1),
        average_fill_price=Decimal(0),
        perm_id=1,
        parent_id=0,
        last_fill_price=Decimal(0),
        client_id=CLIENT_ID,
    )
    tws.say(status)
    with pytest.raises(MessageLostError) as caught:
        await broker.next_event()
    assert "unknown order status 'Sideways'" in str(caught.value.__cause__)
    await broker.events_dealt_with()


async def test_a_packet_that_breaks_the_framing_comes_out_as_an_error(
    broker: IbBroker, tws: ScriptedTws, loses_messages: None
) -> None:
    tws.say_raw(b"\0\0\0\x01\0")  # a frame without a message number
    with pytest.raises(MessageLostError):
        await broker.next_event()


async def test_events_are_dealt_with_once_each_was_declared_done(
    broker: IbBroker, tws: ScriptedTws
) -> None:
    tws.say(said.ErrorMessage(code=1100, text="Connectivity lost"))
    await broker.current_time()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await broker.events_dealt_with()
    await broker.next_event()
    broker.event_done()
    async with asyncio.timeout(1):
        await broker.events_dealt_with()


@pytest.mark.parametrize(
    ("notices", "farm"),
    [
        ([], Farm.UNKNOWN),
        ([(2104, "Market data farm connection is OK:usopt")], Farm.OK),
        ([(2104, "OK:usopt"), (2103, "Market data farm connection is broken:usfuture")], Farm.DOWN),
        ([(2103, "broken:usopt"), (2104, "OK:usopt")], Farm.OK),
        ([(2103, "broken:usopt"), (2108, "inactive:usopt")], Farm.OK),
        ([(2106, "HMDS OK:ushmds"), (2105, "HMDS broken:ushmds")], Farm.DOWN),
        ([(2158, "OK:secdefnj"), (2157, "broken:secdefnj")], Farm.DOWN),
        ([(2104, "OK:usopt"), (1100, "Connectivity lost")], Farm.DOWN),
        ([(2104, "OK:usopt"), (1100, "lost"), (1102, "restored, data maintained")], Farm.OK),
        ([(2104, "OK:usopt"), (1100, "lost"), (1101, "restored, data lost")], Farm.OK),
        ([(2104, "OK:usopt"), (2110, "TWS to server broken")], Farm.DOWN),
    ],
)
async def test_the_farm_state_follows_the_notices(
    broker: IbBroker, tws: ScriptedTws, notices: list[tuple[int, str]], farm: Farm
) -> None:
    if notices:
        tws.say(*(said.ErrorMessage(code=code, text=text) for code, text in notices))
    await broker.current_time()
    assert broker.farm() is farm


@pytest.mark.parametrize(
    ("code", "what", "up"),
    [
        (1100, "upstream", False),
        (1101, "upstream", True),
        (1102, "upstream", True),
        (2110, "upstream", False),
        (2103, "farm", False),
        (2105, "farm", False),
        (2157, "farm", False),
        (2104, "farm", True),
        (2106, "farm", True),
        (2158, "farm", True),
    ],
)
async def test_link_codes_are_link_events(
    broker: IbBroker, tws: ScriptedTws, code: int, what: str, *, up: bool
) -> None:
    tws.say(said.ErrorMessage(code=code, text="as it is:name"))
    expected = LinkChanged(what=what, up=up, detail=f"{code}: as it is:name")
    assert await broker.next_event() == expected


@pytest.mark.parametrize("code", [1300, 2100, 2119, 10197])
async def test_codes_that_name_nothing_are_notices(
    broker: IbBroker, tws: ScriptedTws, code: int
) -> None:
    tws.say(said.ErrorMessage(code=code, text="something happened"))
    assert await broker.next_event() == NoticeHeard(code=code, text="something happened")


async def test_upstream_down_at_the_greeting_is_no_refusal(
    unconnected: IbBroker, tws: ScriptedTws
) -> None:
    def greet(_: asked.StartApi) -> list[said.Reply]:
        return [
            said.ErrorMessage(code=1100, text="Connectivity lost"),
            said.ManagedAccounts(accounts=(ACCOUNT,)),
            said.NextValidId(order_id=1),
        ]

    tws.answer(asked.StartApi, greet)
    await unconnected.connect()
    assert unconnected.farm() is Farm.DOWN


async def test_a_conversation_that_has_ended_sends_nothing(
    broker: IbBroker, tws: ScriptedTws
) -> None:
    """As when the link is lost while a request waits for its turn at the pacer."""
    talk = broker._talk()
    tws.drop()
    await broker.next_event()
    with pytest.raises(BrokerUnreachableError, match="not connected"):
        await talk.ask(lambda client, number: client.reqAccountSummary(number, "All", ""), 1)
    with pytest.raises(BrokerUnreachableError, match="nothing was sent"):
        talk.send(lambda client: client.reqCurrentTime())


async def test_the_farms_are_up_only_when_all_are(broker: IbBroker, tws: ScriptedTws) -> None:
    tws.say(
        said.ErrorMessage(code=2103, text="broken:usopt"),
        said.ErrorMessage(code=2104, text="OK:usfuture"),
        said.ErrorMessage(code=2104, text="OK:usopt"),
    )
    events = [await broker.next_event() for _ in range(3)]
    assert [e.up for e in events if isinstance(e, LinkChanged)] == [False, False, True]
