"""The exchange's own order table."""

from decimal import Decimal

import msgspec
import pytest

from bot.exchange.venue.orders import (
    MOVES,
    IllegalMoveError,
    Side,
    Status,
    check_move,
    end,
)
from tests.support.venue_rig import ORDER


def test_an_order_counts_what_is_left_and_its_average() -> None:
    assert (ORDER.remaining, ORDER.average_price, ORDER.is_open) == (5, Decimal(0), True)
    part = msgspec.structs.replace(ORDER, filled=4, filled_points=Decimal("4.20"))
    assert (part.remaining, part.average_price) == (1, Decimal("1.05"))


@pytest.mark.parametrize("status", [Status.FILLED, Status.CANCELLED, Status.INACTIVE])
def test_nothing_leaves_an_end(status: Status) -> None:
    ended = end(ORDER, status, ORDER.placed_at, "why")
    assert (ended.is_open, ended.ended_reason) == (False, "why")
    with pytest.raises(IllegalMoveError):
        check_move(ended, ORDER)


def test_only_a_new_order_is_inactive() -> None:
    assert all(Status.INACTIVE not in moves for moves in MOVES.values())


@pytest.mark.parametrize("filled", [1, 6])
def test_fills_are_neither_undone_nor_more_than_the_order(filled: int) -> None:
    part = msgspec.structs.replace(ORDER, filled=2)
    with pytest.raises(IllegalMoveError, match="filled"):
        check_move(part, msgspec.structs.replace(part, filled=filled))


def test_sides_know_their_sign_and_word() -> None:
    assert (Side.BUY.sign, Side.BUY.execution_word) == (1, "BOT")
    assert (Side.SELL.sign, Side.SELL.execution_word) == (-1, "SLD")
