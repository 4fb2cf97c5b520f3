"""The checks of `alvh doctor`, put in order: settings, files, gateway, login, data, calendar.

Each goes on from what the one before has shown. With the wrong account nothing more is asked of the
broker; without a gateway what lies on this side of it is looked at all the same.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.adapters.clock import HostClock
from bot.adapters.control import ControlError, ask, socket_path
from bot.adapters.ib.broker import IbBroker
from bot.adapters.ib.conversation import Address, Limits
from bot.adapters.ib.probe import probe
from bot.adapters.journal.condition import account_of, journal_finding
from bot.adapters.mqtt.client_library import LinkError, Retained, connected
from bot.app.doctor.data import data_findings, needs_of
from bot.app.doctor.events import calendar_findings
from bot.app.doctor.findings import Finding, Matter, Severity, fault, warning, well
from bot.app.doctor.gateway import USUAL_PORTS, Reach, gateway_finding
from bot.app.doctor.login import Overheard, account_finding, clock_finding, orders_finding
from bot.app.ports import BrokerError, Greeting
from bot.app.tasks import beside
from bot.bootstrap.publishing import mqtt_plan
from bot.bootstrap.usage import UsageError
from bot.bootstrap.wiring import all_sessions, events_of_file
from bot.domain.account import AccountId, Mode
from bot.domain.sessions import NEW_YORK
from bot.settings.policy_file import load_policy
from bot.settings.problems import ConfigurationError
from bot.settings.run import RunSettings, load_settings

ANOTHER_CLIENT = 1000
"""So far from the bot's client number lies the one used here: neither disturbs the other."""
LAST_CLIENT = 999_999
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
PROBE_SECONDS = 5.0


async def examine(config: Path | None) -> tuple[Finding, ...]:
    """Return all that was looked at, in order; nothing that could trade is sent."""
    try:
        settings = load_settings(config)
    except ConfigurationError as error:
        return tuple(_misconfigured("settings", error))
    findings = [well("settings", f"mode {settings.mode}")]
    findings += [*_policy(settings), *await _mqtt(settings)]
    findings.append(
        journal_finding(settings.journal, bot_answers=await _bot_answers(settings.journal))
    )
    if settings.mode is Mode.SIM and settings.exchange.embedded:
        findings.append(well("gateway", "the bot starts its own exchange: nothing to reach"))
        return tuple(findings)
    found, today = await _broker(settings)
    return (*findings, *found, *_calendar(settings, today))


def _misconfigured(check: str, error: ConfigurationError) -> list[Finding]:
    return [
        fault(
            Matter.CONFIGURATION,
            check,
            f"{error.source}: {problem.place}: {problem.text}".replace(": : ", ": "),
            f"Correct {problem.place or 'the file'} in {error.source}.",
        )
        for problem in error.problems
    ]


def _policy(settings: RunSettings) -> list[Finding]:
    if settings.policy is None:
        return [well("policy", "the method's defaults")]
    try:
        load_policy(settings.policy)
    except ConfigurationError as error:
        return _misconfigured("policy", error)
    return [well("policy", f"{settings.policy} can be read")]


async def _mqtt(settings: RunSettings) -> list[Finding]:
    """Connect to the MQTT broker as somebody else than the bot; it trades without one."""
    try:
        plan = mqtt_plan(settings.mqtt)
    except ConfigurationError as error:
        return _misconfigured("mqtt", error)
    except UsageError as error:
        return [
            fault(Matter.CONFIGURATION, "mqtt", str(error), "Install it, or turn mqtt.enabled off.")
        ]
    if plan is None:
        return []
    address = replace(plan.address, client_id="alvh-doctor")
    try:
        async with connected(address, Retained(f"{plan.prefix}/doctor", b"")):
            pass
    except LinkError as error:
        fix = "Start the MQTT broker, or correct host, port, user name or certificates in [mqtt]."
        return [warning("mqtt", f"{address}: {error}", fix)]
    if address.password is not None and address.tls is None and address.host not in LOOPBACK:
        seen = f"the password travels to {address} in clear"
        return [warning("mqtt", seen, "Turn on mqtt.tls, and TLS at the broker.")]
    return [well("mqtt", f"{address} takes us")]


async def _bot_answers(journal: Path) -> bool:
    try:
        await ask(socket_path(journal), "status")
    except ControlError:
        return False
    return True


# ---------------------------------------------------------------- behind the socket


async def _broker(settings: RunSettings) -> tuple[list[Finding], date]:
    """Return what the broker's side shows, and the day its market lives in."""
    today = HostClock().now().astimezone(NEW_YORK).date()
    host, port = settings.broker.host, settings.broker.port
    seconds = min(PROBE_SECONDS, settings.broker.timeout_seconds)
    reached = await probe(host, port, seconds)
    usual = [other for other in USUAL_PORTS if other != port]
    others = (
        [await probe(host, other, seconds) for other in usual]
        if reached.reach is Reach.ABSENT
        else []
    )
    findings = [gateway_finding(reached, others)]
    if reached.reach is not Reach.GREETED:
        return findings, today
    broker = _new_broker(settings)
    try:
        greeting = await broker.connect()
    except BrokerError as error:
        return [*findings, _not_served(str(error))], today
    try:
        findings += await _login(settings, broker, greeting)
    except BrokerError as error:
        findings.append(_not_served(str(error)))
    finally:
        await broker.disconnect()
    return findings, greeting.server_time.astimezone(NEW_YORK).date()


def _new_broker(settings: RunSettings) -> IbBroker:
    own = settings.broker.client_id
    away = ANOTHER_CLIENT if own + ANOTHER_CLIENT <= LAST_CLIENT else -ANOTHER_CLIENT
    seconds = settings.broker.timeout_seconds
    address = Address(host=settings.broker.host, port=settings.broker.port, client_id=own + away)
    return IbBroker(address, HostClock(), limits=Limits(connect=seconds, answer=seconds))


def _not_served(why: str) -> Finding:
    return fault(
        Matter.REACH,
        "session",
        f"the gateway does not serve us: {why}",
        "Wait until the gateway has logged in and its nightly restart is over, then ask again.",
    )


async def _login(settings: RunSettings, broker: IbBroker, greeting: Greeting) -> Sequence[Finding]:
    allowed = tuple(AccountId(account) for account in settings.broker.accounts)
    account = account_finding(
        settings.mode, greeting.accounts, allowed, account_of(settings.journal)
    )
    clock = clock_finding(greeting, HostClock(), follows_broker=settings.clock == "broker")
    if account.severity is Severity.FAULT:
        return [account, clock]
    overheard = Overheard(broker)
    async with beside("listening", overheard.listen()):
        orders = await orders_finding(broker, overheard)
        needs = await needs_of(broker, greeting.server_time)
        is_open = all_sessions(HostClock().now().date()).is_open(greeting.server_time)
        data = await data_findings(broker, overheard, needs, is_open=is_open)
    return [account, clock, orders, *data]


def _calendar(settings: RunSettings, today: date) -> list[Finding]:
    if settings.mode is Mode.SIM:
        return []  # the scenario brings its own
    try:
        calendar = events_of_file(settings.events)
    except ConfigurationError as error:
        return _misconfigured("calendar", error)
    return list(calendar_findings(calendar, today))


def run_doctor(config: Path | None) -> tuple[Finding, ...]:
    """Examine, in a loop of its own."""
    return asyncio.run(examine(config))
