"""The exchange as a process of its own that updates every line a fixed number of times.

`python -m tests.bench.exchange_host UPDATES` says on standard output, one JSON object a line, where
it listens and which contracts it quotes; after a line on standard input it moves its market, then
says how many messages it sent; after another line it shows its quotes and ends.
"""

import asyncio
import json
import sys
from datetime import timedelta
from itertools import islice

import psutil

from bot.adapters.calendar import session_table
from bot.domain.instruments import ConId, Index, Option
from bot.domain.sessions import NEW_YORK
from bot.exchange.assembly import Exchange, ExchangePlan, open_exchange
from bot.exchange.reference.query import Query
from bot.exchange.server import ExchangeServer, open_server
from bot.exchange.store import MemoryStore
from bot.exchange.venue.data_rules import DataRules
from bot.exchange.venue.order_hours import CFE

LINES = 100
MOST_LINES = 20 * LINES
"""What all clients together may have open, many times what the broker allows by default."""
PERIOD_SECONDS = 0.1
MARKET_STEP = timedelta(seconds=30)
"""The market's own grid: each step gives every line another size or price."""


def say(**facts: object) -> None:
    """Write one JSON line."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


async def heard() -> None:
    """Wait for a line on standard input."""
    await asyncio.to_thread(sys.stdin.readline)


async def serve(updates: int) -> None:
    """Serve one measurement."""
    rules = DataRules(max_lines=MOST_LINES)
    exchange = open_exchange(ExchangePlan(data_rules=rules), session_table, MemoryStore())
    con_ids = lines_of(exchange)
    async with open_server(exchange.venue, exchange.store) as server:
        say(port=server.port, con_ids=con_ids)
        await heard()
        before = server.traffic.sent
        await move(server, updates)
        await heard()
        say(
            sent=server.traffic.sent - before,
            quotes=shown(exchange, con_ids),
            memory_mb=psutil.Process().memory_info().rss / 2**20,
        )


def lines_of(exchange: Exchange) -> list[ConId]:
    """Return a hundred contracts that the bot knows what to do with.

    The indices, the futures on VIX, and VIX options by settlement; it neither prices nor trades
    shares and S&P futures.
    """
    day = exchange.venue.now.astimezone(NEW_YORK).date()
    found = exchange.market.reference.find(Query(), day)
    instruments = [listing.instrument for listing in found]
    others = [i for i in instruments if isinstance(i, Index) or i.exchange == CFE]
    calls = [i for i in instruments if isinstance(i, Option) and i.symbol == "VIX"]
    return [i.con_id for i in islice((*others, *calls), LINES)]


async def move(server: ExchangeServer, updates: int) -> None:
    """Move the market ten times a second; a late step is not made up for by a hasty one."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number in range(1, updates + 1):
        await server.advance(server.now + MARKET_STEP)
        await asyncio.sleep(max(0.0, began + number * PERIOD_SECONDS - loop.time()))
    say(seconds=loop.time() - began)


def shown(exchange: Exchange, con_ids: list[ConId]) -> dict[str, list[float | None]]:
    """Return bid, ask and their sizes as the market shows them now."""
    quotes = exchange.market.quotes(con_ids, exchange.venue.now)
    return {
        str(q.con_id): [
            None if q.bid is None else float(q.bid),
            None if q.ask is None else float(q.ask),
            q.bid_size,
            q.ask_size,
        ]
        for q in quotes
    }


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
