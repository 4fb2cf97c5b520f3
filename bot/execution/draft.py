"""A step being written: journal events and the state they lead to, kept in line.

Both `bot.execution.step` and `bot.execution.reconcile` write through it, so neither can change the
state without leaving the event that says so.
"""

from datetime import datetime

from bot.domain.events import FillReceived, JournalEvent, OrderChanged
from bot.domain.orders import Fill, IntentId, Order, correction_number
from bot.domain.value import replace
from bot.execution.lifecycle import Heard, move
from bot.execution.state import ExecutionState, apply
from bot.execution.stimuli import Command, Step


class Draft:
    """Collects what one step writes and asks for.

    Attributes:
        state: The state after everything written so far.
    """

    def __init__(self, state: ExecutionState, now: datetime) -> None:
        self.state = state
        self._now = now
        self._journal: list[JournalEvent] = []
        self._commands: list[Command] = []

    def order(self, reference: str) -> Order | None:
        """Return our order with this reference, None when the order is somebody else's."""
        return self.state.orders.get(IntentId(reference))

    def write(self, event: JournalEvent) -> None:
        """Write an event and apply it."""
        self.state = apply(self.state, event, self._now)
        self._journal.append(event)

    def ask(self, command: Command) -> None:
        """Ask for a command, to be carried out after the journal is stored."""
        self._commands.append(command)

    def hear(
        self, order: Order, heard: Heard, reason: str = "", *, known: Order | None = None
    ) -> None:
        """Move an order by the life-cycle table; write it only if that changes something.

        Args:
            order: The order as it stands in the state.
            heard: What became known.
            reason: The broker's words.
            known: The order with what else became known at the same time.
        """
        made = move(order.state, heard)
        after = replace(known or order, state=made.to)
        if after.state.is_terminal:
            after = replace(after, limit_asked=None)
        if after != order:
            self._write_change(after, "; ".join(filter(None, (reason, made.remark))))

    def _write_change(self, order: Order, reason: str) -> None:
        self.write(
            OrderChanged(
                intent_id=order.intent.intent_id,
                state=order.state,
                limit=order.limit,
                limit_asked=order.limit_asked,
                filled=order.filled,
                perm_id=order.perm_id,
                reason=reason,
            )
        )

    def take(self, fill: Fill) -> None:
        """Take an execution into the set; heard before, or corrected since, it changes nothing."""
        known = self.state.fills.get(fill.root)
        if known is not None and not _corrects(fill, known):
            return
        self.write(FillReceived(fill=fill))
        order = self.state.orders[fill.intent_id]
        is_full = order.filled >= order.intent.quantity
        heard = Heard.FULLY_EXECUTED if is_full else Heard.PARTLY_EXECUTED
        self.hear(order, heard)

    def done(self) -> Step:
        """Return the finished step."""
        return Step(state=self.state, journal=tuple(self._journal), commands=tuple(self._commands))


def _corrects(fill: Fill, known: Fill) -> bool:
    return correction_number(fill.exec_id) > correction_number(known.exec_id)
