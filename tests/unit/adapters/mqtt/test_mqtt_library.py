"""The seam to the MQTT library."""

import subprocess
import sys

import pytest

from bot.adapters.mqtt import client_library
from bot.adapters.mqtt.client_library import (
    NAMES,
    LibraryMissingError,
    Link,
    LinkError,
    library_name,
)
from tests.support.publishing import address


def test_one_of_the_two_libraries_is_in_use() -> None:
    assert library_name() in NAMES
    assert (set(NAMES) - {library_name()}).isdisjoint(sys.modules)


def test_it_is_loaded_only_when_it_is_needed_and_says_nothing_of_itself() -> None:
    program = (
        "import sys; from bot.adapters.mqtt import client_library, publisher;"
        f"assert not [name for name in {NAMES} if name in sys.modules];"
        "client_library.library_name()"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert (told.stdout, told.stderr) == ("", "")


def test_without_either_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    client_library._library.cache_clear()
    monkeypatch.setattr(client_library, "NAMES", ("no_such_library",))
    with pytest.raises(LibraryMissingError, match="no_such_library"):
        library_name()
    client_library._library.cache_clear()


def test_an_address_shows_no_password() -> None:
    one = address(1883, username="bot", password="zqx-secret")
    assert str(one) == "127.0.0.1:1883"
    assert "zqx-secret" not in repr(one)


class Deaf:
    """A client that takes nothing."""

    async def publish(self, *_: object, **__: object) -> None:
        raise ValueError("payload too large")


async def test_what_cannot_be_sent_is_a_link_error() -> None:
    with pytest.raises(LinkError, match="payload too large"):
        await Link(Deaf()).publish("topic", b"")
