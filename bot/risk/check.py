"""The pre-trade checks: a second pair of eyes between a decision and the broker.

Each check is a small function with a name that returns a reason to refuse, with its numbers, or
None. The first reason wins. They share neither code nor numbers with the strategy, and they fail
closed: what is unknown is refused. Whether an order is *wanted* is not asked here.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal

from bot.domain.inputs import Farm
from bot.domain.instruments import Option, is_vix_call
from bot.domain.orders import Intent, Order, OrderState, Side
from bot.domain.quotes import DataType, Quote
from bot.domain.value import Value, replace
from bot.risk.context import RiskContext
from bot.risk.mode import account_problem

Reason = str | None
Check = Callable[[Intent, RiskContext], Reason]

MAX_CLOCK_LEAD_SECONDS = 1.0
"""A quote stamped later than now by more than this comes from a wrong clock."""


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
    if order.remaining == 0 or limit <= 0:
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


def _instrument(intent: Intent, context: RiskContext) -> Reason:
    instrument = context.instrument(intent.con_id)
    if instrument is None:
        return f"contract {intent.con_id} is unknown"
    if not is_vix_call(instrument):
        return f"contract {intent.con_id} ({instrument.symbol}) is not a VIX call"
    return None


def _not_settled(intent: Intent, context: RiskContext) -> Reason:
    option = _option(intent, context)
    if context.now >= option.settlement:
        return f"{option.local_symbol} settled at {option.settlement.isoformat()}"
    return None


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


def _unlocked(intent: Intent, context: RiskContext) -> Reason:
    broken = next((b for b in context.book.breaks if b.con_id == intent.con_id), None)
    if broken is None:
        return None
    return f"contract {intent.con_id} is locked: ours {broken.ours}, broker's {broken.brokers}"


def _adopted(intent: Intent, context: RiskContext) -> Reason:
    if intent.con_id in context.book.unadopted:
        return f"contract {intent.con_id} is held for reasons the journal does not know"
    if intent.side is Side.BUY and intent.con_id in context.book.ignored:
        return f"contract {intent.con_id} is to be left alone"
    return None


def _farm(intent: Intent, context: RiskContext) -> Reason:  # noqa: ARG001 - one signature
    return None if context.farm is Farm.OK else f"market data farm is {context.farm}"


def _live_quote(intent: Intent, context: RiskContext) -> Reason:
    quote = context.quote(intent.con_id)
    if quote is None:
        return f"contract {intent.con_id} has no quote"
    if quote.data_type is not DataType.LIVE:
        kind = "unknown" if quote.data_type is None else quote.data_type.name.lower()
        return f"market data of {intent.con_id} is {kind}, not live"
    return None


def _fresh_quote(intent: Intent, context: RiskContext) -> Reason:
    """A line that is only quiet is asked again before an order (design.md section 6)."""
    age = (context.now - _quote(intent, context).as_of).total_seconds()
    most = context.limits.max_quote_age_seconds
    if not -MAX_CLOCK_LEAD_SECONDS <= age <= most:
        return f"the quote is {age:.1f} s old, at most {most:.1f} s"
    return None


def _two_sided_quote(intent: Intent, context: RiskContext) -> Reason:
    quote = _quote(intent, context)
    sides = (quote.bid, quote.bid_size, quote.ask, quote.ask_size)
    shown = f"bid {quote.bid} x {quote.bid_size}, ask {quote.ask} x {quote.ask_size}"
    if any(side is None or side <= 0 for side in sides):
        return f"the quote has not two sides: {shown}"
    bid, ask = _bid_and_ask(quote)
    return f"the quote is crossed: {shown}" if bid > ask else None


def _on_grid(intent: Intent, context: RiskContext) -> Reason:
    tick = _tick(intent, context, intent.limit)
    if intent.limit % tick != 0:
        return f"limit {intent.limit} is not a multiple of {tick}"
    return None


def _within_band(intent: Intent, context: RiskContext) -> Reason:
    bid, ask = _bid_and_ask(_quote(intent, context))
    ticks = context.limits.max_ticks_through
    if intent.side is Side.BUY:
        highest = ask + ticks * _tick(intent, context, ask)
        return f"buy limit {intent.limit} above {highest}" if intent.limit > highest else None
    lowest = bid - ticks * _tick(intent, context, bid)
    return f"sell limit {intent.limit} below {lowest}" if intent.limit < lowest else None


def _premium(intent: Intent, context: RiskContext) -> Reason:
    dearest = context.limits.max_premium_points
    if intent.side is Side.BUY and intent.limit > dearest:
        return f"premium {intent.limit} above {dearest} points"
    return None


def _position(intent: Intent, context: RiskContext) -> Reason:
    held = context.held(intent.con_id)
    if held is None:
        return "the broker's positions are unknown"
    return f"the broker's position is {held}: short" if held < 0 else None


def _never_short(intent: Intent, context: RiskContext) -> Reason:
    """Sell at most what both the broker and our own lots show, less what is working already.

    Each of the two lags the other for a moment after a fill; the smaller one is safe.
    """
    if intent.side is Side.BUY:
        return None
    broker = context.held(intent.con_id) or 0
    ours = sum(lot.quantity for lot in context.book.lots if lot.con_id == intent.con_id)
    working = context.working(Side.SELL, intent.con_id)
    free = min(broker, ours) - working
    if intent.quantity > free:
        return f"sells {intent.quantity}, held {broker} (ours {ours}), {working} selling already"
    return None


def _holding_limit(intent: Intent, context: RiskContext) -> Reason:
    if intent.side is Side.SELL:
        return None
    calls = {i.con_id for i in context.universe.instruments if is_vix_call(i)}
    held = sum(max(p.quantity, 0) for p in context.positions or () if p.con_id in calls)
    ours = sum(lot.quantity for lot in context.book.lots)
    total = max(held, ours) + context.working(Side.BUY) + intent.quantity
    most = context.limits.max_contracts_held
    return f"{total} VIX calls held and working, at most {most}" if total > most else None


CHECKS: tuple[tuple[str, Check], ...] = (
    ("account", _account),
    ("instrument", _instrument),
    ("settled", _not_settled),
    ("session", _open_session),
    ("quantity", _quantity),
    ("locked", _unlocked),
    ("unadopted", _adopted),
    ("farm", _farm),
    ("live_quote", _live_quote),
    ("fresh_quote", _fresh_quote),
    ("two_sided_quote", _two_sided_quote),
    ("price_grid", _on_grid),
    ("price_band", _within_band),
    ("premium", _premium),
    ("position", _position),
    ("short", _never_short),
    ("holding", _holding_limit),
)
"""The order matters: a later check relies on what an earlier one has established."""


# ---------------------------------------------------------------- what earlier checks established


def _option(intent: Intent, context: RiskContext) -> Option:
    option = context.instrument(intent.con_id)
    assert isinstance(option, Option), "the instrument check comes first"
    return option


def _quote(intent: Intent, context: RiskContext) -> Quote:
    quote = context.quote(intent.con_id)
    assert quote is not None, "the live quote check comes first"
    return quote


def _bid_and_ask(quote: Quote) -> tuple[Decimal, Decimal]:
    assert quote.bid is not None, "the two-sided check comes first"
    assert quote.ask is not None, "the two-sided check comes first"
    return quote.bid, quote.ask


def _tick(intent: Intent, context: RiskContext, price: Decimal) -> Decimal:
    """Return the increment at `price`: of the rows that begin at or below it, the last."""
    rows = _option(intent, context).grid.steps
    return max(
        (row for row in rows if row.low_edge <= price), key=lambda row: row.low_edge
    ).increment
