"""Freezes what the broker streams into the inputs of one evaluation.

The streamed quotes live in the adapter; here one moment of them is taken, with the account and the
positions read in the same cycle, and joined with the slow parts. What is frozen is exactly what is
journalled, so a decision can be re-run from it.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from bot.app.blobs import BlobStore
from bot.app.history import HistoryKeeper
from bot.app.lines import Lines, budget
from bot.app.ports import Broker
from bot.app.universe import Listings, UniverseFinder
from bot.domain.account import Account, Position
from bot.domain.book import Book
from bot.domain.calendar import EventCalendar
from bot.domain.history import History
from bot.domain.inputs import EvaluationKind, InputBlobs, Inputs, Snapshot
from bot.domain.instruments import ConId, Contract, Instrument, Other
from bot.domain.policy import Policy
from bot.domain.sessions import Session, SessionTable
from bot.domain.value import Value
from bot.strategy.candidates import needed_calls

WATCH_ROUNDS = 3
"""Futures must be heard before strikes can be chosen, and quotes before the choice is good."""


class SlowParts(Value):
    """What does not change from cycle to cycle."""

    sessions: SessionTable
    calendar: EventCalendar
    policy: Policy
    max_lines: int


class Known(Value):
    """What was read in the morning of the session `day`."""

    day: date
    listings: Listings
    history: History


class Market:
    """The bot's view of one broker's market."""

    def __init__(self, broker: Broker, blobs: BlobStore, slow: SlowParts) -> None:
        self._broker = broker
        self._blobs = blobs
        self._slow = slow
        self._finder = UniverseFinder(broker, slow.policy.ladder)
        self._keeper = HistoryKeeper(broker, slow.sessions)
        self._known: Known | None = None
        self._positions: tuple[Position, ...] = ()
        self.lines = Lines(watched=())

    @property
    def known(self) -> Known:
        """Listings and history; raises `RuntimeError` before the first `refresh`."""
        if self._known is None:
            raise RuntimeError("the market was used before its listings were read")
        return self._known

    def contract(self, con_id: ConId) -> Contract | None:
        """Return a listed contract, None for another one and before the first `refresh`."""
        return self._known.listings.universe.by_id().get(con_id) if self._known else None

    async def refresh(self, now: datetime, session: Session, book: Book) -> None:
        """Read positions, listings and the history before `session`, and stream what is needed."""
        self._positions = await self._broker.positions()
        listed = await self._finder.find(now, [p.con_id for p in self._positions])
        history = await self._keeper.assemble(session.date, listed)
        self._known = Known(day=session.date, listings=listed, history=history)
        account = await self._broker.account()
        for _ in range(WATCH_ROUNDS):
            seen = self._seen(account, EvaluationKind.CLOSE, session, now)
            if not await self._watch(seen, book):
                return
            await self._broker.current_time()

    def forget_lines(self) -> None:
        """Forget which lines are watched: the connection that carried them is gone."""
        self.lines = Lines(watched=())

    async def freeze(
        self,
        moment: Callable[[], datetime],
        kind: EvaluationKind,
        session: Session,
        book: Callable[[], Book],
    ) -> Inputs:
        """Take the inputs of one evaluation; `moment` and `book` are asked when all is read.

        Raises:
            BrokerError: account or positions could not be read.
        """
        account = await self._broker.account()
        self._positions = await self._broker.positions()
        if self._is_outdated(session):
            await self.refresh(moment(), session, book())
        seen = self._seen(account, kind, session, moment())
        if await self._watch(seen, book()):
            await self._broker.current_time()
            seen = self._seen(account, kind, session, moment())
        return self._joined(seen, book())

    def _is_outdated(self, session: Session) -> bool:
        """Tell whether the morning's reading was missed, or a position is not among it."""
        known = self.known
        held = {position.con_id for position in self._positions}
        return known.day != session.date or not held <= known.listings.universe.by_id().keys()

    def _seen(
        self, account: Account, kind: EvaluationKind, session: Session, now: datetime
    ) -> Snapshot:
        quotes = self._broker.quotes()
        heard = {quote.con_id for quote in quotes}
        return Snapshot(
            now=now,
            kind=kind,
            session=session,
            farm=self._broker.farm(),
            quotes=quotes,
            positions=self._positions,
            account=account,
            silent=tuple(sorted(set(self.lines.watched) - heard)),
        )

    async def _watch(self, seen: Snapshot, book: Book) -> bool:
        """Stream what a decision needs now, within the budget; tell whether lines changed."""
        instruments = _readable(self.known.listings.universe.by_id())
        wanted = (con_id for group in self._groups(seen, book) for con_id in group)
        lines = budget([[c for c in wanted if c in instruments]], self._slow.max_lines)
        changed = set(lines.watched) != set(self.lines.watched)
        self.lines = lines
        # Said every time: the broker port starts again the lines that an outage has ended.
        await self._broker.watch([instruments[con_id] for con_id in lines.watched])
        return changed

    def _groups(self, seen: Snapshot, book: Book) -> Iterable[Iterable[ConId]]:
        """Yield the contracts to stream, the most needed group first."""
        universe = self.known.listings.universe
        yield (lot.con_id for lot in book.lots)
        yield (con_id for order in book.live_orders() for con_id in order.intent.con_ids)
        yield (self.known.listings.vix.con_id, self.known.listings.spx.con_id)
        yield (f.con_id for f in universe.futures("VIX", "VX") if f.settlement > seen.now)
        yield (position.con_id for position in self._positions)
        yield (index.con_id for index in self.known.listings.sisters)
        yield needed_calls(seen, universe, self._slow.policy, self.lines.watched).con_ids

    def _joined(self, snapshot: Snapshot, book: Book) -> Inputs:
        slow, known = self._slow, self.known
        universe = known.listings.universe
        return Inputs(
            snapshot=snapshot,
            book=book,
            history=known.history,
            calendar=slow.calendar,
            sessions=slow.sessions,
            universe=universe,
            policy=slow.policy,
            blobs=InputBlobs(
                history=self._blobs.keep(known.history),
                calendar=self._blobs.keep(slow.calendar),
                sessions=self._blobs.keep(slow.sessions),
                universe=self._blobs.keep(universe),
                policy=self._blobs.keep(slow.policy),
            ),
        )


def _readable(contracts: Mapping[ConId, Contract]) -> dict[ConId, Instrument]:
    """Return the contracts worth a line: not those the bot has no business with."""
    return {c.con_id: c for c in contracts.values() if not isinstance(c, Other)}
