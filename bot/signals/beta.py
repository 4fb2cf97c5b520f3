"""How a VX future answers spot VIX, and a condor's volatility the VIX (G26, G27)."""

from bot.signals.signal import Signal

FUTURE_BETA = Signal(
    id="G26",
    title="Beta of the VX future to spot",
    outputs=("curve.tau_days",),
    readers=("hedge vega",),
    source=(),
)

CONDOR_BETA = Signal(
    id="G27",
    title="Condor volatility per VIX point",
    outputs=(),
    readers=("V", "VIX sensitivity"),
    source=(),
)
