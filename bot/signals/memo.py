"""Remembering what was computed of a slow input.

History, calendar and universe are the same objects for a whole session, while signals are read
every few minutes. What depends on them alone is computed once per object. Hashing 512 closes of
ten series each time would cost more than the lookup saves, so an object is known by identity; the
memory holds the object itself, hence its identity cannot pass to another one.
"""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import ParamSpec, TypeVar

Params = ParamSpec("Params")
Result = TypeVar("Result")

KEPT = 4
"""Results kept per function: two sessions of two policies side by side."""


def remembered(function: Callable[Params, Result]) -> Callable[Params, Result]:
    """Keep the last results of a pure function of frozen values, taken by position.

    Arguments are the same when they are one object; dates and whole numbers when they are equal.
    """
    entries: tuple[tuple[tuple[object, ...], Result], ...] = ()

    @wraps(function)
    def recall(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        nonlocal entries
        assert not kwargs, "a remembered function takes its arguments by position"
        for known, result in entries:
            if all(map(_same, known, args)):
                return result
        result = function(*args, **kwargs)
        entries = ((args, result), *entries[: KEPT - 1])
        return result

    return recall


def _same(known: object, given: object) -> bool:
    return known is given or (isinstance(known, date | int) and known == given)
