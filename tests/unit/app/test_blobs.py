"""Slow parts are stored once."""

from bot.app.blobs import BlobStore
from bot.domain.calendar import Coverage, EventCalendar, EventKind
from bot.domain.canonical import ContentHash, content_hash, encode
from bot.domain.policy import Policy
from tests.support.app_world import DAY, AppWorld


class Counting:
    """The journal, counting the blobs it is handed."""

    def __init__(self, app: AppWorld) -> None:
        self._journal = app.journal
        self.puts = 0
        self.append = self._journal.append
        self.blob = self._journal.blob
        self.events = self._journal.events
        self.last, self.count = self._journal.last, self._journal.count

    def put_blob(self, data: bytes) -> ContentHash:
        self.puts += 1
        return self._journal.put_blob(data)


def test_a_blob_reads_back_as_what_was_kept(app: AppWorld) -> None:
    policy = Policy()
    key = BlobStore(app.journal).keep(policy)
    assert app.journal.blob(key) == encode(policy)
    assert key == content_hash(encode(policy))


def test_the_same_object_is_encoded_once(app: AppWorld) -> None:
    journal = Counting(app)
    blobs, policy = BlobStore(journal), Policy()
    first = blobs.keep(policy)
    assert blobs.keep(policy) == first
    assert journal.puts == 1


def test_each_kind_has_its_own_last_object(app: AppWorld) -> None:
    journal = Counting(app)
    blobs = BlobStore(journal)
    policy, calendar = Policy(), EventCalendar()
    for value in (policy, calendar, policy, calendar):
        blobs.keep(value)
    assert journal.puts == 2


def test_another_object_of_a_kind_is_kept_anew(app: AppWorld) -> None:
    blobs = BlobStore(app.journal)
    cpi = Coverage(kind=EventKind.CPI, first=DAY, last=DAY)
    empty = blobs.keep(EventCalendar())
    assert blobs.keep(EventCalendar(coverage=(cpi,))) != empty
    assert blobs.keep(EventCalendar()) == empty
