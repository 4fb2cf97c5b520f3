"""The form of a request table: its fields, how each is read and where its value goes.

A table is a tuple of `RequestField`. Reading fills a `Draft`; later fields may look at earlier
ones in it, since the wire has blocks that exist only for some orders.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec

from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.field_reader import FieldReader
from bot.exchange.wire.order import WireOrder
from bot.exchange.wire.versions import MAX_VERSION, Span


class Draft:
    """The values of one request, gathered by the struct they belong to."""

    def __init__(self) -> None:
        self.request: dict[str, Any] = {}
        self.contract: dict[str, Any] = {}
        self.order: dict[str, Any] = {}
        self.unsupported: list[str] = []

    def build(self, make: Callable[..., Any]) -> Any:
        """Call `make` with the request's values, its contract and its order."""
        values = dict(self.request)
        if self.contract:
            values["contract"] = WireContract(**self.contract)
        if self.order:
            values["order"] = WireOrder(**self.order, unsupported=tuple(self.unsupported))
        return make(**values)


Step: TypeAlias = Callable[[FieldReader, Draft], None]
Read: TypeAlias = Callable[[FieldReader], object]


class RequestField(msgspec.Struct, frozen=True):
    """One step of reading, and the versions in which it takes place."""

    step: Step
    span: Span = Span()


def value(name: str, read: Read, *, since: int = 0) -> RequestField:
    """Read a field of the request itself."""

    def step(reader: FieldReader, draft: Draft) -> None:
        draft.request[name] = read(reader)

    return RequestField(step, Span(since))


def of_contract(name: str, read: Read, *, since: int = 0) -> RequestField:
    """Read a field of the request's contract."""

    def step(reader: FieldReader, draft: Draft) -> None:
        draft.contract[name] = read(reader)

    return RequestField(step, Span(since))


def of_order(name: str, read: Read, *, since: int = 0) -> RequestField:
    """Read a field of the request's order."""

    def step(reader: FieldReader, draft: Draft) -> None:
        draft.order[name] = read(reader)

    return RequestField(step, Span(since))


def skipped(read: Read) -> RequestField:
    """Read a field and forget it, as the wire's old message versions."""

    def step(reader: FieldReader, draft: Draft) -> None:  # noqa: ARG001 - the common signature
        read(reader)

    return RequestField(step)


def spanning(step: Step, *, since: int = 0, until: int = MAX_VERSION + 1) -> RequestField:
    """Read with a step of its own."""
    return RequestField(step, Span(since, until))


def decode(plan: tuple[Step, ...], make: Callable[..., Any], fields: list[str]) -> Any:
    """Read all of `fields` by `plan` and build the request.

    Raises:
        ProtocolError: A field is bad, or there are too many or too few.
    """
    reader, draft = FieldReader(fields), Draft()
    for step in plan:
        step(reader, draft)
    reader.finish()
    return draft.build(make)


def compile_plan(table: tuple[RequestField, ...], version: int) -> tuple[Step, ...]:
    """Keep the steps that take place in `version`."""
    return tuple(field.step for field in table if field.span.covers(version))
