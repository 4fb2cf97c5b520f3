"""The strategy's memory begins empty, and its stage is the highest that is on."""

from bot.domain.state import StageEntry, StrategyState
from tests.support.orders import NOW


def test_the_stage_is_the_highest_that_is_on() -> None:
    assert StrategyState().stage == 0
    entries = tuple(StageEntry(stage=s, entered_on=NOW.date()) for s in (1, 3, 2))
    assert StrategyState(stages=entries).stage == 3
