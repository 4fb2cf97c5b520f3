"""The exchange with a state file, as a process of its own, to be killed by tests.

`python -m tests.support.exchange_process STATE SPEED` prints its port and serves until it dies.
"""

import asyncio
import sys
from pathlib import Path

from bot.exchange.assembly import ExchangePlan, open_exchange
from bot.exchange.server import open_server
from bot.exchange.store import FileStore, Identity
from tests.support.session_tables import index_option_sessions


async def serve(path: Path, speed: float) -> None:
    """Serve the exchange kept in `path`."""
    plan = ExchangePlan()
    identity = Identity(scenario=plan.scenario, seed=plan.seed, account=plan.account)
    with FileStore(path, identity) as store:
        exchange = open_exchange(plan, index_option_sessions, store)
        async with open_server(exchange.venue, exchange.store) as server:
            sys.stdout.write(f"{server.port}\n")
            sys.stdout.flush()
            await server.run_clock(exchange.running_clock(speed))


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), float(sys.argv[2])))
