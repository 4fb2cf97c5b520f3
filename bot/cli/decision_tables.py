"""A decision as tables, and its telling as paragraphs, for the terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from bot.cli.tables import Row, table
from bot.domain.decision import Decision
from bot.domain.events import StoredEvent
from bot.domain.readings import Reading
from bot.review.phrases import age, comparison, said, short_time
from bot.review.terms import term_of
from bot.review.trades import cancelled, fate, repriced, wanted
from bot.review.wording import Passage, Telling


def print_passages(console: Console, passages: Iterable[Passage]) -> None:
    """Print passages: headings in bold; in a pipe each paragraph is one line."""
    whole_lines = not console.is_terminal
    for number, passage in enumerate(passages):
        if number:
            console.print()
        if passage.heading:
            console.print(Text(passage.heading, style="bold"))
        for line in passage.lines:
            console.print(Text(line), soft_wrap=whole_lines)


def print_decision(console: Console, stored: StoredEvent, telling: Telling) -> None:
    """Print everything of one decision as tables."""
    decision = telling.decision
    tables = (
        table("Decision", (), _head(stored, decision)),
        table("Readings", ("signal", "reading", "value", "state", "age", "note"), _seen(decision)),
        table(
            "Rules", ("rule", "title", "status", "result", "compared", "followed"), _rules(decision)
        ),
        table("Ladder", ("tier", "full", "target", "filled", "working", "spent"), _tiers(decision)),
        table("Orders", ("wanted", "what became of it"), _orders(telling)),
        table("Overrides", ("above", "below", "reason"), _overrides(decision)),
        table("Condors", ("key", "expiry", "quantity", "strikes", "vega USD"), _condors(decision)),
        table("Blind", (), [(one,) for one in (*decision.blind, *decision.unexplained)]),
    )
    for made in tables:
        if made.row_count:
            console.print(made)


def _head(stored: StoredEvent, decision: Decision) -> list[Row]:
    entered = ", ".join(str(stage) for stage in decision.entered) or "-"
    return [
        ("id", decision.decision_id),
        ("time", f"{short_time(decision.at)} New York ({decision.kind})"),
        ("stage", f"{decision.stage_before} before, {decision.stage} after; entered {entered}"),
        ("summary", decision.summary),
        ("event", f"{stored.sequence}, hash {stored.hash}"),
        ("inputs", decision.inputs_hash),
        ("policy", decision.policy_hash),
        ("digest", decision.digest()),
    ]


def _seen(decision: Decision) -> list[Row]:
    return [
        (one.signal, one.name, _value(one), one.state.value, _age(decision, one), one.note)
        for one in decision.readings
    ]


def _value(reading: Reading) -> str:
    return "-" if reading.value is None else said(reading.value, term_of(reading.name))


def _age(decision: Decision, reading: Reading) -> str:
    return "-" if reading.as_of is None else age((decision.at - reading.as_of).total_seconds())


def _rules(decision: Decision) -> list[Row]:
    return [
        (
            one.rule,
            one.title,
            one.status.value.replace("_", " "),
            one.truth.value,
            "\n".join(comparison(check) for check in one.checks),
            one.followed,
        )
        for one in decision.rules
    ]


def _tiers(decision: Decision) -> list[Row]:
    if decision.ladder is None:
        return []
    return [
        (
            one.tier.value,
            *(str(n) for n in (one.full, one.target, one.filled, one.working, one.spent)),
        )
        for one in decision.ladder.tiers
    ]


def _orders(telling: Telling) -> list[Row]:
    rows: list[Row] = [
        (
            wanted(one.intent, telling.instruments),
            f"refused by {one.refused_by}: {one.reason}" if one.refused_by else fate(one),
        )
        for one in telling.orders
    ]
    rows += [(repriced(one), "") for one in telling.decision.reprices]
    return rows + [(cancelled(one), "") for one in telling.decision.cancels]


def _overrides(decision: Decision) -> list[Row]:
    return [(one.winner, one.loser, one.reason) for one in decision.overrides]


def _condors(decision: Decision) -> list[Row]:
    return [
        (
            one.key,
            one.expiry,
            str(one.quantity),
            "/".join(f"{strike:f}" for strike in one.strikes),
            "-" if one.vega_usd is None else f"{one.vega_usd:,.0f}",
        )
        for one in decision.condors
    ]
