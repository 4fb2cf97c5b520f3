"""A difference between two decisions in words: what tipped it first, then what is otherwise."""

from collections.abc import Iterator

from bot.domain.decision import Check, RuleResult
from bot.domain.readings import Reading, ReadingState
from bot.review.difference import (
    CheckChange,
    Difference,
    OrderChange,
    Outline,
    RuleChange,
    Tipping,
)
from bot.review.lines import stage_words
from bot.review.phrases import capitalised, comparison, listed, said, short_time
from bot.review.terms import term_of
from bot.review.trades import cancelled, repriced, short_intent
from bot.review.wording import Passage

ARROW = "\N{RIGHTWARDS ARROW}"


NOTHING_TURNED = (
    "No check turned on the way to it: it comes from numbers that moved on their side of a "
    "threshold, or from what was held and remembered."
)


def contrast(difference: Difference) -> tuple[Passage, ...]:
    """Return the difference in passages; one that would be empty is left out."""
    passages = (
        Passage(heading="", lines=_opening(difference)),
        Passage(heading="What tipped it", lines=_tipped(difference)),
        Passage(heading="What is done otherwise", lines=tuple(done_words(difference))),
        Passage(heading="Which rules judge otherwise", lines=_rules(difference)),
        Passage(heading="What overrides otherwise", lines=tuple(_overrides(difference))),
        Passage(heading="What is read otherwise", lines=tuple(_readings(difference))),
    )
    return tuple(passage for passage in passages if passage.lines)


def _opening(difference: Difference) -> tuple[str, ...]:
    lines = [_named("before", difference.before), _named("after", difference.after)]
    if difference.before.policy_hash != difference.after.policy_hash:
        lines.append("They were taken under different policies.")
    if not difference.acts:
        lines.append("What is done is the same in both.")
    return tuple(lines)


def _named(word: str, outline: Outline) -> str:
    stage = stage_words(outline.stage_before, outline.stage)
    summary = outline.summary or "nothing is said of it"
    return f"{word:<6}  {short_time(outline.at)}  {stage}  {summary}  [{outline.decision_id}]"


def _tipped(difference: Difference) -> tuple[str, ...]:
    if not difference.acts:
        return ()
    if not difference.tipped:
        return (NOTHING_TURNED,)
    return tuple(tipping_words(one) for one in difference.tipped)


def tipping_words(tipping: Tipping) -> str:
    """Return one rule's part in tipping the outcome as a sentence or two."""
    same = tipping.before is tipping.after
    turned = "is as before" if same else f"turned from {tipping.before} to {tipping.after}"
    checks = "; ".join(check_words(check) for check in tipping.checks) or "by its numbers alone"
    followed = f" {capitalised(tipping.followed)}." if tipping.followed else ""
    return f"{tipping.rule} ({tipping.title}) {turned}: {checks}.{followed}"


def check_words(change: CheckChange) -> str:
    """Return what a check that is asked in both said before and says after."""
    assert change.before is not None
    assert change.after is not None
    if _same_question(change.before, change.after):
        return f"{comparison(change.before)}, and after that {comparison(change.after)}"
    return f"{comparison(change.before)}, but {_threshold_after(change.after)}"


def _same_question(before: Check, after: Check) -> bool:
    return before.threshold == after.threshold or before.value != after.value


def _threshold_after(after: Check) -> str:
    """Return the second clause where only the threshold differs: `not at or above 25`."""
    return comparison(after).rpartition(", ")[2]


def done_words(difference: Difference) -> Iterator[str]:
    """Yield what is done otherwise, a sentence each."""
    before, after = difference.before, difference.after
    if (before.stage, before.entered, before.left) != (after.stage, after.entered, after.left):
        yield f"Stages: {_stages(before)} {ARROW} {_stages(after)}."
    for target in difference.targets:
        old, new = _or_none(target.before), _or_none(target.after)
        yield f"{target.tier} should hold {old} {ARROW} {new}."
    yield from (_order(order) for order in difference.orders)
    yield from (f"No longer: {cancelled(one)}" for one in difference.cancels_gone)
    yield from (f"New: {cancelled(one)}" for one in difference.cancels_new)
    yield from (f"No longer: {repriced(one)}" for one in difference.reprices_gone)
    yield from (f"New: {repriced(one)}" for one in difference.reprices_new)
    yield from (f"No longer: {one}." for one in difference.critical_gone)
    yield from (f"New: {one}." for one in difference.critical_new)


def _stages(outline: Outline) -> str:
    entered = [f"{stage} entered" for stage in outline.entered]
    left = [] if outline.left is None else [f"{outline.left} left"]
    moves = ", ".join(entered + left)
    return f"stage {outline.stage}" + (f" ({moves})" if moves else "")


def _or_none(count: int | None) -> str:
    return "unknown" if count is None else str(count)


def _order(change: OrderChange) -> str:
    if change.before is None:
        assert change.after is not None
        return f"New order: {short_intent(change.after)}."
    if change.after is None:
        return f"No longer: {short_intent(change.before)}."
    return f"Order: {short_intent(change.before)} {ARROW} {short_intent(change.after)}."


def _rules(difference: Difference) -> tuple[str, ...]:
    return tuple(_rule(change) for change in difference.rules)


def _rule(change: RuleChange) -> str:
    before, after = _judgement(change.before), _judgement(change.after)
    turn = after if before == after else f"{before} {ARROW} {after}"
    both = [check_words(c) for c in change.checks if c.before is not None and c.after is not None]
    gone = [check.what for check in change.checks if check.after is None]
    new = [check.what for check in change.checks if check.before is None]
    if gone:
        both.append(f"no longer asked: {listed(gone)}")
    if new:
        both.append(f"newly asked: {listed(new)}")
    return f"{change.rule} ({change.title}): {'; '.join([turn, *both])}."


def _judgement(result: RuleResult | None) -> str:
    if result is None:
        return "not asked"
    return f"{result.truth} ({result.followed})" if result.followed else str(result.truth)


def _overrides(difference: Difference) -> Iterator[str]:
    for word, overrides in (
        ("No longer", difference.overrides_gone),
        ("New", difference.overrides_new),
    ):
        for one in overrides:
            yield f"{word}: {one.winner} stood above {one.loser}: {one.reason}."


def _readings(difference: Difference) -> Iterator[str]:
    """Yield the readings that differ in the digits worth saying."""
    for change in difference.readings:
        before, after = _reading(change.before), _reading(change.after)
        if before != after:
            yield f"{capitalised(term_of(change.name).name)}: {before} {ARROW} {after}."


def _reading(reading: Reading | None) -> str:
    if reading is None:
        return "not read"
    value = "nothing" if reading.value is None else said(reading.value, term_of(reading.name))
    return value if reading.state is ReadingState.OK else f"{value} ({reading.state})"
