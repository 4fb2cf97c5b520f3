"""`alvh decisions`: review what was decided and why, from the journal alone.

Thin: the journal is read by `bot.adapters.journal`, the words are found by `bot.review`; here they
are asked for and printed. Nothing is ever written to the journal.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
import typer

from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.adapters.journal.verify import VerifyReport
from bot.adapters.journal.verify import verify as verify_journal
from bot.app.ports import JournalError
from bot.cli.decision_tables import print_decision, print_passages
from bot.cli.journal import DEFAULT_JOURNAL, JournalOption
from bot.cli.output import ExitCode, complain, console, print_json, say, stop
from bot.domain.canonical import ContentHash
from bot.domain.decision import Decision
from bot.domain.events import DecisionMade, InputsTaken, StoredEvent
from bot.domain.instruments import Universe
from bot.domain.policy import Policy
from bot.review.contrast import contrast
from bot.review.difference import difference
from bot.review.following import ORDER_KINDS, follow, later_orders
from bot.review.lines import event_line, fold, line_of, plain
from bot.review.phrases import short_time
from bot.review.wording import Telling, explain

POLL_SECONDS = 0.5
SHOWN_FINDINGS = 20

app = typer.Typer(help="Review what was decided and why.", no_args_is_help=True)

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON value on one line.")]
IdArgument = Annotated[
    str | None,
    typer.Argument(help="A decision's id, its beginning, or `last`.", show_default=False),
]
StageOption = Annotated[
    int | None,
    typer.Option("--stage", min=1, max=3, help="The first decision that entered this stage."),
]

BlobT = TypeVar("BlobT", Universe, Policy)


class _Made(msgspec.Struct):
    """A decision with its place in the journal."""

    stored: StoredEvent
    made: DecisionMade


@app.command("list")
def list_decisions(
    *,
    journal: JournalOption = DEFAULT_JOURNAL,
    limit: Annotated[int, typer.Option(min=1, help="So many lines, the newest.")] = 40,
    every: Annotated[bool, typer.Option("--all", help="Every decision, nothing folded.")] = False,
    as_json: JsonOption = False,
) -> None:
    """One line a decision, newest last; quiet cycles in a row are one line."""
    with _reading(journal) as opened:
        decisions = (one.made.decision for one in _decisions(opened, newest_first=True))
        found = map(line_of, decisions) if every else islice(fold(decisions), limit)
        lines = list(found)[::-1]
    if as_json:
        print_json(lines)
        return
    for line in lines:
        say(plain(line))
    if not lines:
        say("The journal holds no decision yet.")


@app.command()
def show(
    decision_id: IdArgument = None,
    *,
    journal: JournalOption = DEFAULT_JOURNAL,
    stage: StageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Everything of one decision."""
    with _reading(journal) as opened:
        one = _chosen(opened, decision_id, stage)
        telling = _telling(opened, one)
        taken = _inputs(opened, telling.decision) if as_json else None
    if as_json:
        print_json({"event": one.stored, "inputs": taken, "orders": telling.orders})
        return
    print_decision(console(), one.stored, telling)


