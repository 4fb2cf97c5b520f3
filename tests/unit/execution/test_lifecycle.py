"""The table of moves, row by row, and what the table as a whole must keep."""

import pytest

from bot.domain.orders import OrderState
from bot.execution.lifecycle import DEAD, LIVE, MOVES, ROWS, Heard, UnknownMoveError, move

I, S, W, C, D = LIVE  # noqa: E741 - columns of the table below
F, X, R, A = DEAD

NEVER = None

# Expected state by state, written down independently of the rows: columns are
# INTENDED SENT WORKING CANCELLING IN_DOUBT | FILLED CANCELLED REJECTED ABANDONED
EXPECTED: dict[Heard, tuple[OrderState | None, ...]] = {
    Heard.HANDED_OVER: (S, S, W, C, D, F, X, R, D),
    Heard.PENDING: (S, S, W, C, D, F, X, R, D),
    Heard.WORKING: (W, W, W, C, W, F, D, D, D),
    Heard.PENDING_CANCEL: (C, C, C, C, C, F, X, R, D),
    Heard.CANCELLED: (X, X, X, X, X, F, X, R, X),
    Heard.FILLS_MISSING: (D, D, D, D, D, F, D, D, D),
    Heard.INACTIVE: (D, D, D, D, D, F, X, R, D),
    Heard.PARTLY_EXECUTED: (W, W, W, C, D, F, X, D, D),
    Heard.FULLY_EXECUTED: (F, F, F, F, F, F, F, F, F),
    Heard.REFUSED: (R, R, D, D, D, F, X, R, A),
    Heard.TURNED_DOWN: (R, R, R, R, R, F, X, R, R),
    Heard.ENDING: (C, C, C, C, C, F, X, R, D),
    Heard.LIVES: (S, S, W, C, D, F, D, D, D),
    Heard.CANCEL_REFUSED: (D, D, D, D, D, F, X, R, A),
    Heard.DOUBTFUL: (D, D, D, D, D, F, X, R, A),
    Heard.OVERDUE: (D, D, D, D, D, F, X, R, A),
    Heard.LINK_LOST: (D, D, D, D, D, F, X, R, A),
    Heard.CANCEL_ASKED: (NEVER, C, C, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER),
    Heard.NO_TRACE: (NEVER, NEVER, NEVER, NEVER, A, NEVER, NEVER, NEVER, NEVER),
}

CASES = [
    pytest.param(state, heard, to, id=f"{state}-{heard}")
    for heard, row in EXPECTED.items()
    for state, to in zip((*LIVE, *DEAD), row, strict=True)
]


@pytest.mark.parametrize(("state", "heard", "to"), CASES)
def test_each_move(state: OrderState, heard: Heard, to: OrderState | None) -> None:
    if to is NEVER:
        with pytest.raises(UnknownMoveError, match=f"{heard} cannot happen .* {state}"):
            move(state, heard)
    else:
        assert move(state, heard).to is to


def test_every_state_and_word_is_in_the_expectation() -> None:
    assert set(EXPECTED) == set(Heard)
    assert {*LIVE, *DEAD} == set(OrderState)
    assert {state for state in OrderState if state.is_terminal} == set(DEAD)


def test_no_pair_has_two_rows() -> None:
    assert sum(len(row.of) for row in ROWS) == len(MOVES)


def test_only_proof_leads_from_life_to_death() -> None:
    """Whatever kills an order is the broker's count, refusal or silence on every list."""
    killers = {
        heard
        for (state, heard), made in MOVES.items()
        if not state.is_terminal and made.to.is_terminal
    }
    assert killers == {
        Heard.CANCELLED,
        Heard.FULLY_EXECUTED,
        Heard.REFUSED,
        Heard.TURNED_DOWN,
        Heard.NO_TRACE,
    }


def test_a_move_out_of_death_and_out_of_order_says_why() -> None:
    odd = [
        made
        for (state, _heard), made in MOVES.items()
        if state.is_terminal and made.to is not state
    ]
    assert odd
    assert all(made.remark for made in odd)
