"""A journal that several rooms read."""

from pathlib import Path

import pytest

from tests.support.lived import live


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of a short morning, decided by the strategy itself; not to be changed."""
    path = tmp_path_factory.mktemp("lived") / "journal.sqlite"
    live(path)
    return path
