"""Waits before another try."""

from itertools import islice

from bot.app.waits import growing_waits


def test_they_double_up_to_the_longest() -> None:
    assert list(islice(growing_waits(1, 10), 6)) == [1, 2, 4, 8, 10, 10]
