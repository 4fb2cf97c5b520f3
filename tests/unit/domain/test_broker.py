"""What the broker says keeps its kind when it is written down."""

import msgspec
import pytest

from bot.domain.broker import BrokerEvent, LinkChanged, NoticeHeard
from bot.domain.canonical import encode
from tests.support.orders import commission, error, execution, status


@pytest.mark.parametrize(
    "event",
    [
        status(),
        execution(),
        commission(),
        error(201),
        NoticeHeard(code=2104, text="ok"),
        LinkChanged(what="socket", up=False),
    ],
)
def test_a_word_is_read_back_as_it_was_written(event: BrokerEvent) -> None:
    assert msgspec.json.decode(encode(event), type=BrokerEvent) == event
