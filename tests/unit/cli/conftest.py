"""A told journal for the commands to read."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.journal.store import Journal
from tests.support import story


@pytest.fixture(autouse=True)
def handler_put_back() -> Iterator[None]:
    """A command arranges what SIGTERM means to its process, which is the tests' here."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a closed journal of one short day; not to be changed."""
    path = tmp_path_factory.mktemp("told") / "journal.sqlite"
    with Journal.open(path) as journal:
        story.tell(journal)
    return path
