"""Freezes what the broker streams into the inputs of one evaluation.

The streamed quotes live in the adapter; here one moment of them is taken, with the account and the
positions read in the same cycle, and joined with the slow parts. What is frozen is exactly what is
journalled, so a decision can be re-run from it.
"""

from collections.abc import Iterable
from datetime import date, datetime

from bot.app.blobs import BlobStore
from bot.app.history import HistoryKeeper
from bot.app.lines import Lines, budget
from bot.app.ports import Broker
from bot.app.universe import Listings, UniverseFinder
from bot.domain.book import Book
from bot.domain.calendar import EventCalendar
from bot.domain.history import History
from bot.domain.inputs import EvaluationKind, InputBlobs, Inputs, Snapshot
from bot.domain.instruments import ConId, Instrument
from bot.domain.policy import Policy
from bot.domain.sessions import Session, SessionTable
from bot.domain.value import Value
from bot.strategy.candidates import needed_calls

VX_MONTHS_WATCHED = 4


class SlowParts(Value):
    """What does not change from cycle to cycle."""

    sessions: SessionTable
    calendar: EventCalendar
    policy: Policy
    max_lines: int


class Market:
    """The bot's view of one broker's market."""

    def __init__(self, broker: Broker, blobs: BlobStore, slow: SlowParts) -> None:
        self._broker = broker
        self._blobs = blobs
        self._slow = slow
        self._finder = UniverseFinder(broker, slow.policy.ladder)
        self._keeper = HistoryKeeper(broker, slow.sessions)
        self._listings: Listings | None = None
        self._history: History | None = None
        self.lines = Lines(watched=())

    @property
    def listings(self) -> Listings:
        """What the broker lists; raises `RuntimeError` before the first `refresh`."""
        if self._listings is None:
            raise RuntimeError("the market was used before its listings were read")
        return self._listings

    async def refresh(self, now: datetime, day: date) -> None:
        """Read the listings and the history up to the session before `day`."""
        held = [position.con_id for position in await self._broker.positions()]
        self._listings = await self._finder.find(now, held)
        listed = self._listings
        self._history = await self._keeper.assemble(day, listed.vix, listed.spx, listed.futures)

    async def watch(self, now: datetime, book: Book) -> None:
        """Stream what a decision needs now, the most needed first, within the budget."""
        known = self.listings.universe.by_id()
        positions = [p.con_id for p in await self._broker.positions()]
        groups: list[Iterable[ConId]] = [
            [lot.con_id for lot in book.lots],
            [order.intent.con_id for order in book.live_orders()],
            [self.listings.vix.con_id, self.listings.spx.con_id],
            self._futures(now),
            [con_id for con_id in positions if con_id in known],
            self._candidates(now, book),
        ]
        self.lines = budget(groups, self._slow.max_lines)
        await self._broker.watch([known[c] for c in self.lines.watched if c in known])

    async def freeze(
        self, now: datetime, kind: EvaluationKind, session: Session, book: Book
    ) -> Inputs:
        """Take the inputs of one evaluation at `now`.

        Raises:
            BrokerError: account or positions could not be read.
        """
        account = await self._broker.account()
        positions = await self._broker.positions()
        if self._history is None:
            raise RuntimeError("the market was used before its history was read")
        unknown = {p.con_id for p in positions} - self.listings.universe.by_id().keys()
        if unknown:
            await self.refresh(now, session.date)
        snapshot = Snapshot(
            now=now,
            kind=kind,
            session=session,
            farm=self._broker.farm(),
            quotes=self._broker.quotes(),
            positions=positions,
            account=account,
        )
        return self._joined(snapshot, book, self._history)

    def instrument(self, con_id: ConId) -> Instrument | None:
        """Return a known instrument."""
        return self.listings.universe.by_id().get(con_id)

    def _joined(self, snapshot: Snapshot, book: Book, history: History) -> Inputs:
        slow, universe = self._slow, self.listings.universe
        return Inputs(
            snapshot=snapshot,
            book=book,
            history=history,
            calendar=slow.calendar,
            sessions=slow.sessions,
            universe=universe,
            policy=slow.policy,
            blobs=InputBlobs(
                history=self._blobs.keep(history),
                calendar=self._blobs.keep(slow.calendar),
                sessions=self._blobs.keep(slow.sessions),
                universe=self._blobs.keep(universe),
                policy=self._blobs.keep(slow.policy),
            ),
        )
