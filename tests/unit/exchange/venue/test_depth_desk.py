"""The order book: its shape, what changes, and who may see how many."""

from decimal import Decimal

import pytest

from bot.exchange.venue.contracts import BAG
from bot.exchange.venue.data_rules import Access, DataRules, Entitlements
from bot.exchange.venue.depth_desk import Row, changes, make_book
from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.replies import MarketDepth, MarketDepthL2, Reply
from tests.support.venue_rig import CALL_15, VIX_INDEX, Rig, codes, only, quote

LINE = quote(CALL_15, "2.98", "3.00", 10)
CALL = WireContract(con_id=CALL_15, exchange="CBOE")


def depth(
    request_id: int = 5,
    *,
    contract: WireContract = CALL,
    rows: int = 5,
    smart: bool = False,
) -> ask.RequestMarketDepth:
    return ask.RequestMarketDepth(
        request_id=request_id, contract=contract, rows=rows, is_smart_depth=smart
    )


def rows_of(replies: list[Reply], side: int) -> list[tuple[int, int, str, int]]:
    told = [reply for reply in only(replies, MarketDepth) if reply.side == side]
    return [(row.position, row.operation, str(row.price), int(row.size)) for row in told]


def test_a_book_steps_by_legal_prices_and_thins_out() -> None:
    """From 3.00 on the grid is 0.05, below it 0.01."""
    rig = Rig(lines=[LINE])
    replies = rig.say(rig.connect(), depth())
    assert rows_of(replies, 0) == [
        (0, 0, "3.00", 10),
        (1, 0, "3.05", 8),
        (2, 0, "3.10", 6),
        (3, 0, "3.15", 4),
        (4, 0, "3.20", 2),
    ]
    assert [row[2] for row in rows_of(replies, 1)] == ["2.98", "2.97", "2.96", "2.95", "2.94"]


def test_a_bid_steps_over_the_edge_of_the_grid() -> None:
    product = Rig().floor.instrument(CALL_15)
    _, bids = make_book(product, quote(CALL_15, "3.05", "3.10"), 3)  # type: ignore[arg-type]
    assert [str(row.price) for row in bids] == ["3.05", "3.00", "2.99"]


def test_a_cheap_bid_has_few_levels() -> None:
    product = Rig().floor.instrument(CALL_15)
    asks, bids = make_book(product, quote(CALL_15, "0.02", None), 5)  # type: ignore[arg-type]
    assert asks == ()
    assert [str(row.price) for row in bids] == ["0.02", "0.01"]


def test_only_what_changed_is_told() -> None:
    rig = Rig(lines=[LINE])
    session = rig.connect()
    rig.say(session, depth(rows=2))
    assert session not in rig.step("2018-01-16T10:01")
    rig.market.show(quote(CALL_15, "2.98", "3.05", 10))
    told = rig.step("2018-01-16T10:02")[session]
    assert rows_of(told, 0) == [(0, 1, "3.05", 10), (1, 1, "3.10", 8)]
    assert rows_of(told, 1) == []
    rig.market.show(quote(CALL_15, "2.98", None, 10))
    assert [row[:2] for row in rows_of(rig.step("2018-01-16T10:03")[session], 0)] == [
        (1, 2),
        (0, 2),
    ]


def test_a_closed_market_has_an_empty_book() -> None:
    rig = Rig("2018-01-16T18:30", lines=[LINE])
    session = rig.connect()
    assert rig.say(session, depth()) == []
    assert len(rig.step("2018-01-16T20:15")[session]) == 10


def test_changes_make_the_new_rows_of_the_old() -> None:
    one, two = Row(Decimal(1), 1), Row(Decimal(2), 2)
    assert list(changes((one,), (one, two))) == [(1, 0, two)]
    assert list(changes((one, two), (two,))) == [(0, 1, two), (1, 2, Row(Decimal(0), 0))]


@pytest.mark.parametrize(("smart", "exchange"), [(True, "CBOE"), (False, "SMART")])
def test_a_routed_book_names_who_stands_there(*, smart: bool, exchange: str) -> None:
    rig = Rig(lines=[LINE])
    contract = WireContract(con_id=CALL_15, exchange=exchange)
    told = only(rig.say(rig.connect(), depth(contract=contract, smart=smart)), MarketDepthL2)
    assert len(told) == 10
    assert {(row.market_maker, row.is_smart_depth) for row in told} == {("CBOE", smart)}


def test_books_are_few_and_their_ids_their_own() -> None:
    rig = Rig(lines=[LINE])
    session = rig.connect()
    for number in range(3):
        assert codes(rig.say(session, depth(number))) == []
    assert codes(rig.say(session, depth(2))) == [102]
    assert codes(rig.say(session, depth(3))) == [309]
    cancel = ask.CancelMarketDepth(request_id=2, is_smart_depth=False)
    assert rig.say(session, cancel) == []
    assert codes(rig.say(session, cancel)) == [310]
    assert codes(rig.say(session, depth(3))) == []


def test_a_client_that_goes_takes_its_books_along() -> None:
    rig = Rig(lines=[LINE])
    session = rig.connect()
    rig.say(session, depth())
    rig.venue.close_session(session)
    rig.market.show(quote(CALL_15, "2.90", "3.05", 10))
    assert rig.step("2018-01-16T10:02") == {}
    other = rig.connect(2)
    for number in range(3):
        assert codes(rig.say(other, depth(number))) == []


@pytest.mark.parametrize(
    ("contract", "code"),
    [
        (VIX_INDEX, 10092),
        (WireContract(sec_type=BAG, symbol="VIX"), 10092),
        (WireContract(con_id=1), 200),
    ],
)
def test_what_has_no_book_is_refused(contract: WireContract, code: int) -> None:
    rig = Rig(lines=[LINE])
    assert codes(rig.say(rig.connect(), depth(contract=contract))) == [code]


def test_books_need_live_rights() -> None:
    rules = DataRules(entitlements=Entitlements(option=Access.DELAYED))
    rig = Rig(lines=[LINE], data_rules=rules)
    assert codes(rig.say(rig.connect(), depth())) == [354]
