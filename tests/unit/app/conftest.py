"""The application on a fake broker, with a real journal."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.app_world import AppWorld


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppWorld]:
    world = AppWorld(path=tmp_path / "journal.sqlite")
    yield world
    world.journal.close()
