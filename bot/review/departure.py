"""The first value in which two records differ, named by its place.

For two values of one kind that ought to be equal: a decision and its replay, a memory and the one
that was stored. Numbers are compared at nine significant digits, as a digest does.
"""

import msgspec

from bot.domain.canonical import canonical
from bot.domain.value import Value

SHOWN = 120
"""Characters shown of a value."""


class Departure(Value):
    """Where two records part: a dotted place, and the JSON of both values there."""

    place: str
    before: str
    after: str


def first_departure(before: object, after: object) -> Departure | None:
    """Return the first place where two records, given as plain JSON values, differ.

    None where they do not differ; keys in the order of the alphabet.
    """
    one, other = (msgspec.json.decode(canonical(value)) for value in (before, after))
    return _first(one, other, "")


def _first(before: object, after: object, place: str) -> Departure | None:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            inner = f"{place}.{key}" if place else key
            found = _first(before.get(key), after.get(key), inner)
            if found is not None:
                return found
        return None
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        each = enumerate(zip(before, after, strict=True))
        parts = (_first(one, other, f"{place}[{number}]") for number, (one, other) in each)
        return next((part for part in parts if part is not None), None)
    if before == after and isinstance(before, bool) is isinstance(after, bool):
        return None
    return Departure(place=place, before=_shown(before), after=_shown(after))


def _shown(value: object) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= SHOWN else f"{text[:SHOWN]} and more"
