"""A told journal for the commands to read."""

from pathlib import Path

import pytest

from bot.adapters.journal.store import Journal
from tests.support import story


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a closed journal of one short day; not to be changed."""
    path = tmp_path_factory.mktemp("told") / "journal.sqlite"
    with Journal.open(path) as journal:
        story.tell(journal)
    return path
