"""The order desk: carries out what the stepper says, in the order it must happen.

One stimulus goes into `bot.execution.step`; what comes out is stored first and carried out then.
Nothing here decides anything. The desk is the only place that calls the broker's order methods.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.app.ports import Broker, BrokerError, BrokerUnreachableError, Clock, JournalPort
from bot.domain.account import AccountId, Position
from bot.domain.book import Book
from bot.domain.instruments import ConId, Contract, is_vix_call
from bot.execution.book import book_of
from bot.execution.reconcile import BrokerView, reconcile
from bot.execution.state import ExecutionState
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
from bot.execution.waiting import overdue

REPLY_LIMIT = timedelta(seconds=30)
"""How long the broker may owe an answer about an order before its fate is in doubt."""


Choice = Callable[[ExecutionState, BrokerView, datetime], Step]
"""Makes a step of what is known, the broker's lists and the time."""


class Desk:
    """Orders, fills and lots of one account, and the commands they cause."""

    def __init__(
        self, broker: Broker, journal: JournalPort, clock: Clock, state: ExecutionState
    ) -> None:
        self._broker = broker
        self._journal = journal
        self._clock = clock
        self._account: AccountId | None = None
        self._instruments: dict[ConId, Contract] = {}
        self.state = state

    @property
    def book(self) -> Book:
        """Our records, as a decision sees them."""
        return book_of(self.state)

    @property
    def awaits_reply(self) -> bool:
        """Whether the broker owes an answer about an order."""
        return bool(self.state.awaiting())

    @property
    def has_working_orders(self) -> bool:
        """Whether an order may still fill."""
        return bool(self.state.live_orders())

    def open_for(self, account: AccountId) -> None:
        """Trade for the proved account from now on."""
        self._account = account

    def hear(self, stimulus: Stimulus) -> None:
        """Take one stimulus; what it causes is stored and carried out before this returns."""
        self._carry(step(self.state, stimulus, self._clock.now()))

    def want(self, wanted: Wanted) -> None:
        """Carry out what a decision wants, after the risk checks."""
        if wanted.intents or wanted.cancels or wanted.reprices:
            self.hear(wanted)

    def doubt_overdue(self) -> None:
        """Put orders in doubt about which the broker has owed an answer for too long."""
        for stimulus in overdue(self.state, self._clock.now(), REPLY_LIMIT):
            self.hear(stimulus)

    async def settle_doubts(self) -> None:
        """Compare with the broker's lists where an order is in doubt or positions differ."""
        if self.state.wants_comparison or self._differs(await self._broker.positions()):
            await self.reconcile()

    async def reconcile(self) -> None:
        """Ask the broker for its lists, compare, and repair or lock.

        Raises:
            BrokerError: a list could not be read; nothing was changed.
        """
        await self._compared()

    async def choose(self, choice: Choice) -> None:
        """Compare with the broker, then carry out a choice of the user about calls nobody bought.

        Raises:
            AdoptionRefusedError: it cannot be done; nothing is.
            BrokerError: a list could not be read; nothing was changed.
        """
        view = await self._compared()
        self._carry(choice(self.state, view, self._clock.now()))

    async def _compared(self) -> BrokerView:
        """Ask the broker for its lists, compare, repair or lock; return the lists."""
        open_orders = await self._broker.open_orders()
        completed_orders = await self._broker.completed_orders()
        executions = await self._broker.executions()
        positions = await self._broker.positions()
        view = BrokerView(
            open_orders=open_orders,
            completed_orders=completed_orders,
            executions=executions,
            positions=positions,
            instruments=await self._named({p.con_id for p in positions}),
        )
        self._carry(reconcile(self.state, view, self._clock.now()))
        return view

    def _differs(self, positions: Sequence[Position]) -> bool:
        """Tell whether the broker's positions in calls, ours and nobody's, are not those we know.

        A contract that was not held before is not known to be no VIX call: it has to be looked up.
        """
        held = {p.con_id: p.quantity for p in positions if p.quantity != 0}
        traded = self.state.traded()
        if not all(self.state.agrees(con_id, held.get(con_id, 0)) for con_id in traded):
            return True
        others = held.keys() - traded - self.state.ignored
        return {c for c in others if self._may_be_call(c)} != set(self.state.unadopted)

    def _may_be_call(self, con_id: ConId) -> bool:
        known = self._instruments.get(con_id)
        return known is None or is_vix_call(known)

    async def _named(self, con_ids: set[ConId]) -> tuple[Contract, ...]:
        """Return the instruments of positions and lots, asking for the unknown ones."""
        needed = con_ids | {lot.con_id for lot in self.state.lots}
        unknown = needed - self._instruments.keys()
        if unknown:
            found = await self._broker.instruments(sorted(unknown))
            self._instruments |= {i.con_id: i for i in found}
        return tuple(self._instruments[con_id] for con_id in sorted(needed))

    def _carry(self, made: Step) -> None:
        if made.journal:
            self._journal.append(made.journal, self._clock.now())
        self.state = made.state
        for command in made.commands:
            self._carry_out(command)

    def _carry_out(self, command: Command) -> None:
        try:
            self._ask_broker(command)
        except BrokerError as error:  # nothing left for the broker, or nobody knows: to be proved
            key = command.intent.intent_id if isinstance(command, SendOrder) else command.intent_id
            self.hear(ReplyOverdue(intent_id=key, reason=str(error)))

    def _ask_broker(self, command: Command) -> None:
        match command:
            case SendOrder(intent=intent):
                if self._account is None:
                    raise BrokerUnreachableError("no account was proved")
                order_id = self._broker.place(intent, self._account)
                self.hear(Sent(intent_id=intent.intent_id, order_id=order_id))
            case ChangeOrder(intent_id=intent_id, limit=limit):
                self._broker.change(intent_id, limit)
            case CancelOrder(intent_id=intent_id):
                self._broker.cancel(intent_id)
