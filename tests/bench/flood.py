"""One stream of market data, sent by the exchange or replayed from bytes by a bare server.

`python -m tests.bench.flood exchange|replay PER_WRITE MESSAGES` says where it listens; when a line
has come on standard input it sends so many messages, so many of them per write, and then the time,
by which the client knows the end. The replaying server does nothing but write: what a client takes
in from it is the client's own ceiling.
"""

import asyncio
import sys
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import cycle, islice

from bot.adapters.calendar import session_table
from bot.exchange.assembly import ExchangePlan, open_exchange
from bot.exchange.server import ExchangeServer, open_server
from bot.exchange.store import MemoryStore
from bot.exchange.venue.floor import Outbox, SessionId
from bot.exchange.wire import NEED_DATA, ServerConnection
from bot.exchange.wire.encoding import ReplyEncoder, encode_hello
from bot.exchange.wire.replies import (
    CurrentTime,
    ManagedAccounts,
    NextValidId,
    Reply,
    TickOptionComputation,
    TickPrice,
    TickSize,
)
from bot.exchange.wire.requests import Handshake
from tests.bench.exchange_host import LINES, heard, say

VERSION = 176
END = CurrentTime(epoch_seconds=1)
_PAUSE_BYTES = 1 << 18


def messages(count: int) -> list[Reply]:
    """Return prices, sizes and greeks in turn, as option lines have them, none like its last."""
    return list(islice(_ticks(), count))


def _ticks() -> Iterator[Reply]:
    for number in cycle(range(10_000)):
        request_id, cents = 1 + number % LINES, Decimal(100 + number % 97) / 100
        yield TickPrice(request_id=request_id, tick_type=1, price=cents, size=Decimal(number))
        yield TickSize(request_id=request_id, tick_type=0, size=Decimal(number))
        yield TickPrice(request_id=request_id, tick_type=2, price=cents, size=Decimal(number))
        yield TickSize(request_id=request_id, tick_type=3, size=Decimal(number))
        yield TickOptionComputation(
            request_id=request_id,
            tick_type=13,
            implied_volatility=0.8 + number / 1e6,
            delta=0.31 + number / 1e6,
            option_price=1.25,
            gamma=0.0213,
            vega=0.0187,
            theta=-0.0412,
            underlying_price=17.31,
        )


def portions(replies: list[Reply], per_write: int) -> Iterable[list[Reply]]:
    """Cut the messages into what leaves together."""
    return (replies[start : start + per_write] for start in range(0, len(replies), per_write))


async def serve_exchange(per_write: int, count: int) -> None:
    """Send through the exchange's own server: structs to bytes to the socket."""
    exchange = open_exchange(ExchangePlan(), session_table, MemoryStore())
    replies = messages(count)
    async with open_server(exchange.venue, exchange.store) as server:
        say(port=server.port)
        await heard()
        (session_id,) = server._clients
        for portion in portions(replies, per_write):
            await _publish(server, session_id, portion)
        await _publish(server, session_id, [END])
        await heard()


async def _publish(server: ExchangeServer, session_id: SessionId, portion: list[Reply]) -> None:
    outbox = Outbox()
    outbox.replies[session_id] = portion
    server.publish(outbox)
    transport = server._clients[session_id]._transport
    while transport is not None and transport.get_write_buffer_size() > _PAUSE_BYTES:  # noqa: ASYNC110
        await asyncio.sleep(0)  # nobody else is told when the server's transport has room


async def serve_replay(per_write: int, count: int) -> None:
    """Write bytes that were made before."""
    encoder = ReplyEncoder(VERSION)
    pieces = [encoder.encode_all(portion) for portion in portions(messages(count), per_write)]
    ready, over = asyncio.Event(), asyncio.Event()

    async def replay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _greet(reader, writer)
        await ready.wait()
        for piece in (*pieces, encoder.encode(END)):
            writer.write(piece)
            await writer.drain()
        await reader.read()
        writer.close()
        over.set()

    server = await asyncio.start_server(replay, "127.0.0.1", 0)
    async with server:
        say(port=server.sockets[0].getsockname()[1])
        await heard()
        ready.set()
        await over.wait()
        await heard()


async def _greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    connection, encoder = ServerConnection(), ReplyEncoder(VERSION)
    while connection.client_id is None:
        connection.receive_data(await reader.read(1 << 16))
        while (event := connection.next_event()) is not NEED_DATA:
            if isinstance(event, Handshake):
                writer.write(encode_hello(VERSION, ""))
    greeting = (ManagedAccounts(accounts=("SIM1",)), NextValidId(order_id=1))
    writer.write(encoder.encode_all(greeting))


if __name__ == "__main__":
    chosen = {"exchange": serve_exchange, "replay": serve_replay}[sys.argv[1]]
    asyncio.run(chosen(int(sys.argv[2]), int(sys.argv[3])))
