"""All rules of the method, found in the modules of their groups, in the order of one evaluation.

There is no list of rules to keep: a `Rule` at the top level of a group's module is in the catalog.
Its step places it; within a step the R number does.
"""

from bot.strategy import (
    allocation,
    condors,
    confirmations,
    discipline,
    layers,
    money,
    rolling,
    sizing,
    timing,
)
from bot.strategy.rule import Rule

_GROUPS = (sizing, allocation, layers, confirmations, timing, rolling, money, condors, discipline)


def _collect() -> tuple[Rule, ...]:
    found = {
        value for group in _GROUPS for value in vars(group).values() if isinstance(value, Rule)
    }
    return tuple(sorted(found, key=lambda rule: (rule.step, rule.number, rule.id)))


RULES: tuple[Rule, ...] = _collect()
"""Every rule of the method, in the order in which an evaluation asks them."""
