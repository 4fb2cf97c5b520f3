"""One bot's desk at the paper exchange, over a socket: what it sends, hears, writes and recalls.

The real adapter, journal and desk; no strategy. A test says what is wanted, moves the market by
hand and compares what the bot's records say with what the exchange holds.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.adapters.calendar import session_table
from bot.adapters.ib import Address, IbBroker, Limits
from bot.adapters.journal.store import Journal
from bot.app.desk import Desk
from bot.app.memory import recall
from bot.domain.account import AccountId, Mode
from bot.domain.broker import ExecutionHeard, LinkChanged
from bot.domain.decision import Cancel, DecisionId, Reprice
from bot.domain.events import AccountProved
from bot.domain.instruments import Option, Right
from bot.domain.orders import Intent, IntentId, Order, Side
from bot.domain.quotes import Quote
from bot.domain.rungs import RuleClass, Rung
from bot.domain.value import replace
from bot.exchange.assembly import Exchange, ExchangePlan, open_exchange
from bot.exchange.server import ExchangeServer, open_server
from bot.exchange.store import MemoryStore
from bot.exchange.venue.account_rules import AccountRules
from bot.execution.ledger import HedgeLedger, ledger_of
from bot.execution.stimuli import Wanted
from tests.support.scripted_tws import CLIENT_ID
from tests.support.standing_clock import StandingClock

OPENING = datetime(2018, 2, 5, 15, 0, tzinfo=UTC)
DECISION = DecisionId("d-1")
STEP = timedelta(seconds=30)


class RollFloor:
    """A desk with its broker, journal and clock, at an exchange it shares with nobody.

    Attributes:
        near: A call of the second month, of which some are held.
        far: A call of the month after it, to be rolled into.
    """

    near: Option
    far: Option
    broker: IbBroker
    desk: Desk
    account: AccountId

    def __init__(self, exchange: Exchange, server: ExchangeServer, journal: Journal) -> None:
        self.exchange = exchange
        self.server = server
        self.journal = journal
        self.clock = StandingClock()
        self.clock.time = OPENING

    # ------------------------------------------------------------ the bot

    async def start(self) -> None:
        """Start a process on the journal: connect, compare with the broker, watch both calls."""
        address = Address(host="127.0.0.1", port=self.server.port, client_id=CLIENT_ID)
        self.broker = IbBroker(address, self.clock, limits=Limits(answer=5), throttle=False)
        greeting = await self.broker.connect()
        (self.account,) = greeting.accounts
        recalled = recall(self.journal)
        self.desk = Desk(self.broker, self.journal, self.clock, recalled.execution)
        if recalled.account_id is None:
            await self._prove()
        self.desk.open_for(self.account)
        self.desk.hear(LinkChanged(what="socket", up=True))
        await self.desk.reconcile()
        await self._look_up()

    async def stop(self) -> None:
        """End the process as a kill does: the socket closes and nothing more is heard or said."""
        await self.broker.disconnect()

    async def restart(self) -> None:
        """Kill the process and start another on the same journal."""
        await self.stop()
        await self.start()

    async def settle(self) -> None:
        """Take everything the exchange has said so far."""
        await self.broker.current_time()
        while not self.broker._heard._queue.empty():
            event = await self.broker.next_event()
            self.desk.hear(event)
            self.broker.event_done()

    def wanted(self, *intents: Intent, **wishes: Any) -> Wanted:
        """Return what a decision wants, as the desk takes it."""
        return Wanted(decision_id=DECISION, intents=intents, **wishes)

    async def want(self, *intents: Intent, **wishes: Any) -> None:
        """Want something, and hear the answer."""
        self.desk.want(self.wanted(*intents, **wishes))
        await self.settle()

    async def want_and_die(self, key: str, quantity: int, *, after: int) -> None:
        """Want a roll that fills at once, and be killed after so many of its executions."""
        self.desk.want(self.wanted(self.roll(key, quantity, self.at_once())))
        await self.broker.current_time()
        while after:
            event = await self.broker.next_event()
            self.desk.hear(event)
            self.broker.event_done()
            after -= isinstance(event, ExecutionHeard)
        await self.stop()

    def lose_line(self) -> None:
        """Let the desk hear that the line is gone."""
        self.desk.hear(LinkChanged(what="socket", up=False))

    async def reprice(self, key: str, limit: Decimal) -> None:
        """Want an order at another limit."""
        change = Reprice(intent_id=IntentId(key), limit=limit, reason="walk")
        await self.want(reprices=(change,))

    async def cancel(self, key: str) -> None:
        """Want an order no more."""
        await self.want(cancels=(Cancel(intent_id=IntentId(key), reason="unwanted"),))

    async def hold(self, quantity: int) -> None:
        """Buy the near call, whatever it takes."""
        ask = self.quote(self.near).ask
        assert ask is not None
        await self.want(self.intent("hold", self.near, quantity, ask + Decimal("0.05")))
        await self.until_done("hold")
        assert self.held(self.near) == quantity

    async def until_done(self, key: str) -> None:
        """Let the market move until an order has ended."""
        for _ in range(40):
            if self.order(key).state.is_terminal:
                return
            await self.move()
        raise AssertionError(f"{key} is still {self.order(key).state}")

    async def move(self, steps: int = 1) -> None:
        """Let the market go on, and hear of it."""
        for _ in range(steps):
            await self.advance()
            await self.settle()

    async def advance(self) -> None:
        """Let the market go on, whoever listens."""
        self.clock.time += STEP
        await self.server.advance(self.clock.time)

    # ------------------------------------------------------------ what to want

    def intent(self, key: str, call: Option, quantity: int, limit: Decimal) -> Intent:
        """Return a purchase of one call."""
        return Intent(
            intent_id=IntentId(key),
            side=Side.BUY,
            con_id=call.con_id,
            quantity=quantity,
            limit=limit,
            rung=Rung.S1,
            rule="R5",
            rule_class=RuleClass.STAGE,
        )

    def sale(self, key: str, call: Option, quantity: int, limit: Decimal) -> Intent:
        """Return a sale of one call."""
        bought = self.intent(key, call, quantity, limit)
        return replace(bought, side=Side.SELL, rule="R14", rule_class=RuleClass.CLOSE)

    def roll(self, key: str, quantity: int, limit: Decimal) -> Intent:
        """Return a roll of the near call into the far one."""
        return Intent(
            intent_id=IntentId(key),
            side=Side.BUY,
            con_id=self.far.con_id,
            closes=self.near.con_id,
            quantity=quantity,
            limit=limit,
            rung=Rung.S1,
            rule="R14",
            rule_class=RuleClass.ROLL,
        )

    def at_once(self) -> Decimal:
        """Return the net price at which a roll trades now: the one's ask less the other's bid."""
        ask, bid = self.quote(self.far).ask, self.quote(self.near).bid
        assert ask is not None
        assert bid is not None
        return ask - bid

    # ------------------------------------------------------------ what is known

    def quote(self, call: Option) -> Quote:
        """Return a call's quote."""
        return next(q for q in self.broker.quotes() if q.con_id == call.con_id)

    def order(self, key: str) -> Order:
        """Return an order as the bot knows it."""
        return self.desk.state.orders[IntentId(key)]

    def held(self, call: Option) -> int:
        """Return what the bot's lots hold of a call."""
        return self.desk.book.contracts(call.con_id)

    def ledger(self) -> HedgeLedger:
        """Return the bot's cash book."""
        fills = self.desk.state.fills.values()
        return ledger_of(fills, dict.fromkeys((f.con_id for f in fills), 100))

    async def assert_agreement(self) -> None:
        """Positions, cash and costs are the exchange's, and nothing is locked."""
        await self.settle()
        await self.desk.reconcile()
        calls = {self.near.con_id, self.far.con_id}
        brokers = {p.con_id: p.quantity for p in await self.broker.positions() if p.con_id in calls}
        ledger = self.ledger()
        assert ledger.positions() == brokers
        assert ledger.uncosted == ()
        assert (await self.broker.account()).cash_usd == self.opening_cash + ledger.cash_usd
        assert self.desk.book.breaks == ()

    # ------------------------------------------------------------ inside

    async def _prove(self) -> None:
        opening = await self.broker.account()
        assert opening.cash_usd is not None
        self.opening_cash = opening.cash_usd
        proved = AccountProved(
            account_id=self.account, mode=Mode.SIM, opening=opening, positions=()
        )
        self.journal.append([proved], self.clock.now())

    async def _look_up(self) -> None:
        days = await self.broker.option_days("VIX", "VIX")
        self.near, self.far = [await self._call(day) for day in days[1:3]]
        await self.broker.watch([self.near, self.far])
        await self.settle()

    async def _call(self, day: Any) -> Option:
        chain = await self.broker.options("VIX", "VIX", day)
        return next(o for o in chain if o.right is Right.CALL and o.strike == Decimal(25))


@asynccontextmanager
async def roll_floor(path: Path, rules: AccountRules | None = None) -> AsyncIterator[RollFloor]:
    """Open an exchange on 2018-02-05 at 10:00 New York and start a bot's desk at it."""
    plan = ExchangePlan(start=OPENING, rules=rules or AccountRules())
    exchange = open_exchange(plan, session_table, MemoryStore())
    async with open_server(exchange.venue, exchange.store) as server:
        with Journal.open(path) as journal:
            floor = RollFloor(exchange, server, journal)
            await floor.start()
            try:
                yield floor
            finally:
                await floor.stop()
