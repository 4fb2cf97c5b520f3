"""Sessions to the next scheduled event (G11)."""

from bot.signals.signal import Signal

EVENT_DISTANCE = Signal(
    id="G11",
    title="Event distance",
    outputs=(
        "event.fomc_sessions",
        "event.fomc_minutes_sessions",
        "event.cpi_sessions",
        "event.ppi_sessions",
    ),
    readers=("R1", "R11"),
    source=("A0", "A1", "A2", "A3", "A4"),
)
