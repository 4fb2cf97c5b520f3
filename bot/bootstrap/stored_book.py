"""The book of a journal, and choices written into one, where no bot runs.

A journal holds what the bot knew last: the positions of its last evaluation, and every fill since.
A choice is bookkeeping; it is checked against those positions, and the next start compares with the
broker before it trades: whatever has changed meanwhile is then a break, and locked.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.adapters.journal.store import Journal
from bot.app.adoption import Request, choice_of, told
from bot.app.ports import JournalError
from bot.bootstrap.usage import UsageError
from bot.domain.account import Position
from bot.domain.decision import Decision
from bot.domain.events import DecisionMade, InputsTaken, JournalEvent, StoredEvent
from bot.domain.inputs import Inputs
from bot.domain.rungs import Rung
from bot.domain.state import StrategyState
from bot.domain.value import replace
from bot.execution.adoption import AdoptionRefusedError
from bot.execution.book import book_of
from bot.execution.reconcile import BrokerView
from bot.execution.restore import KINDS, restore
from bot.execution.state import ExecutionState
from bot.review.holding_rows import AdoptAnswer, BookView
from bot.review.holdings import book_view
from bot.review.replay import rebuilt
from bot.review.shelf import RecordError, Shelf
from bot.strategy.adoption import known_counts


class _Stored(NamedTuple):
    """What a journal knew last; `inputs` have the book of now."""

    state: ExecutionState
    inputs: Inputs
    decision: Decision
    memory: StrategyState

    def counts(self) -> dict[Rung, int]:
        """Return the contracts of each rung, as far as they are known."""
        return known_counts(self.decision.ladder, self.memory.scale)

    def view(self) -> BookView:
        """Return the book."""
        return book_view(self.inputs, self.decision, self.memory)


def stored_book(path: Path) -> BookView:
    """Return the book as the journal at `path` knew it last.

    Raises:
        JournalError: there is no journal, or it cannot be read.
        UsageError: it holds no evaluation yet.
    """
    return _read(path).view()


def stored_nobodys(path: Path) -> AdoptAnswer:
    """Return the calls that were nobody's, or ignored, when the journal at `path` was written last.

    Raises:
        JournalError, UsageError: as `stored_book` does.
    """
    return _answer(_read(path))


def choose_in(path: Path, request: Request) -> AdoptAnswer:
    """Write a choice of the user into the journal at `path`, of which no bot is running.

    It is dated to the journal's last moment: a paper exchange's time is not that of this host.

    Raises:
        JournalError: there is no journal, a bot writes to it, or it cannot be read or written.
        UsageError: it holds no evaluation yet, or the choice is refused; nothing is written.
    """
    if not path.is_file():
        raise JournalError(f"there is no journal at {path}")
    with Journal.open(path) as journal:
        stored = _read(path)
        last = next(ReadOnlyJournal(path).events(newest_first=True))
        try:
            choice = choice_of(request, stored.inputs, stored.counts())
            made = choice(stored.state, _last_view(stored), last.at)
        except AdoptionRefusedError as error:
            raise UsageError(str(error)) from error
        journal.append(made.journal, last.at)
    known = len(stored.state.adoptions)
    after = stored._replace(
        state=made.state, inputs=replace(stored.inputs, book=book_of(made.state))
    )
    return _answer(after, told(request, made.state.adoptions[known:], after.inputs))


def _answer(stored: _Stored, done: tuple[str, ...] = ()) -> AdoptAnswer:
    seen = stored.view()
    return AdoptAnswer(done=done, nobodys=seen.nobodys, ignored=seen.ignored)


def _read(path: Path) -> _Stored:
    opened = ReadOnlyJournal(path)
    taken, made = _newest(opened, "inputs_taken"), _newest(opened, "decision_made")
    if not isinstance(taken, InputsTaken) or not isinstance(made, DecisionMade):
        raise UsageError(f"{path} holds no evaluation yet: start the bot first")
    state = restore(opened.events(kinds=KINDS))
    try:
        inputs = rebuilt(taken, Shelf(opened.blob))
    except RecordError as error:
        raise JournalError(f"{path}: {error}") from error
    return _Stored(state, replace(inputs, book=book_of(state)), made.decision, made.state)


def _newest(opened: ReadOnlyJournal, kind: str) -> JournalEvent | None:
    stored: Iterable[StoredEvent] = opened.events(kinds=(kind,), newest_first=True)
    return next((one.event for one in stored), None)


def _last_view(stored: _Stored) -> BrokerView:
    """Return the account as far as the journal knows it; what changed since shows at the start."""
    return BrokerView(
        open_orders=(),
        completed_orders=(),
        executions=(),
        positions=tuple(_positions(stored)),
        instruments=stored.inputs.universe.instruments,
    )


def _positions(stored: _Stored) -> Iterator[Position]:
    """Yield the positions of the last evaluation; those of the rungs as fills have left them."""
    state = stored.state
    of_rungs = {c: state.contracts(c) + state.aside.get(c, 0) for c in state.traded()}
    of_rungs |= {found.con_id: found.brokers for found in state.breaks}
    for position in stored.inputs.snapshot.positions:
        quantity = of_rungs.pop(position.con_id, position.quantity)
        yield replace(position, quantity=quantity)
    for con_id, quantity in of_rungs.items():
        yield Position(con_id=con_id, quantity=quantity, average_cost_usd=Decimal(0))
