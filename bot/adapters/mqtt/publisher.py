"""The task that publishes the journal, event by event and in order.

`read` is the journal's reader and only puts an event into the outbox: the cycle never waits for
MQTT. The task keeps one connection, publishes one event at a time and goes on when the broker has
acknowledged it, so that no outage can change their order. When the connection ends it connects
again, after waits that grow and are jittered, and goes on behind the last acknowledged event; what
was on its way then is published again, marked so. What is not in the outbox any more is read from
the journal. Whatever goes wrong here is logged and shown in the status, and never ends the bot.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import islice
from random import SystemRandom

from bot.adapters.mqtt.bookmark import Bookmark, BookmarkError, Mark, Past
from bot.adapters.mqtt.client_library import Address, Link, LinkError, Retained, connected
from bot.adapters.mqtt.messages import (
    OFFLINE,
    ONLINE,
    PUBLISHED_KINDS,
    leaf_of,
    payload_of,
    topic_of,
)
from bot.adapters.mqtt.outbox import Outbox
from bot.adapters.mqtt.state import ALL_OF_KINDS, NEWEST_OF_KINDS, State, folded, taken_up
from bot.app.status import Publishing, PublishingState
from bot.app.tasks import beside
from bot.app.waits import growing_waits
from bot.domain.account import AccountId
from bot.domain.canonical import canonical
from bot.domain.events import AccountProved, StoredEvent

FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0
FAREWELL_SECONDS = 3.0
"""How long the end of a run may wait until its last events are acknowledged."""
BATCH = 100
"""Events taken at once, and acknowledged at most before the bookmark follows."""

_CHANCE = SystemRandom().random
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Where to publish to. An empty client id becomes one of the account."""

    address: Address
    prefix: str
    outbox: int


