"""Every event is written and read back with its type and its values."""

from decimal import Decimal

import msgspec
import pytest

from bot.domain.book import Break
from bot.domain.canonical import ContentHash, encode
from bot.domain.decision import GENESIS
from bot.domain.events import (
    Adopted,
    BreakFound,
    ConnectionChanged,
    FillReceived,
    Ignored,
    IgnoringEnded,
    JournalEvent,
    OrderChanged,
    PositionSettled,
    StoredEvent,
    UnadoptedFound,
)
from bot.domain.orders import IntentId, OrderState
from tests.support.orders import CALL, NOW, adoption, fill


@pytest.mark.parametrize(
    "event",
    [
        OrderChanged(
            intent_id=IntentId("i"),
            state=OrderState.WORKING,
            limit=Decimal("1.50"),
            limit_asked=Decimal("1.55"),
            filled=1,
            perm_id=7,
        ),
        FillReceived(fill=fill()),
        BreakFound(broken=Break(con_id=CALL, ours=1, brokers=2)),
        UnadoptedFound(con_ids=(CALL,)),
        PositionSettled(con_id=CALL, quantity=3, strike=Decimal(20)),
        Adopted(adoption=adoption(), left=1),
        Ignored(con_id=CALL),
        IgnoringEnded(con_id=CALL, left=2),
        ConnectionChanged(state="lost", what="socket"),
    ],
)
def test_an_event_is_read_back_as_it_was_written(event: JournalEvent) -> None:
    stored = StoredEvent(
        sequence=1, at=NOW, kind="k", event=event, previous=GENESIS, hash=ContentHash("h")
    )
    assert msgspec.json.decode(encode(stored), type=StoredEvent) == stored
