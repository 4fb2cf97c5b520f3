"""The pre-trade checks: a second pair of eyes between a decision and the broker.

Each check is a small function with a name that returns a reason to refuse, with its numbers, or
None. The first reason wins. A roll is checked in both its contracts. The checks share neither code
nor numbers with the strategy, and they fail closed: what is unknown is refused. Whether an order is
*wanted* is not asked here.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal

from bot.domain.inputs import Farm
from bot.domain.instruments import ConId
from bot.domain.orders import Intent, Order, OrderState, Side
from bot.domain.value import Value, replace
from bot.risk.context import Reason, RiskContext
from bot.risk.contract_checks import (
    check_adopted,
    check_fresh_quote,
    check_instrument,
    check_live_quote,
    check_not_settled,
    check_not_short,
    check_two_sided_quote,
    check_unlocked,
)
from bot.risk.holding_checks import check_holding, check_later, check_short
from bot.risk.mode import account_problem
from bot.risk.price_checks import check_band, check_grid, check_premium

Check = Callable[[Intent, RiskContext], Reason]


class Refusal(Value):
    """An order that must not be sent: which check said so, and why."""

    check: str
    reason: str


def check(intent: Intent, context: RiskContext) -> Refusal | None:
    """Return why `intent` may not be sent, None when every check passes."""
    for name, test in CHECKS:
        reason = test(intent, context)
        if reason is not None:
            return Refusal(check=name, reason=reason)
    return None


def check_all(
    intents: Iterable[Intent], context: RiskContext
) -> tuple[tuple[Intent, ...], tuple[tuple[Intent, Refusal], ...]]:
    """Check the orders of one decision in turn; return the accepted and the refused.

    An accepted order counts as working for those after it, so that two sells of one decision
    cannot together pass what one of them may not.
    """
    accepted: list[Intent] = []
    refused: list[tuple[Intent, Refusal]] = []
    for intent in intents:
        refusal = check(intent, context)
        if refusal is not None:
            refused.append((intent, refusal))
            continue
        accepted.append(intent)
        context = _with_order(intent, context)
    return tuple(accepted), tuple(refused)


def check_change(order: Order, limit: Decimal, context: RiskContext) -> Refusal | None:
    """Return why the working `order` may not be moved to `limit` (points), None when it may.

    It is held against the same checks as a new order over what it may still fill, without counting
    itself.
    """
    if order.remaining == 0 or (limit <= 0 and not order.intent.is_roll):
        reason = f"{order.remaining} contracts remain to be moved to {limit}"
        return Refusal(check="change", reason=reason)
    others = tuple(o for o in context.book.orders if o.intent.intent_id != order.intent.intent_id)
    rest = replace(order.intent, quantity=order.remaining, limit=limit)
    return check(rest, replace(context, book=replace(context.book, orders=others)))


def _with_order(intent: Intent, context: RiskContext) -> RiskContext:
    order = Order(intent=intent, state=OrderState.INTENDED, limit=intent.limit)
    book = replace(context.book, orders=(*context.book.orders, order))
    return replace(context, book=book)


# ---------------------------------------------------------------- the checks, in their order


def _account(intent: Intent, context: RiskContext) -> Reason:  # noqa: ARG001 - one signature
    if context.account_id is None:
        return f"no account is proved for mode {context.mode}"
    return account_problem(context.mode, context.account_id, context.allowed_accounts) or None


def _open_session(intent: Intent, context: RiskContext) -> Reason:  # noqa: ARG001 - one signature
    session = context.session
    if session is None:
        return "no regular session is known"
    if not session.open_at <= context.now < session.close_at:
        return f"{context.now.isoformat()} is outside the session of {session.date}"
    return None


def _quantity(intent: Intent, context: RiskContext) -> Reason:
    limit = context.limits.max_contracts_per_order
    if intent.quantity > limit:
        return f"{intent.quantity} contracts in one order, at most {limit}"
    return None


def _not_ignored(intent: Intent, context: RiskContext) -> Reason:
    """Refuse to buy what the user wants left alone; what a rung holds of it may be sold."""
    if intent.side is Side.BUY and intent.con_id in context.book.ignored:
        return f"contract {intent.con_id} is to be left alone"
    return None


def _farm(intent: Intent, context: RiskContext) -> Reason:  # noqa: ARG001 - one signature
    return None if context.farm is Farm.OK else f"market data farm is {context.farm}"


def _each_leg(test: Callable[[ConId, RiskContext], Reason]) -> Check:
    """Return the check that asks `test` for every contract of an order, the bought one first."""

    def check_legs(intent: Intent, context: RiskContext) -> Reason:
        reasons = (test(con_id, context) for con_id in intent.con_ids)
        return next((reason for reason in reasons if reason is not None), None)

    return check_legs


CHECKS: tuple[tuple[str, Check], ...] = (
    ("account", _account),
    ("instrument", _each_leg(check_instrument)),
    ("settled", _each_leg(check_not_settled)),
    ("session", _open_session),
    ("quantity", _quantity),
    ("later_month", check_later),
    ("locked", _each_leg(check_unlocked)),
    ("unadopted", _each_leg(check_adopted)),
    ("ignored", _not_ignored),
    ("farm", _farm),
    ("live_quote", _each_leg(check_live_quote)),
    ("fresh_quote", _each_leg(check_fresh_quote)),
    ("two_sided_quote", _each_leg(check_two_sided_quote)),
    ("price_grid", check_grid),
    ("price_band", check_band),
    ("premium", check_premium),
    ("position", _each_leg(check_not_short)),
    ("short", check_short),
    ("holding", check_holding),
)
"""The order matters: a later check relies on what an earlier one has established."""
