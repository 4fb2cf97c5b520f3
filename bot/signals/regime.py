"""Who is paid for time: Big Top and Cash Press (G21, G22).

Declared: the first needs ranks over 252 days, the second the IV percentile of
`bot.signals.surface`.
"""

from bot.signals.signal import TRUTH, Signal

BIG_TOP = Signal(
    id="G21",
    title="Big Top",
    outputs=("top.big",),
    answers={"top.big": TRUTH},
    readers=("R17",),
    source=("A1", "A4"),
)

CASH_PRESS = Signal(
    id="G22",
    title="Cash Press",
    outputs=("press.on",),
    answers={"press.on": TRUTH},
    readers=("R16",),
    source=("A0", "A2", "A3"),
)
