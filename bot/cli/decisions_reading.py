"""What the `decisions` commands share: opening a journal, finding the decision that is meant."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar

import msgspec
import typer

from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.adapters.journal.rows import Span
from bot.app.ports import JournalError
from bot.cli.output import ExitCode, complain, stop
from bot.domain.canonical import ContentHash
from bot.domain.decision import Decision, DecisionId
from bot.domain.events import DecisionMade, InputsTaken, StoredEvent
from bot.domain.instruments import Universe
from bot.domain.policy import Policy
from bot.review.following import ORDER_KINDS, follow, later_orders
from bot.review.wording import Telling

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON value on one line.")]
IdArgument = Annotated[
    str | None,
    typer.Argument(help="A decision's id, its beginning, or `last`.", show_default=False),
]
StageOption = Annotated[
    int | None,
    typer.Option("--stage", min=1, max=3, help="The first decision that entered this stage."),
]

EVERYTHING = Span()

_MINUTE_FIRST = re.compile(r"(\d{8}T\d{4})-")
"""How the id of a decision begins: with the UTC minute of its inputs."""

BlobT = TypeVar("BlobT", Universe, Policy)


class Made(NamedTuple):
    """A decision with its place in the journal."""

    stored: StoredEvent
    made: DecisionMade

    @property
    def decision(self) -> Decision:
        """The decision itself."""
        return self.made.decision


@contextmanager
def reading(path: Path) -> Iterator[ReadOnlyJournal]:
    """Open the journal, or end the command: 2 when there is none, 5 when it cannot be read."""
    try:
        opened = ReadOnlyJournal(path)
    except JournalError as error:
        stop(ExitCode.WRONG_USE, str(error))
    try:
        yield opened
    except JournalError as error:
        stop(ExitCode.VERIFICATION_FAILED, f"{error}; `decisions verify` names what is broken")


def made_decisions(
    opened: ReadOnlyJournal, span: Span = EVERYTHING, *, newest_first: bool = False
) -> Iterator[Made]:
    """Yield the decisions of a span."""
    made = span._replace(kinds=["decision_made"])
    for stored in opened.select(made, newest_first=newest_first):
        if isinstance(stored.event, DecisionMade):
            yield Made(stored, stored.event)


def chosen(opened: ReadOnlyJournal, decision_id: str | None, stage: int | None = None) -> Made:
    """Return the one decision that is named, or end the command."""
    if (decision_id is None) == (stage is None):
        stop(
            ExitCode.WRONG_USE, "name one decision: an id, the beginning of one, `last` or --stage"
        )
    if stage is not None:
        return _first_of_stage(opened, stage)
    if decision_id == "last":
        found = next(made_decisions(opened, newest_first=True), None)
        return found or stop(ExitCode.WRONG_USE, "the journal holds no decision yet")
    return _by_prefix(opened, str(decision_id))


def _first_of_stage(opened: ReadOnlyJournal, stage: int) -> Made:
    entered = (one for one in made_decisions(opened) if stage in one.decision.entered)
    return next(entered, None) or stop(ExitCode.WRONG_USE, f"no decision entered stage {stage}")


def _by_prefix(opened: ReadOnlyJournal, prefix: str) -> Made:
    where = _minute_of(prefix)._replace(decision=prefix)
    # a record that cannot be read names nothing: only reading them all comes upon it
    found = _beginning_with(prefix, opened, where) or _beginning_with(prefix, opened, EVERYTHING)
    if not found:
        stop(ExitCode.WRONG_USE, f"no decision's id begins with {prefix!r}")
    if len(found) > 1 and prefix not in found:
        some = ", ".join(list(found)[:3])
        stop(ExitCode.WRONG_USE, f"{len(found)} decisions begin with {prefix!r}: {some}, …")
    return next(one for key, one in found.items() if len(found) == 1 or key == prefix)


def _beginning_with(prefix: str, opened: ReadOnlyJournal, span: Span) -> dict[DecisionId, Made]:
    return {
        one.decision.decision_id: one
        for one in made_decisions(opened, span)
        if one.decision.decision_id.startswith(prefix)
    }


def _minute_of(prefix: str) -> Span:
    """Return the minute a whole id tells of, so that no other body is looked into."""
    told = _MINUTE_FIRST.match(prefix)
    try:
        minute = told and datetime.strptime(f"{told[1]}+0000", "%Y%m%dT%H%M%z")
    except ValueError:
        minute = None
    if minute is None:
        return Span()
    return Span(since=minute, until=minute + timedelta(minutes=1))


def inputs_of(opened: ReadOnlyJournal, one: Made) -> InputsTaken | None:
    """Return the inputs stored with a decision, None where there are none."""
    at, key = one.stored.at, one.decision.decision_id
    span = Span(up_to=one.stored.sequence, kinds=["inputs_taken"], since=at, until=at, decision=key)
    for stored in opened.select(span, newest_first=True):
        if isinstance(stored.event, InputsTaken) and stored.event.decision_id == key:
            return stored.event
    return None


def telling_of(opened: ReadOnlyJournal, one: Made) -> Telling:
    """Return all that is stored for telling one decision."""
    taken = inputs_of(opened, one)
    after = opened.events(one.stored.sequence, ORDER_KINDS)
    events = tuple(stored.event for stored in after)
    later = (other.decision for other in made_decisions(opened, Span(after=one.stored.sequence)))
    universe = _blob(opened, taken.blobs.universe, Universe) if taken else None
    return Telling(
        decision=one.decision,
        orders=follow(one.decision, events),
        later=later_orders(one.decision, later, events),
        instruments=universe.by_id() if universe else {},
        policy=_blob(opened, taken.blobs.policy, Policy) if taken else None,
    )


def _blob(opened: ReadOnlyJournal, key: ContentHash, kind: type[BlobT]) -> BlobT | None:
    """Return a stored value, None where it is missing: names and thresholds then stay unsaid."""
    try:
        return msgspec.json.decode(opened.blob(key), type=kind)
    except (KeyError, msgspec.MsgspecError) as error:
        complain(f"{kind.__name__.lower()} {key[:12]} is not readable: {error}")
        return None
