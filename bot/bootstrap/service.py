"""The service: one bot in real time, against a broker or an exchange it starts itself."""

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from bot.adapters.calendar import session_table
from bot.adapters.clock import BrokerClock, HostClock
from bot.adapters.control import serving, socket_path
from bot.adapters.ib.broker import IbBroker
from bot.adapters.ib.conversation import Address, Limits
from bot.adapters.journal.store import Journal
from bot.adapters.scheduler import WallScheduler
from bot.app.cycle import Ports
from bot.app.engine import Engine, Run
from bot.app.ports import Broker, Clock
from bot.app.service import HostPace, Pace, Service
from bot.app.status import status_of
from bot.app.tasks import run_together
from bot.bootstrap.wiring import USAGE_ERRORS, UsageError, events_of, parse_start, sessions_around
from bot.domain.account import AccountId, Mode
from bot.domain.calendar import EventCalendar
from bot.domain.events import RunId
from bot.domain.policy import Policy
from bot.domain.sessions import SessionTable
from bot.exchange.assembly import Exchange, ExchangePlan, open_exchange
from bot.exchange.clock import RunningClock
from bot.exchange.server import open_server
from bot.exchange.store import FileStore, Identity, MemoryStore, Store
from bot.logs import configure, event_logger
from bot.risk.limits import RiskLimits
from bot.settings.policy_file import load_policy
from bot.settings.run import RunSettings


@dataclass(frozen=True, kw_only=True)
class _Venue:
    """Where the broker is and what the world around it looks like."""

    address: Address
    sessions: SessionTable
    calendar: EventCalendar
    scenario: str = ""
    seed: int | None = None


async def serve(settings: RunSettings) -> None:
    """Run the bot until SIGTERM or SIGINT; the journal then says that it ended in order.

    Raises:
        ConfigurationError: the policy file cannot be used.
        UsageError: the exchange that should be started cannot be.
        AccountRefusedError, ClockSkewError: refused for safety.
        BrokerError: the broker could not be reached at the start.
        JournalError: the journal cannot be used.
    """
