"""One connection from handshake to its end: the library's client, our listener, and asking.

A new connection gets a new conversation, so that nothing of an old one, in the library or here, can
be mistaken for news. Times awaited are the event loop's: they say whether the socket still lives,
which is true in virtual time too.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from bot.adapters.ib.client_library import Client, new_client
from bot.adapters.ib.heard import Heard
from bot.adapters.ib.listener import Listener
from bot.adapters.ib.pacing import Pacer
from bot.adapters.ib.requests import Key
from bot.app.ports import BrokerUnreachableError
from bot.domain.value import Value

_CLOSE_SECONDS = 1.0


class Address(Value):
    """Where the broker's gateway listens, and which client we are to it.

    The client number owns its orders: only it can change or cancel them (domain.md section 3.3).
    """

    host: str
    port: int
    client_id: int


class Limits(Value):
    """How long an answer may take, in seconds of the event loop's time.

    `connect` covers the handshake; `refresh` the first words of lines asked for again, which may
    have nothing to say; `list` contract lists, which the broker may take long over;
    `history` bars, which it paces softly.
    """

    connect: float = 10.0
    answer: float = 10.0
    refresh: float = 2.0
    list: float = 60.0
    history: float = 60.0


class Conversation:
    """One connection: ask, send, end."""

    def __init__(
        self, address: Address, listener: Listener, heard: Heard, pacer: Pacer, limits: Limits
    ) -> None:
        self.listener = listener
        self.client: Client = new_client(listener, self._sound_alarm)
        self.limits = limits
        self.pacer = pacer
        self._address = address
        self._heard = heard
        self._ended = asyncio.Event()
        self._turns: defaultdict[Key, asyncio.Lock] = defaultdict(asyncio.Lock)
        listener.on_end = self._ended.set
        listener.on_order_id = self._pass_order_id

    async def open(self) -> None:
        """Shake hands; afterwards requests may be sent.

        Raises:
            BrokerUnreachableError: nothing answers, the answer is not a broker's, or it refused.
        """
        where = f"{self._address.host}:{self._address.port}"
        try:
            await self._shake_hands()
        except (TimeoutError, OSError) as error:
            await self.close()
            raise BrokerUnreachableError(f"{where}: {error}") from error

    async def _shake_hands(self) -> None:
        refusals: list[str] = []
        try:
            async with asyncio.timeout(self.limits.connect) as timer:
                self.listener.on_refusal = lambda why: _end_now(timer, refusals, why)
                await self.client.connectAsync(
                    self._address.host, self._address.port, self._address.client_id, timeout=0
                )
        except TimeoutError:
            refusals.append(f"no greeting within {self.limits.connect:g} s")
            raise TimeoutError(refusals[0]) from None
        finally:
            self.listener.on_refusal = None

    async def close(self) -> None:
        """End the connection and whatever awaits an answer; nothing is cancelled at the broker."""
        self.client.disconnect()
        self.listener.requests.refuse_all(BrokerUnreachableError("the connection was closed"))
        if self.client.conn.isConnected():
            with suppress(TimeoutError):  # the loop ends the socket by itself if it is slow
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await self._ended.wait()

    async def ask(
        self,
        send: Callable[[Client, int], None],
        limit_seconds: float,
        *,
        number: int | None = None,
    ) -> list[Any]:
        """Send a numbered question at the pacer's pace and return the rows of its answer.

        Args:
            send: Writes the question with its number.
            limit_seconds: How long to wait.
            number: A number taken beforehand, where the caller needs it afterwards.

        Raises:
            BrokerRefusedError: the broker answered with an error code.
            BrokerTimeoutError: no answer in time.
            BrokerUnreachableError: there is no connection, or it ended.
        """
        await self.pacer.turn()
        key = self.next_number() if number is None else number
        return await self.listener.requests.ask(
            key, lambda: self.send(lambda client: send(client, key)), limit_seconds
        )

    async def ask_by_word(self, word: Key, *sends: Callable[[Client], None]) -> list[Any]:
        """Send questions without a number, one set at a time; return the rows of the last answer.

        Raises as `ask` does, except that a refusal cannot be told from silence.
        """
        async with self._turns[word]:
            rows: list[Any] = []
            for send in sends:
                await self.pacer.turn()
                rows = await self.listener.requests.ask(
                    word, partial(self.send, send), self.limits.answer
                )
            return rows

    def next_number(self) -> int:
        """Return the next number for a question or an order: the broker counts them together."""
        try:
            return self.client.getReqId()
        except ConnectionError as error:
            raise BrokerUnreachableError("not connected") from error

    def tell(self, write: Callable[[Client], None]) -> None:
        """Send at once what cannot wait for a turn, and let what follows wait for it.

        Raises as `send` does.
        """
        self.send(write)
        self.pacer.count()

    def send(self, write: Callable[[Client], None]) -> None:
        """Send what has had its turn at the pacer.

        Raises:
            BrokerUnreachableError: there is no connection; nothing was sent.
        """
        try:
            write(self.client)
        except ConnectionError as error:
            raise BrokerUnreachableError("not connected: nothing was sent") from error

    def _pass_order_id(self, order_id: int) -> None:
        # An order number must exceed all the broker has seen, other clients' too (103).
        self.client.updateReqId(order_id + 1)

    def _sound_alarm(self, what: str, cause: BaseException | None) -> None:
        if self.listener.on_refusal is not None:  # whoever greets like this is no broker
            self.listener.on_refusal(f"{what}: {cause}")
        else:
            self._heard.fail(what, cause)


def _end_now(timer: asyncio.Timeout, refusals: list[str], why: str) -> None:
    if not refusals:  # what follows the first reason are its consequences
        timer.reschedule(asyncio.get_running_loop().time())
    refusals.append(why)
