"""The form of a reply table: how each field of a message is taken from its struct and spelled.

A table is a tuple of `ReplyField`. A field may write several wire fields at once (a list with its
count); their texts are then joined by the separator already.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from math import isfinite
from operator import attrgetter
from typing import Any, TypeAlias

import msgspec

from bot.exchange.wire.errors import SendError
from bot.exchange.wire.versions import MAX_VERSION, Span

SEPARATOR = "\0"
# The largest double, as the broker's software prints it, stands for "not set".
UNSET = "1.7976931348623157E308"
# Sizes turned fractional in this version; older clients read whole numbers only.
FRACTIONAL_SIZES = 163

Spell: TypeAlias = Callable[[Any], str]


class ReplyField(msgspec.Struct, frozen=True):
    """One step of writing, and the versions in which it takes place."""

    spell: Spell
    span: Span = Span()


def spell_text(value: str) -> str:
    """Return `value`, or raise SendError if it holds the separator."""
    if SEPARATOR in value:
        raise SendError(f"text with a NUL: {value[:40]!r}")
    return value


def spell_decimal(value: Decimal) -> str:
    """Spell a finite number in plain digits, or raise SendError."""
    text = str(value)  # twice as fast as formatting, and almost always the same
    if "E" not in text and "n" not in text and "N" not in text:
        return text
    if not value.is_finite():
        raise SendError(f"not a finite number: {value}")
    return f"{value:f}"


def spell_float(value: float) -> str:
    """Spell a finite number so that it reads back the same, or raise SendError."""
    if not isfinite(value):
        raise SendError(f"not a finite number: {value}")
    return repr(float(value))


def spell_whole(value: Decimal) -> str:
    """Spell a size for a client that knows whole sizes only; a fraction is dropped."""
    return spell_decimal(value.to_integral_value("ROUND_DOWN"))


def spell_flag(value: bool) -> str:  # noqa: FBT001 - a value, not a switch
    """Spell a truth value."""
    return "1" if value else "0"


def join(texts: Iterable[str]) -> str:
    """Join the texts of several wire fields."""
    return SEPARATOR.join(texts)


def fixed(text: str, *, since: int = 0, until: int = MAX_VERSION + 1) -> ReplyField:
    """Write what never changes: message ids, old versions, features we lack."""
    return ReplyField(lambda _: text, Span(since, until))


def blank(count: int, *, since: int = 0, until: int = MAX_VERSION + 1) -> ReplyField:
    """Write `count` empty fields."""
    return fixed(SEPARATOR * (count - 1), since=since, until=until)


def text(path: str, *, since: int = 0) -> ReplyField:
    """Write a text attribute."""
    return _attribute(path, spell_text, since)


def integer(path: str) -> ReplyField:
    """Write a whole number."""
    return _attribute(path, str)


def optional_integer(path: str) -> ReplyField:
    """Write a whole number, nothing if it is None."""
    return _attribute(path, _unless_none(str, ""))


def flag(path: str) -> ReplyField:
    """Write a truth value; None counts as false."""
    return _attribute(path, spell_flag)


def decimal(path: str, *, since: int = 0) -> ReplyField:
    """Write a number."""
    return _attribute(path, spell_decimal, since)


def optional_decimal(path: str, *, unset: str = "") -> ReplyField:
    """Write a number, `unset` if it is None."""
    return _attribute(path, _unless_none(spell_decimal, unset))


def floating(path: str) -> ReplyField:
    """Write a float."""
    return _attribute(path, spell_float)


def optional_floating(path: str) -> ReplyField:
    """Write a float, the unset number if it is None."""
    return _attribute(path, _unless_none(spell_float, UNSET))


def size(path: str) -> tuple[ReplyField, ReplyField]:
    """Write a size, whole for the clients that know no fractions."""
    get = attrgetter(path)
    return (
        ReplyField(lambda reply: spell_whole(get(reply)), Span(0, FRACTIONAL_SIZES)),
        ReplyField(lambda reply: spell_decimal(get(reply)), Span(FRACTIONAL_SIZES)),
    )


def block(spell: Spell, *, since: int = 0, until: int = MAX_VERSION + 1) -> ReplyField:
    """Write with a function of its own, which may yield several joined fields."""
    return ReplyField(spell, Span(since, until))


def compile_spells(table: tuple[ReplyField, ...], version: int) -> tuple[Spell, ...]:
    """Keep the steps that take place in `version`."""
    return tuple(field.spell for field in table if field.span.covers(version))


def _attribute(path: str, spell: Spell, since: int = 0) -> ReplyField:
    get = attrgetter(path)
    return ReplyField(lambda reply: spell(get(reply)), Span(since))


def _unless_none(spell: Spell, unset: str) -> Spell:
    return lambda value: unset if value is None else spell(value)
