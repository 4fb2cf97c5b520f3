"""Subscriptions that a desk keeps: found by client and id, gone with their client."""

from bot.exchange.venue.streams import Streams
from tests.support.venue_rig import Rig


def test_a_stream_belongs_to_one_client_and_id() -> None:
    """Two clients may use the same id, and one client different ids."""
    rig = Rig()
    first, second = (rig.floor.clients[rig.connect(client_id)] for client_id in (1, 2))
    streams: Streams[str] = Streams(rig.floor, "ticks")
    streams.open(first, 4, "a")
    streams.open(second, 4, "b")
    streams.open(first, 5, "c")
    assert list(streams.each()) == [(first, "a"), (second, "b"), (first, "c")]
    assert streams.has(first, 5)
    assert not streams.has(second, 5)
    assert streams.close(first, 4)
    assert not streams.close(first, 4)
    assert len(streams) == 2


def test_each_stream_counts_among_what_a_client_has_open() -> None:
    """Two kinds under one id are two; what was closed counts no more."""
    rig = Rig()
    client = rig.floor.clients[rig.connect()]
    ticks: Streams[str] = Streams(rig.floor, "ticks")
    books: Streams[str] = Streams(rig.floor, "depth")
    ticks.open(client, 4, "a")
    books.open(client, 4, "b")
    assert client.subscription_count == 2
    ticks.close(client, 4)
    assert client.subscription_count == 1


def test_what_a_client_had_open_goes_with_it() -> None:
    """The streams of a connection that ended are neither fed nor counted."""
    rig = Rig()
    session = rig.connect()
    streams: Streams[str] = Streams(rig.floor, "ticks")
    streams.open(rig.floor.clients[session], 4, "a")
    rig.venue.close_session(session)
    assert list(streams.each()) == []
    assert len(streams) == 0
