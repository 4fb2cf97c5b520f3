"""The service: one bot in real time, against a broker or an exchange it starts itself."""

from dataclasses import dataclass

from bot.adapters.ib.conversation import Address
from bot.domain.calendar import EventCalendar
from bot.domain.sessions import SessionTable
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
