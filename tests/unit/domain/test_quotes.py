"""A quote has two sides, or it has none to price with."""

from decimal import Decimal
from typing import Any

import pytest

from bot.domain.instruments import ConId
from bot.domain.quotes import Quote
from tests.support.orders import NOW, later

D = Decimal


def quote(**changes: Any) -> Quote:
    fields: dict[str, Any] = {
        "con_id": ConId(1),
        "as_of": NOW,
        "bid": D("1.40"),
        "ask": D("1.50"),
        "bid_size": 1,
        "ask_size": 2,
    }
    return Quote(**(fields | changes))


def test_a_two_sided_quote_has_a_middle_and_a_spread() -> None:
    assert quote().is_two_sided
    assert quote().mid == D("1.45")
    assert quote().spread == D("0.10")


@pytest.mark.parametrize(
    "changes",
    [
        {"bid": None},
        {"ask": None},
        {"bid_size": None},
        {"ask_size": 0},
        {"bid": D(0)},
        {"bid": D("1.60")},
    ],
)
def test_what_has_not_two_sides_has_no_middle_and_no_spread(changes: dict[str, Any]) -> None:
    one = quote(**changes)
    assert not one.is_two_sided
    assert one.mid is None
    assert one.spread is None


def test_crossed_means_bid_above_ask() -> None:
    assert quote(bid=D("1.51")).is_crossed
    assert not quote(bid=D("1.50")).is_crossed
    assert not quote(bid=None).is_crossed
    assert not quote(ask=None).is_crossed


def test_age_is_counted_from_the_last_value() -> None:
    assert quote().age_seconds(later(12.5)) == 12.5


@pytest.mark.parametrize(
    ("changes", "mark"),
    [
        ({}, D("1.45")),
        ({"bid": None, "bid_size": None}, D("0.75")),
        ({"ask": None}, None),
        ({"ask_size": 0}, None),
        ({"bid": D("1.60")}, None),
    ],
)
def test_books_value_an_empty_bid_as_nothing_and_no_ask_as_unknown(
    changes: dict[str, Any], mark: Decimal | None
) -> None:
    assert quote(**changes).mark == mark
