"""Whether the login behind the gateway is the one that was meant, on the same clock, and may trade.

Asked are only lists and the time. A gateway in read-only mode answers the question for our own open
orders with 321, because asking binds them (domain.md section 3.1).
"""

import asyncio
from datetime import timedelta

from bot.app.doctor.findings import Finding, Matter, fault, warning, well
from bot.app.ports import Broker, BrokerError, Clock, Greeting
from bot.app.service import MAX_SKEW
from bot.app.tasks import TaskEndedError, beside
from bot.domain.account import AccountId, Mode
from bot.domain.broker import NoticeHeard
from bot.risk.mode import AccountRefusal, prove_account

READ_ONLY = 321
UNEASY_SKEW = timedelta(seconds=2)
"""The broker tells whole seconds, so that less than this says nothing."""


def account_finding(
    mode: Mode,
    reported: tuple[AccountId, ...],
    allowed: tuple[AccountId, ...],
    journalled: AccountId | None,
) -> Finding:
    """Return whether mode, allow-list and journal fit the accounts the broker reports."""
    proved = prove_account(mode, reported, allowed)
    if isinstance(proved, AccountRefusal):
        return fault(
            Matter.SAFETY,
            "account",
            proved.reason,
            f"Log the gateway in with the account meant for mode {mode}, or correct mode and "
            f"broker.accounts; reported: {', '.join(reported) or 'none'}.",
        )
    if journalled not in {None, proved}:
        return fault(
            Matter.SAFETY,
            "account",
            f"the broker reports {proved}, but the journal belongs to {journalled}",
            "Name another journal for this account, or log in with the one the journal belongs to.",
        )
    return well("account", f"{proved} fits mode {mode}")


def clock_finding(greeting: Greeting, clock: Clock, *, follows_broker: bool) -> Finding:
    """Return how far the broker's clock and this host's are apart."""
    skew = greeting.server_time - clock.now()
    if follows_broker:
        return well("clock", f"the bot follows the broker's time, {greeting.server_time:%F %T} UTC")
    seen = f"the broker's clock differs by {skew.total_seconds():.0f} s from this host's"
    if abs(skew) > MAX_SKEW:
        return fault(
            Matter.SAFETY,
            "clock",
            seen,
            "Set this host's clock, and keep it right with a time service such as chrony.",
        )
    if abs(skew) > UNEASY_SKEW:
        return warning("clock", seen, "Keep this host's clock right with a time service.")
    return well("clock", "the broker's clock and this host's agree")


class Overheard:
    """What the broker says beside its answers, kept while the block of `listening` runs."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self.notices: list[NoticeHeard] = []

    async def listen(self) -> None:
        """Keep notices, for ever; other news are let go."""
        while True:
            event = await self._broker.next_event()
            self._broker.event_done()
            if isinstance(event, NoticeHeard):
                self.notices.append(event)

    def said(self, code: int) -> NoticeHeard | None:
        """Return the first notice of that code."""
        return next((notice for notice in self.notices if notice.code == code), None)


async def orders_finding(broker: Broker, overheard: Overheard) -> Finding:
    """Ask for the open orders, and return whether the API may send orders at all."""
    check = "orders"
    trouble = await _trouble_with_orders(broker, overheard)
    notice = overheard.said(READ_ONLY)
    if notice is not None:
        return fault(
            Matter.CONFIGURATION,
            check,
            f"the gateway answers {notice.code}: {notice.text}",
            "Turn off 'Read-Only API' in the gateway's API settings.",
        )
    if trouble:
        return fault(
            Matter.REACH,
            check,
            f"the list of open orders did not come: {trouble}",
            "Restart the gateway: it is connected, but does not serve orders.",
        )
    return well(check, "the API may send orders")


async def _trouble_with_orders(broker: Broker, overheard: Overheard) -> str:
    """Ask for the open orders; a refusal comes as a notice, and then the list never comes."""
    try:
        async with beside("watching for a refusal", _refused(overheard)):
            await broker.open_orders()
    except (BrokerError, TaskEndedError) as error:
        return str(error)
    return ""


async def _refused(overheard: Overheard) -> None:
    while overheard.said(READ_ONLY) is None:  # noqa: ASYNC110 - notices wake nobody
        await asyncio.sleep(0.02)
