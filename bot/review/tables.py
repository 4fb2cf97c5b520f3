"""Flat tables of a journal, for people who go on with them in other programs.

A table is its columns, each of one kind, and rows in the order of the journal. The columns of the
decisions follow from what they read and judged, so that these are looked through once before a row
is made. How a table becomes a file is `bot.adapters.tables`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from bot.domain.canonical import encode
from bot.domain.decision import Decision
from bot.domain.events import (
    CommissionReceived,
    FillReceived,
    JournalEvent,
    OrderIntended,
    StoredEvent,
)
from bot.domain.orders import ExecId, Fill, Intent, IntentId, execution_root
from bot.domain.readings import Scalar
from bot.domain.rungs import Tier
from bot.domain.sessions import NEW_YORK
from bot.review.deeds import Stories, outcomes_of
from bot.review.following import OrderStory
from bot.review.trades import Instruments, instrument_name, verb_of

Cell = str | int | float | bool | Decimal | datetime | date | None
Row = Mapping[str, Cell]


class Kind(StrEnum):
    """What all cells of a column are, or empty."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    FLAG = "flag"
    MONEY = "money"
    INSTANT = "instant"
    DAY = "day"


class Column(NamedTuple):
    """One column; a row without its name has an empty cell there."""

    name: str
    kind: Kind


class Table(NamedTuple):
    """Columns and rows; the rows are made while they are taken."""

    columns: tuple[Column, ...]
    rows: Iterable[Row]


def _columns(kind: Kind, names: str) -> tuple[Column, ...]:
    return tuple(Column(name, kind) for name in names.split())


_HEAD = (
    *_columns(Kind.TEXT, "decision_id"),
    *_columns(Kind.INSTANT, "at"),
    *_columns(Kind.DAY, "session"),
    *_columns(Kind.TEXT, "kind"),
    *_columns(Kind.WHOLE, "stage_before stage"),
    *_columns(Kind.TEXT, "entered"),
    *_columns(Kind.WHOLE, "left buys sells rolls cancels reprices condors"),
    *_columns(Kind.NUMBER, "u v_star_usd h_star_usd hedge_vega_usd cover_ratio"),
    *_columns(Kind.WHOLE, "contracts"),
    *(
        column
        for tier in Tier
        for column in _columns(
            Kind.WHOLE, f"{tier}.full {tier}.target {tier}.filled {tier}.working {tier}.spent"
        )
    ),
    *_columns(Kind.TEXT, "summary critical policy_hash inputs_hash digest"),
)


def decision_columns(decisions: Iterable[Decision]) -> tuple[Column, ...]:
    """Return the columns that rows of these decisions have.

    Each reading is a column, empty unless it could be used, beside one with its state; each rule is
    a column of its truths. A reading that was a whole number and a fraction is a number, one of
    several other kinds a text.
    """
    kinds: dict[str, Kind | None] = {}
    rules: dict[str, None] = {}
    for decision in decisions:
        for reading in decision.readings:
            kinds[reading.name] = _joined(kinds.get(reading.name), reading.usable)
        rules.update(dict.fromkeys(result.rule for result in decision.rules))
    readings = (
        (Column(name, kinds[name] or Kind.NUMBER), Column(f"{name}.state", Kind.TEXT))
        for name in sorted(kinds)
    )
    judged = (Column(rule, Kind.TEXT) for rule in sorted(rules, key=_rule_order))
    return (*_HEAD, *chain.from_iterable(readings), *judged)


def _joined(known: Kind | None, value: Scalar | None) -> Kind | None:
    """Return the kind of a column that holds `value` beside what it is known to hold."""
    if value is None:
        return known
    kind = _kind_of(value)
    if known is None or known is kind:
        return kind
    return Kind.NUMBER if {known, kind} == {Kind.WHOLE, Kind.NUMBER} else Kind.TEXT


def _kind_of(value: Scalar) -> Kind:
    if isinstance(value, bool):
        return Kind.FLAG
    if isinstance(value, int):
        return Kind.WHOLE
    return Kind.NUMBER if isinstance(value, float) else Kind.TEXT


def _rule_order(rule: str) -> tuple[int, str]:
    number = rule.partition(".")[0].removeprefix("R")
    return int(number) if number.isdigit() else 0, rule


def decision_row(decision: Decision) -> dict[str, Cell]:
    """Return a decision as a row, see `decision_columns`."""
    verbs = [verb_of(intent) for intent in decision.intents]
    row: dict[str, Cell] = {
        "decision_id": decision.decision_id,
        "at": decision.at,
        "session": decision.at.astimezone(NEW_YORK).date(),
        "kind": decision.kind.value,
        "stage_before": decision.stage_before,
        "stage": decision.stage,
        "entered": " ".join(str(stage) for stage in decision.entered),
        "left": decision.left,
        "buys": verbs.count("buy"),
        "sells": verbs.count("sell"),
        "rolls": verbs.count("roll"),
        "cancels": len(decision.cancels),
        "reprices": len(decision.reprices),
        "condors": sum(condor.quantity for condor in decision.condors),
        "summary": decision.summary,
        "critical": "; ".join(decision.critical),
        "policy_hash": decision.policy_hash,
        "inputs_hash": decision.inputs_hash,
        "digest": decision.digest(),
    }
    row.update(_ladder(decision))
    for reading in decision.readings:
        row[reading.name] = reading.usable
        row[f"{reading.name}.state"] = reading.state.value
    row.update((result.rule, result.truth.value) for result in decision.rules)
    return row


