"""The seam to the client library."""

import asyncio
import sys

import pytest

from bot.adapters.ib.client_library import (
    NAME,
    Client,
    ContractDetails,
    DecoderTarget,
    _imported,
    new_client,
)
from bot.adapters.ib.contracts import kind_of
from bot.app.ports import BrokerRefusedError


def test_one_of_the_two_libraries_is_loaded_and_not_both() -> None:
    assert NAME in {"ib_insync", "ib_async"}
    assert NAME in sys.modules
    assert ({"ib_insync", "ib_async"} - {NAME}).isdisjoint(sys.modules)


def test_the_import_leaves_no_event_loop_behind() -> None:
    assert _imported("json").__name__ == "json"
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()


async def test_it_can_be_imported_inside_a_running_loop() -> None:
    loop = asyncio.get_running_loop()
    assert _imported("json").__name__ == "json"
    assert asyncio.get_running_loop() is loop


class _Target(DecoderTarget):
    """Hears ticks, badly."""

    def priceSizeTick(self, *_: object) -> None:  # noqa: N802 - the library's name
        raise ZeroDivisionError


def test_the_library_queues_nothing() -> None:
    client = new_client(_Target(), lambda _what, _cause: None)
    assert isinstance(client, Client)
    assert client.MaxRequests == 0


def test_a_failing_handler_sounds_the_alarm() -> None:
    alarms: list[tuple[str, BaseException | None]] = []
    client = new_client(_Target(), lambda what, cause: alarms.append((what, cause)))
    client.decoder.interpret(["1", "6", "7", "1", "3.4", "5", "0"])
    assert len(alarms) == 1
    assert isinstance(alarms[0][1], ZeroDivisionError)


def test_an_error_line_without_an_exception_sounds_it_too() -> None:
    alarms: list[tuple[str, BaseException | None]] = []
    client = new_client(_Target(), lambda what, cause: alarms.append((what, cause)))
    client.decoder.logger.error("lost something")
    assert alarms == [("lost something", None)]


def test_details_without_a_contract_are_refused() -> None:
    with pytest.raises(BrokerRefusedError, match="without a contract"):
        kind_of(ContractDetails())
