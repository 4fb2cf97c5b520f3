"""Everything a decision may look at, frozen.

The snapshot and the book change with every cycle and are stored whole; history, calendars, the
universe and the policy are content-addressed blobs, stored once and named by hash, so that a
decision record stays small and can still be re-run.
"""

from datetime import datetime
from enum import StrEnum

from bot.domain.account import Account, Position
from bot.domain.book import Book
from bot.domain.calendar import EventCalendar
from bot.domain.canonical import ContentHash
from bot.domain.history import History
from bot.domain.instruments import ConId, Universe
from bot.domain.policy import Policy
from bot.domain.quotes import Quote
from bot.domain.sessions import Session, SessionTable
from bot.domain.value import Value


class EvaluationKind(StrEnum):
    """An intraday evaluation may trade; the one at the official close may not."""

    INTRADAY = "intraday"
    CLOSE = "close"


class Farm(StrEnum):
    """The state of the broker's market data farms."""

    OK = "ok"
    DOWN = "down"
    UNKNOWN = "unknown"


class Snapshot(Value):
    """The market and the account at one moment; `silent` are lines that have said nothing yet."""

    now: datetime
    kind: EvaluationKind
    session: Session
    farm: Farm
    quotes: tuple[Quote, ...]
    positions: tuple[Position, ...]
    account: Account
    silent: tuple[ConId, ...] = ()

    def quote(self, con_id: ConId) -> Quote | None:
        """Return the quote of `con_id`, None when its line says nothing."""
        return next((quote for quote in self.quotes if quote.con_id == con_id), None)


class InputBlobs(Value):
    """The hashes of the slow parts of an input."""

    history: ContentHash
    calendar: ContentHash
    sessions: ContentHash
    universe: ContentHash
    policy: ContentHash


class Inputs(Value):
    """One evaluation's whole input; `blobs` names its slow parts in the journal."""

    snapshot: Snapshot
    book: Book
    history: History
    calendar: EventCalendar
    sessions: SessionTable
    universe: Universe
    policy: Policy
    blobs: InputBlobs
