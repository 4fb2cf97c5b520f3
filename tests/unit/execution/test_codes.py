"""What the broker's codes prove about a new order and about one whose price is being changed."""

from decimal import Decimal

import pytest

from bot.domain.orders import OrderState
from bot.execution.codes import meaning, refuses_change
from bot.execution.lifecycle import Heard
from tests.support.orders import order


@pytest.mark.parametrize(
    ("code", "heard"),
    [
        (399, Heard.LIVES),
        (404, Heard.LIVES),
        (2109, Heard.LIVES),
        (2137, Heard.LIVES),
        (10349, Heard.LIVES),
        (110, Heard.REFUSED),
        (200, Heard.REFUSED),
        (201, Heard.REFUSED),
        (203, Heard.REFUSED),
        (434, Heard.REFUSED),
        (478, Heard.REFUSED),
        (387, Heard.REFUSED),
        (10058, Heard.REFUSED),
        (202, Heard.ENDING),
        (135, Heard.CANCEL_REFUSED),
        (161, Heard.CANCEL_REFUSED),
        (10147, Heard.CANCEL_REFUSED),
        (10148, Heard.CANCEL_REFUSED),
        (103, Heard.DOUBTFUL),
        (104, Heard.DOUBTFUL),
        (321, Heard.DOUBTFUL),
        (329, Heard.DOUBTFUL),
        (99999, Heard.DOUBTFUL),
    ],
)
def test_code_about_a_new_order(code: int, heard: Heard) -> None:
    assert meaning(code, order(OrderState.SENT)) is heard


@pytest.mark.parametrize(
    ("code", "heard", "is_refusal"),
    [
        (110, Heard.LIVES, True),
        (321, Heard.LIVES, True),
        (329, Heard.LIVES, True),
        (2102, Heard.LIVES, True),
        (399, Heard.LIVES, False),
        (10349, Heard.LIVES, False),
        (201, Heard.DOUBTFUL, False),
        (104, Heard.DOUBTFUL, False),
        (202, Heard.ENDING, False),
        (10148, Heard.CANCEL_REFUSED, False),
    ],
)
def test_code_about_a_change(code: int, heard: Heard, is_refusal: bool) -> None:  # noqa: FBT001
    """A refused change leaves the order alive at its old price (domain.md section 8.3)."""
    changed = order(OrderState.WORKING, limit_asked=Decimal("1.60"))
    assert meaning(code, changed) is heard
    assert refuses_change(code, changed) is is_refusal


def test_without_a_change_there_is_none_to_refuse() -> None:
    assert not refuses_change(110, order(OrderState.SENT))
