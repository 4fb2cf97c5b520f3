"""Demos that several tests look at, each played once, however many workers run the tests."""

import os
from pathlib import Path

import orjson
import pytest

from tests.support.processes import Demo, Ended, demo, until

STRESS_DAY = ("--from", "2018-02-05", "--until", "2018-02-05")
PLAY_SECONDS = 240.0


@pytest.fixture(scope="session")
def whole_demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo as it runs without any option."""
    return _played_once(tmp_path_factory, "whole")


@pytest.fixture(scope="session")
def stress_day(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A demo of the one session in which all stages are entered."""
    return _played_once(tmp_path_factory, "stress", *STRESS_DAY)


@pytest.fixture
def stress_journal(stress_day: Demo) -> Path:
    """The journal it left."""
    return Path(str(stress_day.report["journal"]))


def _played_once(factory: pytest.TempPathFactory, name: str, *options: str) -> Demo:
    """Play a demo, or wait for the worker that plays it: who makes the folder is the player."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"demo-{name}"
    done = folder / "done.json"
    try:
        folder.mkdir()
    except FileExistsError:
        until(done.exists, f"another worker plays the demo {name!r}", PLAY_SECONDS)
    else:
        played = demo(folder / "journal.sqlite", *options, seconds=PLAY_SECONDS)
        waiting = folder / "waiting.json"
        waiting.write_bytes(orjson.dumps(list(played.ended)))
        waiting.rename(done)
    ended = Ended(*orjson.loads(done.read_bytes()))
    return Demo(ended, orjson.loads(ended.out))
