"""A journal that is published to an MQTT broker: the real parts, without the bot around them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.adapters.journal.store import Journal
from bot.adapters.mqtt.bookmark import Bookmark
from bot.adapters.mqtt.client_library import Address
from bot.adapters.mqtt.messages import PUBLISHED_KINDS
from bot.adapters.mqtt.publisher import Plan, Publisher, publishing
from bot.app.status import PublishingState
from bot.domain.decision import GENESIS
from bot.domain.events import JournalEvent, StoredEvent
from tests.support import story
from tests.support.ib_client import until

PREFIX = "alvh"
SHORT_SECONDS = 0.02

Sleep = Callable[[float], Awaitable[None]]


def address(port: int, **more: Any) -> Address:
    """Return the address of a broker on this host; `more` are other fields of it."""
    plain = Address(host="127.0.0.1", port=port, client_id="", keepalive_seconds=30)
    return replace(plain, **more)


def stored(event: JournalEvent, sequence: int = 1) -> StoredEvent:
    """Return an event as if a journal held it."""
    return StoredEvent(
        sequence=sequence,
        at=story.STRESS,
        kind=str(event.__struct_config__.tag),
        event=event,
        previous=GENESIS,
        hash=GENESIS,
    )


async def soon(_seconds: float) -> None:
    """Wait for another try no longer than a test likes."""
    await asyncio.sleep(SHORT_SECONDS)


@dataclass(frozen=True)
class Rig:
    """One journal and its publisher."""

    journal: Journal
    publisher: Publisher
    path: Path

    def tell(self) -> None:
        """Write the whole story of a day."""
        story.tell(self.journal)

    def stored(self) -> list[StoredEvent]:
        """Return what is to be published of the journal."""
        return [one for one in self.journal.events() if one.kind in PUBLISHED_KINDS]

    async def connected(self) -> None:
        """Wait until the broker has taken us."""
        await until(lambda: self.publisher.condition().state is PublishingState.CONNECTED)

    async def done(self) -> None:
        """Wait until everything stored is acknowledged."""
        await until(lambda: _is_done(self.publisher))


def _is_done(publisher: Publisher) -> bool:
    condition = publisher.condition()
    return condition.acknowledged == condition.newest > 0


@contextlib.asynccontextmanager
async def published(
    path: Path, to: Address, *, outbox: int = 1000, sleep: Sleep = soon
) -> AsyncIterator[Rig]:
    """Publish a journal while the block runs."""
    with Journal.open(path) as journal:
        plan = Plan(address=to, prefix=PREFIX, outbox=outbox)
        publisher = Publisher(plan, ReadOnlyJournal(path), Bookmark.beside(path), sleep)
        journal.add_reader(publisher.read)
        async with publishing(publisher):
            yield Rig(journal, publisher, path)
