"""What a rung holds of one contract under one label: the unit in which R14 closes and rolls.

The order in which contracts leave is the method's (section 1): those of a stage first, of these the
newest first. What is being closed for good already goes before all others.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from bot.domain.book import Book, Lot
from bot.domain.instruments import ConId
from bot.domain.orders import Label
from bot.domain.rungs import LADDER, RuleClass, Rung, Tier

STAGE_CLASSES = frozenset({RuleClass.STAGE, RuleClass.EMERGENCY})


class Key(NamedTuple):
    """Which contracts: of a rung, in one contract, bought by one rule."""

    rung: Rung
    con_id: ConId
    label: Label


def key_of(lot: Lot) -> Key:
    """Return the unit a lot belongs to."""
    return Key(lot.rung, lot.con_id, lot.label)


def holdings(book: Book) -> dict[Key, int]:
    """Return the contracts held by unit, S1 first."""
    held: Counter[Key] = Counter()
    for lot in sorted(book.lots, key=lambda lot: LADDER.index(lot.rung)):
        if lot.quantity > 0:
            held[key_of(lot)] += lot.quantity
    return dict(held)


def first_to_leave(
    book: Book, tier: Tier, count: int, ending: Iterable[ConId], counted_once: Counter[Key]
) -> Counter[Key]:
    """Return which `count` contracts of a tier the ladder can do without.

    Args:
        book: What is held.
        tier: Of which tier.
        count: Contracts held beyond what is wanted.
        ending: Contracts that are being closed for good: they leave first.
        counted_once: What is held twice between the two steps of a roll, and so is not counted.
    """
    ends = frozenset(ending)
    lots = [lot for lot in book.lots if lot.rung.tier is tier and lot.quantity > 0]
    lots.sort(key=lambda lot: (lot.opened_at, LADDER.index(lot.rung)), reverse=True)
    lots.sort(key=lambda lot: (lot.con_id not in ends, lot.rule_class not in STAGE_CLASSES))
    left, spare = max(count, 0), Counter(counted_once)
    leaving: Counter[Key] = Counter()
    for lot in lots:
        key = key_of(lot)
        twice = min(spare[key], lot.quantity)
        spare[key] -= twice
        taken = min(lot.quantity - twice, left)
        leaving[key] += taken
        left -= taken
    return leaving
