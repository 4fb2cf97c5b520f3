"""`alvh run` with MQTT on: killed, started again, at a broker that goes away and comes back."""

import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from bot.adapters.mqtt.messages import PUBLISHED_KINDS
from tests.support import simulation as sim
from tests.support.mosquitto import Mosquitto, Recorder, mosquitto, passwords, recording
from tests.support.processes import Process, alvh, free_port, running, until

CANARY = "zqx-canary-of-a-secret"
OUTAGE_SECONDS = float(os.environ.get("OUTAGE_SECONDS", "0"))
"""How long the broker stays away beyond the first decision without it (`make outage`)."""
# at 300 a cycle is due each second, which is as often as the bot wakes: too tight to miss none
BEGIN: dict[str, object] = {"start": "2018-02-05T10:04", "speed": 60 if OUTAGE_SECONDS else 300}


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    folder = tmp_path / "broker"
    folder.mkdir()
    with mosquitto(folder, *passwords(folder, bot=CANARY)) as one:
        yield one


def settings(folder: Path, broker: Mosquitto) -> Path:
    publish = {"enabled": True, "port": broker.port, "username": "bot"}
    return sim.settings_file(folder, free_port(), exchange=BEGIN, mqtt=publish)


def service(config: Path) -> AbstractContextManager[Process]:
    environment = {"ALVH_MQTT__PASSWORD": CANARY}
    return running(alvh("run", "--config", config), config.parent, environment)


def availability(recorder: Recorder) -> list[str]:
    return [one.payload for one in recorder.messages if one.leaf == "availability"]


def test_nothing_is_lost_by_a_kill_and_an_outage_and_no_secret_is_told(
    tmp_path: Path, broker: Mosquitto
) -> None:
    journal, config = tmp_path / "j.sqlite", settings(tmp_path, broker)
    with recording(broker, "-u", "bot", "-P", CANARY) as recorder:
        with service(config) as process:
            process.until(lambda: recorder.last("decisions"), "a decision is heard")
            process.kill()
            until(lambda: availability(recorder) == ["online", "offline"], "its will is heard")
        with service(config) as process:
            process.until(lambda: availability(recorder)[-1] == "online", "it is back")
            broker.stop()
            missed = len(sim.stored(journal, "cycle_missed"))
            count = len(sim.stored(journal, "decision_made"))
            process.until(lambda: sim.decided_after(journal, count), "a decision without a broker")
            time.sleep(OUTAGE_SECONDS)
            away = sim.status(journal, tmp_path)
            if OUTAGE_SECONDS:  # a long one is looked at on a machine that has nothing else to do
                assert len(sim.stored(journal, "cycle_missed")) == missed
                without = len(sim.stored(journal, "decision_made")) - count
                print(f"{without} decisions without a broker, no cycle missed")  # noqa: T201
            broker.start()
            process.until(lambda: availability(recorder)[-1] == "online", "it is back again")
            words = process.words()
            ended = process.terminate()
        assert ended.code == 0, ended.err
        stored = [one.sequence for one in sim.stored(journal, *PUBLISHED_KINDS)]
        until(lambda: recorder.events()[-1]["sequence"] == stored[-1], "its end is heard")
        state = recorder.last("state")
        heard, said = recorder.events(), availability(recorder)
    first = list(dict.fromkeys(event["sequence"] for event in heard))
    assert first == stored
    assert said[-1] == "offline"
    assert state is not None
    assert state.json["run"]["ended"] == "stopped by a signal"  # type: ignore[index]
    assert away["publishing"]["state"] == "waiting"
    assert away["publishing"]["trouble"]
    assert away["publishing"]["acknowledged"] < away["publishing"]["newest"]
    log = (tmp_path / "bot.log").read_bytes()
    assert b"MQTT: cannot publish" in log
    assert b"MQTT: publishing to" in log
    for place in (log, journal.read_bytes(), words.encode(), repr([away, heard]).encode()):
        assert CANARY.encode() not in place
