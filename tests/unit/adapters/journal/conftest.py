"""A small finished journal, made once and copied for each test that damages it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.journal.store import Journal
from tests.support import story


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a closed journal of one short day; not to be changed."""
    path = tmp_path_factory.mktemp("finished") / "journal.sqlite"
    with Journal.open(path) as journal:
        story.tell(journal)
    return path


@pytest.fixture
def copied(finished: Path, tmp_path: Path) -> Path:
    """Return a copy of the finished journal that a test may damage."""
    return Path(shutil.copy(finished, tmp_path / "journal.sqlite"))


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """Return an empty journal, open for writing."""
    with Journal.open(tmp_path / "journal.sqlite") as one:
        yield one
