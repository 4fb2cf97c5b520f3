"""Who has waited too long: orders about which the broker owes an answer."""

from datetime import datetime, timedelta

from bot.domain.orders import OrderState
from bot.execution.state import ExecutionState
from bot.execution.stimuli import ReplyOverdue


def overdue(state: ExecutionState, now: datetime, patience: timedelta) -> tuple[ReplyOverdue, ...]:
    """Return a stimulus for each order whose answer has been awaited for `patience` or longer.

    An order that was intended and never noted as sent counts too: nobody knows whether it left.
    """
    waiting = (
        order.intent.intent_id
        for order in state.live_orders()
        if order.awaits_reply or order.state is OrderState.INTENDED
    )
    late = (key for key in waiting if now - state.asked_at[key] >= patience)
    seconds = patience.total_seconds()
    return tuple(
        ReplyOverdue(intent_id=key, reason=f"no answer within {seconds:g} s") for key in late
    )
