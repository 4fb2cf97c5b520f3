"""The newest events in memory, never more than were allowed."""

from bot.adapters.mqtt.outbox import Outbox
from bot.domain.decision import GENESIS
from bot.domain.events import StoredEvent
from tests.support import story
from tests.support.publishing import stored


def account_proved(sequence: int) -> StoredEvent:
    return stored(story.account_proved(), sequence)


def numbers(outbox: Outbox, count: int = 100) -> list[int]:
    return [one.sequence for one in outbox.first(count)]


def test_it_keeps_what_comes_in_order() -> None:
    outbox = Outbox(10, 4)
    for sequence in (5, 6, 7):
        outbox.add(account_proved(sequence))
    assert (len(outbox), outbox.newest, outbox.overflowed) == (3, 7, 0)
    assert numbers(outbox, 2) == [5, 6]
    assert outbox.reaches_back_to(4)
    assert not outbox.reaches_back_to(3)


def test_it_lets_go_of_what_is_acknowledged() -> None:
    outbox = Outbox(10, 0)
    for sequence in (1, 2, 3):
        outbox.add(account_proved(sequence))
    outbox.forget(2)
    assert numbers(outbox) == [3]
    outbox.forget(9)
    assert numbers(outbox) == []


def test_a_full_one_loses_its_oldest_and_knows_how_far_it_still_reaches() -> None:
    outbox = Outbox(2, 0)
    for sequence in (1, 2, 3):
        outbox.add(account_proved(sequence))
    assert numbers(outbox) == [2, 3]
    assert outbox.overflowed == 1
    assert outbox.reaches_back_to(1)
    assert not outbox.reaches_back_to(0)


def test_what_is_not_published_takes_no_room() -> None:
    outbox = Outbox(2, 0)
    decision = story.stress_decision()
    named = story.blobs(GENESIS, GENESIS)
    outbox.add(stored(story.inputs_taken(decision, named, 1)))
    assert (len(outbox), outbox.newest) == (0, 1)
