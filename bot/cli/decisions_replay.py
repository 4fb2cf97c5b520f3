"""`alvh decisions replay`: decide everything stored again, as it was or under another policy.

A module of its own, loaded when the command is called: it brings the whole strategy with it.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.adapters.journal.rows import Span
from bot.cli.decision_tables import print_passages
from bot.cli.decisions_reading import reading
from bot.cli.output import ExitCode, complain, console, print_json, say
from bot.domain.canonical import content_hash, encode
from bot.domain.decision import GENESIS
from bot.domain.policy import Policy
from bot.domain.value import Value
from bot.review.contrast import contrast, tipping_words
from bot.review.difference import Outline
from bot.review.lines import stage_words
from bot.review.phrases import short_time
from bot.review.replay import (
    REPLAYED,
    Mismatch,
    Step,
    Turn,
    prove,
    stored_steps,
    under,
)
from bot.review.shelf import Shelf
from bot.settings.policy_file import load_policy

ONE_STEP = (
    "Each was decided from its own stored inputs and memory: what would have followed from a "
    "change is not followed further."
)


def replay(journal: Path, policy: str | None, *, every: bool, as_json: bool) -> None:
    """Replay `journal`, under `policy` if one is named; ends the command with its exit code."""
    other = None if policy is None else load_policy(policy)
    with reading(journal) as opened:
        if other is None:
            _prove_all(opened, as_json=as_json)
        else:
            _turn_all(opened, other, every=every, as_json=as_json)


class Proof(Value):
    """How a replay came out; `first` is the first decision that came out otherwise."""

    decisions: int
    equal: bool
    otherwise: int
    decision_hash: str
    first: Mismatch | None


def _prove_all(opened: ReadOnlyJournal, *, as_json: bool) -> None:
    proof = _proof(opened)
    if as_json:
        print_json(proof)
    elif proof.first is not None:
        print_passages(console(), contrast(proof.first.difference))
    else:
        say(f"All {proof.decisions} decisions come out as they are stored.")
        say(f"decision hash  {proof.decision_hash}")
    if proof.first is not None:
        _complain(proof, proof.first)
        raise typer.Exit(ExitCode.VERIFICATION_FAILED)


def _proof(opened: ReadOnlyJournal) -> Proof:
    shelf = Shelf(opened.blob)
    link, count, otherwise = GENESIS, 0, 0
    first: Mismatch | None = None
    for step in _steps(opened):
        found = prove(step, shelf)
        first = first or found
        count, otherwise = count + 1, otherwise + (found is not None)
        link = step.made.link
    return Proof(
        decisions=count, equal=first is None, otherwise=otherwise, decision_hash=link, first=first
    )


def _complain(proof: Proof, first: Mismatch) -> None:
    departure = first.departure
    complain(
        f"{proof.otherwise} of {proof.decisions} decisions come out otherwise than they are "
        f"stored; the first is {first.difference.before.decision_id}, first at {departure.place}: "
        f"stored {departure.before}, now {departure.after}"
    )


class Turned(Value):
    """What another policy would do otherwise, decision by decision."""

    decisions: int
    policy: str
    policy_hash: str
    acts: int
    remembers: int
    judges: int
    turns: tuple[Turn, ...]


def _turn_all(opened: ReadOnlyJournal, policy: Policy, *, every: bool, as_json: bool) -> None:
    turned = _turned(opened, policy)
    if as_json:
        print_json(turned)
        return
    for turn in turned.turns:
        if turn.difference.acts or every:
            _say_turn(turn)
    say(_counted(turned, every=every))
    say(ONE_STEP)


def _turned(opened: ReadOnlyJournal, policy: Policy) -> Turned:
    shelf = Shelf(opened.blob)
    count = 0
    turns: list[Turn] = []
    for step in _steps(opened):
        count += 1
        turn = under(policy, step, shelf)
        if turn is not None:
            turns.append(turn)
    acting = sum(turn.difference.acts for turn in turns)
    remembering = sum(turn.remembers and not turn.difference.acts for turn in turns)
    return Turned(
        decisions=count,
        policy=policy.name,
        policy_hash=content_hash(encode(policy)),
        acts=acting,
        remembers=remembering,
        judges=len(turns) - acting - remembering,
        turns=tuple(turns),
    )


def _say_turn(turn: Turn) -> None:
    before, after = turn.difference.before, turn.difference.after
    say(f"{short_time(before.at)}  {_outcome(before)}  [{before.decision_id}]")
    if turn.difference.acts:
        say(f"    instead  {_outcome(after)}")
    else:
        say("    would do the same" + (" and remember otherwise" if turn.remembers else ""))
    for tipping in turn.difference.tipped:
        say(f"    tipped by {tipping_words(tipping)}")
    if turn.departs:
        say("    under its own policy it does not come out as stored either")


def _outcome(outline: Outline) -> str:
    return f"{stage_words(outline.stage_before, outline.stage)}  {outline.summary}"


def _counted(turned: Turned, *, every: bool) -> str:
    more = turned.remembers + turned.judges
    hint = "" if every or not more else " (--all lists them too)"
    return (
        f"Under policy {turned.policy!r}, {turned.acts} of {turned.decisions} decisions would act "
        f"otherwise; {turned.remembers} more would do the same but remember otherwise, and "
        f"{turned.judges} would only judge a rule otherwise{hint}."
    )


def _steps(opened: ReadOnlyJournal) -> Iterable[Step]:
    """Yield the stored evaluations; on a terminal a bar shows how far it is."""
    events = opened.events(kinds=REPLAYED)
    total = opened.count(Span(kinds=["decision_made"]))
    with Progress(
        TextColumn("deciding again"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    ) as progress:
        yield from progress.track(stored_steps(events), total=total)
