"""The quality of order flow in VIX calls (G24)."""

from bot.signals.signal import Signal

ORDER_FLOW = Signal(
    id="G24",
    title="Order-flow quality",
    outputs=("flow.disturbed", "flow.unquoted_share", "flow.spread_multiple"),
    readers=("R29",),
    source=("A1", "A3", "A4"),
)
