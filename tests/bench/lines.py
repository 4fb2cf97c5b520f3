"""A hundred lines, each updated ten times a second: what the adapter costs, and what it loses."""

from collections.abc import Iterable
from typing import NamedTuple

from tests.bench.exchange_host import LINES, PERIOD_SECONDS
from tests.bench.processes import talking
from tests.bench.settings import Settings
from tests.bench.table import Row


class Heard(NamedTuple):
    """One subscriber's share: messages sent and received, quotes that differ, cost."""

    sent: int
    received: int
    differing: int
    cpu_seconds: float
    seconds: float

    @property
    def core_percent(self) -> float:
        """Processor time over wall time, in per cent of one core."""
        return 100.0 * self.cpu_seconds / self.seconds


def measure(settings: Settings) -> Iterable[Row]:
    """Yield what the bot's adapter loses and costs beside the bare library on the same lines."""
    updates = round(settings.seconds / PERIOD_SECONDS)
    bot, bare = _subscribe("bot", updates), _subscribe("bare", updates)
    label = f"{LINES} lines x 10 updates a second, {bot.seconds:.0f} s"
    yield Row(
        f"{label}: messages lost of {bot.sent:,}",
        str(bot.sent - bot.received),
        f"{bare.sent - bare.received} of {bare.sent:,}, bare ib_insync",
    )
    yield Row(
        f"{label}: lines whose last snapshot is not the exchange's",
        str(bot.differing),
        f"{bare.differing}, bare ib_insync",
    )
    yield Row(
        f"{label}: share of a core (aim 30 %)",
        f"{bot.core_percent:.1f} %",
        f"{bare.core_percent:.1f} %, bare ib_insync",
        bot.core_percent / bare.core_percent,
    )


def _subscribe(kind: str, updates: int) -> Heard:
    with talking("tests.bench.exchange_host", updates) as exchange:
        place = exchange.heard()
        with talking("tests.bench.line_client", kind, place["port"], *place["con_ids"]) as client:
            client.heard()
            exchange.tell()
            seconds = float(exchange.heard()["seconds"])
            client.tell()
            mine = client.heard()
            exchange.tell()
            theirs = exchange.heard()
    differing = [key for key, told in theirs["quotes"].items() if mine["quotes"].get(key) != told]
    return Heard(
        sent=theirs["sent"],
        received=mine["received"],
        differing=len(differing),
        cpu_seconds=mine["cpu_seconds"],
        seconds=seconds,
    )
