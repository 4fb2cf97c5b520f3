"""Decides again what is stored: every decision from its own inputs and the memory before it.

A decision is pure, so a journal can prove that it was taken as it says: the snapshot and the book
stored with it, the blobs these name and the memory the decision before left must lead to the same
decision and memory again. Under another policy they show what that policy would have done in each
of these moments. Each step starts from what is stored, so one that differs changes none after it:
what another policy would have held by then is a question for a back-test.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from bot.domain.calendar import EventCalendar
from bot.domain.canonical import canonical, content_hash, encode
from bot.domain.decision import Decision, evidence_of
from bot.domain.events import DecisionMade, InputsTaken, StoredEvent
from bot.domain.history import History
from bot.domain.inputs import Inputs
from bot.domain.instruments import Universe
from bot.domain.policy import Policy
from bot.domain.sessions import SessionTable
from bot.domain.state import StrategyState
from bot.domain.value import Value, replace
from bot.review.departure import Departure, first_departure
from bot.review.difference import Difference, difference
from bot.review.shelf import RecordError, Shelf
from bot.strategy.decide import decide

REPLAYED = ("inputs_taken", "decision_made")
"""The kinds of events a replay reads."""


class Step(NamedTuple):
    """A stored evaluation: what was taken, what was decided, and the memory it began with."""

    taken: InputsTaken
    made: DecisionMade
    before: StrategyState


def stored_steps(events: Iterable[StoredEvent]) -> Iterator[Step]:
    """Yield the evaluations of a journal in order.

    Raises:
        RecordError: a decision is stored without its inputs.
    """
    before = StrategyState()
    taken: InputsTaken | None = None
    for stored in events:
        event = stored.event
        if isinstance(event, InputsTaken):
            taken = event
        elif isinstance(event, DecisionMade):
            key = event.decision.decision_id
            if taken is None or taken.decision_id != key:
                raise RecordError(f"event {stored.sequence}: decision {key} has no stored inputs")
            yield Step(taken, event, before)
            before = event.state


def rebuilt(taken: InputsTaken, shelf: Shelf) -> Inputs:
    """Return the inputs as they were frozen; raises `RecordError`."""
    blobs = taken.blobs
    return Inputs(
        snapshot=taken.snapshot,
        book=taken.book,
        history=shelf.take(History, blobs.history),
        calendar=shelf.take(EventCalendar, blobs.calendar),
        sessions=shelf.take(SessionTable, blobs.sessions),
        universe=shelf.take(Universe, blobs.universe),
        policy=shelf.take(Policy, blobs.policy),
        blobs=blobs,
    )


class Mismatch(Value):
    """A decision that does not come out as it is stored.

    `departure` is the first value that differs, of the decision or else of the memory it left.
    """

    difference: Difference
    departure: Departure


def prove(step: Step, shelf: Shelf) -> Mismatch | None:
    """Decide a step again and return how it departs from what is stored, None where it does not.

    Equal means the same digest, and the same memory in the same digits.

    Raises:
        RecordError: its inputs cannot be rebuilt.
    """
    stored = step.made.decision
    decision, left = decide(rebuilt(step.taken, shelf), step.before)
    if decision == stored and left == step.made.state:  # most by far; saves hashing
        return None
    first = first_departure(_evidence(stored), _evidence(decision))
    if first is None:
        memories = _plain(step.made.state), _memory(left, decision, stored)
        first = first_departure(*memories)
    if first is None:
        return None
    return Mismatch(difference=difference(stored, decision), departure=first)


def _evidence(decision: Decision) -> dict[str, Any]:
    """Return what a digest covers of a decision as it reads back, as the stored one was read."""
    return evidence_of(_plain(msgspec.json.decode(encode(decision), type=Decision)))


def _memory(left: StrategyState, decision: Decision, stored: Decision) -> Any:
    """Return a memory as plain values in which orders are named as the stored decision names them.

    An order's name holds the decision's, which holds the hash of inputs and policy.
    """
    named = encode(left).replace(
        f'"{decision.decision_id}/'.encode(), f'"{stored.decision_id}/'.encode()
    )
    return msgspec.json.decode(named)


def _plain(value: Value) -> Any:
    return msgspec.json.decode(encode(value))


class Turn(Value):
    """What another policy does with one stored evaluation.

    `remembers` tells that its memory differs, so that a decision after it could: a streak of
    evaluations, say. `departs` tells that the decision does not come out as stored under its own
    policy either, so that the difference is not the policy's alone.
    """

    difference: Difference
    remembers: bool
    departs: bool = False


def under(policy: Policy, step: Step, shelf: Shelf) -> Turn | None:
    """Decide a step under another policy; None where it decides, judges and remembers the same.

    Raises:
        RecordError: its inputs cannot be rebuilt.
    """
    inputs = rebuilt(step.taken, shelf)
    key = content_hash(encode(policy))
    other = replace(inputs, policy=policy, blobs=replace(inputs.blobs, policy=key))
    decision, left = decide(other, step.before)
    found = difference(step.made.decision, decision)
    memories = _plain(step.made.state), _memory(left, decision, step.made.decision)
    remembers = canonical(memories[0]) != canonical(memories[1])
    if not (found.acts or remembers or _judges(found)):
        return None
    return Turn(difference=found, remembers=remembers, departs=prove(step, shelf) is not None)


def _judges(found: Difference) -> bool:
    """Tell whether a rule or a check comes out otherwise, not only against another threshold."""
    return any(
        change.before is None
        or change.after is None
        or change.before.truth is not change.after.truth
        or any(check.turned for check in change.checks)
        for change in found.rules
    )
