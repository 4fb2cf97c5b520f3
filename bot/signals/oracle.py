"""Numbers published to the bot from outside (G25). Declared: no channel feeds them."""

from bot.signals.signal import Signal

EXTERNAL_ORACLE = Signal(
    id="G25",
    title="External oracle",
    outputs=("oracle.value",),
    readers=("user's triggers",),
    source=("A0", "A2"),
)
