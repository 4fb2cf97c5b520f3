"""A small true broker behind the application's port: a market moved by hand, an order book.

What a test sets is what the broker quotes; buys fill at the ask, sells at the bid, at once when the
limit reaches it and otherwise when the market comes to the limit. News lies in an outbox until the
next answer leaves, as on an ordered stream. Every request is written down in `requests`.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

from bot.app.ports import (
    BrokerError,
    BrokerRefusedError,
    BrokerUnreachableError,
    Clock,
    DailyClose,
    Greeting,
)
from bot.domain.account import Account, AccountId, Position
from bot.domain.broker import (
    BrokerEvent,
    BrokerOrder,
    BrokerStatus,
    CommissionHeard,
    ExecutionHeard,
    LinkChanged,
    StatusHeard,
)
from bot.domain.inputs import Farm
from bot.domain.instruments import ConId, Future, Index, Instrument, Option
from bot.domain.orders import ExecId, Intent, IntentId, Leg, Side
from bot.domain.quotes import Quote
from bot.domain.sessions import NEW_YORK
from bot.domain.value import replace

CLIENT_ID = 7
COMMISSION_USD = Decimal("0.65")
MULTIPLIER = 100

Closes = Callable[[Instrument, date], float | None]
"""The close of a session in points, None where there was none."""


@dataclass(kw_only=True)
class FakeMarket:
    """What is listed and quoted; `quotes` is moved by the test.

    `sessions` are the completed sessions the broker keeps closes of, oldest first.
    """

    instruments: dict[ConId, Instrument]
    quotes: dict[ConId, Quote]
    sessions: tuple[date, ...] = ()
    closes: Closes = lambda _instrument, _day: None


@dataclass(kw_only=True)
class _Resting:
    """An order as the broker keeps it."""

    intent: Intent
    order_id: int
    perm_id: int
    limit: Decimal
    status: BrokerStatus = BrokerStatus.WORKING
    filled: int = 0


class FakeBroker:
    """The `Broker` port on a `FakeMarket`.

    Attributes:
        requests: The names of the requests, in order.
        accounts: What the greeting reports.
        silent: While true, nothing is said about orders; they are carried out all the same.
        deaf: While true, orders that are sent never arrive.
        halted: While true, no order fills.
        outage: How many attempts to connect still fail.
    """

    def __init__(self, clock: Clock, market: FakeMarket, account: str = "SIM000001") -> None:
        self._clock = clock
        self._market = market
        self._account = AccountId(account)
        self._numbers = count(1)
        self._queue: asyncio.Queue[BrokerEvent] = asyncio.Queue()
        self._outbox: list[BrokerEvent] = []
        self._orders: dict[IntentId, _Resting] = {}
        self._executions: list[ExecutionHeard] = []
        self._positions: dict[ConId, Position] = {}
        self._lines: dict[ConId, Quote | None] = {}
        self._faults: dict[str, list[BrokerError | None]] = {}
        self._meanwhile: dict[str, Callable[[], None]] = {}
        self.cash_usd = Decimal(500_000)
        self.requests: list[str] = []
        self.asked_closes: list[tuple[ConId, int]] = []
        self.accounts: tuple[AccountId, ...] = (self._account,)
        self.connected = False
        self.silent = False
        self.deaf = False
        self.halted = False
        self.outage = 0
        self.farm_state = Farm.OK
        self.time_lead_seconds = 0.0

    # -- what a test does to it

    def hold(self, positions: Iterable[Position]) -> None:
        """Put positions into the account, or change them behind the bot's back."""
        self._positions |= {position.con_id: position for position in positions}

    def move(self, quotes: Iterable[Quote]) -> None:
        """Move the market; watched lines hear of it now and working orders are matched."""
        for quote in quotes:
            self._market.quotes[quote.con_id] = quote
            if quote.con_id in self._lines:
                self._tick(quote.con_id)
        for order in self._orders.values():
            self._match(order)

    def fail(self, request: str, error: BrokerError, *, after: int = 0) -> None:
        """Answer the next `request`, or the one after so many, with an error."""
        self._faults.setdefault(request, []).extend([*([None] * after), error])

    def meanwhile(self, request: str, happens: Callable[[], None]) -> None:
        """Let something happen while the next `request` is on its way."""
        self._meanwhile[request] = happens

    def drop(self) -> None:
        """Lose the connection, as a dying gateway does."""
        self.connected = False
        self._lines.clear()

    def say(self, event: BrokerEvent) -> None:
        """Send any event."""
        self._outbox.append(event)

    @property
    def watched(self) -> set[ConId]:
        """The lines streamed now."""
        return set(self._lines)

    def counted(self) -> Counter[str]:
        """Return how often each request was made."""
        return Counter(self.requests)

    def order(self, intent_id: IntentId) -> tuple[BrokerStatus, Decimal, int]:
        """Return status, limit and filled count of an order, as the broker knows it."""
        order = self._orders[intent_id]
        return order.status, order.limit, order.filled

    @property
    def orders(self) -> list[Intent]:
        """Everything that ever arrived."""
        return [order.intent for order in self._orders.values()]

    def unheard(self) -> bool:
        """Tell whether news waits to be taken from the queue."""
        return not self._queue.empty()

    # -- the port: connection

    async def connect(self) -> Greeting:
        self.requests.append("connect")
        await asyncio.sleep(0)
        if self.outage > 0:
            self.outage -= 1
            raise BrokerUnreachableError("nobody answers")
        self._raise_fault("connect")
        self.connected = True
        self._lines.clear()
        self._outbox.append(LinkChanged(what="socket", up=True))
        return Greeting(accounts=self.accounts, server_time=self._time(), server_version=176)

    async def disconnect(self) -> None:
        self.requests.append("disconnect")
        self.drop()

    async def next_event(self) -> BrokerEvent:
        return await self._queue.get()

    def event_done(self) -> None:
        self._queue.task_done()

    async def events_dealt_with(self) -> None:
        await self._queue.join()

    async def current_time(self) -> datetime:
        await self._answer("current_time")
        return self._time()

    # -- the port: the account

    async def account(self) -> Account:
        await self._answer("account")
        return Account(
            account_id=self._account,
            as_of=self._clock.now(),
            net_liquidation_usd=self.cash_usd,
            cash_usd=self.cash_usd,
            available_funds_usd=self.cash_usd,
        )

    async def positions(self) -> tuple[Position, ...]:
        await self._answer("positions")
        return tuple(p for _, p in sorted(self._positions.items()) if p.quantity)

    async def open_orders(self) -> tuple[BrokerOrder, ...]:
        await self._answer("open_orders")
        return tuple(
            self._listed(o) for o in self._orders.values() if o.status is BrokerStatus.WORKING
        )

    async def completed_orders(self) -> tuple[BrokerOrder, ...]:
        await self._answer("completed_orders")
        return tuple(
            self._listed(o) for o in self._orders.values() if o.status is not BrokerStatus.WORKING
        )

    async def executions(self) -> tuple[ExecutionHeard, ...]:
        await self._answer("executions")
        return tuple(self._executions)

    # -- the port: contracts

    async def index(self, symbol: str) -> Index:
        await self._answer("index")
        for instrument in self._market.instruments.values():
            if isinstance(instrument, Index) and instrument.symbol == symbol:
                return instrument
        raise BrokerRefusedError(200, f"no index {symbol}")

    async def vix_futures(self, *, include_expired: bool) -> tuple[Future, ...]:
        await self._answer("vix_futures")
        futures = [i for i in self._market.instruments.values() if isinstance(i, Future)]
        now = self._clock.now()
        wanted = [f for f in futures if include_expired or f.settlement > now]
        return tuple(sorted(wanted, key=lambda future: future.settlement))

    async def option_days(self, symbol: str, trading_class: str) -> tuple[date, ...]:
        await self._answer("option_days")
        return tuple(sorted({o.last_trading_day for o in self._options(symbol, trading_class)}))

    async def options(
        self, symbol: str, trading_class: str, last_trading_day: date
    ) -> tuple[Option, ...]:
        await self._answer("options")
        of_class = self._options(symbol, trading_class)
        return tuple(option for option in of_class if option.last_trading_day == last_trading_day)

    async def instruments(self, con_ids: Collection[ConId]) -> tuple[Instrument, ...]:
        await self._answer("instruments")
        unknown = set(con_ids) - self._market.instruments.keys()
        if unknown:
            raise BrokerRefusedError(200, f"no contract {sorted(unknown)}")
        return tuple(self._market.instruments[con_id] for con_id in con_ids)

    async def daily_closes(self, instrument: Instrument, sessions: int) -> tuple[DailyClose, ...]:
        """Return closes of the last `sessions` sessions before today that had one."""
        await self._answer("daily_closes")
        self.asked_closes.append((instrument.con_id, sessions))
        today = self._clock.now().astimezone(NEW_YORK).date()
        days = [day for day in self._market.sessions if day < today][-sessions:]
        closes = [(day, self._market.closes(instrument, day)) for day in days]
        if all(close is None for _, close in closes):
            raise BrokerRefusedError(162, f"no bars of {instrument.con_id}")
        return tuple(
            DailyClose(date=day, close=close) for day, close in closes if close is not None
        )

    # -- the port: market data

    async def watch(self, instruments: Collection[Instrument]) -> None:
        await self._answer("watch")
        wanted = {instrument.con_id for instrument in instruments}
        for con_id in self._lines.keys() - wanted:
            del self._lines[con_id]
        for con_id in sorted(wanted - self._lines.keys()):
            self._tick(con_id)

    async def ask_again(self, con_ids: Collection[ConId]) -> None:
        await self._answer("ask_again")
        for con_id in con_ids:
            self._tick(con_id)

    def quotes(self) -> tuple[Quote, ...]:
        return tuple(quote for quote in self._lines.values() if quote is not None)

    def farm(self) -> Farm:
        return self.farm_state if self.connected else Farm.DOWN

    # -- the port: orders

    def place(self, intent: Intent, account: AccountId) -> int:
        self.requests.append("place")
        self._require_connection()
        self._raise_fault("place")
        assert account == self._account, f"an order for {account}"
        assert intent.intent_id not in self._orders, f"{intent.intent_id} was sent twice"
        number = next(self._numbers)
        if not self.deaf:
            order = _Resting(
                intent=intent, order_id=number, perm_id=9000 + number, limit=intent.limit
            )
            self._orders[intent.intent_id] = order
            self._tell(order)
            self._match(order)
        return number

    def change(self, intent_id: IntentId, limit: Decimal) -> None:
        self.requests.append("change")
        self._require_connection()
        self._raise_fault("change")
        order = self._orders[intent_id]
        order.limit = limit
        self._tell(order)
        self._match(order)

    def cancel(self, intent_id: IntentId) -> None:
        self.requests.append("cancel")
        self._require_connection()
        self._raise_fault("cancel")
        order = self._orders[intent_id]
        if order.status is BrokerStatus.WORKING:
            order.status = BrokerStatus.CANCELLED
        self._tell(order)

    # -- inside

    def _time(self) -> datetime:
        """Return the broker's clock: whole seconds, ahead of ours where a test says so."""
        lead = timedelta(seconds=self.time_lead_seconds)
        return self._clock.now().replace(microsecond=0) + lead

    async def _answer(self, request: str) -> None:
        """Let what was said before leave, then answer, or fail as scripted."""
        self.requests.append(request)
        await asyncio.sleep(0)
        self._meanwhile.pop(request, lambda: None)()
        self._require_connection()
        while self._outbox:
            self._queue.put_nowait(self._outbox.pop(0))
        self._raise_fault(request)

    def _require_connection(self) -> None:
        if not self.connected:
            raise BrokerUnreachableError("not connected")

    def _raise_fault(self, request: str) -> None:
        faults = self._faults.get(request)
        fault = faults.pop(0) if faults else None
        if fault is not None:
            raise fault

    def _options(self, symbol: str, trading_class: str) -> list[Option]:
        return [
            i
            for i in self._market.instruments.values()
            if isinstance(i, Option) and (i.symbol, i.trading_class) == (symbol, trading_class)
        ]

    def _tick(self, con_id: ConId) -> None:
        quote = self._market.quotes.get(con_id)
        self._lines[con_id] = None if quote is None else replace(quote, as_of=self._clock.now())

    def _match(self, order: _Resting) -> None:
        """Fill an order that the far sides of all its legs together satisfy."""
        prices = [self._far_side(leg) for leg in order.intent.legs]
        if self.halted or order.status is not BrokerStatus.WORKING or None in prices:
            return
        legs = zip(order.intent.legs, prices, strict=True)
        fills = [(leg, price) for leg, price in legs if price is not None]
        costs = sum((leg.side.sign * price for leg, price in fills), Decimal(0))
        if costs <= order.intent.side.sign * order.limit:
            self._fill(order, fills)

    def _far_side(self, leg: Leg) -> Decimal | None:
        quote = self._market.quotes.get(leg.con_id)
        if quote is None:
            return None
        return quote.ask if leg.side is Side.BUY else quote.bid

    def _fill(self, order: _Resting, fills: Sequence[tuple[Leg, Decimal]]) -> None:
        order.status, order.filled = BrokerStatus.FILLED, order.intent.quantity
        for number, (leg, price) in enumerate(fills, start=1):
            self._execute(order, number, leg, price)
        self._tell(order)

    def _execute(self, order: _Resting, number: int, leg: Leg, price: Decimal) -> None:
        quantity = order.intent.quantity
        heard = ExecutionHeard(
            order_ref=order.intent.intent_id,
            exec_id=ExecId(f"{order.perm_id}.{number}.01"),
            perm_id=order.perm_id,
            con_id=leg.con_id,
            side=leg.side,
            quantity=quantity,
            price=price,
            executed_at=self._clock.now(),
        )
        self._executions.append(heard)
        commission = COMMISSION_USD * quantity
        self.cash_usd -= leg.side.sign * quantity * price * MULTIPLIER + commission
        self._settle_into_position(heard)
        if not self.silent:
            paid = CommissionHeard(exec_id=heard.exec_id, commission_usd=commission)
            self._outbox += [heard, paid]

    def _settle_into_position(self, heard: ExecutionHeard) -> None:
        held = self._positions.get(heard.con_id)
        before = 0 if held is None else held.quantity
        after = before + heard.side.sign * heard.quantity
        self._positions[heard.con_id] = Position(
            con_id=heard.con_id, quantity=after, average_cost_usd=heard.price * MULTIPLIER
        )

    def _tell(self, order: _Resting) -> None:
        if self.silent:
            return
        self._outbox.append(
            StatusHeard(
                order_ref=order.intent.intent_id,
                order_id=order.order_id,
                perm_id=order.perm_id,
                status=order.status,
                filled=order.filled,
                remaining=order.intent.quantity - order.filled,
            )
        )

    def _listed(self, order: _Resting) -> BrokerOrder:
        return BrokerOrder(
            order_ref=order.intent.intent_id,
            order_id=order.order_id,
            client_id=CLIENT_ID,
            perm_id=order.perm_id,
            con_id=order.intent.con_id,
            side=order.intent.side,
            quantity=order.intent.quantity,
            limit=order.limit,
            status=order.status,
            filled=order.filled,
            legs=order.intent.legs if order.intent.is_roll else (),
        )
