"""What the book's capital costs and earns: CAPM, WACC, IRR, quick ratio (G13, G15-G17).

Declared: they read the ledger of cash flows and the financing rate.
"""

from bot.signals.signal import TRUTH, Signal

EXPECTED_RETURN = Signal(
    id="G13",
    title="CAPM expected hedge return",
    outputs=("capm.hedge_return",),
    readers=("R18",),
    source=("A0", "A1"),
)

WACC = Signal(
    id="G15",
    title="WACC of the book",
    outputs=("wacc.value", "wacc.rising"),
    answers={"wacc.rising": TRUTH},
    readers=("R1", "R22", "R30"),
    source=("A0", "A1", "A2", "A3", "A4"),
)

PORTFOLIO_IRR = Signal(
    id="G16",
    title="Portfolio IRR",
    outputs=("irr.hedged", "irr.unhedged"),
    readers=("report", "C11"),
    source=("A0", "A1", "A2", "A3"),
)

QUICK_RATIO = Signal(
    id="G17",
    title="Quick ratio",
    outputs=("liquidity.quick_ratio",),
    readers=("R25",),
    source=("A0", "A1", "A2", "A3", "A4"),
)
