"""Keeps the watched lines within the login's data-line budget (design.md section 6).

A login has 100 lines by default, shared with every open window; beyond them the broker answers 101
and a line stays dark. So the bot asks for no more than `max_lines`, the most needed first, and says
which it had to leave out.
"""

from collections.abc import Iterable

from bot.domain.instruments import ConId
from bot.domain.value import Value

MAX_LINES = 90


class Lines(Value):
    """The lines to watch, most needed first, and those for which no line was left."""

    watched: tuple[ConId, ...]
    left_out: tuple[ConId, ...] = ()


def budget(groups: Iterable[Iterable[ConId]], max_lines: int = MAX_LINES) -> Lines:
    """Return the first `max_lines` distinct contracts of `groups`, the first group first."""
    wanted = list(dict.fromkeys(con_id for group in groups for con_id in group))
    return Lines(watched=tuple(wanted[:max_lines]), left_out=tuple(wanted[max_lines:]))
