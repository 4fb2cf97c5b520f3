"""Demos that several tests look at, each played once, however many workers run the tests.

The whole demo takes longest by far: it is begun before the first test and played beside the others.
"""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from tests.support.processes import Demo, Ended, demo, until

STRESS_DAY = ("--from", "2018-02-05", "--until", "2018-02-05")
WHOLE = ("--scenario", "spring-2018")
PLAY_SECONDS = 480.0


@pytest.fixture(scope="session", autouse=True)
def whole_demo_begun(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path | None]:
    """The folder of the whole demo, which is played in the background; None if nobody asks."""
    wanted = any("whole_demo" in getattr(i, "fixturenames", ()) for i in request.session.items)
    if not wanted:
        yield None
        return
    folder = _folder(tmp_path_factory, "whole")
    player = threading.Thread(target=_play_once, args=(folder, *WHOLE))
    player.start()
    yield folder
    player.join()


@pytest.fixture(scope="session")
def whole_demo(whole_demo_begun: Path) -> Demo:
    """The demo of the longest scenario: what is bought in the spike comes to its rolls."""
    return _played(whole_demo_begun)


@pytest.fixture(scope="session")
def stress_day(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A demo of the one session in which all stages are entered."""
    folder = _folder(tmp_path_factory, "stress")
    _play_once(folder, *STRESS_DAY)
    return _played(folder)


@pytest.fixture
def stress_journal(stress_day: Demo) -> Path:
    """The journal it left."""
    return Path(str(stress_day.report["journal"]))


def _folder(factory: pytest.TempPathFactory, name: str) -> Path:
    base = factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"demo-{name}"


def _play_once(folder: Path, *options: str) -> None:
    """Play a demo unless another worker does: who makes the folder is the player."""
    try:
        folder.mkdir()
    except FileExistsError:
        return
    try:
        played = list(demo(folder / "journal.sqlite", *options, seconds=PLAY_SECONDS).ended)
    except BaseException as failure:
        played = [str(failure)]
        raise
    finally:
        waiting = folder / "waiting.json"
        waiting.write_bytes(orjson.dumps(played))
        waiting.rename(folder / "done.json")


def _played(folder: Path) -> Demo:
    """Wait until a demo was played, by whichever worker, and return what it said."""
    done = folder / "done.json"
    until(done.exists, f"the demo in {folder}", PLAY_SECONDS)
    told = orjson.loads(done.read_bytes())
    if len(told) == 1:
        pytest.fail(f"the demo failed: {told[0]}")
    ended = Ended(*told)
    return Demo(ended, orjson.loads(ended.out))
