"""The life cycle of an order, as one table.

Two rules for its editors. First: every pair of a state and something the broker may say has a row,
because the broker sends what it likes in any order and twice (domain.md section 3.4); a pair that
only our own mistake can make has none and raises. Second: no row leads from a state in which the
order may live to a dead one without the broker's proof; where the word is not proof, the row leads
to IN_DOUBT, and reconciliation finds the proof.

Fills are counted from executions alone; which fills there are is not decided here.
"""

from enum import StrEnum

from bot.domain.orders import OrderState
from bot.domain.value import Value


class Heard(StrEnum):
    """What became known about an order, reduced to what it proves."""

    HANDED_OVER = "handed_over"
    """The adapter passed it to the broker's library."""
    PENDING = "pending"
    """A status without word from the destination."""
    WORKING = "working"
    """A status that says it lives."""
    PENDING_CANCEL = "pending_cancel"
    """A cancel is on its way; fills may still come."""
    CANCELLED = "cancelled"
    """A status that says cancelled, and counts the fills we know."""
    FILLS_MISSING = "fills_missing"
    """A final status that counts more fills than executions heard."""
    INACTIVE = "inactive"
    """Rejected or held: not working, and no proof of death."""
    PARTLY_EXECUTED = "partly_executed"
    """An execution; some contracts remain."""
    FULLY_EXECUTED = "fully_executed"
    """Executions for all contracts."""
    REFUSED = "refused"
    """An error code that kills a new order."""
    TURNED_DOWN = "turned_down"
    """Its end, and that it was refused: nothing of it has filled."""
    ENDING = "ending"
    """Code 202: over for the balance, to be confirmed by a status with its count."""
    LIVES = "lives"
    """A warning, or a refused change: the order itself lives on."""
    CANCEL_REFUSED = "cancel_refused"
    """It could not be cancelled: often because it filled."""
    DOUBTFUL = "doubtful"
    """A code that proves nothing."""
    OVERDUE = "overdue"
    """No answer came in time."""
    LINK_LOST = "link_lost"
    """The line was lost, or the process restarted."""
    CANCEL_ASKED = "cancel_asked"
    """We ask for its cancellation."""
    NO_TRACE = "no_trace"
    """It was never confirmed, and no list of the broker knows it."""


class Move(Value):
    """Where an order goes; `remark` explains a move that looks odd."""

    to: OrderState
    remark: str = ""


class UnknownMoveError(Exception):
    """Something was reported that cannot happen to an order in this state: a bug of ours."""


class Row(Value):
    """A row of the table: in each of the states `of`, `heard` leads `to` (None: it stays)."""

    heard: Heard
    of: tuple[OrderState, ...]
    to: OrderState | None
    remark: str = ""


INTENDED, SENT = OrderState.INTENDED, OrderState.SENT
WORKING, CANCELLING = OrderState.WORKING, OrderState.CANCELLING
IN_DOUBT, FILLED = OrderState.IN_DOUBT, OrderState.FILLED
CANCELLED, REJECTED = OrderState.CANCELLED, OrderState.REJECTED
ABANDONED = OrderState.ABANDONED

LIVE = (INTENDED, SENT, WORKING, CANCELLING, IN_DOUBT)
DEAD = (FILLED, CANCELLED, REJECTED, ABANDONED)

REVIVED = "heard of after its end: to be proved again"

