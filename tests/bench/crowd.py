"""What an exchange costs in memory with twenty clients of a hundred lines each."""

from collections.abc import Iterable

from tests.bench.exchange_host import LINES, MOST_LINES
from tests.bench.processes import talking
from tests.bench.settings import Settings
from tests.bench.table import Row

CLIENTS = MOST_LINES // LINES
_UPDATES = 50


def measure(_settings: Settings) -> Iterable[Row]:
    """Yield the server's memory with all clients beside that with one."""
    one, many = _memory_mb(1), _memory_mb(CLIENTS)
    yield Row(
        f"memory of an exchange with {CLIENTS} clients x {LINES} lines (aim 300 MB)",
        f"{many:.0f} MB",
        f"{one:.0f} MB with one client",
        many / one,
    )


def _memory_mb(clients: int) -> float:
    with talking("tests.bench.exchange_host", _UPDATES) as exchange:
        place = exchange.heard()
        arguments = (place["port"], clients, *place["con_ids"])
        with talking("tests.bench.crowd_clients", *arguments) as crowd:
            crowd.heard()
            exchange.tell()
            exchange.heard()
            exchange.tell()
            told = exchange.heard()
            crowd.tell()
    return float(told["memory_mb"])
