"""What a program did, told by the exchange: its trace, and its executions asked by another client.

Nothing that the program says of itself counts.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec

from bot.exchange.wire.trace import TraceLine
from tests.support.client_library import api
from tests.support.ib_client import connected

OTHER_CLIENT = 90

START, PLACE, CHAIN = "71", "3", "75"
ACCOUNT_REQUESTS = {"6": "account updates", "61": "positions", "62": "account summary"}


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What is proved; `fills` are its option executions, each in words."""

    version: int = 0
    account: tuple[str, ...] = ()
    chains: int = 0
    orders: int = 0
    fills: tuple[str, ...] = ()

    @property
    def faults(self) -> list[str]:
        """What is missing for a program that trades."""
        wanted = {
            "it did not connect": self.version,
            "it did not read the account": self.account,
            "it was told no option chain": self.chains,
            "it placed no order": self.orders,
            "no option order of its was filled": self.fills,
        }
        return [fault for fault, proof in wanted.items() if not proof]


def read_trace(path: Path, client_id: int) -> Evidence:
    """Gather what the trace proves of a client."""
    decoder = msgspec.json.Decoder(TraceLine)
    lines = [decoder.decode(line) for line in path.read_bytes().splitlines()]
    sessions = {line.session: line.version for line in lines if _starts(line, client_id)}
    seen = Counter(
        (line.way, line.fields[0]) for line in lines if line.session in sessions and line.fields
    )
    return Evidence(
        version=max(sessions.values(), default=0),
        account=tuple(name for key, name in ACCOUNT_REQUESTS.items() if seen["in", key]),
        chains=seen["out", CHAIN],
        orders=seen["in", PLACE],
    )


def _starts(line: TraceLine, client_id: int) -> bool:
    return line.way == "in" and line.fields[:1] == (START,) and line.fields[2] == str(client_id)


async def option_fills(port: int, client_id: int) -> tuple[str, ...]:
    """Ask the exchange, as another client, which options a client has bought and sold."""
    async with connected(port, OTHER_CLIENT) as ib:
        fills = await ib.reqExecutionsAsync(api.ExecutionFilter(clientId=client_id))
    return tuple(_words(fills))


def _words(fills: Iterable[api.Fill]) -> Iterable[str]:
    for fill in fills:
        done = fill.execution
        if fill.contract.secType == "OPT":
            yield f"{done.side} {done.shares:g} {fill.contract.localSymbol} at {done.price:g}"
