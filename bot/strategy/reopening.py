"""Which contracts of a stage may be opened again at their roll, and which are spent (R14).

A contract that a stage bought is re-opened only while that stage's entry trigger, MACD included, is
true. One that is closed because it is not counts as filled, so that it is not bought back at once,
until the stage ends or the trigger becomes true. What the ladder has no use for is simply closed.
"""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from bot.domain.orders import Label
from bot.domain.rungs import Rung, Tier
from bot.domain.state import Leaving, Spent
from bot.domain.truth import Truth
from bot.strategy import stages
from bot.strategy.confirmations import CONFIRMATIONS
from bot.strategy.draft import Case, Draft
from bot.strategy.holdings import Key, holdings
from bot.strategy.layers import (
    STAGE_ONE,
    STAGE_THREE,
    STAGE_TWO,
    on_check,
    stage_policy,
)
from bot.strategy.swaps import owed_by_key
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
    held = held_by_label(case)
    for leaving in draft.leaving:
        sold = leaving.held - held[leaving.rung, leaving.label]
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


def held_by_label(case: Case) -> Counter[tuple[Rung, Label]]:
    """Return what the rungs hold by label; what is between two steps of a roll counts once."""
    book = case.inputs.book
    found: Counter[tuple[Rung, Label]] = Counter()
    for key, quantity in holdings(book).items():
        found[key.rung, key.label] += quantity
    for key, quantity in owed_by_key(book, case.state.swaps).items():
        found[key.rung, key.label] -= quantity
    return found


def leaving_now(case: Case, wanted: Mapping[Key, int]) -> tuple[Leaving, ...]:
    """Return the memory of stages' contracts at their roll or final close.

    Args:
        case: The evaluation.
        wanted: How many of each holding the ladder would keep.
    """
    held = held_by_label(case)
    return tuple(
        Leaving(rung=key.rung, label=key.label, held=held[key.rung, key.label], spends=spends)
        for key, spends in wanted.items()
        if stage_of(key.label) is not None and spends
    )
