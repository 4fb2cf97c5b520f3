"""The bare library as a process of its own that takes in a flood of market data.

`python -m tests.bench.flood_client PORT MESSAGES` says `ready` when it is connected, and at the end
how many messages it heard within how many seconds from the first to the last of them.
"""

import asyncio
import sys
from time import perf_counter
from typing import Any

import ib_insync

from tests.bench.exchange_host import LINES, say


class Clock:
    """Notes when the first data and the closing time arrived."""

    def __init__(self, ib: ib_insync.IB) -> None:
        self.began: float | None = None
        self.ended = asyncio.Event()
        self.seconds = 0.0
        vars(ib.wrapper)["currentTime"] = self._end
        vars(ib.client)["_tcpDataArrived"] = self._arrived

    def _arrived(self) -> None:
        if self.began is None:
            self.began = perf_counter()

    def _end(self, _time: Any) -> None:
        assert self.began is not None
        self.seconds = perf_counter() - self.began
        self.ended.set()


async def listen(port: int) -> None:
    """Connect, open the lines on this side only, and wait for the end."""
    ib = ib_insync.IB()
    await ib.client.connectAsync("127.0.0.1", port, 1, 10)
    for request_id in range(1, LINES + 1):
        contract = ib_insync.Contract(conId=request_id)
        ib.wrapper.startTicker(request_id, contract, "mktData")
    await asyncio.sleep(0.5)
    clock = Clock(ib)
    before = ib.client._numMsgRecv
    say(ready=True)
    await clock.ended.wait()
    say(received=ib.client._numMsgRecv - before - 1, seconds=clock.seconds)


if __name__ == "__main__":
    asyncio.run(listen(int(sys.argv[1])))
