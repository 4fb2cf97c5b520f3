"""A trace is held against the codec, and the first difference has its place."""

from typing import Any

import pytest

from bot.exchange.wire import replies as rp
from bot.exchange.wire.encoding import ReplyEncoder
from bot.exchange.wire.replay import Replay, replay
from bot.exchange.wire.reply_decoding import decode_reply
from bot.exchange.wire.trace import TraceLine, Way
from tests.support.wire_peer import split_frames
from tests.support.wire_samples import reply_kinds, sample


def line(way: Way, *fields: str, version: int = 178) -> TraceLine:
    return TraceLine(
        at="",
        session=1,
        way=way,
        version=version,
        id=int(fields[0]) if version else -1,
        name="it",
        fields=fields,
    )


def told(reply: rp.Reply, version: int = 178) -> TraceLine:
    (fields,) = split_frames(ReplyEncoder(version).encode(reply))
    return line("out", *fields, version=version)


def reason_of(found: Replay) -> tuple[int, int, str]:
    assert found.difference is not None
    assert str(found.difference).startswith(f"line {found.difference.line}, it, field ")
    return found.difference.line, found.difference.field, found.difference.reason


@pytest.mark.parametrize("version", range(157, 179))
def test_every_reply_has_a_way_back(version: int) -> None:
    """Read by its table and written again it is the same, bytes and all."""
    encoder = ReplyEncoder(version)
    for kind in reply_kinds():
        reply = sample(kind)
        data = encoder.encode(reply)
        (fields,) = split_frames(data)
        assert encoder.encode(decode_reply(tuple(fields), version)) == data


@pytest.mark.parametrize("kind", reply_kinds())
def test_a_reply_without_contract_or_order_is_the_same_struct(kind: type[Any]) -> None:
    """Of those two the wire tells less than the structs hold."""
    reply = sample(kind)
    if {"contract", "order", "details"} & set(kind.__struct_fields__):
        return
    (fields,) = split_frames(ReplyEncoder(178).encode(reply))
    assert decode_reply(tuple(fields), 178) == reply


def test_a_good_trace_has_no_difference() -> None:
    lines = [
        line("in", "v100..203", version=0),
        line("out", "178", "20180205 09:30:00 EST", version=0),
        line("in", "71", "2", "7", ""),
        told(rp.NextValidId(order_id=1)),
        line("in", "49", "1"),
        told(rp.CurrentTime(epoch_seconds=5)),
    ]
    assert replay(lines) == Replay(requests=3, replies=3, passed_over={}, difference=None)


def test_what_the_exchange_never_sends_is_passed_over() -> None:
    news = line("out", "84", "1", "1517841000000", "BRFG", "id", "headline", "extra")
    found = replay([news, news, told(rp.PositionEnd())])
    assert found == Replay(requests=0, replies=1, passed_over={"it": 2}, difference=None)


@pytest.mark.parametrize(
    ("theirs", "passes"),
    [
        (("2", "6", "1", "0", "3"), True),
        (("2", "6", "1", "0", "3.0"), True),
        (("2", "6", "1", "0", "3e0"), True),
        (("2", "9", "1", "0", "3"), False),
        (("59", "1", "e", "1.5", "USD", "1.7976931348623157E308", "", ""), True),
        (("59", "1", "e", "1.5", "USD", "", "1.7976931348623157e+308", "2147483647"), True),
    ],
)
def test_spellings_of_one_value_are_one(theirs: tuple[str, ...], *, passes: bool) -> None:
    assert (replay([line("out", *theirs)]).difference is None) == passes


def test_a_field_that_differs_has_its_place() -> None:
    """Here an old message version that we do not write."""
    found = replay([told(rp.PositionEnd()), line("out", "2", "9", "1", "0", "3")])
    assert reason_of(found) == (2, 2, "the trace has '9', the codec writes '6'")
    assert (found.requests, found.replies) == (0, 1)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (line("in", "49"), "RequestCurrentTime: message ends early"),
        (line("in", "999"), "unknown message id 999"),
        (line("in", "hello", version=0), "not a version line: 'hello'"),
        (line("out", "178", version=0), "not a version and a time"),
        (line("out", "now", "then", version=0), "not a version and a time"),
        (line("in", "49", "1", version=200), "version 200 is not spoken here"),
        (line("out", "9", "1", "x"), "NextValidId, field 3: not a whole number: 'x'"),
        (line("out", "9", "1"), "NextValidId, field 2: message ends early"),
        (line("out", "9", "1", "4", "5"), "1 fields too many"),
        (line("out", "2", "6", "1", "0", ""), "TickSize, field 5: a number is missing"),
    ],
)
def test_a_message_that_cannot_be_read_is_a_difference(bad: TraceLine, reason: str) -> None:
    found = replay([bad, line("in", "49", "1")])
    assert reason_of(found) == (1, 0, reason)
    assert found.requests == 0


def test_an_order_with_conditions_has_no_place_in_our_structs() -> None:
    (fields,) = split_frames(ReplyEncoder(178).encode(sample(rp.OpenOrder)))
    place = len(fields) - 1
    while fields[place - 1] != "None":
        place -= 1
    fields[place - 2] = "1"  # the count of conditions stands before the adjusted order type
    found = replay([line("out", *fields)])
    assert found.difference is not None
    assert "conditions" in found.difference.reason


def test_a_benchmark_order_has_its_block() -> None:
    order = sample(rp.OpenOrder)
    reply = rp.OpenOrder(
        contract=order.contract,
        order=type(order.order)(
            action="BUY", total_quantity=order.order.total_quantity, order_type="PEG BENCH"
        ),
        state=order.state,
    )
    assert replay([told(reply)]).difference is None