@app.command("explain")
def explain_decision(
    decision_id: IdArgument = None,
    *,
    journal: JournalOption = DEFAULT_JOURNAL,
    stage: StageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell one decision in plain words: what was seen, asked, done and left."""
    with _reading(journal) as opened:
        one = _chosen(opened, decision_id, stage)
        passages = explain(_telling(opened, one))
    if as_json:
        print_json({"decision_id": one.made.decision.decision_id, "passages": passages})
        return
    print_passages(console(), passages)


@app.command()
def diff(
    before: Annotated[str, typer.Argument(help="A decision's id, its beginning, or `last`.")],
    after: Annotated[str, typer.Argument(help="The one to compare it with.")],
    *,
    journal: JournalOption = DEFAULT_JOURNAL,
    as_json: JsonOption = False,
) -> None:
    """What changed between two decisions, and what tipped it."""
    with _reading(journal) as opened:
        one, other = (_chosen(opened, name, None).made.decision for name in (before, after))
    found = difference(one, other)
    if as_json:
        print_json({"acts": found.acts, **msgspec.to_builtins(found)})
        return
    print_passages(console(), contrast(found))


@app.command()
def tail(
    *,
    journal: JournalOption = DEFAULT_JOURNAL,
    number: Annotated[int, typer.Option("-n", min=0, help="Begin with so many events.")] = 10,
    once: Annotated[bool, typer.Option("--once", help="Do not wait for more.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Follow the journal as it is written: decisions, orders, fills, trouble."""
    with _reading(journal) as opened:
        newest = opened.events(newest_first=True)
        told = (stored for stored in newest if event_line(stored.event) is not None)
        shown = list(islice(told, number))[::-1]
        for stored in shown:
            _print_event(stored, as_json=as_json)
        if not once:
            _follow(opened, shown[-1].sequence if shown else opened.length(), as_json=as_json)


@app.command()
def verify(*, journal: JournalOption = DEFAULT_JOURNAL, as_json: JsonOption = False) -> None:
    """Prove that nothing in the journal was changed, or name the first place that was."""
    try:
        report = verify_journal(journal)
    except JournalError as error:
        stop(ExitCode.WRONG_USE, str(error))
    if as_json:
        print_json({"holds": report.holds, **msgspec.to_builtins(report)})
    elif report.holds:
        say(_holds(report))
    if not report.holds:
        _complain(report)
        raise typer.Exit(ExitCode.VERIFICATION_FAILED)


@contextmanager
def _reading(path: Path) -> Iterator[ReadOnlyJournal]:
    """Open the journal, or end the command: 2 when there is none, 5 when it cannot be read."""
    try:
        opened = ReadOnlyJournal(path)
    except JournalError as error:
        stop(ExitCode.WRONG_USE, str(error))
    try:
        yield opened
    except JournalError as error:
        stop(ExitCode.VERIFICATION_FAILED, f"{error}; `decisions verify` names what is broken")


def _decisions(opened: ReadOnlyJournal, *, newest_first: bool = False) -> Iterator[_Made]:
    for stored in opened.events(kinds=["decision_made"], newest_first=newest_first):
        if isinstance(stored.event, DecisionMade):
            yield _Made(stored=stored, made=stored.event)


def _chosen(opened: ReadOnlyJournal, decision_id: str | None, stage: int | None) -> _Made:
    if (decision_id is None) == (stage is None):
        stop(
            ExitCode.WRONG_USE, "name one decision: an id, the beginning of one, `last` or --stage"
        )
    if stage is not None:
        return _first_of_stage(opened, stage)
    if decision_id == "last":
        found = next(_decisions(opened, newest_first=True), None)
        return found or stop(ExitCode.WRONG_USE, "the journal holds no decision yet")
    return _by_prefix(opened, str(decision_id))


def _first_of_stage(opened: ReadOnlyJournal, stage: int) -> _Made:
    entered = (one for one in _decisions(opened) if stage in one.made.decision.entered)
    return next(entered, None) or stop(ExitCode.WRONG_USE, f"no decision entered stage {stage}")


def _by_prefix(opened: ReadOnlyJournal, prefix: str) -> _Made:
    found = {
        one.made.decision.decision_id: one
        for one in _decisions(opened)
        if one.made.decision.decision_id.startswith(prefix)
    }
    if not found:
        stop(ExitCode.WRONG_USE, f"no decision's id begins with {prefix!r}")
    if len(found) > 1 and prefix not in found:
        some = ", ".join(list(found)[:3])
        stop(ExitCode.WRONG_USE, f"{len(found)} decisions begin with {prefix!r}: {some}, …")
    return next(one for key, one in found.items() if len(found) == 1 or key == prefix)


def _inputs(opened: ReadOnlyJournal, decision: Decision) -> InputsTaken | None:
    for stored in opened.events(kinds=["inputs_taken"], newest_first=True):
        taken = stored.event
        if isinstance(taken, InputsTaken) and taken.decision_id == decision.decision_id:
            return taken
    return None


def _telling(opened: ReadOnlyJournal, one: _Made) -> Telling:
    decision = one.made.decision
    taken = _inputs(opened, decision)
    after = tuple(opened.events(one.stored.sequence, ("decision_made", *ORDER_KINDS)))
    universe = _blob(opened, taken.blobs.universe, Universe) if taken else None
    return Telling(
        decision=decision,
        orders=follow(decision, (stored.event for stored in after)),
        later=later_orders(decision, [stored.event for stored in after]),
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


def _follow(opened: ReadOnlyJournal, last: int, *, as_json: bool) -> None:
    with suppress(KeyboardInterrupt):
        while True:
            for stored in opened.events(last):
                _print_event(stored, as_json=as_json)
                last = stored.sequence
            time.sleep(POLL_SECONDS)


def _print_event(stored: StoredEvent, *, as_json: bool) -> None:
    line = event_line(stored.event)
    if line is None:
        return
    if as_json:
        print_json(stored)
    else:
        say(f"{short_time(stored.at)}  {line}")


def _holds(report: VerifyReport) -> str:
    return (
        f"The chain holds: {report.events} events, {report.decisions} decisions, "
        f"{report.blobs} blobs.\n"
        f"head hash      {report.head}\ndecision hash  {report.decision_hash}"
    )


def _complain(report: VerifyReport) -> None:
    complain(f"The journal was changed; first broken place: {report.findings[0].place}")
    for finding in report.findings[:SHOWN_FINDINGS]:
        complain(f"  {finding.place}: {finding.problem}")
    more = len(report.findings) - SHOWN_FINDINGS
    if more > 0:
        complain(f"  and {more} more")
