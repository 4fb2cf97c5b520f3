"""RSI and MACD of daily bars, and their divergence (G2, G3, G4)."""

from bot.signals.signal import Signal

MACD_PREFIXES = ("vix", "spx", "front")
MACD_NAMES = ("macd", "macd_age", "macd_fresh", "macd_inflection", "macd_histogram")

VIX_RSI = Signal(
    id="G2",
    title="VIX RSI",
    outputs=("vix.rsi", "vix.rsi_rising"),
    readers=("R3", "R6", "R8", "R12", "R14", "R19"),
    source=("A0", "A1", "A2", "A4"),
)

MACD = Signal(
    id="G3",
    title="MACD of VIX, SPX and VX-front",
    outputs=tuple(f"{prefix}.{name}" for prefix in MACD_PREFIXES for name in MACD_NAMES),
    readers=("R5", "R6", "R11", "R14", "R19", "R30", "R32"),
    source=("A0", "A1", "A2", "A3", "A4"),
)

RSI_DIVERGENCE = Signal(
    id="G4",
    title="RSI divergence SPX / VIX",
    outputs=("divergence.bearish", "divergence.bullish"),
    readers=("R6",),
    source=("A3",),
)
