"""The ports: what the application needs from outside, in its own words.

Small Protocols owned by this side; adapters implement them and the composition root hands them in.
No port call retries by itself, and none waits without a limit: a broker call that gets no answer in
time raises `BrokerTimeoutError`, whose meaning is *unknown*, never *no*.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from bot.domain.account import Account, AccountId, Position
from bot.domain.broker import BrokerEvent, BrokerOrder, ExecutionHeard
from bot.domain.canonical import ContentHash
from bot.domain.events import JournalEvent, StoredEvent
from bot.domain.inputs import Farm
from bot.domain.instruments import ConId, Contract, Future, Index, Instrument, Option
from bot.domain.orders import Intent, IntentId
from bot.domain.quotes import Quote
from bot.domain.value import Value


class BrokerError(Exception):
    """The broker or the way to it failed; subclasses say how."""


class BrokerUnreachableError(BrokerError):
    """No connection could be made, or it ended while an answer was awaited."""


class BrokerTimeoutError(BrokerError):
    """An answer did not come in time: the outcome is unknown."""


class BrokerRefusedError(BrokerError):
    """The broker answered a request with an error code.

    Attributes:
        code: The broker's error code (domain.md section 3.6).
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"the broker answered {code}: {text}")
        self.code = code


class AccountRefusedError(Exception):
    """The accounts the broker reports are not what mode and allow-list ask for."""


class ClockSkewError(Exception):
    """The host's clock and the broker's differ too much to trade by."""


class Clock(Protocol):
    """Tells the time; virtual in demo and back-test."""

    def now(self) -> datetime:
        """Return the current instant in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait so many seconds of this clock."""
        ...


class Greeting(Value):
    """What the broker said of itself when the connection stood."""

    accounts: tuple[AccountId, ...]
    server_time: datetime
    server_version: int


class DailyClose(Value, array_like=True):
    """The official close of one session, in points."""

    date: date
    close: float


class Broker(Protocol):
    """One connection to one account at Interactive Brokers, or to the paper exchange."""

    async def connect(self) -> Greeting:
        """Connect and learn the accounts; subscribe to nothing that could trade.

        Raises:
            BrokerUnreachableError: nothing answers at the address, or not as a broker would.
        """
        ...

    async def disconnect(self) -> None:
        """End the connection; nothing is cancelled at the broker."""
        ...

    async def next_event(self) -> BrokerEvent:
        """Wait for the next thing the broker says about orders, notices or the link."""
        ...

    def event_done(self) -> None:
        """Say that the event last taken has been dealt with."""
        ...

    async def events_dealt_with(self) -> None:
        """Wait until every event heard so far has been dealt with."""
        ...

    async def current_time(self) -> datetime:
        """Ask the broker's time; the answer proves that all before it was heard."""
        ...

    async def account(self) -> Account:
        """Read the account's balances."""
        ...

    async def positions(self) -> tuple[Position, ...]:
        """Read all positions of the account."""
        ...

    async def open_orders(self) -> tuple[BrokerOrder, ...]:
        """Read the open orders of every client."""
        ...

    async def completed_orders(self) -> tuple[BrokerOrder, ...]:
        """Read the day's completed orders of every client."""
        ...

    async def executions(self) -> tuple[ExecutionHeard, ...]:
        """Read the day's executions; combination fills count legs once."""
        ...

    async def index(self, symbol: str) -> Index:
        """Look an index up by symbol.

        Raises:
            BrokerRefusedError: the contract is unknown or ambiguous.
        """
        ...

    async def vix_futures(self, *, include_expired: bool) -> tuple[Future, ...]:
        """Return the monthly VX futures, listed or also expired, by settlement."""
        ...

    async def option_days(self, symbol: str, trading_class: str) -> tuple[date, ...]:
        """Return the last trading days of a class's listed expiries, ascending."""
        ...

    async def options(
        self, symbol: str, trading_class: str, last_trading_day: date
    ) -> tuple[Option, ...]:
        """Return all calls and puts of one expiry, each with its own price grid."""
        ...

    async def instruments(self, con_ids: Collection[ConId]) -> tuple[Contract, ...]:
        """Look contracts up by number.

        Raises:
            BrokerRefusedError: one of them is unknown.
        """
        ...

    async def daily_closes(self, instrument: Instrument, sessions: int) -> tuple[DailyClose, ...]:
        """Return up to `sessions` completed daily closes, oldest first; nothing of today."""
        ...

    async def watch(self, instruments: Collection[Instrument]) -> None:
        """Stream exactly these instruments: start the missing lines, end the others."""
        ...

    async def ask_again(self, con_ids: Collection[ConId]) -> None:
        """Request watched lines anew and wait, not for long, until each has spoken."""
        ...

    def quotes(self) -> tuple[Quote, ...]:
        """Return the current quote of each watched line that has said anything."""
        ...

    def farm(self) -> Farm:
        """Return the state of the market data farms."""
        ...

    def place(self, intent: Intent, account: AccountId) -> int:
        """Send a DAY limit order with the intent's id as reference; return the order id."""
        ...

    def change(self, intent_id: IntentId, limit: Decimal) -> None:
        """Ask that a working order moves to `limit` (points)."""
        ...

    def cancel(self, intent_id: IntentId) -> None:
        """Ask that a working order be cancelled; only the broker's word ends it."""
        ...


class JournalPort(Protocol):
    """The append-only record; what `append` returned from is durable."""

    def append(self, events: Sequence[JournalEvent], at: datetime) -> tuple[StoredEvent, ...]:
        """Store events in order, as one durable transaction.

        Raises:
            JournalError: nothing of it was stored.
        """
        ...

    def put_blob(self, data: bytes) -> ContentHash:
        """Store a content-addressed blob once and return its hash; durable with the next append."""
        ...

    def blob(self, key: ContentHash) -> bytes:
        """Return a blob by its hash; raises `KeyError`."""
        ...

    def events(self, after: int = 0, kinds: Collection[str] = ()) -> Iterator[StoredEvent]:
        """Yield the stored events after a sequence number, of all kinds or of the named ones.

        In order, a few at a time: a journal of a year does not fit into memory. What is stored
        while they are taken does not join them.

        Raises:
            JournalError: while they are taken, one cannot be read.
        """
        ...

    def last(self, kind: str) -> StoredEvent | None:
        """Return the newest event of a kind, None without one."""
        ...

    def count(self, kind: str) -> int:
        """Return how many events of a kind are stored."""
        ...


class JournalError(Exception):
    """The journal could not be written or read; without it nothing may be done."""


Reader = Callable[[StoredEvent], None]
"""Told of each event after it was stored: log lines, metrics, alerts."""
