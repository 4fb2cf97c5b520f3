"""The paper exchange and the bot as processes of their own, and what each of them kept."""

import contextlib
import json
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import orjson

from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.app.ports import JournalError
from bot.domain.events import OrderIntended, StoredEvent
from bot.exchange.store import FileStore, Identity
from bot.exchange.venue.orders import BookedOrder
from bot.exchange.venue.records import Execution, FillBooked, OrderBooked, Record
from tests.support.processes import Process, alvh, run, running

SCENARIO = "volmageddon-2018"
SPEED = 60

EventT = TypeVar("EventT")


def settings_file(
    folder: Path, port: int, policy: Path | None = None, **groups: dict[str, object]
) -> Path:
    """Write a settings file of mode sim; the keys of `groups` stand above those written here."""
    tables: dict[str, dict[str, object]] = {
        "broker": {"port": port, "timeout_seconds": 30.0},
        "exchange": {"scenario": SCENARIO, "speed": SPEED},
        "log": {"file": str(folder / "bot.log")},
    }
    for name, group in groups.items():
        tables[name] = tables.get(name, {}) | group
    lines = [f"journal = {json.dumps(str(folder / 'j.sqlite'))}"]
    if policy is not None:
        lines.append(f"policy = {json.dumps(str(policy))}")
    for name, table in tables.items():
        lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
    path = folder / "sim.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


class Market:
    """A paper exchange that can be killed and started again on the same port and state."""

    def __init__(self, folder: Path, *options: object, speed: float = SPEED) -> None:
        self._folder = folder
        self._options = (*options, "--speed", speed)
        self.state = folder / "exchange.state"
        self.port = 0
        self.process: Process | None = None

    def start(self, *begin: object) -> None:
        """Start it; `begin` are options for the first start only, such as `--from`."""
        command = alvh(
            "exchange", *self._options, *begin, "--state", self.state, "--port", self.port
        )
        self.process = process = Process(command, self._folder)
        line = process.until(lambda: process.out.partition("\n")[0], "the exchange listens")
        self.port = int(line.removeprefix("listening on ").split()[0].rpartition(":")[2])

    def kill(self) -> None:
        """End it without warning."""
        if self.process is not None:
            self.process.kill()

    def records(self, account: str = "") -> list[Record]:
        """Read what it kept, as it was kept; only while no exchange runs on it."""
        identity = Identity(scenario=SCENARIO, seed=1, account=account)
        with FileStore(self.state, identity) as store:
            return list(store.replay())

    def ledger(self, account: str = "") -> "Ledger":
        """Read orders and executions of it; only while no exchange runs on it."""
        return Ledger(self.records(account))


class Ledger:
    """Orders and executions as the exchange kept them."""

    def __init__(self, records: Collection[object]) -> None:
        self.orders: dict[int, BookedOrder] = {}
        self.executions: list[Execution] = []
        for record in records:
            if isinstance(record, OrderBooked | FillBooked):
                self.orders[record.order.perm_id] = record.order
            if isinstance(record, FillBooked):
                self.executions.extend(record.trades)

    @property
    def references(self) -> list[str]:
        """The reference of each order, once for every order that carries it."""
        return sorted(order.order_ref for order in self.orders.values())


@contextlib.contextmanager
def exchange(folder: Path, *options: object, begin: str, speed: float = SPEED) -> Iterator[Market]:
    """Run a paper exchange from a New York time on."""
    market = Market(folder, *options, speed=speed)
    try:
        market.start("--from", begin)
        yield market
    finally:
        market.kill()


@contextlib.contextmanager
def service(config: Path) -> Iterator[Process]:
    """Run the service."""
    with running(alvh("run", "--config", config), config.parent) as process:
        yield process


def stored(journal: Path, *kinds: str) -> list[StoredEvent]:
    """Return the stored events of these kinds, none while there is no journal."""
    try:
        return list(ReadOnlyJournal(journal).events(kinds=kinds))
    except JournalError:
        return []


def told(journal: Path, kind: type[EventT]) -> list[EventT]:
    """Return the events of one class."""
    return [one.event for one in stored(journal) if isinstance(one.event, kind)]


def intents(journal: Path) -> list[str]:
    """Return the id of each intent, in order."""
    return [event.intent.intent_id for event in told(journal, OrderIntended)]


def decided_after(journal: Path, count: int) -> bool:
    """Tell whether more than `count` decisions are stored."""
    return len(stored(journal, "decision_made")) > count


def status(journal: Path, folder: Path) -> dict[str, Any]:
    """Ask a running bot."""
    ended = run("status", "--json", "--journal", journal, folder=folder)
    assert ended.code == 0, ended.err
    answer: dict[str, Any] = orjson.loads(ended.out)
    return answer


def proof(journal: Path, folder: Path) -> dict[str, Any]:
    """Verify a journal that nobody writes, and return what was found."""
    ended = run("decisions", "verify", "--json", "--journal", journal, folder=folder)
    assert ended.code == 0, ended.err
    answer: dict[str, Any] = orjson.loads(ended.out)
    return answer


def moment(text: str) -> datetime:
    """Read a time of an answer."""
    return datetime.fromisoformat(text)
