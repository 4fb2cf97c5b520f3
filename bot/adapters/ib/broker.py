"""The application's broker port, carried out over one socket to a TWS, a Gateway or the exchange.

Async only, in the one loop of the process. What outlives a connection is here: the queue of events,
which order belongs to which intent, and the contracts seen. All else belongs to the conversation
and ends with it. Nothing here retries: an unknown outcome is told, not repaired.
"""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

from bot.adapters.ib.catalogue import Catalogue
from bot.adapters.ib.contracts import contract_of
from bot.adapters.ib.conversation import Address, Conversation, Limits
from bot.adapters.ib.heard import Heard
from bot.adapters.ib.history import ask_daily_closes
from bot.adapters.ib.lines import Lines
from bot.adapters.ib.link import SOCKET
from bot.adapters.ib.listener import CURRENT_TIME, Listener
from bot.adapters.ib.orders import Ticket, TicketBook, at_limit, ticket_for
from bot.adapters.ib.pacing import REQUESTS_PER_SECOND, Pacer
from bot.adapters.ib.statements import (
    ask_account,
    ask_completed_orders,
    ask_executions,
    ask_open_orders,
    ask_positions,
)
from bot.app.ports import (
    BrokerError,
    BrokerUnreachableError,
    Clock,
    DailyClose,
    Greeting,
)
from bot.domain.account import Account, AccountId, Position
from bot.domain.broker import BrokerEvent, BrokerOrder, ExecutionHeard, LinkChanged
from bot.domain.inputs import Farm
from bot.domain.instruments import ConId, Contract, Future, Index, Instrument, Option, Other
from bot.domain.orders import Intent, IntentId
from bot.domain.quotes import DataType, Quote

_LISTEN_SECONDS = 0.02


