"""`alvh decisions`: review what was decided and why, from the journal alone.

Thin: the journal is read by `bot.adapters.journal`, the words are found by `bot.review`; here they
are asked for and printed. Nothing is ever written to the journal.
"""

import time
from collections.abc import Iterable
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.adapters.journal.verify import VerifyReport
from bot.adapters.journal.verify import verify as verify_journal
from bot.app.ports import JournalError
from bot.cli.decision_tables import print_decision, print_passages
from bot.cli.decisions_export import Format, What, export, format_of
from bot.cli.decisions_list import LINES, Request, known_rules, listing, span_of
from bot.cli.decisions_reading import (
    IdArgument,
    JsonOption,
    StageOption,
    chosen,
    inputs_of,
    made_decisions,
    reading,
    telling_of,
)
from bot.cli.failure import told
from bot.cli.journal import DEFAULT_JOURNAL, JournalOption, by_config
from bot.cli.output import ExitCode, complain, console, print_json, say, stop
from bot.domain.events import StoredEvent
from bot.review.because import because
from bot.review.contrast import contrast
from bot.review.deeds import Action, Outcome
from bot.review.difference import difference
from bot.review.lines import event_line, plain
from bot.review.phrases import short_time
from bot.review.why import RECENT, why
from bot.review.wording import explain

POLL_SECONDS = 0.5
SHOWN_FINDINGS = 20

FromOption = Annotated[
    str | None, typer.Option("--from", help="New York date or time to begin with.")
]
UntilOption = Annotated[
    str | None, typer.Option("--until", help="New York date or time to end with, inclusive.")
]

app = typer.Typer(help="Review what was decided and why.", no_args_is_help=True)


def _words(words: Iterable[str]) -> str:
    return ", ".join(words)


