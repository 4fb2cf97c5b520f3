"""Random lives: words of the broker doubled, reordered and lost, links cut, processes restarted.

A small true exchange keeps its own books of what was sent, filled and ended; the stepper hears of
it only through a pile of messages from which the machine draws in any order, twice, or never.
Whatever happens, nothing is sent twice and no fill is lost or counted twice, and once the lists are
compared the lots are the exchange's position.
"""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.broker import BrokerStatus, LinkChanged
from bot.domain.canonical import ContentHash
from bot.domain.decision import GENESIS, Cancel, Reprice
from bot.domain.events import FillReceived, StoredEvent
from bot.domain.orders import IntentId, OrderState, Side
from bot.domain.rungs import RuleClass, Rung
from bot.execution.reconcile import BrokerView, reconcile
from bot.execution.restore import restore
from bot.execution.state import ExecutionState, apply
from bot.execution.step import step
from bot.execution.stimuli import (
    CancelOrder,
    ChangeOrder,
    Command,
    ReplyOverdue,
    SendOrder,
    Sent,
    Step,
    Stimulus,
    Wanted,
)
from tests.support.orders import (
    CALL,
    DECISION,
    NOW,
    OTHER_CALL,
    commission,
    error,
    execution,
    intent,
    listed,
    position,
    status,
    vix_call,
)

RUNGS = st.sampled_from([Rung.S1, Rung.S2, Rung.M1])
CLASSES = st.sampled_from([RuleClass.STAGE, RuleClass.INITIAL])
CALLS = st.sampled_from([CALL, OTHER_CALL])
CODES = st.sampled_from([104, 110, 135, 161, 321, 399, 2109, 10147, 10148, 10349, 4711])


class Exchange:
    """Keeps each order by its own rules; an order is open, filled, cancelled or rejected."""

    def __init__(self) -> None:
        self.sent: Counter[str] = Counter()
        self.orders: dict[str, dict[str, Any]] = {}
        self.executions: list[Any] = []

    def take(self, command: Command) -> list[Stimulus]:
        match command:
            case SendOrder(intent=wanted):
                self.sent[wanted.intent_id] += 1
                number = len(self.orders) + 1
                self.orders[wanted.intent_id] = {
                    "intent": wanted,
                    "limit": wanted.limit,
                    "filled": 0,
                    "perm_id": number,
                    "word": BrokerStatus.WORKING,
                }
                return [self.status(wanted.intent_id)]
            case ChangeOrder(intent_id=key) | CancelOrder(intent_id=key) if key not in self.orders:
                return [error(10147, key)]
            case ChangeOrder(intent_id=key, limit=limit):
                if self.orders[key]["word"] is BrokerStatus.WORKING:
                    self.orders[key]["limit"] = limit
                return [self.status(key)]
            case CancelOrder(intent_id=key):
                if self.orders[key]["word"] is not BrokerStatus.WORKING:
                    return [error(10148, key)]
                self.orders[key]["word"] = BrokerStatus.CANCELLED
                return [error(202, key), self.status(key)]

    def status(self, key: str) -> Stimulus:
        order = self.orders[key]
        return status(order["word"], key, filled=order["filled"], perm_id=order["perm_id"])

    def fill(self, key: str) -> list[Stimulus]:
        order = self.orders[key]
        order["filled"] += 1
        if order["filled"] == order["intent"].quantity:
            order["word"] = BrokerStatus.FILLED
        number = len(self.executions) + 1
        heard = execution(
            f"x.{number}.01",
            key,
            con_id=order["intent"].con_id,
            side=order["intent"].side,
            price=order["limit"],
            executed_at=NOW + timedelta(seconds=number),
        )
        self.executions.append(heard)
        return [heard, commission(heard.exec_id), self.status(key)]

    def correct(self, number: int) -> Stimulus:
        before = self.executions[number]
        root, _, corrections = before.exec_id.rpartition(".")
        corrected = execution(
            f"{root}.{int(corrections) + 1:02}",
            before.order_ref,
            con_id=before.con_id,
            side=before.side,
            price=before.price + Decimal("0.01"),
            executed_at=before.executed_at,
        )
        self.executions[number] = corrected
        return corrected

    def open_keys(self) -> list[str]:
        return [key for key, o in self.orders.items() if o["word"] is BrokerStatus.WORKING]

    def position(self, con_id: int) -> int:
        return sum(e.side.sign * e.quantity for e in self.executions if e.con_id == con_id)

    def view(self) -> BrokerView:
        def row(key: str) -> Any:
            order = self.orders[key]
            return listed(
                order["word"],
                key,
                perm_id=order["perm_id"],
                con_id=order["intent"].con_id,
                limit=order["limit"],
                filled=order["filled"],
            )

        opened = self.open_keys()
        return BrokerView(
            open_orders=tuple(row(key) for key in opened),
            completed_orders=tuple(row(key) for key in self.orders if key not in opened),
            executions=tuple(self.executions),
            positions=tuple(position(self.position(c), c) for c in (CALL, OTHER_CALL)),
            instruments=(vix_call(CALL), vix_call(OTHER_CALL)),
        )


class Lives(RuleBasedStateMachine):
    """Drives the stepper and the exchange, with a pile of messages between them."""

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.exchange = Exchange()
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
        con_id=CALLS,
        rung=RUNGS,
        rule_class=CLASSES,
        leaves=st.booleans(),
    )
    def want(self, leaves: bool, **fields: Any) -> None:  # noqa: FBT001 - drawn
        self.intended += 1
        wanted = intent(f"i-{self.intended}", **fields)
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
        for con_id in (CALL, OTHER_CALL):
            fills = (f for f in self.state.fills.values() if f.con_id == con_id)
            expected = sum(f.side.sign * f.quantity for f in fills)
            assert sum(x.quantity for x in self.state.lots if x.con_id == con_id) == expected

    @invariant()
    def orders_count_their_fills(self) -> None:
        for key, order in self.state.orders.items():
            fills = [f for f in self.state.fills.values() if f.intent_id == key]
            assert order.filled == sum(f.quantity for f in fills) <= order.intent.quantity
            if order.state is OrderState.FILLED:
                assert order.filled == order.intent.quantity

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
