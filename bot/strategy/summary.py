"""The decision in one plain sentence, for a log line or a table of decisions."""

from collections.abc import Iterator

from bot.domain.decision import Check
from bot.domain.orders import Intent, Side
from bot.domain.truth import Truth
from bot.strategy.draft import Case, Draft
from bot.strategy.layers import STAGE_ONE

_SAID = {">": "above", ">=": "at least", "<": "below", "<=": "at most", "is": "is"}


def summarise(case: Case, draft: Draft) -> str:
    """Return what was done and why, in one sentence."""
    parts = [*draft.critical, *_stages(draft), *_orders(draft)]
    if not parts or not (draft.intents or draft.cancels or draft.reprices):
        parts.append(_stillness(case, draft))
    sentence = "; ".join(part for part in parts if part)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _stages(draft: Draft) -> Iterator[str]:
    if draft.entered:
        named = " and ".join(str(stage) for stage in draft.entered)
        yield f"stage{'s' if len(draft.entered) > 1 else ''} {named} entered"
    if draft.left is not None:
        yield f"stage {draft.left} left"


def _orders(draft: Draft) -> Iterator[str]:
    for verb in ("sells", "rolls", "buys"):
        intents = [intent for intent in draft.intents if _verb(intent) == verb]
        if intents:
            yield f"{verb} {', '.join(_order(intent) for intent in intents)}"
    if draft.cancels:
        yield f"cancels {len(draft.cancels)}"
    if draft.reprices:
        yield f"moves {len(draft.reprices)}"


def _verb(intent: Intent) -> str:
    if intent.is_roll:
        return "rolls"
    return "sells" if intent.side is Side.SELL else "buys"


def _order(intent: Intent) -> str:
    return f"{intent.quantity} {intent.rung} at {intent.limit:.2f}"


def _stillness(case: Case, draft: Draft) -> str:
    """Return why no order is wanted."""
    bars = (*case.trust.orders, *case.trust.buys, *draft.bars)
    if draft.wishes:
        reasons = dict.fromkeys(o.reason for o in draft.overrides if o.loser == "R27")
        return f"nothing is bought: {'; '.join(reasons)}"
    if bars and draft.stages:
        return f"nothing to do: {bars[0].reason}"
    if draft.stages:
        return f"nothing to do: stage {draft.stages[-1].stage} holds what it asks for"
    return f"nothing to do: {_why_no_stage(draft)}"


def _why_no_stage(draft: Draft) -> str:
    line = next(result for result in draft.results if result.rule == STAGE_ONE.id)
    check = next((c for c in line.checks if c.truth is not Truth.TRUE), None)
    if check is None:
        return line.followed
    return _not_true(check)


def _not_true(check: Check) -> str:
    if check.truth is Truth.UNKNOWN:
        return f"{check.what} is {check.state.value}"
    shown = f"{check.value:.2f}" if isinstance(check.value, float) else str(check.value)
    said = _SAID.get(check.operator, check.operator)
    verb = "not" if said == "is" else f"not {said}"
    return f"{check.what} {shown} is {verb} {check.threshold}"
