"""The seam to the broker's client library: ib_insync, or its successor ib_async where installed.

We use the library's lower half only, the client (requests out, framing) and the decoder (messages
in), and let the decoder speak to our own `Listener` instead of the library's wrapper. The upper
half keeps a second state that is not the broker's: it marks living orders cancelled on some error
codes, keeps old quotes over an outage, empties or keeps its trades on a disconnect, answers failed
requests with empty lists, and the two libraries differ in each of these. What the lower halves
disagree on is hidden here: the import name, the loop wanted at import, the names a decoder looks up
on its target. Never install both libraries: they own the same `eventkit` folder.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, tzinfo
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

NAME = "ib_insync" if find_spec("ib_insync") else "ib_async"


def _imported(name: str) -> ModuleType:
    """Import with a current event loop, which ib_insync's eventkit asks for at import."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        try:
            return import_module(name)
        finally:
            asyncio.set_event_loop(None)
            loop.close()
    return import_module(name)


if TYPE_CHECKING:
    from ib_insync import (
        ComboLeg,
        Contract,
        ContractDetails,
        ExecutionFilter,
        Order,
    )
    from ib_insync.client import Client
else:
    _library = _imported(NAME)
    Client = _library.client.Client
    Contract, ContractDetails = _library.Contract, _library.ContractDetails
    ExecutionFilter, Order = _library.ExecutionFilter, _library.Order
    ComboLeg = _library.ComboLeg

__all__ = [
    "NAME",
    "Client",
    "ComboLeg",
    "Contract",
    "ContractDetails",
    "ExecutionFilter",
    "Order",
]


class DecoderTarget:
    """What either library looks up on the object it speaks to, besides a method per message."""

    defaultTimezone: ClassVar[tzinfo] = UTC
    # Execution times without a zone, as old gateways send them, are in the gateway's own zone.
    ib: ClassVar[Any] = SimpleNamespace(TimezoneTWS="America/New_York")


Alarm = Callable[[str, BaseException | None], None]
"""Told of each message that could not be read or handed over: what was said of it, and the cause.

A decoder would only log it, and a lost message may be a lost fill.
"""


def new_client(target: DecoderTarget, alarm: Alarm) -> Client:
    """Return an unconnected client that speaks to `target` and reports each lost message.

    The library's own request queue is off (45 a second, orders behind data requests): pacing is
    ours (`bot.adapters.ib.pacing`), so that orders and cancels never wait.
    """
    client = Client(target)
    client.MaxRequests = 0
    logger = logging.Logger(f"{NAME}.Decoder")  # noqa: LOG001 - one per client, not by name
    logger.parent = logging.getLogger(logger.name)
    logger.addFilter(_sounding(alarm))
    client.decoder.logger = logger
    client.conn.hasData.error_event.connect(
        lambda _event, error: alarm("a packet could not be handled", error), keep_ref=True
    )
    return client


def _sounding(alarm: Alarm) -> Callable[[logging.LogRecord], bool]:
    def sound(record: logging.LogRecord) -> bool:
        alarm(record.getMessage(), record.exc_info[1] if record.exc_info else None)
        return True

    return sound
