"""Back from the journal: what a new process knows before it has asked the broker.

An order that was intended may or may not have left, one that worked may have filled meanwhile:
after a restart every living order is in doubt until `bot.execution.reconcile` has compared the
broker's lists, and nothing is sent before.
"""

from collections.abc import Iterable

from bot.domain.events import (
    Adopted,
    BreakFound,
    BreakLifted,
    CommissionReceived,
    ConnectionChanged,
    FillReceived,
    Ignored,
    IgnoringEnded,
    NoticeReceived,
    OrderChanged,
    OrderChangeIntended,
    OrderIntended,
    OrderSent,
    PositionSettled,
    RunStarted,
    StoredEvent,
    UnadoptedFound,
)
from bot.execution.state import ExecutionState, fold, forget_the_line, with_lots

FOLDED = (
    Adopted,
    BreakFound,
    BreakLifted,
    CommissionReceived,
    ConnectionChanged,
    FillReceived,
    Ignored,
    IgnoringEnded,
    NoticeReceived,
    OrderChangeIntended,
    OrderChanged,
    OrderIntended,
    OrderSent,
    PositionSettled,
    RunStarted,
    UnadoptedFound,
)
"""The events that change what execution knows, without inputs and decisions, which are the bulk."""

KINDS = tuple(str(kind.__struct_config__.tag) for kind in FOLDED)
"""Their names in the journal: no other event need be read."""


def restore(events: Iterable[StoredEvent]) -> ExecutionState:
    """Return the state that the stored events lead to, with every living order in doubt."""
    state = ExecutionState()
    for stored in events:
        state = fold(state, stored.event, stored.at)
    return forget_the_line(with_lots(state))
