"""The broker's pacing rules, each at its edge."""

from datetime import timedelta

from bot.exchange.venue.history_pacing import HistoryPacer
from tests.support.venue_rig import at

NOW = at("2018-01-16T10:00")


def after(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def test_the_same_request_waits_fifteen_seconds() -> None:
    pacer = HistoryPacer()
    assert pacer.admits(NOW, "a", 1)
    assert not pacer.admits(NOW + after(14.9), "a", 1)
    assert pacer.admits(NOW + after(14.9), "b", 1)
    assert pacer.admits(NOW + after(15), "a", 1)


def test_five_of_one_series_within_two_seconds_are_enough() -> None:
    pacer = HistoryPacer()
    assert all(pacer.admits(NOW, n, "series") for n in range(5))
    assert not pacer.admits(NOW + after(1.9), 5, "series")
    assert pacer.admits(NOW + after(1.9), 5, "other")
    assert pacer.admits(NOW + after(2), 6, "series")


def test_sixty_within_ten_minutes_are_enough_and_both_sides_count_twice() -> None:
    pacer = HistoryPacer()
    assert all(pacer.admits(NOW + after(n), n, n, weight=2) for n in range(29))
    assert pacer.admits(NOW + after(30), "one", "one")
    assert not pacer.admits(NOW + after(31), "two", "two", weight=2)
    assert pacer.admits(NOW + after(31), "three", "three")
    assert not pacer.admits(NOW + after(32), "four", "four")
    assert pacer.admits(NOW + after(600), "four", "four")
