"""Promises of the wire that hold for any input."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from ib_insync import LimitOrder, Option, Order, TagValue

from bot.exchange.wire import ProtocolViolation, ServerConnection
from bot.exchange.wire import contract as wc
from bot.exchange.wire import order as wo
from bot.exchange.wire.connection import Event
from bot.exchange.wire.encoding import ReplyEncoder
from bot.exchange.wire.framing import frame
from bot.exchange.wire.replies import CompletedOrder, OpenOrder
from bot.exchange.wire.requests import PlaceOrder
from tests.support.wire_peer import (
    GREETING,
    CapturingClient,
    ask,
    connected,
    drain,
    split_frames,
    tell,
)

OPTION = Option("VIX", "20180417", 20.0, "C", "SMART")
TEXTS = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), max_size=8)
NAMES = st.text("ABCdef 019-_", max_size=8)
PRICES = st.decimals(Decimal("-9999.99"), Decimal("99999.99"), places=2)
QUANTITIES = st.decimals(Decimal(0), Decimal(99999), places=1)
UNSET_PRICES = st.none() | PRICES
VERSIONS = st.integers(157, 176)
PAIRS = st.lists(st.builds(wc.TagValue, tag=NAMES, value=NAMES), max_size=3).map(tuple)

ORDERS = st.builds(
    wo.WireOrder,
    order_id=st.integers(0, 2**31 - 2),
    client_id=st.just(7),
    action=st.sampled_from(["BUY", "SELL"]),
    total_quantity=QUANTITIES,
    order_type=st.sampled_from(["LMT", "MKT", "STP", "STP LMT"]),
    lmt_price=UNSET_PRICES,
    aux_price=UNSET_PRICES,
    tif=st.sampled_from(["DAY", "GTC", "IOC", ""]),
    oca_group=NAMES,
    oca_type=st.integers(0, 3),
    account=NAMES,
    open_close=st.sampled_from(["", "O", "C"]),
    order_ref=TEXTS,
    parent_id=st.integers(0, 2**31 - 2),
    outside_rth=st.booleans(),
    hidden=st.booleans(),
    good_after_time=NAMES,
    good_till_date=NAMES,
    all_or_none=st.booleans(),
    min_qty=st.none() | st.integers(0, 1000),
    display_size=st.integers(0, 1000),
    trail_stop_price=UNSET_PRICES,
    not_held=st.booleans(),
    algo_strategy=st.just("Adaptive"),
    algo_params=PAIRS,
    cash_qty=UNSET_PRICES,
    use_price_management=st.booleans(),
)


def stream() -> bytes:
    """A whole conversation of the real client."""
    client = CapturingClient()
    client.startApi()
    client.reqIds(1)
    client.reqContractDetails(3, OPTION)
    client.reqMktData(4, OPTION, "106", 0, 0, [TagValue("a", "b")])
    client.placeOrder(5, OPTION, LimitOrder("BUY", 1, 1.05))
    client.reqScannerParameters()
    client.cancelOrder(5)
    return GREETING + client.sent + frame(b"49\0") + frame(b"49\x001\0")


STREAM = stream()
WHOLE = ServerConnection()
WHOLE.receive_data(STREAM)
EVENTS = drain(WHOLE)


@given(cuts=st.lists(st.integers(0, len(STREAM)), max_size=40), lazy=st.booleans())
def test_any_split_of_the_bytes_gives_the_same_events(*, cuts: list[int], lazy: bool) -> None:
    """Portions are an accident of the network."""
    edges = [0, *sorted(cuts), len(STREAM)]
    connection = ServerConnection()
    events: list[Event] = []
    for start, end in pairwise(edges):
        connection.receive_data(STREAM[start:end])
        if not lazy:
            events += drain(connection)
    assert events + drain(connection) == EVENTS
    assert len(EVENTS) == 10


@given(st.binary(max_size=300))
def test_garbage_instead_of_a_greeting_never_raises(data: bytes) -> None:
    """Whatever comes, the shell gets events."""
    connection = ServerConnection()
    connection.receive_data(data)
    assert len(drain(connection)) <= 1


@given(st.binary(max_size=300))
def test_garbage_after_the_start_never_raises(data: bytes) -> None:
    """A framed mess is at most a list of violations and accidental requests."""
    connection = connected()
    connection.receive_data(data)
    connection.receive_data(frame(data + b"\0"))
    drain(connection)


@settings(max_examples=300)
@given(st.integers(0, 110), st.lists(TEXTS, max_size=30))
def test_any_fields_give_one_event(message_id: int, fields: list[str]) -> None:
    """Each frame is answered by exactly one event, whatever its fields are."""
    connection = connected()
    connection.receive_data(frame("\0".join([str(message_id), *fields, ""]).encode()))
    assert len(drain(connection)) == 1


@settings(max_examples=300)
@given(st.data())
def test_damaged_requests_give_one_event(data: st.DataObject) -> None:
    """One field changed, lost or doubled in a real request."""
    fields = data.draw(st.sampled_from(split_frames(STREAM[len(GREETING) :])[1:7]))
    place = data.draw(st.integers(1, max(1, len(fields) - 1)))
    damage = data.draw(st.lists(TEXTS, max_size=2))
    damaged = [*fields[:place], *damage, *fields[place + 1 :]]
    connection = connected()
    connection.receive_data(frame("\0".join([*damaged, ""]).encode()))
    (event,) = drain(connection)
    if len(damaged) != len(fields) and fields[0] not in {"3", "24"}:
        assert isinstance(event, ProtocolViolation)


def to_client(order: wo.WireOrder, version: int) -> Order:
    """The order as the real client decodes it from our open-order message."""
    state = wo.WireOrderState(status="Submitted")
    reply = OpenOrder(contract=wc.WireContract(con_id=3), order=order, state=state)
    ((name, (order_id, _, shown, _)),) = tell(reply, version)
    assert (name, order_id) == ("openOrder", order.order_id)
    assert isinstance(shown, Order)
    return shown


@settings(max_examples=100)
@given(ORDERS, VERSIONS)
def test_order_survives_the_way_to_the_client_and_back(order: wo.WireOrder, version: int) -> None:
    """Our reply, their decoder, their encoder, our decoder: the same order."""
    shown = to_client(order, version)
    (event,) = ask("placeOrder", order.order_id, OPTION, shown, version=version)
    assert isinstance(event, PlaceOrder)
    assert event.order == order


@settings(max_examples=50)
@given(ORDERS, st.integers(157, 178))
def test_fields_of_orders_never_shift(order: wo.WireOrder, version: int) -> None:
    """Only the algorithm's parameters change the number of fields."""
    encoder = ReplyEncoder(version)
    contract = wc.WireContract()
    state = wo.WireOrderState(status="Submitted")
    bare = wo.WireOrder(action="BUY", total_quantity=Decimal(1), order_type="LMT")
    extra = 1 + 2 * len(order.algo_params)
    for one, other in (
        (
            OpenOrder(contract=contract, order=order, state=state),
            OpenOrder(contract=contract, order=bare, state=state),
        ),
        (completed(order), completed(bare)),
    ):
        assert encoder.encode(one).count(b"\0", 4) == encoder.encode(other).count(b"\0", 4) + extra


def completed(order: wo.WireOrder) -> CompletedOrder:
    return CompletedOrder(
        contract=wc.WireContract(),
        order=order,
        status="Filled",
        filled_quantity=Decimal(1),
        completed_time="",
        completed_status="",
    )
