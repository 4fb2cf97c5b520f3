"""One line for a decision or an event, and quiet cycles folded into one.

Read models for lists: `fold` turns decisions, newest first, into lines, so that a long journal need
only be read as far back as lines are wanted.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import assert_never

from bot.domain.book import Break
from bot.domain.decision import Decision, DecisionId
from bot.domain.events import (
    AccountProved,
    Adopted,
    BreakFound,
    BreakLifted,
    CommissionReceived,
    ConnectionChanged,
    CycleMissed,
    DecisionMade,
    FillReceived,
    Ignored,
    IgnoringEnded,
    InputsTaken,
    JournalEvent,
    NoticeReceived,
    OrderChanged,
    OrderChangeIntended,
    OrderIntended,
    OrderRefused,
    OrderSent,
    PolicyChanged,
    PositionSettled,
    RunEnded,
    RunStarted,
    UnadoptedFound,
)
from bot.domain.value import Value
from bot.review.phrases import short_time, time_of_day
from bot.review.trades import short_intent

TIMES = "\N{MULTIPLICATION SIGN}"


class DecisionLine(Value):
    """One decision in a list, or `quiet` of them in a row, from `since` to this one.

    `quiet` is 0 for a decision in which something happened, which stands alone.
    """

    decision_id: DecisionId
    at: datetime
    stage_before: int
    stage: int
    action: str
    quiet: int = 0
    since: datetime | None = None


def is_quiet(decision: Decision) -> bool:
    """Tell whether no stage moved and nothing was ordered, moved or cancelled."""
    moved = decision.entered or decision.left is not None or decision.stage != decision.stage_before
    return not (moved or decision.intents or decision.cancels or decision.reprices)


def action(decision: Decision) -> str:
    """Return what a decision does, in its own summary's words or from its orders."""
    if decision.summary:
        return decision.summary
    orders = [short_intent(intent) for intent in decision.intents]
    return ", ".join(orders) or ("nothing to do" if is_quiet(decision) else "")


def line_of(decision: Decision, row: Sequence[Decision] = ()) -> DecisionLine:
    """Return a decision's line; it is the newest of a `row` of quiet ones, newest first."""
    return DecisionLine(
        decision_id=decision.decision_id,
        at=decision.at,
        stage_before=decision.stage_before,
        stage=decision.stage,
        action=action(decision),
        quiet=len(row),
        since=row[-1].at if row else None,
    )


def fold(newest_first: Iterable[Decision | None]) -> Iterator[DecisionLine]:
    """Yield lines, newest first; quiet decisions in a row at one stage become one line.

    None stands for a decision that is left out: a row does not reach over it.
    """
    row: list[Decision] = []
    for decision in newest_first:
        quiet = decision if decision is not None and is_quiet(decision) else None
        if row and (quiet is None or row[0].stage != quiet.stage):
            yield line_of(row[0], row)
            row = []
        if quiet is not None:
            row.append(quiet)
        elif decision is not None:
            yield line_of(decision)
    if row:
        yield line_of(row[0], row)


def stage_words(before: int, after: int) -> str:
    """Return `stage 3`, or `stage 0→3` where it moved."""
    return f"stage {after}" if before == after else f"stage {before}→{after}"


def plain(line: DecisionLine) -> str:
    """Return a list line for people: New York time, id, stage and action, or how many quiet."""
    words = f"{TIMES} {line.quiet} quiet{_span(line)}" if line.quiet else line.action
    stage = stage_words(line.stage_before, line.stage)
    return f"{short_time(line.at)}  {stage:<9}  {words}  [{line.decision_id}]"


def _span(line: DecisionLine) -> str:
    """Return since when a line of several quiet decisions reaches back."""
    if line.since is None or line.since == line.at:
        return ""
    same_day = short_time(line.since)[:10] == short_time(line.at)[:10]
    return f" since {time_of_day(line.since) if same_day else short_time(line.since)}"


