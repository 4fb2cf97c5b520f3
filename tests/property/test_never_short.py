"""Whatever is wanted and whenever it is heard: no call is ever sold that the account does not hold.

Orders of all kinds, rolls among them, are wanted at random and sent only if the pre-trade checks
pass; the exchange fills anything it is sent, and counts. Its words arrive late, twice, out of order
or never, its positions lag, changes and cancels cross fills, and processes die.
"""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.account import Position
from bot.domain.book import Book
from bot.domain.canonical import ContentHash
from bot.domain.decision import GENESIS, Cancel, Reprice
from bot.domain.events import StoredEvent
from bot.domain.instruments import ConId, Universe
from bot.domain.orders import Intent, IntentId, Side
from bot.execution.book import book_of
from bot.execution.reconcile import reconcile
from bot.execution.restore import restore
from bot.execution.state import ExecutionState
from bot.execution.step import step
from bot.execution.stimuli import ReplyOverdue, SendOrder, Sent, Step, Stimulus, Wanted
from bot.risk.check import check_all, check_change
from bot.risk.context import RiskContext
from tests.support.orders import DECISION, NOW, intent, position, roll
from tests.support.risk import context, quote
from tests.support.small_exchange import CALLS, SmallExchange

CON_IDS = [call.con_id for call in CALLS]
QUOTES = tuple(quote(con_id=con_id) for con_id in CON_IDS)
QUANTITIES = st.integers(1, 3)
HELD = 4
"""Contracts of each call at the beginning."""


class Trading(RuleBasedStateMachine):
    """A desk behind the pre-trade checks, and an exchange that would fill anything."""

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.exchange = SmallExchange()
        self.state = ExecutionState()
        self.journal: list[StoredEvent] = []
        self.pile: list[Stimulus] = []
        self.intended = 0
        self.read_positions()
        self.take(reconcile(self.state, self.exchange.view(), self.now))
        for con_id in CON_IDS:
            self.want([self.named(con_id=con_id, quantity=HELD)])
        for _ in range(HELD):
            for key in self.exchange.open_keys():
                self.pile += self.exchange.fill(key)
        self.hear_everything()
        self.read_positions()

    def read_positions(self) -> None:
        self.positions: tuple[Position, ...] = tuple(
            position(self.exchange.position(con_id), con_id) for con_id in CON_IDS
        )

    def take(self, done: Step) -> None:
        for event in done.journal:
            stored = StoredEvent(
                sequence=len(self.journal) + 1,
                at=self.now,
                kind=type(event).__name__,
                event=event,
                previous=GENESIS,
                hash=ContentHash(""),
            )
            self.journal.append(stored)
        self.state = done.state
        for command in done.commands:
            self.pile += self.exchange.take(command)
            if isinstance(command, SendOrder):
                key = command.intent.intent_id
                self.pile.append(Sent(intent_id=key, order_id=len(self.exchange.orders)))

    def book(self) -> Book:
        return book_of(self.state)

    def context(self) -> RiskContext:
        return context(
            quotes=QUOTES,
            positions=self.positions,
            book=self.book(),
            universe=Universe(instruments=CALLS),
        )

    def want(self, intents: Iterable[Intent]) -> None:
        accepted, _ = check_all(intents, self.context())
        self.take(step(self.state, Wanted(decision_id=DECISION, intents=accepted), self.now))

    def named(self, **fields: Any) -> Intent:
        self.intended += 1
        make = roll if "closes" in fields else intent
        limit = Decimal(0) if "closes" in fields else Decimal("1.40")
        return make(f"i-{self.intended}", limit=limit, **fields)

    # ------------------------------------------------------------ what is wanted

    @rule(con_id=st.sampled_from(CON_IDS), quantity=QUANTITIES)
    def buy(self, con_id: ConId, quantity: int) -> None:
        self.want([self.named(con_id=con_id, quantity=quantity)])

    @rule(legs=st.permutations(CON_IDS), sold=QUANTITIES, rolled=QUANTITIES)
    def sell_and_roll(self, legs: list[ConId], sold: int, rolled: int) -> None:
        """One decision may both sell and roll, and roll into what it sells."""
        bought, closes, other = legs
        self.want(
            [
                self.named(con_id=bought, closes=closes, quantity=rolled),
                self.named(con_id=closes, side=Side.SELL, quantity=sold),
                self.named(con_id=other, closes=bought, quantity=rolled),
            ]
        )

    @precondition(lambda self: self.state.live_orders())
    @rule(data=st.data(), cents=st.integers(-10, 0))
    def cancel_or_move(self, data: st.DataObject, cents: int) -> None:
        order = data.draw(st.sampled_from(self.state.live_orders()))
        key = order.intent.intent_id
        if data.draw(st.booleans()):
            wish = Wanted(decision_id=DECISION, cancels=(Cancel(intent_id=key, reason="no"),))
        else:
            limit = Decimal(cents) / 100 + (0 if order.intent.is_roll else Decimal("1.45"))
            if check_change(order, limit, self.context()) is not None:
                return
            change = Reprice(intent_id=key, limit=limit, reason="walk")
            wish = Wanted(decision_id=DECISION, reprices=(change,))
        self.take(step(self.state, wish, self.now))

    # ------------------------------------------------------------ what happens to it

    @precondition(lambda self: self.exchange.open_keys())
    @rule(data=st.data())
    def fill(self, data: st.DataObject) -> None:
        self.pile += self.exchange.fill(data.draw(st.sampled_from(self.exchange.open_keys())))

    @precondition(lambda self: self.pile)
    @rule(data=st.data(), fate=st.sampled_from(["heard", "heard", "heard", "doubled", "lost"]))
    def hear(self, data: st.DataObject, fate: str) -> None:
        message = self.pile.pop(data.draw(st.integers(0, len(self.pile) - 1)))
        for _ in range({"heard": 1, "doubled": 2, "lost": 0}[fate]):
            self.take(step(self.state, message, self.now))

    @rule()
    def hear_everything(self) -> None:
        while self.pile:
            self.take(step(self.state, self.pile.pop(0), self.now))

    @rule()
    def read_positions_anew(self) -> None:
        self.read_positions()

    @precondition(lambda self: self.state.live_orders())
    @rule(data=st.data())
    def grow_impatient(self, data: st.DataObject) -> None:
        key: IntentId = data.draw(st.sampled_from(list(self.state.orders)))
        self.take(step(self.state, ReplyOverdue(intent_id=key), self.now))

    @rule(seconds=st.integers(0, 30))
    def compare(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self.take(reconcile(self.state, self.exchange.view(), self.now))
        self.read_positions()

    @rule()
    def restart(self) -> None:
        self.pile.clear()
        self.state = restore(self.journal)

    # ------------------------------------------------------------ what always holds

    @invariant()
    def nothing_is_sold_that_is_not_held(self) -> None:
        assert all(self.exchange.position(con_id) >= 0 for con_id in CON_IDS)

    @invariant()
    def nothing_more_could_be_sold_than_is_held(self) -> None:
        """Also if everything that is open at the exchange sold at once and bought nothing."""
        for con_id in CON_IDS:
            selling = sum(
                order["intent"].quantity - order["filled"]
                for order in (self.exchange.orders[key] for key in self.exchange.open_keys())
                for leg in order["intent"].legs
                if (leg.con_id, leg.side) == (con_id, Side.SELL)
            )
            assert selling <= self.exchange.position(con_id)


TestTrading = Trading.TestCase
TestTrading.settings = settings(
    max_examples=200,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
