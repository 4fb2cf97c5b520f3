"""What the steps of the script share: a connected client, the exchange's time, and what was said.

The exchange stands in the same loop and its time stands still until a step moves it, so a step
waits for an answer and never for a clock.
"""

import asyncio
import logging
import math
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import msgspec
from typing_extensions import override

from bot.exchange.server import ExchangeServer
from tests.support.client_library import NAME, api

ACCOUNT = "SIM0000001"
CLIENT_ID = 11
PATIENCE = 5.0
"""Wall seconds a step waits for what must come."""
MOST_MOVES = 60
"""How often a step moves the exchange's time while it waits."""

AnswerT = TypeVar("AnswerT")

_ERROR = re.compile(r"(?:Error|Warning) (\d+), reqId (-?\d+):")
_FOLLOWS = ("Canceled order:", "IBKR API validation warning:")
"""What the libraries log after an error message about an order, besides the message."""


class Said(msgspec.Struct, frozen=True):
    """An error message, warning or notice of the exchange."""

    code: int
    text: str
    request_id: int


class Complaints(logging.Handler):
    """What the client library logged as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []
        self._loggers = [logging.getLogger(name) for name in (NAME, "eventkit")]

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())

    def listen(self) -> None:
        """Start to hear."""
        for logger in self._loggers:
            logger.addHandler(self)

    def leave(self) -> None:
        """Stop it."""
        for logger in self._loggers:
            logger.removeHandler(self)

    def beyond(self, expected: frozenset[int]) -> list[str]:
        """Return what was logged, without the messages of these codes."""
        return [text for text in self.texts if not _is_expected(text, expected)]


def _is_expected(text: str, expected: frozenset[int]) -> bool:
    if expected and text.startswith(_FOLLOWS):
        return True
    found = _ERROR.match(text)
    return found is not None and int(found[1]) in expected


class Session:
    """One client of one exchange, at one protocol version."""

    def __init__(self, server: ExchangeServer, version: int) -> None:
        self.server = server
        self.version = version
        self.ib = self.new_client()
        self.said: list[Said] = []
        self.complaints = Complaints()
        self.contracts: dict[str, api.Contract] = {}
        self.market_rule = 0
        self.streaming: set[int] = set()
        self.trades: dict[str, api.Trade] = {}
        self.ib.errorEvent += self._hear

    def _hear(self, request_id: int, code: int, text: str, _contract: object) -> None:
        self.said.append(Said(code, text, request_id))

    def new_client(self) -> api.IB:
        """Return an unconnected client that offers the session's version as its best."""
        ib = api.IB()
        ib.client.MaxRequests = 0
        ib.client.MaxClientVersion = self.version
        return ib

    async def connect(self, ib: api.IB, client_id: int) -> None:
        """Connect as the libraries do, start-up queries included."""
        await ib.connectAsync("127.0.0.1", self.server.port, clientId=client_id, timeout=PATIENCE)

    async def close(self) -> None:
        """Leave the exchange."""
        self.ib.disconnect()
        await asyncio.sleep(0)

    async def flush(self) -> None:
        """Return when all that was sent before has arrived: answers come in order."""
        await self.ib.reqCurrentTimeAsync()

    async def pass_time(self, seconds: float) -> None:
        """Move the exchange on, and return when the client has heard all that this caused."""
        await self.server.advance(self.server.now + timedelta(seconds=seconds))
        await self.flush()

    async def while_time_passes(self, answer: Awaitable[AnswerT]) -> AnswerT:
        """Wait for an answer that the exchange gives in its own time, second by second."""
        future = asyncio.ensure_future(answer)  # noqa: TID251 - owned and awaited here
        try:
            await self.until(future.done, step_seconds=1)
            return await future
        finally:
            future.cancel()

    async def until(self, true: Callable[[], object], *, step_seconds: float = 0.0) -> None:
        """Wait, bounded, until `true` holds; with `step_seconds` the exchange's time passes."""
        waiting = self._move_until(true, step_seconds) if step_seconds else self._wait_until(true)
        try:
            async with asyncio.timeout(PATIENCE):
                await waiting
        except TimeoutError:
            raise AssertionError(f"it never came true; said last: {self.said[-3:]}") from None

    async def _wait_until(self, true: Callable[[], object]) -> None:
        while not true():  # noqa: ASYNC110 - the library tells only some of it by events
            await asyncio.sleep(0.002)

    async def _move_until(self, true: Callable[[], object], step_seconds: float) -> None:
        for _ in range(MOST_MOVES):
            if true():
                return
            await self.pass_time(step_seconds)
        raise TimeoutError

    def codes(self, order: api.Order) -> list[int]:
        """Return the codes said about an order."""
        return [one.code for one in self.said if one.request_id == order.orderId]

    async def quote(self, contract: api.Contract) -> api.Ticker:
        """Return a streaming ticker with both sides of a quote.

        The libraries keep a ticker with its old quotes when its stream has ended.
        """
        ticker = self.ib.ticker(contract)
        if ticker is None or contract.conId not in self.streaming:
            ticker = self.ib.reqMktData(contract)
            ticker.bid = ticker.ask = math.nan
            self.streaming.add(contract.conId)
        await self.until(lambda: ticker.bid > 0 and ticker.ask > 0)
        return ticker

    def end_quote(self, contract: api.Contract) -> None:
        """End a stream that `quote` began."""
        self.streaming.remove(contract.conId)
        self.ib.cancelMktData(contract)
