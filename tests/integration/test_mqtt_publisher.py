"""The publisher against a real broker, heard by a subscriber of another make."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.adapters.journal.store import Journal
from bot.adapters.mqtt.messages import PUBLISHED_KINDS
from bot.app.status import PublishingState
from tests.support import story
from tests.support.ib_client import until
from tests.support.mosquitto import Mosquitto, Recorder, mosquitto, recording
from tests.support.processes import free_port
from tests.support.publishing import Rig, address, published

BASE = f"alvh/{story.ACCOUNT}"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    with mosquitto(tmp_path / "broker") as one:
        yield one


def sequences(recorder: Recorder) -> list[object]:
    return [event["sequence"] for event in recorder.events()]


async def all_heard(rig: Rig, recorder: Recorder) -> None:
    wanted = {one.sequence for one in rig.stored()}
    await until(lambda: wanted <= set(sequences(recorder)))


async def test_each_event_is_published_once_in_order_under_its_topic(
    tmp_path: Path, broker: Mosquitto
) -> None:
    with recording(broker) as recorder:
        async with published(tmp_path / "j.sqlite", address(broker.port)) as rig:
            rig.tell()
            await rig.done()
            stored = rig.stored()
        await until(lambda: len(recorder.events()) == len(stored))
    assert sequences(recorder) == [one.sequence for one in stored]
    leaves = {one.topic for one in recorder.messages}
    assert leaves == {
        f"{BASE}/{leaf}"
        for leaf in ("availability", "state", "decisions", "orders", "fills", "events")
    }
    heard = {event["sequence"]: event for event in recorder.events()}
    for one in stored:
        event = heard[one.sequence]
        assert event["hash"] == one.hash
        assert not event["repeat"]
        body = event["event"]
        assert isinstance(body, dict)
        assert body["type"] == one.kind
    decisions = [one.json for one in recorder.messages if one.leaf == "decisions"]
    assert [one["previous"] for one in decisions] == [0, *[d["sequence"] for d in decisions[:-1]]]


async def test_the_state_is_kept_for_those_who_come_late(tmp_path: Path, broker: Mosquitto) -> None:
    async with published(tmp_path / "j.sqlite", address(broker.port)) as rig:
        rig.tell()
        await rig.done()
        await until(lambda: f"'{BASE}/state'" in broker.log)
        with recording(broker) as late:
            await until(lambda: late.last("state") is not None)
            assert [one.payload for one in late.messages if one.leaf == "availability"] == [
                "online"
            ]
            state = late.last("state")
        (*_, newest) = rig.journal.events()
    assert state is not None
    assert state.retained
    told = state.json
    assert (told["sequence"], told["account_id"]) == (newest.sequence, story.ACCOUNT)
    assert (told["stage"], told["breaks"]) == (3, [])
    run = told["run"]
    assert isinstance(run, dict)
    assert (run["mode"], run["version"], run["ended"]) == ("demo", "0.1.0", None)


async def test_it_says_that_it_leaves(tmp_path: Path, broker: Mosquitto) -> None:
    async with published(tmp_path / "j.sqlite", address(broker.port)) as rig:
        rig.tell()
        await rig.connected()
    assert rig.publisher.condition().state is PublishingState.ENDED
    with recording(broker) as late:
        await until(lambda: late.last("state") is not None)
        heard = late.last("availability")
    assert heard is not None
    assert (heard.retained, heard.payload) == (True, "offline")


async def test_an_outage_loses_nothing_and_keeps_the_order(
    tmp_path: Path, broker: Mosquitto
) -> None:
    with recording(broker) as recorder:
        async with published(tmp_path / "j.sqlite", address(broker.port)) as rig:
            rig.journal.append([story.run_started(), story.account_proved()], story.MORNING)
            await rig.done()
            broker.stop()
            await until(lambda: rig.publisher.condition().state is PublishingState.WAITING)
            rig.tell()
            assert rig.publisher.condition().trouble
            broker.start()
            await rig.done()
            await all_heard(rig, recorder)
            assert rig.publisher.condition().reconnects == 1
            assert not rig.publisher.condition().trouble
    assert_complete(rig.path, recorder)


async def test_what_does_not_fit_into_memory_is_read_from_the_journal(
    tmp_path: Path, broker: Mosquitto
) -> None:
    with recording(broker) as recorder:
        async with published(tmp_path / "j.sqlite", address(broker.port), outbox=10) as rig:
            broker.stop()
            for _ in range(8):
                rig.tell()
            condition = rig.publisher.condition()
            assert condition.overflowed > 100
            broker.start()
            await rig.done()
            await all_heard(rig, recorder)
    assert_complete(rig.path, recorder)


async def test_a_new_process_goes_on_behind_what_was_acknowledged(
    tmp_path: Path, broker: Mosquitto
) -> None:
    path = tmp_path / "j.sqlite"
    with recording(broker) as recorder:
        async with published(path, address(broker.port)) as rig:
            rig.tell()
            await rig.done()
            known = len(rig.stored())
        async with published(path, address(free_port())) as rig:
            rig.tell()  # and nobody takes it
        async with published(path, address(broker.port)) as rig:
            await rig.done()
            await all_heard(rig, recorder)
    heard = recorder.events()
    assert [event["repeat"] for event in heard[:known]] == [False] * known
    assert all(event["repeat"] for event in heard[known:])  # the last process cannot know better
    assert_complete(path, recorder)
    decisions = [one.json for one in recorder.messages if one.leaf == "decisions"]
    assert [one["previous"] for one in decisions] == [0, *[d["sequence"] for d in decisions[:-1]]]


async def test_what_was_stored_before_publishing_was_turned_on_is_left_out(
    tmp_path: Path, broker: Mosquitto
) -> None:
    path = tmp_path / "j.sqlite"
    with Journal.open(path) as journal:
        story.tell(journal)
    with recording(broker) as recorder:
        async with published(path, address(broker.port)) as rig:
            await rig.connected()
            rig.journal.append([story.run_started()], story.STRESS)
            await rig.done()
            await until(lambda: bool(recorder.events()))
        state = recorder.last("state")
    (only,) = recorder.events()
    assert only["event"] == msgspec.to_builtins(story.run_started())
    assert state is not None
    assert (state.json["stage"], state.json["account_id"]) == (3, story.ACCOUNT)


def assert_complete(path: Path, recorder: Recorder) -> None:
    """Every event was heard, first in order; what was published again says so.

    What a broker delivers again to a subscriber that did not acknowledge is the same message.
    """
    first: dict[object, dict[str, object]] = {}
    for event in recorder.events():
        known = first.setdefault(event["sequence"], event)
        assert event == known or event == known | {"repeat": True}
    stored = ReadOnlyJournal(path).events(kinds=PUBLISHED_KINDS)
    assert list(first) == [one.sequence for one in stored]