def _ladder(decision: Decision) -> Iterator[tuple[str, Cell]]:
    ladder = decision.ladder
    if ladder is None:
        return
    yield "contracts", ladder.contracts
    for name in ("u", "v_star_usd", "h_star_usd", "hedge_vega_usd", "cover_ratio"):
        yield name, getattr(ladder, name)
    for row in ladder.tiers:
        for name in ("full", "target", "filled", "working", "spent"):
            yield f"{row.tier}.{name}", getattr(row, name)


ORDER_COLUMNS = (
    *_columns(Kind.TEXT, "decision_id"),
    *_columns(Kind.INSTANT, "at"),
    *_columns(Kind.TEXT, "intent_id action rule rule_class rung tier"),
    *_columns(Kind.WHOLE, "con_id"),
    *_columns(Kind.TEXT, "contract"),
    *_columns(Kind.WHOLE, "closes"),
    *_columns(Kind.TEXT, "closes_contract"),
    *_columns(Kind.WHOLE, "quantity"),
    *_columns(Kind.MONEY, "limit last_limit"),
    *_columns(Kind.TEXT, "state outcome refused_by reason"),
    *_columns(Kind.WHOLE, "order_id filled"),
    *_columns(Kind.MONEY, "average_price commission_usd"),
)


def order_rows(
    decision: Decision, stories: Stories, instruments: Instruments
) -> Iterator[dict[str, Cell]]:
    """Yield the orders a decision wanted, the refused ones too, with what became of them."""
    for intent in decision.intents:
        story = stories.get(intent.intent_id) or OrderStory(intent=intent, limit=intent.limit)
        yield {
            "decision_id": decision.decision_id,
            "at": decision.at,
            **_intent(intent, instruments),
            "last_limit": story.limit,
            "state": None if story.state is None else story.state.value,
            "outcome": " ".join(sorted(outcomes_of(story))),
            "refused_by": story.refused_by or None,
            "reason": story.reason or None,
            "order_id": story.order_id,
            "filled": story.filled,
            "average_price": story.average_price,
            "commission_usd": story.commission_usd,
        }


def _intent(intent: Intent, instruments: Instruments) -> dict[str, Cell]:
    closes = intent.closes
    return {
        "intent_id": intent.intent_id,
        "action": verb_of(intent),
        "rule": intent.rule,
        "rule_class": intent.rule_class.value,
        "rung": intent.rung.value,
        "tier": intent.rung.tier.value,
        "con_id": intent.con_id,
        "contract": instrument_name(intent.con_id, instruments),
        "closes": closes,
        "closes_contract": None if closes is None else instrument_name(closes, instruments),
        "quantity": intent.quantity,
        "limit": intent.limit,
    }


FILL_COLUMNS = (
    *_columns(Kind.TEXT, "exec_id"),
    *_columns(Kind.INSTANT, "executed_at"),
    *_columns(Kind.TEXT, "intent_id decision_id rule rung"),
    *_columns(Kind.WHOLE, "con_id"),
    *_columns(Kind.TEXT, "side"),
    *_columns(Kind.WHOLE, "quantity"),
    *_columns(Kind.MONEY, "price commission_usd"),
)


def fill_rows(events: Iterable[JournalEvent]) -> Iterator[dict[str, Cell]]:
    """Yield each execution once, as last corrected, in the order in which they were heard of."""
    fills: dict[str, Fill] = {}
    costs: dict[str, Decimal] = {}
    orders: dict[IntentId, OrderIntended] = {}
    for event in events:
        if isinstance(event, FillReceived):
            fills[event.fill.root] = event.fill
        elif isinstance(event, CommissionReceived):
            costs[execution_root(ExecId(event.exec_id))] = event.commission_usd
        elif isinstance(event, OrderIntended):
            orders[event.intent.intent_id] = event
    for root, fill in fills.items():
        order = orders.get(fill.intent_id)
        yield {
            "exec_id": fill.exec_id,
            "executed_at": fill.executed_at,
            "intent_id": fill.intent_id,
            "decision_id": None if order is None else order.decision_id,
            "rule": None if order is None else order.intent.rule,
            "rung": None if order is None else order.intent.rung.value,
            "con_id": fill.con_id,
            "side": fill.side.value,
            "quantity": fill.quantity,
            "price": fill.price,
            "commission_usd": costs.get(root),
        }


EVENT_COLUMNS = (
    *_columns(Kind.WHOLE, "sequence"),
    *_columns(Kind.INSTANT, "at"),
    *_columns(Kind.TEXT, "kind hash body"),
)


def event_row(stored: StoredEvent) -> dict[str, Cell]:
    """Return an event with its whole content as JSON."""
    return {
        "sequence": stored.sequence,
        "at": stored.at,
        "kind": stored.kind,
        "hash": stored.hash,
        "body": encode(stored.event).decode(),
    }
