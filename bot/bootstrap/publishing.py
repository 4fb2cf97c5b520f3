"""The MQTT publisher of a run, wired from its settings."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.adapters.journal.store import Journal
from bot.adapters.mqtt.bookmark import Bookmark
from bot.adapters.mqtt.client_library import Address, LibraryMissingError, client_tls, library_name
from bot.adapters.mqtt.publisher import Plan, Publisher, publishing
from bot.bootstrap.usage import UsageError
from bot.settings.problems import ConfigurationError, Problem
from bot.settings.run import MqttSettings, RunSettings


def mqtt_plan(settings: MqttSettings) -> Plan | None:
    """Return where to publish, None when it is off.

    Raises:
        ConfigurationError: the password or a certificate cannot be read.
        UsageError: no MQTT library is installed.
    """
    if not settings.enabled:
        return None
    try:
        library_name()
    except LibraryMissingError as error:
        raise UsageError(f"mqtt.enabled: {error}; install alvh-bot[mqtt]") from error
    address = Address(
        host=settings.host,
        port=settings.port,
        client_id=settings.client_id,
        keepalive_seconds=settings.keepalive_seconds,
        username=settings.username,
        password=settings.secret(),
        tls=_tls(settings),
    )
    return Plan(address=address, prefix=settings.prefix, outbox=settings.outbox)


@asynccontextmanager
async def published(
    plan: Plan | None, settings: RunSettings, journal: Journal
) -> AsyncIterator[Publisher | None]:
    """Publish what is written to the journal while the block runs."""
    if plan is None:
        yield None
        return
    past = ReadOnlyJournal(settings.journal)
    publisher = Publisher(plan, past, Bookmark.beside(settings.journal))
    journal.add_reader(publisher.read)
    async with publishing(publisher):
        yield publisher


def _tls(settings: MqttSettings) -> ssl.SSLContext | None:
    if not settings.tls:
        return None
    ca_file = None if settings.ca_file is None else str(settings.ca_file)
    try:
        context = client_tls(ca_file)
    except OSError as error:
        raise _unreadable("ca_file", error) from error
    if settings.cert_file is not None:
        try:
            context.load_cert_chain(
                settings.cert_file,
                settings.key_file,
                # else it would ask for a pass phrase on the terminal
                password="",
            )
        except OSError as error:
            raise _unreadable("cert_file", error) from error
    return context


def _unreadable(key: str, error: OSError) -> ConfigurationError:
    text = error.strerror or str(error)
    return ConfigurationError("the settings", [Problem(place=f"mqtt.{key}", text=text)])
