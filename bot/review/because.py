"""Why a rule fires or does not, in words."""

from collections.abc import Iterator

from bot.domain.conditions import Operator
from bot.domain.decision import Check, RuleStatus
from bot.domain.truth import Truth
from bot.review.phrases import capitalised, comparison, listed, said, short_time
from bot.review.terms import term_of
from bot.review.trades import short_intent
from bot.review.why import Moment, Since, Standing, Why
from bot.review.wording import Passage

_SHORTFALL = {Operator.ABOVE.value, Operator.AT_LEAST.value}
_EXCESS = {Operator.BELOW.value, Operator.AT_MOST.value}
_MARKS = {Truth.TRUE: "yes", Truth.FALSE: "no", Truth.UNKNOWN: "unknown"}


def because(found: Why) -> tuple[Passage, ...]:
    """Return the answer in passages; one that would be empty is left out."""
    if found.status is RuleStatus.DECLARED:
        words = f"{found.rule} ({found.title}) is only declared, not in force: it never fires."
        return (Passage(heading="", lines=(words,)),)
    passages = (
        Passage(heading="", lines=tuple(_opening(found))),
        Passage(heading="What it asks", lines=tuple(_asked(found))),
        Passage(heading="What it lacks", lines=tuple(_lacks(found))),
        Passage(heading="What stands above it", lines=tuple(map(_above, found.above_it))),
        Passage(heading="What it stands above", lines=tuple(map(_below, found.below_it))),
        Passage(heading="Lately", lines=tuple(map(_lately, found.recent))),
    )
    return tuple(passage for passage in passages if passage.lines)


def _opening(found: Why) -> Iterator[str]:
    verb = {
        Truth.TRUE: "fires",
        Truth.FALSE: "does not fire",
        Truth.UNKNOWN: "does not fire, for it cannot be judged",
    }[found.now.truth]
    followed = f" ({found.now.followed})" if found.now.followed else ""
    yield (
        f"At {short_time(found.now.at)} New York {found.rule} ({found.title}) {verb}{followed}, "
        f"{_since(found.since)}."
    )
    if found.last_fired is None:
        yield f"It fired in none of the {found.looked} decisions on record."
    elif not found.now.truth.fires:
        fired = found.last_fired
        what = f": {fired.followed}" if fired.followed else ""
        yield f"It last fired at {short_time(fired.at)}{what}.  [{fired.decision_id}]"
    if found.last_ordered is not None:
        ordered = found.last_ordered
        wanted = listed([short_intent(intent) for intent in ordered.intents])
        yield f"It last ordered at {short_time(ordered.at)}: {wanted}.  [{ordered.decision_id}]"


def _since(since: Since) -> str:
    count = f"{since.decisions} decision{'' if since.decisions == 1 else 's'}"
    if since.is_whole:
        return f"as in all {count} since the record begins at {short_time(since.at)}"
    return f"since {short_time(since.at)} ({count})"


def _asked(found: Why) -> Iterator[str]:
    yield from (f"{capitalised(comparison(check))}." for check in found.now.checks)
    if found.blind:
        yield f"It is blind for {listed(found.blind)}."


def _lacks(found: Why) -> Iterator[str]:
    if found.now.truth.fires:
        return
    if found.lacks is None:
        rest = [term_of(one.what).name for one in found.now.checks if not one.truth.fires]
        names = f"; of these not true: {listed(rest)}" if rest else ""
        yield f"It does not hang on its checks alone{names}."
        return
    yield from (capitalised(need(check)) for check in found.lacks)


def need(check: Check) -> str:
    """Return a check that must turn, with how far it is from that."""
    distance = _distance(check)
    if check.truth is not Truth.FALSE or not distance:
        return f"{comparison(check)}."
    return f"{comparison(check)}: {distance}."


def _distance(check: Check) -> str:
    value, threshold = check.value, check.threshold
    if isinstance(value, bool | str | None) or isinstance(threshold, bool | str | None):
        return ""
    apart = said(abs(threshold - value), term_of(check.what)).removeprefix("+")
    if check.operator in _SHORTFALL:
        return f"{apart} short"
    return f"{apart} too much" if check.operator in _EXCESS else ""


def _above(standing: Standing) -> str:
    one = standing.override
    return f"{one.winner}, {_since(standing.since)}: {one.reason}."


def _below(standing: Standing) -> str:
    one = standing.override
    return f"{one.loser}, {_since(standing.since)}: {one.reason}."


def _lately(moment: Moment) -> str:
    checks = "; ".join(_brief(check) for check in moment.checks)
    return f"{short_time(moment.at)}  {moment.truth:<7}  {checks}".rstrip()


def _brief(check: Check) -> str:
    term = term_of(check.what)
    value = "" if check.value is None else f" {said(check.value, term)}"
    return f"{term.name}{value}: {_MARKS[check.truth]}"
