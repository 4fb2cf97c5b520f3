"""How many messages a second the exchange serves one client, beside what that client can take."""

from collections.abc import Iterable

from tests.bench.processes import talking
from tests.bench.settings import Settings
from tests.bench.table import Row, middle

BATCH = 200
TURNS = 3
_PER_DECISION = 200
"""Messages of this benchmark for each decision of the first, which sets how long a run is."""


def measure(settings: Settings) -> Iterable[Row]:
    """Yield the rates with many messages per packet and with one."""
    count = settings.decisions * _PER_DECISION
    for label, per_write in ((f"{BATCH} messages a write", BATCH), ("one message a write", 1)):
        turns = [
            (_rate("exchange", per_write, count), _rate("replay", per_write, count))
            for _ in range(TURNS)
        ]
        served, ceiling = middle(one for one, _ in turns), middle(one for _, one in turns)
        yield Row(
            f"messages a second to one bare ib_insync, {label} (aim 0.7)",
            f"{served:,.0f}",
            f"{ceiling:,.0f}, the same bytes from a bare server",
            served / ceiling,
        )


def _rate(kind: str, per_write: int, count: int) -> float:
    with talking("tests.bench.flood", kind, per_write, count) as server:
        port = server.heard()["port"]
        with talking("tests.bench.flood_client", port) as client:
            client.heard()
            server.tell()
            told = client.heard()
        server.tell()
    if told["received"] != count:
        raise ValueError(f"{count - told['received']} of {count} messages were lost")
    return float(count / told["seconds"])
