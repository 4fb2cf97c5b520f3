"""The tree over a rule's checks: its truth, its journal form, and the fewest moves to a truth."""

from itertools import combinations, product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.logic import Every, Inverse, Logic, Move, Some, fewest_moves, shifted, truth_in
from bot.domain.logic import without as left_of
from bot.domain.truth import Truth

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
STORM = Every(parts=(0, Some(parts=(1, 2, 3))))
"""Stage 3: stage 2 on, and one of three signs."""


def moves(before: str, after: str) -> list[Move]:
    """Read `TFU` letter by letter: what each check says, and what it comes to say."""
    letters = {"T": T, "F": F, "U": U}
    return [
        Move(letters[one], frozenset({letters[other]}))
        for one, other in zip(before, after, strict=True)
    ]


@pytest.mark.parametrize(
    ("truths", "expected"),
    [
        ([T, F, T, U], T),
        ([F, T, T, T], F),
        ([T, F, F, U], U),
        ([U, T, F, F], U),
        ([U, F, F, F], F),
    ],
)
def test_a_tree_says_what_its_checks_join_to(truths: list[Truth], expected: Truth) -> None:
    assert truth_in(STORM, truths) is expected
    assert truth_in(Inverse(part=STORM), truths) is expected.negate()


def test_it_is_stored_as_short_lists_and_read_back() -> None:
    tree = Every(parts=(0, Some(parts=(1, Inverse(part=2)))))
    stored = msgspec.json.encode(tree)
    assert stored == b'["all",[0,["any",[1,["not",2]]]]]'
    assert msgspec.json.decode(stored, type=Logic) == tree


def test_a_shifted_tree_speaks_of_later_checks() -> None:
    tree = Every(parts=(0, Some(parts=(1, Inverse(part=2)))))
    assert shifted(tree, 3) == Every(parts=(3, Some(parts=(4, Inverse(part=5)))))


@pytest.mark.parametrize(
    ("dropped", "kept"),
    [
        ({3}, Every(parts=(0, Some(parts=(1, 2))))),
        ({1, 2, 3}, Every(parts=(0,))),
        ({0, 1, 2, 3}, None),
    ],
)
def test_dropped_checks_leave_their_joins(dropped: set[int], kept: Logic | None) -> None:
    assert left_of(STORM, dropped) == kept


def test_a_dropped_part_takes_its_negation_along() -> None:
    tree = Some(parts=(Inverse(part=0), Inverse(part=1)))
    assert left_of(tree, {0}) == Some(parts=(Inverse(part=1),))


@pytest.mark.parametrize(
    ("before", "after", "wanted", "fewest"),
    [
        ("FFFU", "TTTU", T, (0, 1)),  # two signs appeared: one of them was enough
        ("TFFU", "TFTU", T, (2,)),
        ("TTFU", "FTFU", F, (0,)),
        ("TTTF", "TFFF", F, (1, 2)),  # both signs had to go
        ("TTFF", "TUFF", U, (1,)),
        ("TUFF", "TFFF", F, (1,)),
        ("FUFF", "TUFF", U, (0,)),
        ("TTFF", "TTFF", T, ()),
        ("TTFF", "TTFF", F, None),
        ("FTFF", "FUFF", U, None),
    ],
)
def test_the_fewest_moves_to_a_truth(
    before: str, after: str, wanted: Truth, fewest: tuple[int, ...] | None
) -> None:
    assert fewest_moves(STORM, wanted, moves(before, after)) == fewest


def test_a_negation_wants_the_opposite_of_its_part() -> None:
    tree = Every(parts=(Inverse(part=0), 1))
    assert fewest_moves(tree, T, moves("TF", "FT")) == (0, 1)
    assert fewest_moves(tree, U, moves("FF", "FU")) == (1,)


TRUTHS = st.sampled_from(list(Truth))


@st.composite
def trees(draw: st.DrawFn) -> tuple[Logic, int]:
    """Draw a tree whose positions stand in it once, and their number."""
    count = 0

    def node(depth: int) -> Logic:
        nonlocal count
        kind = draw(st.sampled_from(["leaf", "all", "any", "not"])) if depth else "leaf"
        if kind == "leaf":
            count += 1
            return count - 1
        if kind == "not":
            return Inverse(part=node(depth - 1))
        parts = tuple(node(depth - 1) for _ in range(draw(st.integers(0, 3))))
        return Every(parts=parts) if kind == "all" else Some(parts=parts)

    return node(3), count


@given(trees(), st.data(), TRUTHS)
def test_no_smaller_set_of_moves_leads_there(
    drawn: tuple[Logic, int], data: st.DataObject, wanted: Truth
) -> None:
    """Against trying every set of checks, smallest sets first."""
    tree, count = drawn
    befores = data.draw(st.lists(TRUTHS, min_size=count, max_size=count))
    afters = data.draw(st.lists(TRUTHS, min_size=count, max_size=count))
    given_moves = [Move(b, frozenset({a})) for b, a in zip(befores, afters, strict=True)]
    turned = [n for n in range(count) if befores[n] is not afters[n]][:8]
    for n in range(count):
        if n not in turned:
            given_moves[n] = Move(befores[n], frozenset())
    sizes = (
        size
        for size, chosen in (
            (s, c) for s in range(len(turned) + 1) for c in combinations(turned, s)
        )
        if truth_in(tree, [afters[n] if n in chosen else befores[n] for n in range(count)])
        is wanted
    )
    smallest = next(sizes, None)
    found = fewest_moves(tree, wanted, given_moves)
    assert (None if found is None else len(found)) == smallest


def test_every_join_of_two_agrees_with_the_table() -> None:
    for one, other in product(Truth, repeat=2):
        pair = [one, other]
        assert (truth_in(Every(parts=(0, 1)), pair) is T) == (one is T and other is T)
        assert (truth_in(Some(parts=(0, 1)), pair) is F) == (one is F and other is F)