def event_line(event: JournalEvent) -> str | None:
    """Return an event in one line; None for one that only prepares another."""
    match event:
        case DecisionMade(decision=decision):
            stage = stage_words(decision.stage_before, decision.stage)
            return f"{stage:<9}  {action(decision)}  [{decision.decision_id}]"
        case InputsTaken() | OrderSent():
            return None
        case RunStarted() | RunEnded() | AccountProved() | PolicyChanged():
            return _life(event)
        case OrderRefused() | OrderIntended() | OrderChangeIntended() | OrderChanged():
            return _order(event)
        case (
            FillReceived()
            | CommissionReceived()
            | PositionSettled()
            | Adopted()
            | Ignored()
            | IgnoringEnded()
        ):
            return _holding(event)
        case (
            BreakFound()
            | BreakLifted()
            | UnadoptedFound()
            | ConnectionChanged()
            | NoticeReceived()
            | CycleMissed()
        ):
            return _trouble(event)
        case _:
            assert_never(event)


def _life(event: RunStarted | RunEnded | AccountProved | PolicyChanged) -> str:
    match event:
        case RunStarted(run_id=run_id, mode=mode, version=version):
            return f"run {run_id} began in {mode} mode, version {version}"
        case RunEnded(run_id=run_id, reason=reason):
            return f"run {run_id} ended: {reason}"
        case AccountProved(account_id=account_id):
            return f"the broker reports account {account_id}"
        case PolicyChanged(after=after):
            return f"policy {after[:12]} came into force"
        case _:
            assert_never(event)


def _order(event: OrderRefused | OrderIntended | OrderChangeIntended | OrderChanged) -> str:
    match event:
        case OrderRefused(intent=intent, check=check, reason=reason):
            return f"refused by {check}: {short_intent(intent)}: {reason}"
        case OrderIntended(intent=intent):
            return f"order: {short_intent(intent)}  [{intent.intent_id}]"
        case OrderChangeIntended(intent_id=key, limit=limit, reason=reason):
            wish = "cancel" if limit is None else f"move to {limit:.2f}"
            return f"{wish}  [{key}]: {reason}"
        case OrderChanged(intent_id=key, state=state, filled=filled, reason=reason):
            return f"{state}, {filled} filled  [{key}]{f': {reason}' if reason else ''}"
        case _:
            assert_never(event)


Choice = Adopted | Ignored | IgnoringEnded


def _holding(event: FillReceived | CommissionReceived | PositionSettled | Choice) -> str:
    match event:
        case FillReceived(fill=fill):
            verb = "bought" if fill.side.sign > 0 else "sold"
            return f"{verb} {fill.quantity} at {fill.price:.2f}  [{fill.intent_id}]"
        case CommissionReceived(exec_id=exec_id, commission_usd=cost):
            return f"commission {cost} USD  [{exec_id}]"
        case PositionSettled(con_id=con_id, quantity=quantity):
            return f"{quantity} of contract {con_id} settled in cash"
        case Adopted() | Ignored() | IgnoringEnded():
            return _choice(event)
        case _:
            assert_never(event)


def _choice(event: Choice) -> str:
    match event:
        case Adopted(adoption=adoption, left=left):
            rest = f"; {left} of it stay nobody's" if left else ""
            return (
                f"adopted {adoption.quantity} of contract {adoption.con_id} to {adoption.rung} "
                f"as {adoption.label.rule}, at {adoption.price:.2f} by the {adoption.source}'s word"
                f"{rest}"
            )
        case Ignored(con_id=con_id):
            return f"contract {con_id} is ignored from now on"
        case IgnoringEnded(con_id=con_id):
            return f"contract {con_id} is no longer ignored"
        case _:
            assert_never(event)


Trouble = (
    BreakFound | BreakLifted | UnadoptedFound | ConnectionChanged | NoticeReceived | CycleMissed
)


def _trouble(event: Trouble) -> str:
    match event:
        case BreakFound(broken=broken):
            return (
                f"BREAK in contract {broken.con_id}: ours {broken.ours}{_aside(broken)}, "
                f"the broker's {broken.brokers}; it is locked"
            )
        case BreakLifted(con_id=con_id):
            return f"break in contract {con_id} lifted"
        case UnadoptedFound(con_ids=con_ids):
            shown = ", ".join(str(con_id) for con_id in con_ids) or "none"
            return f"VIX calls nobody here bought, left alone: {shown}"
        case ConnectionChanged(state=state, detail=detail):
            return f"connection {state}{f': {detail}' if detail else ''}"
        case NoticeReceived(code=code, text=text):
            return f"notice {code}: {text}"
        case CycleMissed(due_at=due_at, reason=reason):
            return f"cycle due {short_time(due_at)} missed: {reason}"
        case _:
            assert_never(event)


def _aside(broken: Break) -> str:
    return f", nobody's {broken.aside}" if broken.aside else ""
