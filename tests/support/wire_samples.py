"""One sample of every message the server can send, made from the structs' own field types.

A message that is added later is sampled without being named here.
"""

import types
import typing
from decimal import Decimal
from typing import Any, get_args, get_origin

import msgspec

from bot.exchange.wire.replies import Hello, Reply

_VALUES: dict[object, object] = {
    int: 3,
    float: 2.5,
    str: "7",
    bool: True,
    Decimal: Decimal("1.5"),
}
# Texts that a client takes apart.
_TEXTS = {"time": "20180205 15:00:00 US/Eastern", "last_trade_date": "20180417"}

# The kind of a tick-by-tick message that tells a trade; the others fix theirs.
_TRADE = 1


def sample(kind: Any) -> Any:
    """Return a value of a struct or field type with nothing left unset."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = typing.get_type_hints(kind)
        return kind(**{name: _field(name, hints[name]) for name in hints})
    if get_origin(kind) is tuple:
        return (sample(get_args(kind)[0]),)
    if isinstance(kind, types.UnionType):
        return sample(get_args(kind)[0])
    return _VALUES[kind]


def _field(name: str, hint: object) -> object:
    if hint is str and name in _TEXTS:
        return _TEXTS[name]
    return _TRADE if name == "tick_type" else sample(hint)


def reply_kinds() -> list[type[Any]]:
    """Return every kind of message, the one of the handshake excepted."""
    return [kind for kind in get_args(Reply) if kind is not Hello]
