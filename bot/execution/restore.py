"""Back from the journal: what a new process knows before it has asked the broker.

An order that was intended may or may not have left, one that worked may have filled meanwhile:
after a restart every living order is in doubt until `bot.execution.reconcile` has compared the
broker's lists, and nothing is sent before.
"""

from collections.abc import Iterable

from bot.domain.events import StoredEvent
from bot.execution.state import ExecutionState, apply, forget_the_line


def restore(events: Iterable[StoredEvent]) -> ExecutionState:
    """Return the state that the stored events lead to, with every living order in doubt."""
    state = ExecutionState()
    for stored in events:
        state = apply(state, stored.event, stored.at)
    return forget_the_line(state)
