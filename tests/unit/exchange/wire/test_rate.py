"""The limit on messages a second, on a clock that the test moves."""

import pytest

from bot.exchange.wire.rate import RateGate


def test_the_limit_is_within_the_limit() -> None:
    gate = RateGate(50)
    assert all(gate.admit(10.0) for _ in range(50))
    assert (gate.breaches, gate.limit) == (0, 50)


def test_one_more_at_once_is_refused() -> None:
    gate = RateGate(50)
    assert [gate.admit(10.0) for _ in range(51)] == [True] * 50 + [False]
    assert gate.breaches == 1


def test_a_little_too_much_for_long_is_refused_too() -> None:
    """Sixty a second, evenly: the allowance lasts for five seconds."""
    gate = RateGate(50)
    verdicts = [gate.admit(number / 60) for number in range(360)]
    assert all(verdicts[:280])
    assert not all(verdicts[:310])


@pytest.mark.parametrize("jitter", [0.0, 0.05, 0.15])
def test_a_client_with_a_throttle_of_45_is_never_refused(jitter: float) -> None:
    """One burst a second, every other one late."""
    gate = RateGate(50)
    for second in range(60):
        late = jitter if second % 2 == 0 else 0.0
        assert all(gate.admit(second + late) for _ in range(45))


def test_a_burst_is_one_breach_and_the_next_second_another() -> None:
    gate = RateGate(2)
    breaches = []
    for now in (0.0, 0.1, 0.9, 1.1, 2.2):
        for _ in range(4):
            gate.admit(now)
        breaches.append(gate.breaches)
    assert breaches == [1, 1, 1, 2, 3]


def test_a_patient_client_waits_until_there_is_room() -> None:
    gate = RateGate(2)
    assert gate.wait_seconds(5.0) == 0
    gate.admit(5.0)
    gate.admit(5.0)
    assert gate.wait_seconds(5.0) == 0.5
    assert gate.wait_seconds(5.25) == 0.25
    assert gate.wait_seconds(5.5) == 0
    assert gate.admit(5.5)
    assert gate.breaches == 0
