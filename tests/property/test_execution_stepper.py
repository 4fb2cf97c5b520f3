"""Random lives: words of the broker doubled, reordered and lost, links cut, processes restarted.

A small true exchange keeps its own books of what was sent, filled and ended; the stepper hears of
it only through a pile of messages from which the machine draws in any order, twice, or never. The
legs of a roll fill together there, and are heard one by one.
Whatever happens, nothing is sent twice and no fill is lost or counted twice, and once the lists are
compared the lots are the exchange's position.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.broker import LinkChanged
from bot.domain.canonical import ContentHash
from bot.domain.decision import GENESIS, Cancel, Reprice
from bot.domain.events import FillReceived, StoredEvent
from bot.domain.instruments import ConId
from bot.domain.orders import IntentId, Label, OrderState, Side
from bot.domain.rungs import RuleClass, Rung
from bot.execution.reconcile import reconcile
from bot.execution.restore import restore
from bot.execution.state import ExecutionState, apply
from bot.execution.step import step
from bot.execution.stimuli import (
    ReplyOverdue,
    SendOrder,
    Sent,
    Step,
    Stimulus,
    Wanted,
)
from tests.support.orders import (
    DECISION,
    NOW,
    error,
    intent,
    roll,
)
from tests.support.small_exchange import CALLS, SmallExchange

CON_IDS = st.sampled_from([call.con_id for call in CALLS])
RUNGS = st.sampled_from([Rung.S1, Rung.S2, Rung.M1])
CLASSES = st.sampled_from([RuleClass.STAGE, RuleClass.INITIAL])
CODES = st.sampled_from([104, 110, 135, 161, 321, 399, 2109, 10147, 10148, 10349, 4711])


class Lives(RuleBasedStateMachine):
    """Drives the stepper and the exchange, with a pile of messages between them."""

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.exchange = SmallExchange()
        self.state = ExecutionState()
        self.journal: list[StoredEvent] = []
        self.pile: list[Stimulus] = []
        self.intended = 0
        self.take(reconcile(self.state, self.exchange.view(), self.now))

    def take(self, done: Step, *, carry_out: bool = True) -> None:
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
        for command in done.commands if carry_out else ():
            self.pile += self.exchange.take(command)
            if isinstance(command, SendOrder):
                key = command.intent.intent_id
                self.pile.append(Sent(intent_id=key, order_id=len(self.exchange.orders)))

    def feed(self, stimulus: Stimulus, *, carry_out: bool = True) -> None:
        self.take(step(self.state, stimulus, self.now), carry_out=carry_out)

    def keys(self) -> list[IntentId]:
        return list(self.state.orders)

    # ------------------------------------------------------------ what is wanted

    @rule(
        quantity=st.integers(1, 3),
        side=st.sampled_from(Side),
        con_id=CON_IDS,
        rung=RUNGS,
        rule_class=CLASSES,
        leaves=st.booleans(),
    )
    def want(self, leaves: bool, **fields: Any) -> None:  # noqa: FBT001 - drawn
        self.intended += 1
        wanted = intent(f"i-{self.intended}", **fields)
        self.feed(Wanted(decision_id=DECISION, intents=(wanted,)), carry_out=leaves)

    @rule(
        quantity=st.integers(1, 3),
        contracts=st.permutations([call.con_id for call in CALLS]),
        rung=RUNGS,
        keeps=st.sampled_from([None, Label(rule="R3", rule_class=RuleClass.INITIAL)]),
        cents=st.integers(-100, 100),
        leaves=st.booleans(),
    )
    def want_a_roll(
        self,
        contracts: list[ConId],
        cents: int,
        leaves: bool,  # noqa: FBT001 - drawn
        **fields: Any,
    ) -> None:
        self.intended += 1
        bought, sold, _ = contracts
        limit = Decimal(cents) / 100
        wanted = roll(f"r-{self.intended}", con_id=bought, closes=sold, limit=limit, **fields)
        self.feed(Wanted(decision_id=DECISION, intents=(wanted,)), carry_out=leaves)

    @precondition(lambda self: self.state.orders)
    @rule(data=st.data())
    def want_again(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(self.keys()))
        wanted = self.state.orders[key].intent
        self.feed(Wanted(decision_id=DECISION, intents=(wanted,)))

    @precondition(lambda self: self.state.orders)
    @rule(data=st.data(), cents=st.integers(100, 200))
    def cancel_or_move(self, data: st.DataObject, cents: int) -> None:
        key = data.draw(st.sampled_from(self.keys()))
        limit = Decimal(cents) / 100
        if data.draw(st.booleans()):
            wish = Wanted(decision_id=DECISION, cancels=(Cancel(intent_id=key, reason="unwanted"),))
        else:
            wish = Wanted(
                decision_id=DECISION,
                reprices=(Reprice(intent_id=key, limit=limit, reason="walk"),),
            )
        self.feed(wish)

    # ------------------------------------------------------------ what the exchange does

    @precondition(lambda self: self.exchange.open_keys())
    @rule(data=st.data())
    def fill(self, data: st.DataObject) -> None:
        self.pile += self.exchange.fill(data.draw(st.sampled_from(self.exchange.open_keys())))

    @precondition(lambda self: self.exchange.executions)
    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(0, len(self.exchange.executions) - 1))
        self.pile.append(self.exchange.correct(number))

    # ------------------------------------------------------------ what is heard of it

    @precondition(lambda self: self.pile)
    @rule(data=st.data(), fate=st.sampled_from(["heard", "heard", "doubled", "kept", "lost"]))
    def hear(self, data: st.DataObject, fate: str) -> None:
        place = data.draw(st.integers(0, len(self.pile) - 1))
        message = self.pile[place]
        if fate != "kept":
            del self.pile[place]
        if fate == "lost":
            return
        self.feed(message)
        if fate == "doubled":
            before, written = self.state, len(self.journal)
            self.feed(message)
            assert self.state.fills == before.fills
            assert self.state.lots == before.lots
            assert not any(isinstance(e.event, FillReceived) for e in self.journal[written:])

    @precondition(lambda self: self.state.orders)
    @rule(data=st.data(), code=CODES)
    def err(self, data: st.DataObject, code: int) -> None:
        """Codes that prove nothing about a death may come at any time, about any order."""
        key = data.draw(st.sampled_from(self.keys()))
        if code == 110 and key in self.exchange.orders:
            return  # the broker does not call an order it took off the grid
        self.feed(error(code, key))

    @precondition(lambda self: self.state.orders)
    @rule(data=st.data())
    def grow_impatient(self, data: st.DataObject) -> None:
        self.feed(ReplyOverdue(intent_id=data.draw(st.sampled_from(self.keys()))))

    @rule(what=st.sampled_from(["socket", "upstream", "farm"]), up=st.booleans())
    def change_link(self, what: str, up: bool) -> None:  # noqa: FBT001 - drawn
        self.feed(LinkChanged(what=what, up=up))

    # ------------------------------------------------------------ recovery

    @rule()
    def restart(self) -> None:
        """What was on its way to the process that died is never heard."""
        self.pile.clear()
        self.state = restore(self.journal)

    @rule(seconds=st.integers(0, 30))
    def compare(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        seen = self.exchange.view()
        self.take(reconcile(self.state, seen, self.now))
        again = reconcile(self.state, seen, self.now)
        assert again.journal == ()
        assert again.commands == ()
        assert again.state == self.state
        if not self.state.line_is_down:
            self.check_agreement()

    def check_agreement(self) -> None:
        """After a comparison nothing of the exchange is unknown."""
        roots = {e.exec_id.rpartition(".")[0]: e.price for e in self.exchange.executions}
        assert {root: f.price for root, f in self.state.fills.items()} == roots
        assert not self.state.breaks
        for key in self.exchange.open_keys():
            order = self.state.orders[IntentId(key)]
            assert not order.state.is_terminal
            if order.state is OrderState.WORKING and order.limit_asked is None:
                assert order.limit == self.exchange.orders[key]["limit"]

    # ------------------------------------------------------------ what always holds

    @invariant()
    def never_sent_twice(self) -> None:
        assert all(count == 1 for count in self.exchange.sent.values())

    @invariant()
    def lots_are_the_sum_of_fills(self) -> None:
        for con_id in (call.con_id for call in CALLS):
            fills = (f for f in self.state.fills.values() if f.con_id == con_id)
            expected = sum(f.side.sign * f.quantity for f in fills)
            assert sum(x.quantity for x in self.state.lots if x.con_id == con_id) == expected

    @invariant()
    def orders_count_their_fills(self) -> None:
        for key, order in self.state.orders.items():
            fills = [f for f in self.state.fills.values() if f.intent_id == key]
            legs = [
                sum(f.quantity for f in fills if (f.con_id, f.side) == (leg.con_id, leg.side))
                for leg in order.intent.legs
            ]
            assert sum(legs) == sum(f.quantity for f in fills)
            assert (order.filled, order.filled + order.ahead) == (min(legs), max(legs))
            assert max(legs) <= order.intent.quantity
            if order.state is OrderState.FILLED:
                assert order.filled == order.intent.quantity

    @invariant()
    def what_a_roll_buys_carries_its_label(self) -> None:
        for lot in self.state.lots:
            intent = self.state.orders[lot.intent_id].intent
            assert (lot.rule, lot.rule_class) == (intent.label.rule, intent.label.rule_class)
            assert lot.rung is intent.rung

    @invariant()
    def no_order_ends_with_half_a_pair_unless_it_died_before(self) -> None:
        for order in self.state.orders.values():
            if order.state is OrderState.FILLED:
                assert order.ahead == 0

    @invariant()
    def an_open_order_is_never_taken_for_dead(self) -> None:
        """The strategy may replace a dead order: one that can still fill must not look dead."""
        for key in self.exchange.open_keys():
            order = self.state.orders.get(IntentId(key))
            assert order is not None
            assert not order.state.is_terminal

    @invariant()
    def the_journal_folds_to_the_same_fills_and_lots(self) -> None:
        folded = ExecutionState()
        for stored in self.journal:
            folded = apply(folded, stored.event, stored.at)
        assert (folded.fills, folded.lots) == (self.state.fills, self.state.lots)
        assert folded.orders.keys() == self.state.orders.keys()


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=80,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
