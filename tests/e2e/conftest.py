"""Demos that several tests look at, each played once."""

from pathlib import Path

import pytest

from tests.support.processes import Demo, demo

STRESS_DAY = ("--from", "2018-02-05", "--until", "2018-02-05")


@pytest.fixture(scope="session")
def whole_demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo as it runs without any option."""
    return demo(tmp_path_factory.mktemp("whole") / "journal.sqlite")


@pytest.fixture(scope="session")
def stress_day(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A demo of the one session in which all stages are entered."""
    return demo(tmp_path_factory.mktemp("stress") / "journal.sqlite", *STRESS_DAY)


@pytest.fixture
def stress_journal(stress_day: Demo) -> Path:
    """The journal it left."""
    return Path(str(stress_day.report["journal"]))
