"""The rules on condors: R22 to R24, declared.

How condors are found among the positions stands in `bot.strategy.positions`.
"""

from bot.strategy.rule import Rule, Step

CREDIT_TARGET = Rule(
    id="R22",
    title="Credit target",
    source=("A2",),
    step=Step.ADVICE,
    reads=("G5", "G9", "G15"),
)

INSTRUMENT = Rule(
    id="R23",
    title="Instrument: futures beside calls in contango",
    source=("A0", "A2"),
    step=Step.ADVICE,
    reads=("G7",),
)

COST_EFFICIENCY_PUTS = Rule(
    id="R24",
    title="Cost-efficiency puts",
    source=("A3",),
    step=Step.ADVICE,
    reads=("G1", "G7"),
)
