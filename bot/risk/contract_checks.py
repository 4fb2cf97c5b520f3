"""Whether a contract may be traded now, and whether its quote may price an order.

Each looks at one contract; `bot.risk.check` asks them for every leg of an order. A later one relies
on what an earlier one has established.
"""

from decimal import Decimal

from bot.domain.instruments import ConId, Option, is_vix_call
from bot.domain.quotes import DataType, Quote
from bot.risk.context import Reason, RiskContext

MAX_CLOCK_LEAD_SECONDS = 1.0
"""A quote stamped later than now by more than this comes from a wrong clock."""


def check_instrument(con_id: ConId, context: RiskContext) -> Reason:
    """Refuse what is unknown or no VIX call."""
    instrument = context.instrument(con_id)
    if instrument is None:
        return f"contract {con_id} is unknown"
    if not is_vix_call(instrument):
        return f"contract {con_id} ({instrument.symbol}) is not a VIX call"
    return None


def check_not_settled(con_id: ConId, context: RiskContext) -> Reason:
    """Refuse what has settled."""
    option = option_of(con_id, context)
    if context.now >= option.settlement:
        return f"{option.local_symbol} settled at {option.settlement.isoformat()}"
    return None


def check_unlocked(con_id: ConId, context: RiskContext) -> Reason:
    """Refuse what a break has locked."""
    broken = next((b for b in context.book.breaks if b.con_id == con_id), None)
    if broken is None:
        return None
    return f"contract {con_id} is locked: ours {broken.ours}, broker's {broken.brokers}"


def check_adopted(con_id: ConId, context: RiskContext) -> Reason:
    """Refuse what the account holds and the journal does not know."""
    if con_id in context.book.unadopted:
        return f"contract {con_id} is held for reasons the journal does not know"
    return None


def check_live_quote(con_id: ConId, context: RiskContext) -> Reason:
    """Refuse a contract without a quote of live data."""
    quote = context.quote(con_id)
    if quote is None:
        return f"contract {con_id} has no quote"
    if quote.data_type is not DataType.LIVE:
        kind = "unknown" if quote.data_type is None else quote.data_type.name.lower()
        return f"market data of {con_id} is {kind}, not live"
    return None


def check_fresh_quote(con_id: ConId, context: RiskContext) -> Reason:
    """Refuse an old quote: a line that is only quiet is asked again first (design.md section 6)."""
    age = (context.now - quote_of(con_id, context).as_of).total_seconds()
    most = context.limits.max_quote_age_seconds
    if not -MAX_CLOCK_LEAD_SECONDS <= age <= most:
        return f"the quote of {con_id} is {age:.1f} s old, at most {most:.1f} s"
    return None


def check_two_sided_quote(con_id: ConId, context: RiskContext) -> Reason:
    """Refuse a quote without two sides that somebody stands behind, or with crossed ones."""
    quote = quote_of(con_id, context)
    sides = (quote.bid, quote.bid_size, quote.ask, quote.ask_size)
    shown = f"bid {quote.bid} x {quote.bid_size}, ask {quote.ask} x {quote.ask_size}"
    if any(side is None or side <= 0 for side in sides):
        return f"the quote of {con_id} has not two sides: {shown}"
    bid, ask = bid_and_ask(con_id, context)
    return f"the quote of {con_id} is crossed: {shown}" if bid > ask else None


def check_not_short(con_id: ConId, context: RiskContext) -> Reason:
    """Refuse to trade around positions that are unknown or short."""
    held = context.held(con_id)
    if held is None:
        return "the broker's positions are unknown"
    return f"the broker's position in {con_id} is {held}: short" if held < 0 else None


# ---------------------------------------------------------------- what earlier checks established


def option_of(con_id: ConId, context: RiskContext) -> Option:
    """Return the contract once `check_instrument` has passed it."""
    option = context.instrument(con_id)
    assert isinstance(option, Option), "the instrument check comes first"
    return option


def quote_of(con_id: ConId, context: RiskContext) -> Quote:
    """Return the quote once `check_live_quote` has found it."""
    quote = context.quote(con_id)
    assert quote is not None, "the live quote check comes first"
    return quote


def bid_and_ask(con_id: ConId, context: RiskContext) -> tuple[Decimal, Decimal]:
    """Return both sides once `check_two_sided_quote` has found them."""
    quote = quote_of(con_id, context)
    assert quote.bid is not None, "the two-sided check comes first"
    assert quote.ask is not None, "the two-sided check comes first"
    return quote.bid, quote.ask


def tick_at(con_id: ConId, context: RiskContext, price: Decimal) -> Decimal:
    """Return the increment at `price`: of the rows that begin at or below it, the last."""
    rows = option_of(con_id, context).grid.steps
    return max(
        (row for row in rows if row.low_edge <= price), key=lambda row: row.low_edge
    ).increment