class Publisher:
    """Publishes one journal to one broker."""

    def __init__(
        self,
        plan: Plan,
        past: Past,
        bookmark: Bookmark,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = _CHANCE,
    ) -> None:
        """Take up where the bookmark says; the journal must exist and nobody have written since."""
        self._plan = plan
        self._past = past
        self._bookmark = bookmark
        self._sleep = sleep
        self._chance = chance
        self._mark, self._repeat_until, remark = bookmark.start(past)
        if remark:
            _log.warning("%s", remark)
        self._written = self._mark
        self._reached = self._mark.sequence
        self._outbox = Outbox(plan.outbox, past.length())
        self._record = taken_up(_kept(past))
        self._told: State | None = None
        self._account = asyncio.Event()
        self._account_id = self._record.account_id
        if self._account_id is not None:
            self._account.set()
        self._news = asyncio.Event()
        self._gone = asyncio.Event()
        self._leaving = False
        self._state = PublishingState.WAITING
        self._trouble = ""
        self._connections = 0

    # -- for the bot

    def read(self, stored: StoredEvent) -> None:
        """Take note of an event: give this to the journal as a reader."""
        self._outbox.add(stored)
        if isinstance(stored.event, AccountProved):
            self._account_id = stored.event.account_id
            self._account.set()
        self._news.set()

    def condition(self) -> Publishing:
        """Return how it stands, for the status."""
        is_done = self._reached >= self._outbox.newest
        return Publishing(
            state=self._state,
            broker=str(self._plan.address),
            acknowledged=self._outbox.newest if is_done else self._reached,
            newest=self._outbox.newest,
            reconnects=max(self._connections - 1, 0),
            overflowed=self._outbox.overflowed,
            trouble=self._trouble,
        )

    async def run(self) -> None:
        """Publish for ever; after `leave` nothing more is done."""
        await self._account.wait()
        waits = growing_waits(FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS)
        while not self._gone.is_set():
            connections = self._connections
            try:
                await self._converse()
            except LinkError as error:
                self._complain(str(error))
            except Exception as error:  # noqa: BLE001 - whatever it is, the bot goes on
                self._complain(f"{type(error).__name__}: {error}", error)
            if self._connections > connections:
                waits = growing_waits(FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS)
            if not self._gone.is_set():
                await self._sleep(next(waits) * (0.5 + 0.5 * self._chance()))
        await asyncio.Event().wait()

    async def leave(self, limit_seconds: float = FAREWELL_SECONDS) -> None:
        """Publish what is left, say that the bot is offline, and disconnect, within a time."""
        self._leaving = True
        self._news.set()
        if not self._account.is_set() or self._trouble:
            return
        try:
            async with asyncio.timeout(limit_seconds):
                await self._gone.wait()
        except TimeoutError:
            _log.warning("MQTT: not everything was acknowledged before the end")

    # -- one connection

    async def _converse(self) -> None:
        address, account = self._address(), self._known_account()
        availability = topic_of(self._plan.prefix, account, "availability")
        said_farewell = False
        try:
            async with (
                connected(address, Retained(availability, OFFLINE)) as link,
                beside("MQTT link", link.lost()),
            ):
                await link.publish(availability, ONLINE, retain=True)
                self._connect_well()
                await self._publish_all(link)
                await link.publish(availability, OFFLINE, retain=True)
                said_farewell = True
        finally:
            if said_farewell:
                self._state = PublishingState.ENDED
                self._gone.set()

    async def _publish_all(self, link: Link) -> None:
        """Publish what there is and comes, until asked to leave."""
        while True:
            self._news.clear()
            pending = await self._pending()
            for stored in pending:
                await self._publish(link, stored)
            await self._keep_mark()
            if pending:
                continue
            await self._publish_state(link)
            if self._leaving:
                return
            await self._news.wait()

    async def _pending(self) -> list[StoredEvent]:
        """Return the next events in order, none when all are published."""
        if self._outbox.reaches_back_to(self._reached):
            return self._outbox.first(BATCH)
        floor = self._outbox.floor
        found = await asyncio.to_thread(_next_events, self._past, self._reached)
        if not found:  # what lies before the outbox is nothing to be published
            self._reached = max(self._reached, floor)
            return self._outbox.first(BATCH)
        return found

    async def _publish(self, link: Link, stored: StoredEvent) -> None:
        leaf = leaf_of(stored.kind)
        topics = self._mark.topics
        payload = payload_of(
            stored, topics.get(leaf, 0), repeat=stored.sequence <= self._repeat_until
        )
        self._repeat_until = max(self._repeat_until, stored.sequence)
        await link.publish(topic_of(self._plan.prefix, self._known_account(), leaf), payload)
        self._mark = Mark(
            sequence=stored.sequence, hash=stored.hash, topics=topics | {leaf: stored.sequence}
        )
        self._reached = stored.sequence
        self._outbox.forget(stored.sequence)
        self._record = folded(self._record, stored)

    async def _publish_state(self, link: Link) -> None:
        state = self._record.state()
        if state is None or state == self._told:
            return
        topic = topic_of(self._plan.prefix, self._known_account(), "state")
        await link.publish(topic, canonical(state), retain=True)
        self._told = state

    async def _keep_mark(self) -> None:
        if self._mark == self._written:
            return
        self._written = self._mark  # if it fails, the next mark is tried, not this one again
        try:
            await asyncio.to_thread(self._bookmark.write, self._mark)
        except BookmarkError as error:
            _log.warning("MQTT: after a restart events will be published again: %s", error)

    # -- what is said of it

    def _connect_well(self) -> None:
        self._connections += 1
        self._state = PublishingState.CONNECTED
        self._told = None  # a broker that was restarted may have forgotten it
        if self._trouble:
            _log.warning("MQTT: publishing to %s again", self._plan.address)
        self._trouble = ""

    def _complain(self, trouble: str, bug: Exception | None = None) -> None:
        self._state = PublishingState.WAITING
        if trouble != self._trouble:
            _log.warning(
                "MQTT: cannot publish to %s, will try again: %s",
                self._plan.address,
                trouble,
                exc_info=bug,
            )
        self._trouble = trouble

    def _address(self) -> Address:
        address = self._plan.address
        return replace(address, client_id=address.client_id or f"alvh-{self._known_account()}")

    def _known_account(self) -> AccountId:
        if self._account_id is None:
            raise RuntimeError("publishing before the account is known")
        return self._account_id


@asynccontextmanager
async def publishing(publisher: Publisher) -> AsyncIterator[None]:
    """Publish for as long as the block, and take leave of the broker after it."""
    async with beside("MQTT", publisher.run()):
        try:
            yield
        finally:
            await publisher.leave()


def _next_events(past: Past, after: int) -> list[StoredEvent]:
    return list(islice(past.events(after=after, kinds=PUBLISHED_KINDS), BATCH))


def _kept(past: Past) -> list[StoredEvent]:
    """Return the events that say what the state was, in order."""
    newest = [
        found
        for kind in NEWEST_OF_KINDS
        for found in islice(past.events(kinds=(kind,), newest_first=True), 1)
    ]
    every = past.events(kinds=ALL_OF_KINDS)
    return sorted([*newest, *every], key=lambda stored: stored.sequence)
