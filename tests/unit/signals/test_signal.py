from bot.domain.readings import Reading, ReadingState
from bot.domain.state import StrategyState
from bot.signals.context import SignalContext, look
from bot.signals.signal import Signal
from tests.support.signal_inputs import Scene


def five(context: SignalContext) -> tuple[Reading, ...]:
    return (Reading(signal="G99", name="a.b", state=ReadingState.OK, value=5),)


def signal(compute: object = None) -> Signal:
    return Signal(
        id="G99",
        title="Test",
        outputs=("a.b",),
        readers=(),
        source=(),
        compute=compute,  # type: ignore[arg-type]
    )


def test_a_declared_signal_says_that_it_is_missing() -> None:
    (reading,) = signal().read(look(Scene().inputs(), StrategyState()))
    assert not signal().in_force
    assert (reading.state, reading.value, reading.name) == (ReadingState.MISSING, None, "a.b")
    assert "declared" in reading.note


def test_a_signal_in_force_says_what_it_computes() -> None:
    assert signal(five).in_force
    (reading,) = signal(five).read(look(Scene().inputs(), StrategyState()))
    assert reading.usable == 5
