"""How the checks of a rule join to its truth: kept with the rule's line in a decision.

A tree over the positions of the checks, `["all", [0, ["any", [1, 2]]]]` in the journal. With it
another reader can say which checks tipped a rule and which ones it still lacks, without knowing the
rule. Logic is Kleene's, as in `bot.domain.truth`; each position stands in a tree once.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, Union, assert_never

from bot.domain.truth import Truth, all_of, any_of
from bot.domain.value import Value


class Every(Value, tag="all", array_like=True):
    """True when every part is."""

    parts: tuple["Logic", ...]


class Some(Value, tag="any", array_like=True):
    """True when one part is."""

    parts: tuple["Logic", ...]


class Inverse(Value, tag="not", array_like=True):
    """True when the part is false."""

    part: "Logic"


Logic = Union[int, Every, Some, Inverse]  # noqa: UP007 - a forward reference needs it
"""An `int` is the position of a check among the rule's checks."""


def truth_in(logic: Logic, truths: Sequence[Truth]) -> Truth:
    """Return the truth of the tree where its checks have these truths."""
    match logic:
        case int():
            return truths[logic]
        case Inverse(part=part):
            return truth_in(part, truths).negate()
        case Every(parts=parts):
            return all_of([truth_in(part, truths) for part in parts])
        case Some(parts=parts):
            return any_of([truth_in(part, truths) for part in parts])
        case _:
            assert_never(logic)


def shifted(logic: Logic, by: int) -> Logic:
    """Return the tree for checks that stand `by` places later."""
    match logic:
        case int():
            return logic + by
        case Inverse(part=part):
            return Inverse(part=shifted(part, by))
        case Every(parts=parts):
            return Every(parts=tuple(shifted(part, by) for part in parts))
        case Some(parts=parts):
            return Some(parts=tuple(shifted(part, by) for part in parts))
        case _:
            assert_never(logic)


def without(logic: Logic, dropped: Collection[int]) -> Logic | None:
    """Return the tree without the checks at these positions; None when nothing remains."""
    match logic:
        case int():
            return None if logic in dropped else logic
        case Inverse(part=part):
            kept = without(part, dropped)
            return None if kept is None else Inverse(part=kept)
        case Every(parts=parts):
            remaining = _remaining(parts, dropped)
            return Every(parts=remaining) if remaining else None
        case Some(parts=parts):
            remaining = _remaining(parts, dropped)
            return Some(parts=remaining) if remaining else None
        case _:
            assert_never(logic)


def _remaining(parts: Iterable[Logic], dropped: Collection[int]) -> tuple[Logic, ...]:
    kept = (without(part, dropped) for part in parts)
    return tuple(part for part in kept if part is not None)


class Move(NamedTuple):
    """What a check says, and what it may come to say instead."""

    standing: Truth
    others: frozenset[Truth]


Positions = tuple[int, ...]


def fewest_moves(logic: Logic, wanted: Truth, moves: Sequence[Move]) -> Positions | None:
    """Return the fewest checks that must move for the tree to say `wanted`.

    Of equally small sets the one whose checks stand first; None when no moves lead there.
    """
    match logic:
        case int():
            if moves[logic].standing is wanted:
                return ()
            return (logic,) if wanted in moves[logic].others else None
        case Inverse(part=part):
            return fewest_moves(part, wanted.negate(), moves)
        case Every(parts=parts):
            return _joined(parts, wanted, Truth.FALSE, moves)
        case Some(parts=parts):
            return _joined(parts, wanted, Truth.TRUE, moves)
        case _:
            assert_never(logic)


def _joined(
    parts: Sequence[Logic], wanted: Truth, decisive: Truth, moves: Sequence[Move]
) -> Positions | None:
    """Move the parts of a join of which one that is `decisive` decides."""

    def ways(truth: Truth) -> list[Positions | None]:
        return [fewest_moves(part, truth, moves) for part in parts]

    if wanted is decisive:
        return _smallest(ways(decisive))
    if wanted is not Truth.UNKNOWN:
        return _united(ways(wanted))
    return _unknown(ways(Truth.UNKNOWN), ways(decisive.negate()))


def _unknown(
    unknown: Sequence[Positions | None], harmless: Sequence[Positions | None]
) -> Positions | None:
    """One part must be unknown and no other decisive."""
    either = [_smallest(pair) for pair in zip(unknown, harmless, strict=True)]
    return _smallest(
        _united([*either[:number], one, *either[number + 1 :]])
        for number, one in enumerate(unknown)
    )


def _smallest(ways: Iterable[Positions | None]) -> Positions | None:
    possible = [way for way in ways if way is not None]
    return min(possible, key=lambda way: (len(way), way), default=None)


def _united(ways: Sequence[Positions | None]) -> Positions | None:
    possible = [way for way in ways if way is not None]
    if len(possible) < len(ways):
        return None
    return tuple(sorted(position for way in possible for position in way))
