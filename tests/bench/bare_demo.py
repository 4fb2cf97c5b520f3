"""The demo without a bot: the exchange moved through the same slots, a bare client subscribed.

`python -m tests.bench.bare_demo START` prints how many sessions were played as one JSON object.
"""

import asyncio
import json
import sys
from collections.abc import Iterable
from itertools import islice

import ib_insync

from bot.adapters.calendar import session_table
from bot.app.driver import slots_after
from bot.domain.instruments import Option
from bot.domain.sessions import NEW_YORK, Session
from bot.exchange.assembly import Exchange, ExchangePlan, open_exchange
from bot.exchange.clock import parse_instant
from bot.exchange.reference.products import Product
from bot.exchange.reference.query import Query
from bot.exchange.server import open_server
from bot.exchange.store import MemoryStore
from tests.support.ib_client import connected

LINES = 75
"""About as many as the demo's bot has."""


async def play(start: str) -> int:
    """Live through the scenario from `start` on; return the number of sessions."""
    plan = ExchangePlan(scenario="volmageddon-2018", start=parse_instant(start))
    exchange = open_exchange(plan, session_table, MemoryStore())
    slots = list(slots_after(exchange.venue.now, _sessions(exchange)))
    async with (
        open_server(exchange.venue, exchange.store) as server,
        connected(server.port) as ib,
    ):
        for instrument in islice(_instruments(exchange), LINES):
            (contract,) = await ib.qualifyContractsAsync(
                ib_insync.Contract(conId=instrument.con_id)
            )
            ib.reqMktData(contract)
        for slot in slots:
            await server.advance(slot.due_at)
            await ib.reqCurrentTimeAsync()
    return len({slot.session.date for slot in slots})


def _sessions(exchange: Exchange) -> list[Session]:
    last = exchange.scenario.last_session
    return [s for s in exchange.sessions.sessions if s.date <= last]


def _instruments(exchange: Exchange) -> Iterable[Product]:
    """Yield what is held, the indices and futures, then VIX options of the farthest months."""
    reference = exchange.market.reference
    day = exchange.venue.now.astimezone(NEW_YORK).date()
    found = [listing.instrument for listing in reference.find(Query(symbol="VIX"), day)]
    yield from (reference.instrument(held.con_id) for held in exchange.books.positions())
    yield from (each for each in found if not isinstance(each, Option))
    yield from (each for each in reversed(found) if isinstance(each, Option))


if __name__ == "__main__":
    played = asyncio.run(play(sys.argv[1] if len(sys.argv) > 1 else ""))
    sys.stdout.write(json.dumps({"sessions": played}) + "\n")
