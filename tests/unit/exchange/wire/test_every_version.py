"""Each reply is read by the real decoder in each version the installed library speaks."""

from typing import Any

import pytest

from bot.exchange.wire.encoding import ReplyEncoder
from bot.exchange.wire.replies import OpenOrder
from tests.support.client_library import VERSIONS
from tests.support.wire_peer import interpret, split_frames
from tests.support.wire_samples import reply_kinds, sample


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", reply_kinds())
def test_reply_is_read_without_complaint(kind: type[Any], version: int) -> None:
    """The decoder calls its wrapper, logs nothing, and needs the last field."""
    (fields,) = split_frames(ReplyEncoder(version).encode(sample(kind)))
    calls, complaints = interpret(list(fields), version)
    assert calls
    assert complaints == []
    if (kind, version) == (OpenOrder, 158):
        return  # the broker sends the duration from 158 on, the library looks for it from 159 on
    if calls[0][1]:
        shorter, complaints = interpret(fields[:-1], version)
        assert complaints or repr(shorter) != repr(calls)


@pytest.mark.parametrize("kind", reply_kinds())
def test_newest_version_adds_only_what_is_known(kind: type[Any]) -> None:
    """From 176 to 178 fields came and went in three messages only."""
    older, newer = (
        len(split_frames(ReplyEncoder(version).encode(sample(kind)))[0]) for version in (176, 178)
    )
    changes = {"OpenOrder": -1, "CompletedOrder": -1, "ExecDetails": 1}
    assert newer - older == changes.get(kind.__name__, 0)
