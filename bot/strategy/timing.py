"""The rules on time: R14's final close; R13, R15 and R30 are declared.

Nothing is held to settlement: from the session before the last trading day on, what is left of a
contract is sold. R14's rolling stands in `bot.strategy.rolling`. R31, which keeps the
ladder from growing without a condor, is here too.
"""

from decimal import Decimal
from typing import NamedTuple

from bot.domain.decision import Cancel, Check, Reprice
from bot.domain.instruments import ConId, Option
from bot.domain.orders import Intent, OrderState, Side
from bot.domain.rungs import LADDER, RuleClass, Rung
from bot.domain.truth import Truth
from bot.strategy.afoot import CANCELLABLE, live_buys, live_rolls, live_sells, may_move, selling
from bot.strategy.closing import out_of_reach, sale_price
from bot.strategy.draft import Case, Draft
from bot.strategy.finality import is_final
from bot.strategy.rule import Rule, Step
from bot.strategy.trust import Bar

CRITICAL = "CRITICAL"


class _Due(NamedTuple):
    """A held contract that must be closed now.

    `price` is what a new sale may ask for, None where there can be none; `trouble` is why there is
    none, or why it may not be filled in time.
    """

    option: Option
    price: Decimal | None
    trouble: str


def _due(case: Case) -> list[_Due]:
    held = dict.fromkeys(lot.con_id for lot in case.inputs.book.lots)
    options = (case.market.option(con_id) for con_id in held)
    return [
        _judged(case, option) for option in options if option is not None and is_final(case, option)
    ]


def _judged(case: Case, option: Option) -> _Due:
    """Find the price a final close sells at; R29's spread limit does not bind it."""
    price = sale_price(case, option)
    if isinstance(price, str):
        return _Due(option, None, price)
    return _Due(option, price, _stuck_roll(case, option) or out_of_reach(case, option))


def _stuck_roll(case: Case, option: Option) -> str:
    """Return the roll that holds on to a contract at its end and cannot be called back."""
    stuck = [
        order.intent.intent_id
        for order in live_rolls(case.inputs.book)
        if order.intent.closes == option.con_id and order.state is OrderState.IN_DOUBT
    ]
    return f"the fate of its roll {', '.join(stuck)} is not known" if stuck else ""


def _close_out(case: Case, draft: Draft) -> Draft:
    """R14: sell what is left of a contract about to stop trading, walking down to the bid."""
    due = _due(case)
    checks = tuple(_due_check(case, one) for one in due)
    critical = tuple(
        f"{CRITICAL}: {one.option.local_symbol} stops trading on {one.option.last_trading_day} "
        f"and cannot be closed: {one.trouble}"
        for one in due
        if one.trouble
    )
    if case.trust.orders:
        words = "; ".join([bar.reason for bar in case.trust.orders]) if due else ""
        result = FINAL_CLOSE.result(Truth.of(bool(due)), checks, words)
        return draft.changed(critical=(*draft.critical, *critical)).with_result(result)
    intents = tuple(_sells(case, due))
    sold = sum(intent.quantity for intent in intents)
    words = "; ".join([*critical, *([f"sells {sold} contracts"] if sold else [])])
    after = draft.changed(
        critical=(*draft.critical, *critical),
        intents=(*draft.intents, *intents),
        cancels=(*draft.cancels, *_late_buys(case)),
        reprices=(*draft.reprices, *_chasing(case, due)),
    )
    return after.with_result(FINAL_CLOSE.result(Truth.of(bool(due)), checks, words))


def _due_check(case: Case, due: _Due) -> Check:
    return Check(
        what=f"{due.option.local_symbol} last trades {due.option.last_trading_day}",
        truth=Truth.TRUE,
        value=case.inputs.book.contracts(due.option.con_id),
        operator=">",
        threshold=0,
    )


