"""The strategy's memory begins empty, and its stage is the highest that is on."""

import msgspec

from bot.domain.canonical import encode
from bot.domain.state import Asked, Counted, StageEntry, StrategyState
from tests.support.orders import NOW


def test_the_stage_is_the_highest_that_is_on() -> None:
    assert StrategyState().stage == 0
    entries = tuple(StageEntry(stage=s, entered_on=NOW.date()) for s in (1, 3, 2))
    assert StrategyState(stages=entries).stage == 3


def test_what_is_remembered_of_r3_and_r6_survives_a_restart() -> None:
    """The memory is stored with each decision and read back by the next process."""
    known = StrategyState(
        counted=(Counted(name="move_spike", session=NOW.date()),),
        initial=7,
        asked=Asked(stage=1, initial=7, confirmations=1),
    )
    assert msgspec.json.decode(encode(known), type=StrategyState) == known


def test_a_memory_from_before_they_were_in_force_can_be_read() -> None:
    old = msgspec.json.decode(b"{}", type=StrategyState)
    assert (old.counted, old.initial, old.asked) == ((), 0, Asked())
