"""The base of every frozen value.

A value is immutable, keyword-only and compared by content; a change is a new value (`replace`).
It is a `msgspec.Struct`, so that the journal writes and reads it back with its types, and a
policy or a case file is checked against the same definition.
"""

from typing import Any, TypeVar, dataclass_transform

import msgspec


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class ValueMeta(msgspec.StructMeta):
    """Makes each value frozen, keyword-only and strict without saying so in every class."""

    def __new__(  # noqa: D102 - see the class
        mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **config: Any
    ) -> Any:
        strict = {"frozen": True, "kw_only": True, "forbid_unknown_fields": True}
        return super().__new__(mcls, name, bases, namespace, **(strict | config))


class Value(msgspec.Struct, metaclass=ValueMeta):
    """A frozen, keyword-only value that refuses fields it does not know."""


ValueT = TypeVar("ValueT", bound=Value)


def replace(value: ValueT, /, **changes: object) -> ValueT:
    """Return a copy of `value` with `changes`; an unknown field raises `TypeError`."""
    return msgspec.structs.replace(value, **changes)
