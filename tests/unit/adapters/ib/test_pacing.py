"""Data requests keep to the broker's rate."""

import asyncio
from collections.abc import Iterator

import pytest
from typing_extensions import override

from bot.adapters.ib.pacing import Pacer


class _QuickLoop(asyncio.SelectorEventLoop):
    """A loop whose time jumps to the next timer, so that a second passes at once."""

    def __init__(self) -> None:
        super().__init__()
        self._jumped = 0.0

    @override
    def time(self) -> float:
        return getattr(self, "_jumped", 0.0)

    def _run_once(self) -> None:
        ready, scheduled = self._ready, self._scheduled  # type: ignore[attr-defined]
        if not ready and scheduled:
            self._jumped = max(self._jumped, scheduled[0]._when)
        super()._run_once()  # type: ignore[misc]


@pytest.fixture
def loop() -> Iterator[_QuickLoop]:
    loop = _QuickLoop()
    yield loop
    loop.close()


async def _when_sent(pacer: Pacer, count: int) -> list[float]:
    times = []
    for _ in range(count):
        await pacer.turn()
        times.append(asyncio.get_running_loop().time())
    return times


def test_no_second_sees_more_than_the_limit(loop: _QuickLoop) -> None:
    times = loop.run_until_complete(_when_sent(Pacer(per_second=3), 8))
    assert times == pytest.approx([0, 0, 0, 1, 1, 1, 2, 2])


def test_callers_at_once_take_their_turns_one_by_one(loop: _QuickLoop) -> None:
    async def crowd() -> list[list[float]]:
        pacer = Pacer(per_second=2)
        return await asyncio.gather(*(_when_sent(pacer, 2) for _ in range(3)))

    times = sorted(time for caller in loop.run_until_complete(crowd()) for time in caller)
    assert times == pytest.approx([0, 0, 1, 1, 2, 2])


def test_what_could_not_wait_makes_the_others_wait(loop: _QuickLoop) -> None:
    async def both() -> list[float]:
        pacer = Pacer(per_second=3)
        pacer.count()
        pacer.count()
        return await _when_sent(pacer, 3)

    assert loop.run_until_complete(both()) == pytest.approx([0, 1, 1])


def test_without_a_limit_nobody_waits(loop: _QuickLoop) -> None:
    times = loop.run_until_complete(_when_sent(Pacer(per_second=None), 1000))
    assert times[-1] == 0
