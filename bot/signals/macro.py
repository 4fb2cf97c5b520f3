"""Slow economic series: inflation, valuation, macro drift (G12, G19, G20).

Declared: they carry a publication time and need a source that states it.
"""

from bot.signals.signal import TRUTH, Signal

INFLATION = Signal(
    id="G12",
    title="Inflation pressure",
    outputs=("inflation.gap", "inflation.pressure"),
    answers={"inflation.pressure": TRUTH},
    readers=("R1", "R11"),
    source=("A0", "A2"),
)

VALUATION = Signal(
    id="G19",
    title="Valuation",
    outputs=(
        "valuation.compressing",
        "valuation.cash_flow",
        "valuation.dividend_gap",
        "valuation.strategy_cash_flow",
    ),
    answers={"valuation.compressing": TRUTH},
    readers=("R10", "P/CF filter", "R6", "C12"),
    source=("A0", "A2", "A3", "A4"),
)

MACRO_DRIFT = Signal(
    id="G20",
    title="Macro drift",
    outputs=(
        "macro.reer_change",
        "macro.ten_year_spread",
        "macro.three_month_spread",
        "macro.reit_drawdown",
    ),
    readers=("R10",),
    source=("A1", "A2", "A4"),
)