def _sells(case: Case, due: list[_Due]) -> list[Intent]:
    """Return one sale per rung and contract, of what is held less what is already being sold."""
    intents: list[Intent] = []
    for one in due:
        for rung in LADDER:
            quantity = _unsold(case, rung, one.option.con_id)
            if one.price is not None and quantity > 0:
                suffix = sum(intent.rung is rung for intent in intents)
                intents.append(
                    Intent(
                        intent_id=case.intent_id(rung, suffix),
                        side=Side.SELL,
                        con_id=one.option.con_id,
                        quantity=quantity,
                        limit=one.price,
                        rung=rung,
                        rule=FINAL_CLOSE.id,
                        rule_class=RuleClass.CLOSE,
                    )
                )
    return intents


def _unsold(case: Case, rung: Rung, con_id: ConId) -> int:
    book = case.inputs.book
    held = sum(lot.quantity for lot in book.lots if (lot.rung, lot.con_id) == (rung, con_id))
    return held - selling(book, rung, con_id)


def _chasing(case: Case, due: list[_Due]) -> list[Reprice]:
    """Return working sales that stand above the bid, a step nearer to it."""
    options = {one.option.con_id: one.option for one in due if one.price is not None}
    moves = []
    for order in live_sells(case.inputs.book):
        option = options.get(order.intent.con_id)
        if option is None or not may_move(order):
            continue
        lower = sale_price(case, option, order.limit)
        if isinstance(lower, Decimal) and lower < order.limit:
            reason = f"the sale walks from {order.limit:.2f} to {lower:.2f}"
            moves.append(Reprice(intent_id=order.intent.intent_id, limit=lower, reason=reason))
    return moves


def _late_buys(case: Case) -> list[Cancel]:
    """Return purchases still at work in a contract about to stop trading."""
    found = []
    for order in live_buys(case.inputs.book):
        option = case.market.option(order.intent.con_id)
        if option is not None and is_final(case, option) and order.state in CANCELLABLE:
            found.append(
                Cancel(intent_id=order.intent.intent_id, reason="the contract stops trading")
            )
    return found


FINAL_CLOSE = Rule(
    id="R14",
    title="Final close: nothing is held to settlement",
    source=("A0", "A1", "A4"),
    step=Step.FINAL_CLOSE,
    rule_class=RuleClass.CLOSE,
    evaluate=_close_out,
)

TIME_SHIFT = Rule(
    id="R13",
    title="Time-shift of threatened condors",
    source=("A0", "A1", "A2"),
    step=Step.ROLL,
)

MIGRATION = Rule(
    id="R15",
    title="Migration of S4 to M1",
    source=("A4",),
    step=Step.SHIFT,
    rule_class=RuleClass.ROLL,
    reads=("G7",),
)

REWEIGHTING = Rule(
    id="R30",
    title="M re-weighting as the curve normalises",
    source=("A4",),
    step=Step.SHIFT,
    rule_class=RuleClass.ROLL,
    reads=("G3", "G7", "G8", "G15"),
)


def _stand_still(case: Case, draft: Draft) -> Draft:
    """R31: without a live condor nothing is bought."""
    live = len(case.condors.found)
    check = Check(
        what="live condors", truth=Truth.of(live == 0), value=live, operator="is", threshold=0
    )
    if live:
        return draft.with_result(NO_CONDOR.result(Truth.FALSE, (check,)))
    unexplained = f"; {len(case.condors.rest)} groups of SPX legs are unexplained"
    reason = "no live condor" + (unexplained if case.condors.rest else "")
    bars = (*draft.bars, Bar(NO_CONDOR.id, reason))
    return draft.changed(bars=bars).with_result(
        NO_CONDOR.result(Truth.TRUE, (check,), "no purchases; rungs run off")
    )


NO_CONDOR = Rule(
    id="R31",
    title="No live condor",
    source=(),
    step=Step.CAP,
    rule_class=RuleClass.CLOSE,
    evaluate=_stand_still,
)