ROWS: tuple[Row, ...] = (
    Row(heard=Heard.HANDED_OVER, of=(INTENDED, SENT), to=SENT),
    Row(
        heard=Heard.HANDED_OVER,
        of=(WORKING, CANCELLING, IN_DOUBT, FILLED, CANCELLED, REJECTED),
        to=None,
        remark="the broker was heard before our own note",
    ),
    Row(heard=Heard.HANDED_OVER, of=(ABANDONED,), to=IN_DOUBT, remark="it left after all"),
    Row(heard=Heard.PENDING, of=(INTENDED, SENT), to=SENT),
    Row(heard=Heard.PENDING, of=(WORKING,), to=None, remark="a change on its way"),
    Row(heard=Heard.PENDING, of=(CANCELLING,), to=None),
    Row(heard=Heard.PENDING, of=(IN_DOUBT,), to=None, remark="no word from the destination"),
    Row(heard=Heard.PENDING, of=(FILLED, CANCELLED, REJECTED), to=None, remark="a late repetition"),
    Row(heard=Heard.PENDING, of=(ABANDONED,), to=IN_DOUBT, remark=REVIVED),
    Row(heard=Heard.WORKING, of=(INTENDED, SENT, WORKING, IN_DOUBT), to=WORKING),
    Row(
        heard=Heard.WORKING,
        of=(CANCELLING,),
        to=None,
        remark="a status repeated before the cancel took effect",
    ),
    Row(heard=Heard.WORKING, of=(FILLED,), to=None, remark="executions outrank a status"),
    Row(heard=Heard.WORKING, of=(CANCELLED, REJECTED, ABANDONED), to=IN_DOUBT, remark=REVIVED),
    Row(heard=Heard.PENDING_CANCEL, of=LIVE, to=CANCELLING),
    Row(
        heard=Heard.PENDING_CANCEL,
        of=(FILLED, CANCELLED, REJECTED),
        to=None,
        remark="a late repetition",
    ),
    Row(heard=Heard.PENDING_CANCEL, of=(ABANDONED,), to=IN_DOUBT, remark=REVIVED),
    Row(heard=Heard.CANCELLED, of=LIVE, to=CANCELLED),
    Row(heard=Heard.CANCELLED, of=(ABANDONED,), to=CANCELLED, remark="it had arrived after all"),
    Row(heard=Heard.CANCELLED, of=(CANCELLED,), to=None),
    Row(heard=Heard.CANCELLED, of=(FILLED,), to=None, remark="executions outrank a status"),
    Row(heard=Heard.CANCELLED, of=(REJECTED,), to=None, remark="a refusal ends as a cancel"),
    Row(
        heard=Heard.FILLS_MISSING,
        of=(*LIVE, CANCELLED, REJECTED, ABANDONED),
        to=IN_DOUBT,
        remark="the broker counts more fills than executions were heard",
    ),
    Row(heard=Heard.FILLS_MISSING, of=(FILLED,), to=None, remark="executions outrank a status"),
    Row(heard=Heard.INACTIVE, of=LIVE, to=IN_DOUBT, remark="inactive: rejected or held"),
    Row(heard=Heard.INACTIVE, of=(FILLED, CANCELLED, REJECTED), to=None),
    Row(heard=Heard.INACTIVE, of=(ABANDONED,), to=IN_DOUBT, remark=REVIVED),
    Row(
        heard=Heard.PARTLY_EXECUTED,
        of=(INTENDED, SENT),
        to=WORKING,
        remark="an execution before any status",
    ),
    Row(heard=Heard.PARTLY_EXECUTED, of=(WORKING, CANCELLING), to=None),
    Row(
        heard=Heard.PARTLY_EXECUTED,
        of=(IN_DOUBT,),
        to=None,
        remark="it traded, which does not prove that the rest lives",
    ),
    Row(heard=Heard.PARTLY_EXECUTED, of=(FILLED,), to=None, remark="a correction took some back"),
    Row(heard=Heard.PARTLY_EXECUTED, of=(CANCELLED,), to=None, remark="a fill beat the cancel"),
    Row(heard=Heard.PARTLY_EXECUTED, of=(REJECTED, ABANDONED), to=IN_DOUBT, remark=REVIVED),
    Row(heard=Heard.FULLY_EXECUTED, of=(*LIVE, FILLED), to=FILLED),
    Row(heard=Heard.FULLY_EXECUTED, of=(CANCELLED,), to=FILLED, remark="the fill beat the cancel"),
    Row(
        heard=Heard.FULLY_EXECUTED,
        of=(REJECTED, ABANDONED),
        to=FILLED,
        remark="it traded although it was taken for dead",
    ),
    Row(heard=Heard.REFUSED, of=(INTENDED, SENT), to=REJECTED),
    Row(
        heard=Heard.REFUSED,
        of=(WORKING, CANCELLING, IN_DOUBT),
        to=IN_DOUBT,
        remark="a refusal of an order that may work",
    ),
    Row(heard=Heard.REFUSED, of=DEAD, to=None),
    Row(heard=Heard.TURNED_DOWN, of=(*LIVE, REJECTED), to=REJECTED),
    Row(heard=Heard.TURNED_DOWN, of=(ABANDONED,), to=REJECTED, remark="it had arrived after all"),
    Row(heard=Heard.TURNED_DOWN, of=(CANCELLED, FILLED), to=None, remark="it had ended before"),
    Row(heard=Heard.ENDING, of=LIVE, to=CANCELLING, remark="its end awaits a status with a count"),
    Row(heard=Heard.ENDING, of=(FILLED, CANCELLED, REJECTED), to=None),
    Row(heard=Heard.ENDING, of=(ABANDONED,), to=IN_DOUBT, remark=REVIVED),
    Row(heard=Heard.LIVES, of=(INTENDED, SENT), to=SENT),
    Row(heard=Heard.LIVES, of=(WORKING, CANCELLING, IN_DOUBT, FILLED), to=None),
    Row(heard=Heard.LIVES, of=(CANCELLED, REJECTED, ABANDONED), to=IN_DOUBT, remark=REVIVED),
    Row(
        heard=Heard.CANCEL_REFUSED,
        of=LIVE,
        to=IN_DOUBT,
        remark="it could not be cancelled: perhaps it filled",
    ),
    Row(heard=Heard.CANCEL_REFUSED, of=DEAD, to=None, remark="it had ended before the cancel"),
    Row(heard=Heard.DOUBTFUL, of=LIVE, to=IN_DOUBT),
    Row(heard=Heard.DOUBTFUL, of=DEAD, to=None),
    Row(heard=Heard.OVERDUE, of=LIVE, to=IN_DOUBT),
    Row(heard=Heard.OVERDUE, of=DEAD, to=None),
    Row(heard=Heard.LINK_LOST, of=LIVE, to=IN_DOUBT),
    Row(heard=Heard.LINK_LOST, of=DEAD, to=None),
    Row(heard=Heard.CANCEL_ASKED, of=(SENT, WORKING), to=CANCELLING),
    Row(heard=Heard.NO_TRACE, of=(IN_DOUBT,), to=ABANDONED),
)


def _table(rows: tuple[Row, ...]) -> dict[tuple[OrderState, Heard], Move]:
    return {
        (state, row.heard): Move(to=row.to or state, remark=row.remark)
        for row in rows
        for state in row.of
    }


MOVES = _table(ROWS)


def move(state: OrderState, heard: Heard) -> Move:
    """Return where `heard` leads an order in `state`.

    Raises:
        UnknownMoveError: if the table has no such row.
    """
    try:
        return MOVES[state, heard]
    except KeyError:
        raise UnknownMoveError(f"{heard} cannot happen to an order that is {state}") from None