@app.command("list")
@by_config
@told
def list_decisions(  # noqa: PLR0913 - each is an option of its own
    *,
    journal: JournalOption = DEFAULT_JOURNAL,
    first: FromOption = None,
    until: UntilOption = None,
    action: Annotated[
        str | None, typer.Option(help=f"What was done: {_words(Action)}.", metavar="WORD")
    ] = None,
    rule: Annotated[
        str | None, typer.Option(help="The rule that fired, or did it, as R7.", metavar="RULE")
    ] = None,
    rung: Annotated[
        str | None,
        typer.Option(
            "--rung", "--tier", "--layer", help="Whose order: S, M, D or S1 to D2.", metavar="RUNG"
        ),
    ] = None,
    outcome: Annotated[
        str | None,
        typer.Option(help=f"What came of its order: {_words(Outcome)}.", metavar="WORD"),
    ] = None,
    stage: Annotated[
        int | None,
        typer.Option(min=0, max=3, help="The stage it ended in, entered or left; 0 is none."),
    ] = None,
    last: Annotated[
        int | None,
        typer.Option("--last", "--limit", min=1, help=f"So many lines, the newest: {LINES}."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every decision, nothing folded.")] = False,
    as_json: JsonOption = False,
) -> None:
    """One line a decision, newest last; quiet cycles in a row are one line.

    Several options ask for decisions of which one order, or one deed, has all that is named.
    """
    request = Request(first, until, action, rule, rung, outcome, stage)
    limit = None if every and last is None else last or LINES
    with reading(journal) as opened:
        found = listing(opened, request, limit, every=every)
    if as_json:
        print_json(found.lines)
        return
    for line in found.lines:
        say(plain(line))
    if found.is_cut:
        complain("older ones are left out: --last N shows more")
    if not found.lines:
        say("No decision is like that." if request.asks else "The journal holds no decision yet.")


@app.command()
@by_config
def show(
    decision_id: IdArgument = None,
    *,
    journal: JournalOption = DEFAULT_JOURNAL,
    stage: StageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Everything of one decision."""
    with reading(journal) as opened:
        one = chosen(opened, decision_id, stage)
        telling = telling_of(opened, one)
        taken = inputs_of(opened, one) if as_json else None
    if as_json:
        print_json({"event": one.stored, "inputs": taken, "orders": telling.orders})
        return
    print_decision(console(), one.stored, telling)


@app.command("explain")
@by_config
def explain_decision(
    decision_id: IdArgument = None,
    *,
    journal: JournalOption = DEFAULT_JOURNAL,
    stage: StageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell one decision in plain words: what was seen, asked, done and left."""
    with reading(journal) as opened:
        one = chosen(opened, decision_id, stage)
        passages = explain(telling_of(opened, one))
    if as_json:
        print_json({"decision_id": one.decision.decision_id, "passages": passages})
        return
    print_passages(console(), passages)


@app.command()
@by_config
def diff(
    before: Annotated[str, typer.Argument(help="A decision's id, its beginning, or `last`.")],
    after: Annotated[str, typer.Argument(help="The one to compare it with.")],
    *,
    journal: JournalOption = DEFAULT_JOURNAL,
    as_json: JsonOption = False,
) -> None:
    """What changed between two decisions, and what tipped it."""
    with reading(journal) as opened:
        one, other = (chosen(opened, name).decision for name in (before, after))
    found = difference(one, other)
    if as_json:
        print_json({"acts": found.acts, **msgspec.to_builtins(found)})
        return
    print_passages(console(), contrast(found))


@app.command("why")
@by_config
@told
def why_rule(
    rule: Annotated[str, typer.Argument(help="A rule, as R7.")],
    *,
    journal: JournalOption = DEFAULT_JOURNAL,
    last: Annotated[
        int, typer.Option("--last", min=1, help="Show its checks in so many decisions.")
    ] = RECENT,
    as_json: JsonOption = False,
) -> None:
    """Why a rule fires or not: its checks, what it lacks, what stands above it, since when."""
    with reading(journal) as opened:
        every = (
            why((one.decision for one in made_decisions(opened, newest_first=True)), name, last)
            for name in known_rules(opened, rule, "RULE")
        )
        found = [one for one in every if one is not None]
    if as_json:
        print_json(found)
        return
    for number, one in enumerate(found):
        if number:
            say("")
        print_passages(console(), because(one))


@app.command()
@by_config
def tail(
    *,
    journal: JournalOption = DEFAULT_JOURNAL,
    number: Annotated[int, typer.Option("-n", min=0, help="Begin with so many events.")] = 10,
    once: Annotated[bool, typer.Option("--once", help="Do not wait for more.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Follow the journal as it is written: decisions, orders, fills, trouble."""
    with reading(journal) as opened:
        newest = opened.events(newest_first=True)
        told = (stored for stored in newest if event_line(stored.event) is not None)
        shown = list(islice(told, number))[::-1]
        for stored in shown:
            _print_event(stored, as_json=as_json)
        if not once:
            _follow(opened, shown[-1].sequence if shown else opened.length(), as_json=as_json)


@app.command("export")
@by_config
@told
def export_table(  # noqa: PLR0913 - each is an option of its own
    *,
    out: Annotated[Path, typer.Option(help="The file to write, whole or not at all.")],
    kind: Annotated[
        Format | None, typer.Option("--format", help="Else as the file's name ends.")
    ] = None,
    what: Annotated[What, typer.Option(help="Which table.")] = What.DECISIONS,
    journal: JournalOption = DEFAULT_JOURNAL,
    first: FromOption = None,
    until: UntilOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a flat table: decisions with their readings as columns, orders, fills or events."""
    form = format_of(out, kind)
    with reading(journal) as opened:
        if out.exists() and out.samefile(journal):
            stop(ExitCode.WRONG_USE, f"--out {out} is the journal itself")
        rows = export(opened, what, span_of(first, until), out, form)
    if as_json:
        print_json({"what": what, "format": form, "out": str(out), "rows": rows})
    else:
        say(f"{rows} {what} written to {out}")


@app.command()
@by_config
@told
def replay(
    *,
    journal: JournalOption = DEFAULT_JOURNAL,
    policy: Annotated[
        str | None,
        typer.Option(
            help="Decide under this policy, a file or a preset, and list what it would change."
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="List also what would only be judged otherwise.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Decide everything stored again: it must come out the same, or 5 with the first difference."""
    # the strategy takes as long to load as most commands take to answer
    from bot.cli import decisions_replay  # noqa: PLC0415

    decisions_replay.replay(journal, policy, every=every, as_json=as_json)


@app.command()
@by_config
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
