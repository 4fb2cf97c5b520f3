"""Random lives of an account that strangers trade too: what the user chooses never unhinges it.

Strangers buy and sell beside the bot at a small true exchange. Whatever is adopted, ignored and
looked at again, a rung never holds what the account does not, contracts are counted once, a break
is exactly a difference, and a process that starts anew knows the same.
"""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain.canonical import ContentHash
from bot.domain.decision import GENESIS
from bot.domain.events import StoredEvent
from bot.domain.instruments import ConId
from bot.domain.orders import Label, Side
from bot.domain.rungs import RuleClass, Rung
from bot.domain.value import replace
from bot.execution.adoption import (
    AdoptionRefusedError,
    AdoptionWish,
    adopt,
    ignore,
    look_again,
)
from bot.execution.book import book_of
from bot.execution.reconcile import BrokerView, reconcile
from bot.execution.restore import restore
from bot.execution.state import ExecutionState
from bot.execution.step import step
from bot.execution.stimuli import SendOrder, Step, Stimulus, Wanted
from tests.support.orders import DECISION, NOW, intent, position
from tests.support.small_exchange import CALLS, SmallExchange

CON_IDS = st.sampled_from([call.con_id for call in CALLS])
RUNGS = st.sampled_from([Rung.S1, Rung.S2, Rung.D1])
LABEL = Label(rule="R5", rule_class=RuleClass.STAGE)


class Choices(RuleBasedStateMachine):
    """The bot hears everything at once here; only strangers and the user are unruly."""

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.exchange = SmallExchange()
        self.strangers: Counter[ConId] = Counter({call.con_id: 5 for call in CALLS})
        self.state = ExecutionState()
        self.journal: list[StoredEvent] = []
        self.intended = 0
        self.compare()

    def view(self) -> BrokerView:
        seen = self.exchange.view()
        both = (
            position(self.exchange.position(call.con_id) + self.strangers[call.con_id], call.con_id)
            for call in CALLS
        )
        return replace(seen, positions=tuple(both))

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
            self.exchange.take(command)
            if isinstance(command, SendOrder):
                for _ in range(command.intent.quantity):
                    self.hear(self.exchange.fill(command.intent.intent_id))

    def hear(self, words: list[Stimulus]) -> None:
        for word in words:
            self.take(step(self.state, word, self.now))

    @rule(con_id=CON_IDS, quantity=st.sampled_from([-3, -1, 1, 2, 4]))
    def stranger_trades(self, con_id: ConId, quantity: int) -> None:
        self.strangers[con_id] += quantity

    @rule(con_id=CON_IDS, rung=RUNGS, quantity=st.integers(1, 3))
    def buy(self, **fields: Any) -> None:
        self.want(side=Side.BUY, **fields)

    @rule(data=st.data())
    def sell(self, data: st.DataObject) -> None:
        """No more than its lots show, as the risk checks see to it."""
        if self.state.lots:
            lot = data.draw(st.sampled_from(self.state.lots))
            quantity = data.draw(st.integers(1, lot.quantity))
            self.want(side=Side.SELL, con_id=lot.con_id, rung=lot.rung, quantity=quantity)

    def want(self, **fields: Any) -> None:
        self.intended += 1
        self.now += timedelta(seconds=1)
        wanted = intent(f"i-{self.intended}", **fields)
        self.take(step(self.state, Wanted(decision_id=DECISION, intents=(wanted,)), self.now))

    @rule(
        data=st.data(),
        rung=RUNGS,
        quantity=st.sampled_from([None, 1, 1, 2, 5]),
        price=st.sampled_from([None, Decimal("1.10")]),
    )
    def adopt_some(self, data: st.DataObject, **fields: Any) -> None:
        """Compare first, as the desk does; what is refused changes nothing."""
        self.compare()
        before = self.state
        nobodys = sorted(book_of(before).nobodys(self.view().positions))
        likely = [*nobodys, *sorted(before.ignored)]
        con_id = data.draw(st.sampled_from(likely) if likely else CON_IDS)
        wish = AdoptionWish(con_id=con_id, label=LABEL, **fields)
        try:
            self.take(adopt(self.state, self.view(), wish, self.now))
        except AdoptionRefusedError:
            assert self.state == before
            return
        given = self.state.contracts(wish.con_id) - before.contracts(wish.con_id)
        assert given == (wish.quantity or given) > 0
        assert self.state.contracts(con_id) <= self.view().held(con_id)
        assert con_id not in self.state.ignored
        assert not any(b.con_id == wish.con_id for b in self.state.breaks)
        assert {lot.con_id for lot in self.state.lots if lot.rung is wish.rung} == {wish.con_id}

    @rule(con_id=CON_IDS, again=st.booleans())
    def ignore_or_look(self, con_id: ConId, again: bool) -> None:  # noqa: FBT001 - drawn
        self.compare()
        choice = look_again if again else ignore
        try:
            self.take(choice(self.state, self.view(), con_id, self.now))
        except AdoptionRefusedError:
            return
        assert (con_id in self.state.ignored) is not again

    @rule()
    def restart(self) -> None:
        self.state = restore(self.journal)
        self.compare()

    @rule()
    def compare(self) -> None:
        """A break is exactly a difference, and what is unadopted exactly what no journal knows."""
        self.take(reconcile(self.state, self.view(), self.now))
        assert reconcile(self.state, self.view(), self.now).journal == ()
        held = {p.con_id: p.quantity for p in self.view().positions}
        traded = self.state.traded()
        broken = {b.con_id for b in self.state.breaks}
        assert broken == {c for c in traded if not self.state.agrees(c, held[c])}
        others = {c for c in held if held[c] and c not in traded and c not in self.state.ignored}
        assert set(self.state.unadopted) == others
        for con_id, quantity in book_of(self.state).nobodys(self.view().positions).items():
            assert con_id in broken or quantity == held[con_id] - self.state.contracts(con_id)

    @invariant()
    def every_contract_is_counted_once(self) -> None:
        for call in CALLS:
            adopted = sum(a.quantity for a in self.state.adoptions if a.con_id == call.con_id)
            traded = self.exchange.position(call.con_id)
            assert self.state.contracts(call.con_id) == adopted + traded
        assert all(lot.quantity > 0 for lot in self.state.lots)

    @invariant()
    def a_new_process_knows_the_same(self) -> None:
        known = restore(self.journal)
        assert (known.lots, known.aside, known.ignored) == (
            self.state.lots,
            self.state.aside,
            self.state.ignored,
        )


TestChoices = Choices.TestCase
TestChoices.settings = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
