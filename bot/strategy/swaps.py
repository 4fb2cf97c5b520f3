"""Rolls in two steps, where the broker took no combination: buy first, then sell what is replaced.

Between the steps a rung holds a contract and its replacement; both are one contract of the ladder.
What was bought so far and not yet balanced by a sale is told from what is held, not from the
orders: a fill that was missed or a restart between the steps changes nothing (R14).
"""

from collections import Counter
from collections.abc import Iterable

from bot.domain.book import Book
from bot.domain.instruments import ConId
from bot.domain.orders import Label, Order
from bot.domain.rungs import Rung
from bot.domain.state import Swap
from bot.strategy.afoot import live_rolls
from bot.strategy.draft import Case
from bot.strategy.holdings import Key, holdings


def old_key(swap: Swap) -> Key:
    """Return what a swap sells."""
    return Key(swap.rung, swap.closes, swap.label)


def owed(book: Book, swap: Swap) -> int:
    """Return the contracts that were replaced and are still to be sold."""
    held = holdings(book)
    old = held.get(old_key(swap), 0)
    new = held.get(Key(swap.rung, swap.con_id, swap.label), 0)
    return max(min(old, old + new - swap.whole), 0)


def owed_by_key(book: Book, swaps: Iterable[Swap]) -> Counter[Key]:
    """Return what is still to be sold of each unit."""
    return Counter({old_key(swap): owed(book, swap) for swap in swaps})


def halves(book: Book, rung: Rung, con_id: ConId, label: Label) -> tuple[Order, ...]:
    """Return the live purchases of rolls in two steps into `con_id`."""
    wanted = (rung, con_id, label)
    return tuple(
        order
        for order in live_rolls(book)
        if order.intent.closes is None
        and (order.intent.rung, order.intent.con_id, order.intent.label) == wanted
    )


def twice(case: Case, rung: Rung) -> int:
    """Return the contracts of a rung that the ladder must not count a second time.

    Of a combination one leg may be executed ahead of the other: bought, it counts twice for that
    moment; sold, it is missing although its replacement is on its way (then negative).
    """
    book = case.inputs.book
    halfway = sum(owed(book, swap) for swap in case.state.swaps if swap.rung is rung)
    ahead = (_ahead(book, o) for o in live_rolls(book) if o.intent.rung is rung)
    return halfway + sum(ahead)


def _ahead(book: Book, order: Order) -> int:
    bought = sum(
        lot.quantity
        for lot in book.lots
        if (lot.intent_id, lot.con_id) == (order.intent.intent_id, order.intent.con_id)
    )
    return order.ahead if bought > order.filled else -order.ahead


def bare(case: Case, rung: Rung) -> int:
    """Return what live purchases of a rung may bring beyond what they were to replace.

    A contract may be closed for good while its replacement is being bought.
    """
    book = case.inputs.book
    held = holdings(book)
    total = 0
    for swap in case.state.swaps:
        if swap.rung is rung:
            coming = sum(o.remaining for o in halves(book, rung, swap.con_id, swap.label))
            total += max(coming - held.get(old_key(swap), 0) + owed(book, swap), 0)
    return total


def going_on(book: Book, swaps: Iterable[Swap]) -> tuple[Swap, ...]:
    """Return the swaps of which something is bought, being bought or to be sold."""
    return tuple(
        swap
        for swap in swaps
        if owed(book, swap) or halves(book, swap.rung, swap.con_id, swap.label)
    )
