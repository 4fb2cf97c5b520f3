"""A what-if for the terminal: the decision told, or a table of what is done where, and why."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.decision_tables import print_passages
from bot.domain.inputs import EvaluationKind
from bot.domain.rungs import Tier
from bot.domain.sessions import NEW_YORK
from bot.review.outcomes import Disagreement, Row, Span, Turn, spans
from bot.review.study import Once, Varied
from bot.review.wording import Passage


def print_once(console: Console, once: Once) -> None:
    """Print one decision told, and how another policy decides otherwise."""
    print_passages(console, once.passages)
    if once.other is not None:
        console.print()
        heading = f"Under {once.other_policy} instead of {once.policy}"
        print_passages(console, (Passage(heading=heading, lines=()), *once.contrast))


def print_varied(console: Console, varied: Varied) -> None:
    """Print what is done along the row, where it turns and why, and where policies part."""
    trading = [row for row in varied.rows if row.kind is EvaluationKind.INTRADAY] or varied.rows
    console.print(_spans(varied, spans(trading)))
    stages = [_turn(varied, turn) for turn in varied.turns if turn.stage != turn.stage_before]
    others = [_turn(varied, turn) for turn in varied.turns if turn.stage == turn.stage_before]
    passages = [Passage(heading="Where a stage turns", lines=tuple(stages or ["Nowhere."]))]
    if others:
        passages.append(Passage(heading="Where else the action turns", lines=tuple(others)))
    if varied.other_policy is not None:
        lines = [_apart(varied, one) for one in varied.disagreements]
        heading = f"Where {varied.other_policy} decides otherwise than {varied.policy}"
        passages.append(Passage(heading=heading, lines=tuple(lines or ["Nowhere."])))
    print_passages(console, passages)


def _spans(varied: Varied, found: Iterable[Span]) -> Table:
    walked = " through its sessions" if varied.is_path else ""
    table = Table(title=f"{varied.case}: {varied.name}{walked}", title_justify="left")
    for column in (varied.name, "of", "action", "wanted S/M/D", "unknown rules"):
        table.add_column(column, overflow="fold")
    for span in found:
        cells = (
            _from_to(varied, span.first, span.last),
            str(span.count),
            span.first.action,
            _counts(span),
            ", ".join(span.first.unknown) or "-",
        )
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _from_to(varied: Varied, first: Row, last: Row) -> str:
    values = (
        f"{first.value:g}" if first.value == last.value else f"{first.value:g} to {last.value:g}"
    )
    return f"{_day(first)} {values}" if varied.is_path else values


def _day(row: Row | Turn | Disagreement) -> str:
    return f"{row.at.astimezone(NEW_YORK):%Y-%m-%d}"


def _counts(span: Span) -> str:
    ends = [
        "/".join(str(row.targets.get(tier, 0)) for tier in Tier) for row in (span.first, span.last)
    ]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def _turn(varied: Varied, turn: Turn) -> str:
    close = " at the close" if turn.kind is EvaluationKind.CLOSE and varied.is_path else ""
    move = f"{turn.before}, then {turn.after}"
    when = f"{_day(turn)}{close}, " if varied.is_path else ""
    return f"{when}{varied.name} {turn.value:g}: {move}. {' '.join(turn.words)}"


def _apart(varied: Varied, one: Disagreement) -> str:
    values = f"{one.first:g}" if one.first == one.last else f"{one.first:g} to {one.last:g}"
    when = f"from {_day(one)}, " if varied.is_path else ""
    actions = f"{varied.policy} {one.ours}; {varied.other_policy} {one.theirs}"
    return f"{when}{varied.name} {values}: {actions}. {' '.join(one.words)}"
