"""The rules on money, R16 to R21, declared, and the part of R16 that is in force: the advance.

R8 is paid by an advance of 0.25 % of NAV, renewed after 252 sessions. What a purchase may cost at
most is booked when it is wanted and corrected to what it did cost once its order is dead, so that
neither a restart nor a lot sold later can make the same dollar spendable twice.
"""

from datetime import date
from decimal import Decimal

from bot.domain.book import Book
from bot.domain.orders import Intent, IntentId, Order
from bot.domain.policy import FundPolicy
from bot.domain.rungs import RuleClass
from bot.domain.sessions import SessionTable
from bot.domain.state import Advance, Commitment
from bot.domain.value import replace
from bot.strategy.rule import Rule, Step

VIX_OPTION_USD = 100
"""USD per point of one VIX option (domain.md section 1.1)."""

CASH_PRESS = Rule(
    id="R16",
    title="Cash-press fund",
    source=("A0", "A1"),
    step=Step.CAP,
    reads=("G22",),
)

BIG_TOP = Rule(
    id="R17",
    title="Big Top",
    source=("A1",),
    step=Step.CAP,
    reads=("G21",),
)

DRAG_BUDGET = Rule(
    id="R18",
    title="Drag budget",
    source=("A1",),
    step=Step.CAP,
    reads=("G8", "G13"),
)

MONETISE = Rule(
    id="R19",
    title="Monetise",
    source=("A1", "A4"),
    step=Step.EXIT,
    rule_class=RuleClass.CLOSE,
    reads=("G1", "G2", "G3"),
)

PEEL = Rule(
    id="R20",
    title="Peel",
    source=("A2",),
    step=Step.EXIT,
    rule_class=RuleClass.CLOSE,
)

PARITY_ROUTE = Rule(
    id="R21",
    title="Parity route",
    source=("A0", "A1", "A2", "A3", "A4"),
    step=Step.ADVICE,
    reads=("G23",),
)


def settle_advance(
    advance: Advance, book: Book, fund: FundPolicy, day: date, sessions: SessionTable
) -> Advance:
    """Return the advance as it stands before this evaluation spends any of it.

    Purchases whose orders are dead move from `pending` to `spent_usd` at what they really cost; an
    order nobody ever worked cost nothing. After `renew_sessions` the term ends.
    """
    orders = {order.intent.intent_id: order for order in book.orders}
    pending: list[Commitment] = []
    spent = advance.spent_usd
    for commitment in advance.pending:
        order = orders.get(commitment.intent_id)
        if order is None or order.state.is_terminal:
            spent += _cost(commitment.intent_id, order, book)
        else:
            pending.append(_at_most(commitment, order))
    settled = Advance(spent_usd=spent, pending=tuple(pending), renewed_on=advance.renewed_on)
    return _renewed(settled, fund, day, sessions)


def available_usd(advance: Advance, nav_usd: Decimal | None, fund: FundPolicy) -> Decimal:
    """Return what the advance still pays in USD; nothing while NAV is unknown."""
    if nav_usd is None:
        return Decimal(0)
    granted = nav_usd * Decimal(str(fund.advance_of_nav))
    committed = sum((c.worst_usd for c in advance.pending), Decimal(0))
    return max(granted - advance.spent_usd - committed, Decimal(0))


def commit(advance: Advance, intent: Intent, limit: Decimal, day: date) -> Advance:
    """Return the advance with the most `intent` can cost at `limit` booked."""
    others = tuple(c for c in advance.pending if c.intent_id != intent.intent_id)
    booked = Commitment(intent_id=intent.intent_id, worst_usd=premium_usd(intent.quantity, limit))
    renewed_on = advance.renewed_on or day
    return replace(advance, pending=(*others, booked), renewed_on=renewed_on)


def premium_usd(quantity: int, price: Decimal) -> Decimal:
    """Return what `quantity` VIX calls cost at `price` points, in USD."""
    return quantity * price * VIX_OPTION_USD


def _cost(intent_id: IntentId, order: Order | None, book: Book) -> Decimal:
    lot = next((lot for lot in book.lots if lot.intent_id == intent_id), None)
    if order is None:
        return Decimal(0) if lot is None else premium_usd(lot.quantity, lot.price)
    return premium_usd(order.filled, order.limit if lot is None else lot.price)


def _at_most(commitment: Commitment, order: Order) -> Commitment:
    limit = max(order.limit, order.limit_asked or order.limit)  # until answered, either may fill
    worst = premium_usd(order.intent.quantity, limit)
    return replace(commitment, worst_usd=max(commitment.worst_usd, worst))


def _renewed(advance: Advance, fund: FundPolicy, day: date, sessions: SessionTable) -> Advance:
    begun = advance.renewed_on
    if begun is None or not sessions.covers(day):
        return advance
    seen_from = begun if sessions.covers(begun) else sessions.sessions[0].date
    if sessions.count_between(seen_from, day) < fund.renew_sessions:
        return advance
    return replace(advance, spent_usd=Decimal(0), renewed_on=day if advance.pending else None)
