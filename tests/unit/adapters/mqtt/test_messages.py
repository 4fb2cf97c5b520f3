"""What a message says of a journal event."""

from typing import get_args

import orjson
import pytest

from bot.adapters.mqtt.messages import PUBLISHED_KINDS, leaf_of, payload_of, topic_of
from bot.domain.canonical import canonical
from bot.domain.decision import GENESIS
from bot.domain.events import JournalEvent
from tests.support import story
from tests.support.publishing import stored


def test_all_but_the_market_snapshots_is_published() -> None:
    known = {str(kind.__struct_config__.tag) for kind in get_args(JournalEvent)}
    assert known - PUBLISHED_KINDS == {"inputs_taken"}


@pytest.mark.parametrize(
    ("kind", "leaf"),
    [
        ("decision_made", "decisions"),
        ("order_refused", "orders"),
        ("order_changed", "orders"),
        ("fill_received", "fills"),
        ("commission_received", "fills"),
        ("position_settled", "fills"),
        ("run_started", "events"),
        ("a kind of next year", "events"),
    ],
)
def test_each_kind_has_its_topic(kind: str, leaf: str) -> None:
    assert leaf_of(kind) == leaf


def test_every_event_of_an_order_is_under_orders() -> None:
    assert {leaf_of(kind) for kind in PUBLISHED_KINDS if kind.startswith("order_")} == {"orders"}


def test_the_topic_names_the_account() -> None:
    assert topic_of("home/alvh", story.ACCOUNT, "state") == f"home/alvh/{story.ACCOUNT}/state"


def test_a_message_is_canonical_json_with_its_place() -> None:
    one = stored(story.decision_made(story.stress_decision()), 7)
    payload = payload_of(one, 3, repeat=True)
    told = orjson.loads(payload)
    assert canonical(told) == payload
    assert (told["sequence"], told["previous"], told["repeat"]) == (7, 3, True)
    assert (told["at"], told["hash"]) == ("2018-02-05T20:35:00Z", GENESIS)
    assert told["event"]["type"] == "decision_made"
    assert told["event"]["decision"]["decision_id"] == story.stress_decision().decision_id