class IbBroker:
    """The `Broker` port on the broker's socket protocol.

    Args:
        address: Where the gateway listens, and our client number.
        clock: Stamps quotes and balances.
        account: The account to read, needed where the login has several.
        limits: How long answers may take.
        throttle: Whether data requests are paced; off in virtual time.
    """

    def __init__(
        self,
        address: Address,
        clock: Clock,
        *,
        account: AccountId | None = None,
        limits: Limits | None = None,
        throttle: bool = True,
    ) -> None:
        self._address = address
        self._clock = clock
        self._account = account
        self._limits = limits or Limits()
        self._pacer = Pacer(REQUESTS_PER_SECOND if throttle else None)
        self._heard = Heard()
        self._tickets = TicketBook()
        self._catalogue = Catalogue()
        self._talking: Conversation | None = None
        self._watching = asyncio.Lock()

    # -- the connection

    async def connect(self) -> Greeting:
        """See `Broker.connect`; an earlier connection is closed first."""
        await self.disconnect()
        lines = Lines(self._clock.now)
        listener = Listener(self._heard, self._tickets, lines, self._address.client_id)
        talk = Conversation(self._address, listener, self._heard, self._pacer, self._limits)
        await talk.open()
        self._talking = talk
        try:
            greeting = await self._greet(talk)
        except BrokerError as error:
            await self.disconnect()
            raise BrokerUnreachableError(f"connected, but not answered: {error}") from error
        self._heard.put(LinkChanged(what=SOCKET, up=True))
        return greeting

    async def disconnect(self) -> None:
        """See `Broker.disconnect`."""
        talk, self._talking = self._talking, None
        if talk is not None:
            await talk.close()

    async def next_event(self) -> BrokerEvent:
        """See `Broker.next_event`.

        Raises:
            MessageLostError: something the broker said could not be read.
        """
        return await self._heard.take()

    def event_done(self) -> None:
        """See `Broker.event_done`."""
        self._heard.done()

    async def events_dealt_with(self) -> None:
        """See `Broker.events_dealt_with`."""
        await self._heard.all_done()

    async def current_time(self) -> datetime:
        """See `Broker.current_time`; with its limit it also finds a half-open link."""
        rows = await self._talk().ask_by_word(CURRENT_TIME, lambda client: client.reqCurrentTime())
        return datetime.fromtimestamp(rows[0], UTC)

    # -- the account

    async def account(self) -> Account:
        """See `Broker.account`."""
        return await ask_account(self._talk(), self._own_account(), self._clock)

    async def positions(self) -> tuple[Position, ...]:
        """See `Broker.positions`."""
        return await ask_positions(self._talk(), self._own_account())

    async def open_orders(self) -> tuple[BrokerOrder, ...]:
        """See `Broker.open_orders`; it also relearns which order carries which intent."""
        return await ask_open_orders(self._talk())

    async def completed_orders(self) -> tuple[BrokerOrder, ...]:
        """See `Broker.completed_orders`."""
        return await ask_completed_orders(self._talk(), self._tickets)

    async def executions(self) -> tuple[ExecutionHeard, ...]:
        """See `Broker.executions`."""
        return await ask_executions(self._talk(), self._own_account())

    # -- contracts

    async def index(self, symbol: str) -> Index:
        """See `Broker.index`."""
        return await self._catalogue.index(self._talk(), symbol)

    async def vix_futures(self, *, include_expired: bool) -> tuple[Future, ...]:
        """See `Broker.vix_futures`."""
        return await self._catalogue.vix_futures(self._talk(), include_expired=include_expired)

    async def option_days(self, symbol: str, trading_class: str) -> tuple[date, ...]:
        """See `Broker.option_days`."""
        return await self._catalogue.option_days(self._talk(), symbol, trading_class)

    async def options(
        self, symbol: str, trading_class: str, last_trading_day: date
    ) -> tuple[Option, ...]:
        """See `Broker.options`."""
        return await self._catalogue.options(self._talk(), symbol, trading_class, last_trading_day)

    async def instruments(self, con_ids: Collection[ConId]) -> tuple[Contract, ...]:
        """See `Broker.instruments`."""
        return await self._catalogue.instruments(self._talk(), con_ids)

    async def daily_closes(self, instrument: Instrument, sessions: int) -> tuple[DailyClose, ...]:
        """See `Broker.daily_closes`."""
        return await ask_daily_closes(self._talk(), instrument, sessions, self._clock.now())

    # -- market data

    async def watch(self, instruments: Collection[Instrument]) -> None:
        """See `Broker.watch`; lines lost in an outage are missing and are started again.

        While upstream is down nothing is started.
        """
        talk = self._talk()
        lines, link = talk.listener.lines, talk.listener.link
        async with self._watching:
            for number in lines.close_unwanted(instruments):
                await talk.pacer.turn()
                _end_line(talk, number)
            for instrument in lines.missing(instruments) if link.upstream_up else ():
                await talk.pacer.turn()
                self._start_line(talk, instrument)

    async def ask_again(self, con_ids: Collection[ConId]) -> None:
        """See `Broker.ask_again`; a line that stays silent has no quote afterwards."""
        talk = self._talk()
        lines = talk.listener.lines
        async with self._watching:
            for number, instrument in lines.end(con_ids) if talk.listener.link.upstream_up else ():
                await talk.pacer.turn()
                _end_line(talk, number)
                await talk.pacer.turn()
                self._start_line(talk, instrument)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.refresh):
                await self.current_time()
                while not lines.all_spoke(con_ids):  # noqa: ASYNC110 - ticks wake nobody
                    await asyncio.sleep(_LISTEN_SECONDS)

    def quotes(self) -> tuple[Quote, ...]:
        """See `Broker.quotes`; a quote is the same object until its line says more."""
        return self._talking.listener.lines.quotes() if self._talking else ()

    def farm(self) -> Farm:
        """See `Broker.farm`."""
        if self._talking is None or not self._talking.client.isReady():
            return Farm.DOWN
        return self._talking.listener.link.farm()

    # -- orders

    def place(self, intent: Intent, account: AccountId) -> int:
        """See `Broker.place`.

        Raises:
            BrokerUnreachableError: there is no connection, or none behind it; nothing was sent.
            BrokerError: the intent was sent before, or its contract was never looked up.
        """
        if self._tickets.ticket(intent.intent_id) is not None:
            raise BrokerError(f"intent {intent.intent_id} was sent before")
        instruments = [self._looked_up(con_id, intent.intent_id) for con_id in intent.con_ids]
        talk = self._trading_talk()
        ticket = ticket_for(intent, instruments, account, talk.next_number())
        self._tickets.enter(ticket)  # before the send: the broker's answer must find it
        _send_order(talk, ticket)
        return ticket.order_id

    def change(self, intent_id: IntentId, limit: Decimal) -> None:
        """See `Broker.change`; raises as `place` does."""
        moved = at_limit(self._ticket(intent_id), limit)
        _send_order(self._trading_talk(), moved)
        self._tickets.enter(moved)

    def cancel(self, intent_id: IntentId) -> None:
        """See `Broker.cancel`; raises as `place` does."""
        order_id = self._ticket(intent_id).order_id
        self._talk().tell(lambda client: client.cancelOrder(order_id))

    # -- inside

    async def _greet(self, talk: Conversation) -> Greeting:
        server_time = await self.current_time()
        talk.tell(lambda client: client.reqMarketDataType(DataType.LIVE.value))
        accounts = tuple(AccountId(name) for name in talk.client.getAccounts())
        if self._account is None and len(accounts) == 1:
            self._account = accounts[0]
        return Greeting(
            accounts=accounts, server_time=server_time, server_version=talk.client.serverVersion()
        )

    def _talk(self) -> Conversation:
        if self._talking is None or not self._talking.client.isReady():
            raise BrokerUnreachableError("not connected")
        return self._talking

    def _trading_talk(self) -> Conversation:
        # What is sent while upstream is down may be released later, at old prices (domain.md 3.5).
        talk = self._talk()
        if not talk.listener.link.upstream_up:
            raise BrokerUnreachableError("the line behind the gateway is down: nothing was sent")
        return talk

    def _own_account(self) -> AccountId:
        if self._account is None:
            raise BrokerError("the login has several accounts and none was chosen")
        return self._account

    def _ticket(self, intent_id: IntentId) -> Ticket:
        ticket = self._tickets.ticket(intent_id)
        if ticket is None:
            raise BrokerError(f"no order of this client carries intent {intent_id}")
        return ticket

    def _looked_up(self, con_id: ConId, intent_id: IntentId) -> Instrument:
        instrument = self._catalogue.known(con_id)
        if instrument is None or isinstance(instrument, Other):
            raise BrokerError(f"contract {con_id} of {intent_id} was not looked up")
        return instrument

    def _start_line(self, talk: Conversation, instrument: Instrument) -> None:
        number = talk.next_number()
        talk.listener.lines.open(instrument, number)
        talk.send(
            lambda client: client.reqMktData(
                number,
                contract_of(instrument),
                genericTickList="",
                snapshot=False,
                regulatorySnapshot=False,
                mktDataOptions=[],
            )
        )


def _end_line(talk: Conversation, number: int) -> None:
    talk.send(lambda client: client.cancelMktData(number))


def _send_order(talk: Conversation, ticket: Ticket) -> None:
    talk.tell(lambda client: client.placeOrder(ticket.order_id, ticket.contract(), ticket.order()))
