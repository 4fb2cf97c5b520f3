"""Contract details promise order types; orders of each type are taken, and others are not."""

from datetime import date
from decimal import Decimal

import pytest

from bot.domain.instruments import ConId
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.reference.order_types import order_types_of
from bot.exchange.reference.underlyings import SPY_ID
from bot.exchange.venue.orders import OrderType, Tif
from bot.exchange.wire.contract import TagValue, WireContract
from tests.support.venue_rig import CALL_15, Rig, codes, order, place, quote

MARCH = con_id_of(ContractKey(ContractClass.VXM, date(2018, 3, 21)))
PRODUCTS = {"OPT": (CALL_15, "SMART"), "FUT": (MARCH, "CFE"), "STK": (SPY_ID, "SMART")}
ORDERS: dict[str, dict[str, object]] = {
    "LMT": {},
    "MKT": {"order_type": "MKT", "lmt_price": None},
    "STP": {"order_type": "STP", "lmt_price": None, "aux_price": Decimal("12.00")},
    "STPLMT": {"order_type": "STP LMT", "aux_price": Decimal("12.00")},
    "MOC": {"order_type": "MOC", "lmt_price": None},
    "LOC": {"order_type": "LOC"},
    "DAY": {"tif": "DAY"},
    "GTC": {"tif": "GTC"},
    "GTD": {"tif": "GTD", "good_till_date": "20180119"},
    "IOC": {"tif": "IOC"},
    "FOK": {"tif": "FOK"},
    "GAT": {"good_after_time": "20180117 15:00:00 UTC"},
    "OCA": {"oca_group": "one", "oca_type": 1},
    "AON": {"all_or_none": True},
    "ALGO": {
        "algo_strategy": "Adaptive",
        "algo_params": (TagValue(tag="adaptivePriority", value="Normal"),),
    },
    "WHATIF": {"what_if": True},
}
TYPES = sorted(ORDERS)
COMBINATIONS_ONLY = {"NGCOMB"}
REFUSALS = {201, 321, 387, 442, 460}


def refusals(kind: str, word: str) -> set[int]:
    """Return the codes that refuse an order of one type for one kind of product."""
    con_id, exchange = PRODUCTS[kind]
    rig = Rig(lines=[quote(ConId(con_id), "10.00", "10.05")])
    contract = WireContract(con_id=con_id, exchange=exchange)
    request = place(order(1, "BUY", 1, "10.00", **ORDERS[word]), contract=contract)
    return set(codes(rig.say(rig.connect(), request))) & REFUSALS


@pytest.mark.parametrize("kind", PRODUCTS)
@pytest.mark.parametrize("word", TYPES)
def test_what_details_promise_is_what_orders_can_do(kind: str, word: str) -> None:
    """Every type that is named is taken, every other one refused."""
    is_promised = word in order_types_of(kind)
    assert bool(refusals(kind, word)) is not is_promised


@pytest.mark.parametrize("kind", PRODUCTS)
def test_every_promise_is_tried(kind: str) -> None:
    """But for combinations, which are not made of one product."""
    assert set(order_types_of(kind)) - COMBINATIONS_ONLY <= set(TYPES)


def test_an_index_takes_no_order() -> None:
    """It cannot be traded."""
    assert order_types_of("IND") == ()


def test_every_type_an_order_may_have_is_tried() -> None:
    """A type or time in force that orders learn has to be promised too."""
    learnt = {str(each).replace(" ", "") for each in (*OrderType, *Tif)}
    assert learnt <= set(TYPES)
