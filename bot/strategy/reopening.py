"""Which contracts of a stage may be opened again at their roll, and which are spent (R14).

A contract that a stage bought is re-opened only while that stage's entry trigger, MACD included, is
true. One that is closed because it is not counts as filled, so that it is not bought back at once,
until the stage ends or the trigger becomes true. What the ladder has no use for is simply closed.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from bot.domain.book import Book
from bot.domain.orders import Label
from bot.domain.rungs import Tier
from bot.domain.state import Leaving, Spent
from bot.domain.truth import Truth
from bot.strategy import stages
from bot.strategy.draft import Case, Draft
from bot.strategy.holdings import Key, holdings
from bot.strategy.layers import (
    CONFIRMATIONS,
    STAGE_ONE,
    STAGE_THREE,
    STAGE_TWO,
    on_check,
    stage_policy,
)
from bot.strategy.triggers import Finding, every, found, judge

_STAGE_OF = {STAGE_ONE.id: 1, CONFIRMATIONS.id: 1, STAGE_TWO.id: 2, STAGE_THREE.id: 3}


def stage_of(label: Label) -> int | None:
    """Return the stage that bought contracts of this label, None for what no stage bought.

    A confirmation (R6) belongs to the run of stage 1 in which it was counted.
    """
    return _STAGE_OF.get(label.rule)


def entry_of(case: Case, draft: Draft, stage: int) -> Finding:
    """Judge the entry trigger of a stage now, and that the stage below it is on."""
    finding = judge(stage_policy(case, stage).enter, case.readings, case.inputs.snapshot.now)
    return finding if stage == 1 else every(found(on_check(draft, stage - 1)), finding)


class _Account(NamedTuple):
    tier: Tier
    label: Label


def spent_now(case: Case, draft: Draft) -> tuple[Spent, ...]:
    """Return what is spent, with what was sold since the last evaluation."""
    accounts: Counter[_Account] = Counter()
    for one in draft.spent:
        accounts[_Account(one.tier, one.label)] += one.quantity
    held = holdings(case.inputs.book)
    for leaving in draft.leaving:
        sold = leaving.held - held.get(Key(leaving.rung, leaving.con_id, leaving.label), 0)
        unwanted = leaving.held - leaving.spends
        accounts[_Account(leaving.rung.tier, leaving.label)] += max(sold - unwanted, 0)
    return tuple(
        Spent(tier=account.tier, label=account.label, quantity=quantity)
        for account, quantity in accounts.items()
        if quantity > 0 and _stays_spent(case, draft, account.label)
    )


def _stays_spent(case: Case, draft: Draft, label: Label) -> bool:
    stage = stage_of(label)
    if stage is None or not stages.is_on(draft.stages, stage):
        return False
    return entry_of(case, draft, stage).truth is not Truth.TRUE


def leaving_for_good(book: Book, keys: Iterable[Key]) -> tuple[Leaving, ...]:
    """Return what a final close takes of the stages: all of it is put to the same test."""
    held = holdings(book)
    return tuple(
        leaving_of(key, held[key], held[key]) for key in keys if stage_of(key.label) is not None
    )


def leaving_of(key: Key, held: int, spends: int) -> Leaving:
    """Return the memory of contracts put on sale."""
    return Leaving(
        rung=key.rung, con_id=key.con_id, label=key.label, held=held, spends=spends
    )
