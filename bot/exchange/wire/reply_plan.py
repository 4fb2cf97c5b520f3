"""The form of a reply table: how each field of a message is taken from its struct and spelled.

A table is a tuple of `ReplyField`. A field may write several wire fields at once (a list with its
count); their texts are then joined by the separator already. A field also knows the way back, from
the wire into the values of a struct by path: that is how traces are compared with the tables.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from math import isfinite
from operator import attrgetter
from typing import Any, TypeAlias

import msgspec

from bot.exchange.wire.errors import ProtocolError, SendError
from bot.exchange.wire.field_reader import FieldReader
from bot.exchange.wire.versions import MAX_VERSION, Span

SEPARATOR = "\0"
# The largest double, as the broker's software prints it, stands for "not set".
UNSET = "1.7976931348623157E308"
# Sizes turned fractional in this version; older clients read whole numbers only.
FRACTIONAL_SIZES = 163

Spell: TypeAlias = Callable[[Any], str]
Read: TypeAlias = Callable[[FieldReader], object]
Values: TypeAlias = dict[str, Any]
"""What was read of a message, by path."""
Take: TypeAlias = Callable[[FieldReader, Values], None]


class ReplyField(msgspec.Struct, frozen=True):
    """One step of writing, the versions in which it takes place, and its way back if it has one."""

    spell: Spell
    span: Span = Span()
    take: Take | None = None


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
    count = text.count(SEPARATOR) + 1

    def take(reader: FieldReader, _values: Values) -> None:
        for _ in range(count):
            reader.text()

    return ReplyField(lambda _: text, Span(since, until), take)


def blank(count: int, *, since: int = 0, until: int = MAX_VERSION + 1) -> ReplyField:
    """Write `count` empty fields."""
    return fixed(SEPARATOR * (count - 1), since=since, until=until)


def text(path: str, *, since: int = 0) -> ReplyField:
    """Write a text attribute."""
    return _attribute(path, spell_text, FieldReader.text, since)


def integer(path: str) -> ReplyField:
    """Write a whole number."""
    return _attribute(path, str, FieldReader.integer)


def optional_integer(path: str) -> ReplyField:
    """Write a whole number, nothing if it is None."""
    return _attribute(path, _unless_none(str, ""), FieldReader.optional_integer)


def flag(path: str) -> ReplyField:
    """Write a truth value; None counts as false."""
    return _attribute(path, spell_flag, FieldReader.flag)


def decimal(path: str, *, since: int = 0) -> ReplyField:
    """Write a number."""
    return _attribute(path, spell_decimal, _read_decimal, since)


def optional_decimal(path: str, *, unset: str = "") -> ReplyField:
    """Write a number, `unset` if it is None."""
    return _attribute(path, _unless_none(spell_decimal, unset), FieldReader.optional_decimal)


def floating(path: str) -> ReplyField:
    """Write a float."""
    return _attribute(path, spell_float, FieldReader.number_or_zero)


def optional_floating(path: str, *, unset: str = UNSET) -> ReplyField:
    """Write a float, `unset` if it is None."""

    def read(reader: FieldReader) -> float | None:
        value = reader.optional_decimal()
        return None if value is None else float(value)

    return _attribute(path, _unless_none(spell_float, unset), read)


def size(path: str) -> tuple[ReplyField, ReplyField]:
    """Write a size, whole for the clients that know no fractions."""
    get, take = attrgetter(path), _taker(path, _read_decimal)
    return (
        ReplyField(lambda reply: spell_whole(get(reply)), Span(0, FRACTIONAL_SIZES), take),
        ReplyField(lambda reply: spell_decimal(get(reply)), Span(FRACTIONAL_SIZES), take),
    )


def block(
    spell: Spell, take: Take | None = None, *, since: int = 0, until: int = MAX_VERSION + 1
) -> ReplyField:
    """Write with a function of its own, which may yield several joined fields."""
    return ReplyField(spell, Span(since, until), take)


def counted(path: str, spell: Spell, read: Read) -> ReplyField:
    """Write how many values there are and then each."""
    get = attrgetter(path)

    def write(reply: Any) -> str:
        values = get(reply)
        return join([str(len(values)), *map(spell, values)])

    def read_all(reader: FieldReader) -> list[object]:
        return [read(reader) for _ in range(reader.count())]

    return ReplyField(write, take=_taker(path, read_all))


def rows(
    path: str, *fields: ReplyField, since: int = 0, until: int = MAX_VERSION + 1
) -> ReplyField:
    """Write how many rows there are and then the fields of each; all have the same fields."""
    spells = [field.spell for field in fields]

    def spell(row: Any) -> str:
        return join([write(row) for write in spells])

    def read(reader: FieldReader) -> dict[str, Any]:
        values: Values = {}
        for field in fields:
            assert field.take is not None
            field.take(reader, values)
        return nest(values)

    return msgspec.structs.replace(counted(path, spell, read), span=Span(since, until))


def nest(values: Values) -> dict[str, Any]:
    """Turn values by path into dictionaries within dictionaries."""
    nested: dict[str, Any] = {}
    for path, value in values.items():
        *parents, name = path.split(".")
        inner = nested
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[name] = value
    return nested


def compile_spells(table: tuple[ReplyField, ...], version: int) -> tuple[Spell, ...]:
    """Keep the steps that take place in `version`."""
    return tuple(field.spell for field in table if field.span.covers(version))


def _attribute(path: str, spell: Spell, read: Read, since: int = 0) -> ReplyField:
    get = attrgetter(path)
    return ReplyField(lambda reply: spell(get(reply)), Span(since), _taker(path, read))


def _taker(path: str, read: Read) -> Take:
    def take(reader: FieldReader, values: Values) -> None:
        values[path] = read(reader)

    return take


def _read_decimal(reader: FieldReader) -> Decimal:
    value = reader.optional_decimal()
    if value is None:
        raise ProtocolError("a number is missing")
    return value


def _unless_none(spell: Spell, unset: str) -> Spell:
    return lambda value: unset if value is None else spell(value)
