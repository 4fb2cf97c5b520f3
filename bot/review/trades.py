"""Instruments and orders in words: what was wanted, and what became of it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import assert_never

from bot.domain.decision import Cancel, Reprice
from bot.domain.instruments import ConId, Contract, Future, Index, Option, Other, Right
from bot.domain.orders import Intent, OrderState, Side
from bot.domain.sessions import NEW_YORK
from bot.review.following import OrderStory

Instruments = Mapping[ConId, Contract]


def instrument_name(con_id: ConId, instruments: Instruments) -> str:
    """Return a contract as a trader calls it; by number where it is not known."""
    instrument = instruments.get(con_id)
    match instrument:
        case Option() as option:
            right = "call" if option.right is Right.CALL else "put"
            day = option.settlement.astimezone(NEW_YORK)
            return f"{option.trading_class} {day.day} {day:%b %Y} {option.strike:f} {right}"
        case Future() as future:
            day = future.settlement.astimezone(NEW_YORK)
            return f"{future.trading_class} future of {day.day} {day:%b %Y}"
        case Index() | Other():
            return instrument.symbol
        case None:
            return f"contract {con_id}"
        case _:
            assert_never(instrument)


def wanted(intent: Intent, instruments: Instruments) -> str:
    """Return `buy 2 VIX 20 Jun 2018 35 call for D1 at 1.10 or better (R8)`.

    A roll is one order: `roll 2 VIX 21 Mar 2018 20 call into VIX 18 Apr 2018 22 call for S1 as a
    pair, paying 0.30 or less (R14)`.
    """
    if intent.closes is not None:
        return (
            f"roll {intent.quantity} {instrument_name(intent.closes, instruments)} into "
            f"{instrument_name(intent.con_id, instruments)} for {intent.rung} as a pair, "
            f"{_net(intent.limit)} ({intent.rule})"
        )
    name = instrument_name(intent.con_id, instruments)
    return (
        f"{verb_of(intent)} {intent.quantity} {name} for {intent.rung} "
        f"at {intent.limit:.2f} or better ({intent.rule})"
    )


def short_intent(intent: Intent) -> str:
    """Return `buy 2 D1 @ 1.10 (R8)` or `roll 2 S1 @ -0.15 (R14)`: an order in a line of many."""
    what = f"{verb_of(intent)} {intent.quantity} {intent.rung}"
    return f"{what} @ {intent.limit:.2f} ({intent.rule})"


def verb_of(intent: Intent) -> str:
    """Return what an order does: `buy`, `sell` or `roll`."""
    if intent.is_roll:
        return "roll"
    return "buy" if intent.side is Side.BUY else "sell"


def _net(limit: Decimal) -> str:
    """Return what a pair may cost or must bring in."""
    if limit < 0:
        return f"receiving {-limit:.2f} or more"
    return f"paying {limit:.2f} or less" if limit else "paying nothing"


def fate(story: OrderStory) -> str:
    """Return what became of an order, as a clause that follows on what was wanted."""
    if story.state is None:
        return "nothing more is recorded of it"
    number = "" if story.order_id is None else f" as order {story.order_id}"
    sent = "it was about to be sent" if story.state is OrderState.INTENDED else f"sent{number}"
    return "; ".join([sent, *story.changes, *_filled(story), *_end(story)])


def _filled(story: OrderStory) -> list[str]:
    if story.average_price is None:
        return []
    whole = story.filled >= story.intent.quantity
    count = "filled" if whole else f"{story.filled} of {story.intent.quantity} filled"
    cost = "" if story.commission_usd is None else f", for {story.commission_usd} USD commission"
    net = " net" if story.intent.is_roll else ""
    return [f"{count} at {story.average_price:.2f}{net}{cost}"]


_ENDS = {
    OrderState.SENT: "no answer is recorded",
    OrderState.WORKING: "{rest} was still working at {limit:.2f} when the record ends",
    OrderState.CANCELLING: "{rest} was being cancelled when the record ends",
    OrderState.IN_DOUBT: "what became of {rest} is in doubt{why}",
    OrderState.CANCELLED: "{rest} was cancelled{why}",
    OrderState.REJECTED: "the broker rejected {rest}{why}",
    OrderState.ABANDONED: "{rest} was given up{why}",
}


def _end(story: OrderStory) -> list[str]:
    words = _ENDS.get(story.state) if story.state else None
    if words is None:
        return []
    why = f" ({story.reason})" if story.reason else ""
    rest = "the rest" if story.filled else "it"
    return [words.format(rest=rest, limit=story.limit, why=why)]


def cancelled(cancel: Cancel) -> str:
    """Return the cancellation a decision asked for, as a sentence."""
    return f"Order {cancel.intent_id} was to be cancelled: {cancel.reason}."


def repriced(reprice: Reprice) -> str:
    """Return the new limit a decision asked for, as a sentence."""
    return f"Order {reprice.intent_id} was to move to {reprice.limit:.2f}: {reprice.reason}."
