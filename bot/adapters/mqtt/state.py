"""The retained state: what somebody who comes late must know, folded from the journal's events.

It is as of one event. What a run heard of the line ends with it: a run that has not compared with
the broker's lists is not connected, whatever the run before it said.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from bot.domain.account import AccountId
from bot.domain.canonical import ContentHash
from bot.domain.decision import Decision, DecisionId, Ladder
from bot.domain.events import (
    AccountProved,
    BreakFound,
    BreakLifted,
    ConnectionChanged,
    CycleMissed,
    DecisionMade,
    PolicyChanged,
    RunEnded,
    RunId,
    RunStarted,
    StoredEvent,
    UnadoptedFound,
)
from bot.domain.value import Value, replace
from bot.execution.state import ExecutionState, apply, forget_the_line

NEWEST_OF_KINDS = ("run_started", "account_proved", "unadopted_found", "decision_made")
"""Of these the last one says all that the state keeps."""
ALL_OF_KINDS = ("break_found", "break_lifted")
"""Of these every one counts."""


class Run(Value):
    """One process working on the journal; `ended` says why it ended, None while it lives."""

    run_id: RunId
    mode: str
    version: str
    policy: ContentHash
    scenario: str
    ended: str | None = None


class LastDecision(Value):
    """The newest decision in short."""

    decision_id: DecisionId
    at: datetime
    summary: str
    blind: tuple[str, ...]
    critical: tuple[str, ...]


class State(Value):
    """The retained state; counts in contracts, times in UTC."""

    sequence: int
    at: datetime
    account_id: AccountId | None
    run: Run | None
    connected: bool
    links_down: tuple[str, ...]
    stage: int | None
    cover_ratio: float | None
    ladder: Ladder | None
    last_decision: LastDecision | None
    last_missed: datetime | None
    breaks: tuple[int, ...]
    unadopted: tuple[int, ...]


class Record(Value):
    """What the events so far leave; `line` knows only the line, the breaks and what is strange."""

    newest: StoredEvent | None = None
    account_id: AccountId | None = None
    run: Run | None = None
    line: ExecutionState = ExecutionState()
    decision: Decision | None = None
    last_missed: datetime | None = None

    def state(self) -> State | None:
        """Return the state, None before the first event."""
        if self.newest is None:
            return None
        decision, ladder = self.decision, None if self.decision is None else self.decision.ladder
        return State(
            sequence=self.newest.sequence,
            at=self.newest.at,
            account_id=self.account_id,
            run=self.run,
            connected=self.line.ready and not self.line.line_is_down,
            links_down=self.line.links_down,
            stage=None if decision is None else decision.stage,
            cover_ratio=None if ladder is None else ladder.cover_ratio,
            ladder=ladder,
            last_decision=None if decision is None else _in_short(decision),
            last_missed=self.last_missed,
            breaks=tuple(broken.con_id for broken in self.line.breaks),
            unadopted=tuple(self.line.unadopted),
        )


def taken_up(past: Iterable[StoredEvent]) -> Record:
    """Return the record of what is kept of the past, in order."""
    record = Record()
    for stored in past:
        record = folded(record, stored)
    return record


def folded(record: Record, stored: StoredEvent) -> Record:
    """Return the record after an event; hearing the newest again changes nothing."""
    return replace(_told(record, stored), newest=stored)


def _told(record: Record, stored: StoredEvent) -> Record:
    match stored.event:
        case RunStarted() | RunEnded() | PolicyChanged():
            return _ran(record, stored.event)
        case AccountProved(account_id=account_id):
            return replace(record, account_id=account_id)
        case DecisionMade(decision=decision):
            return replace(record, decision=decision)
        case CycleMissed(due_at=due_at):
            return replace(record, last_missed=due_at)
        case ConnectionChanged() | BreakFound() | BreakLifted() | UnadoptedFound():
            return replace(record, line=apply(record.line, stored.event, stored.at))
        case _:
            return record


def _ran(record: Record, event: RunStarted | RunEnded | PolicyChanged) -> Record:
    match event:
        case RunStarted():
            return _begun(record, event)
        case RunEnded(reason=reason):
            run = None if record.run is None else replace(record.run, ended=reason)
            return replace(record, run=run, line=forget_the_line(record.line))
        case PolicyChanged(after=after):
            run = None if record.run is None else replace(record.run, policy=after)
            return replace(record, run=run)
        case _:
            assert_never(event)


def _begun(record: Record, started: RunStarted) -> Record:
    run = Run(
        run_id=started.run_id,
        mode=started.mode.value,
        version=started.version,
        policy=started.policy,
        scenario=started.scenario,
    )
    account_id = started.account_id or record.account_id
    return replace(record, run=run, account_id=account_id, line=forget_the_line(record.line))


def _in_short(decision: Decision) -> LastDecision:
    return LastDecision(
        decision_id=decision.decision_id,
        at=decision.at,
        summary=decision.summary,
        blind=decision.blind,
        critical=decision.critical,
    )
