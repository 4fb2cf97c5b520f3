"""What every signal of one evaluation looks at."""

from dataclasses import dataclass

from bot.domain.inputs import Inputs
from bot.domain.state import StrategyState


@dataclass(frozen=True, kw_only=True, slots=True)
class SignalContext:
    """The inputs of one evaluation and what the strategy remembers."""

    inputs: Inputs
    state: StrategyState
