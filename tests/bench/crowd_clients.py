"""Many clients with a hundred lines each as a process of its own.

`python -m tests.bench.crowd_clients PORT CLIENTS CON_ID...` says `ready` when all lines are open
and stays until a line comes on standard input. The clients speak the bare protocol, so that
twenty of them cost little beside the exchange.
"""

import asyncio
import sys
from contextlib import AsyncExitStack

from tests.bench.exchange_host import heard, say
from tests.support.raw_client import CURRENT_TIME, RawClient, message, raw_client

TICK_REQUEST_PARAMETERS = "81"
"""The message id that opens a line."""


async def stay(port: int, count: int, con_ids: list[str]) -> None:
    """Connect all clients and read whatever comes."""
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        clients = [await stack.enter_async_context(raw_client(port)) for _ in range(count)]
        for client_id, client in enumerate(clients):
            await subscribe(client, client_id, con_ids)
        readers = [tasks.create_task(drain(client)) for client in clients]
        say(ready=True)
        await heard()
        for reader in readers:
            reader.cancel()


async def subscribe(client: RawClient, client_id: int, con_ids: list[str]) -> None:
    """Open a line for each contract, and wait until the last is served."""
    client.greet(client_id)
    for request_id, con_id in enumerate(con_ids, start=1):
        fields = [request_id, con_id, "", "", "", "", "", "", "", "", "", "", ""]
        client.send(message(1, 11, *fields, 0, "", 0, 0, ""))
    client.send(CURRENT_TIME)
    told = await client.heard_until("49")
    opened = {fields[1] for fields in told if fields[0] == TICK_REQUEST_PARAMETERS}
    if len(opened) != len(con_ids):
        raise ValueError(f"{len(opened)} of {len(con_ids)} lines are open")


async def drain(client: RawClient) -> None:
    """Read for ever."""
    while True:
        await client.heard()


if __name__ == "__main__":
    asyncio.run(stay(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
