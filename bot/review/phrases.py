"""Small pieces of speech: numbers, times, lists, and one comparison in words."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.conditions import Operator
from bot.domain.decision import Check
from bot.domain.readings import ReadingState, Scalar
from bot.domain.sessions import NEW_YORK
from bot.domain.truth import Truth
from bot.review.terms import Term, term_of

MINUTE = 60.0
HOUR = 3600.0
DAY = 86400.0

RELATIONS: dict[str, str] = {
    Operator.ABOVE: "above",
    Operator.AT_LEAST: "at or above",
    Operator.BELOW: "below",
    Operator.AT_MOST: "at or below",
}
"""How an order comparison is said."""


def listed(items: Sequence[str], last: str = "and") -> str:
    """Return `a, b and c`."""
    if len(items) < 2:  # noqa: PLR2004 - there is nothing to join
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def capitalised(sentence: str) -> str:
    """Return the sentence with a capital first letter; the rest stays as it is."""
    return sentence[:1].upper() + sentence[1:]


def when(at: datetime) -> str:
    """Return an instant as New York reads it: `Monday 5 February 2018 at 15:35:00 New York`."""
    local = at.astimezone(NEW_YORK)
    return f"{local:%A} {local.day} {local:%B %Y} at {local:%H:%M:%S} New York"


def short_time(at: datetime) -> str:
    """Return an instant in New York as `2018-02-05 15:35:00`."""
    return f"{at.astimezone(NEW_YORK):%Y-%m-%d %H:%M:%S}"


def time_of_day(at: datetime) -> str:
    """Return the time of day in New York: `15:40:00`."""
    return f"{at.astimezone(NEW_YORK):%H:%M:%S}"


def age(seconds: float) -> str:
    """Return an age in the largest unit that fits: `1 s`, `7 min`, `3 h`, `2 days`."""
    if seconds < 2 * MINUTE:
        return f"{seconds:.0f} s"
    if seconds < 2 * HOUR:
        return f"{seconds / MINUTE:.0f} min"
    if seconds < 2 * DAY:
        return f"{seconds / HOUR:.0f} h"
    return f"{seconds / DAY:.0f} days"


def said(value: Scalar, term: Term) -> str:
    """Return a value with its unit, in the digits worth saying."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    return f"{_number(value, term)}{term.unit}"


def _number(value: float, term: Term) -> str:
    if term.digits is not None:
        return f"{value:+.{term.digits}f}" if term.signed else f"{value:.{term.digits}f}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"  # noqa: PLR2004 - digits


def fact(name: str, value: Scalar) -> str:
    """Return a reading as a clause: `VIX was 32.50`, `VIX had a spike`."""
    term = term_of(name)
    if isinstance(value, bool) and term.yes:
        return term.yes if value else term.no
    return f"{term.name} was {said(value, term)}"


def comparison(check: Check) -> str:
    """Return what a rule compared and how it came out, with value and threshold, as a clause."""
    if check.truth is Truth.UNKNOWN:
        return f"{_asked(check)} is not known{_why_unknown(check)}"
    # a check without a value is a question of its own, such as whether a stage is on
    clause = fact(check.what, check.truth.fires if check.value is None else check.value)
    if check.threshold is None:
        return clause
    if check.operator == Operator.IS:
        return f"{clause}, {_verdict(check)}"
    negation = "" if check.truth.fires else "not "
    return f"{clause}, {negation}{_relation(check)}"


def _verdict(check: Check) -> str:
    if check.truth.fires:
        return "as asked"
    if isinstance(check.threshold, bool):
        return "which is not what was asked"
    return f"where {check.threshold} was asked"


def _relation(check: Check) -> str:
    words = RELATIONS.get(check.operator, check.operator)
    return f"{words} {_threshold(check)}"


def _threshold(check: Check) -> str:
    assert check.threshold is not None
    if isinstance(check.threshold, str | bool):
        return said(check.threshold, term_of(check.what))
    return f"{check.threshold:g}"


def _asked(check: Check) -> str:
    """Return the question of a comparison that had no answer."""
    term = term_of(check.what)
    if check.threshold is None:
        return term.name
    if check.operator != Operator.IS:
        return f"whether {term.name} was {_relation(check)}"
    if isinstance(check.threshold, bool) and term.yes:
        return f"whether {term.yes if check.threshold else term.no}"
    return f"whether {term.name} was {_threshold(check)}"


def _why_unknown(check: Check) -> str:
    if check.state is ReadingState.MISSING:
        return " (it has no source)"
    if check.value is None:
        return ""
    last = said(check.value, term_of(check.what))
    if check.age_seconds is None:
        return f" (it last said {last})"
    return f" (it last said {last}, {age(check.age_seconds)} ago)"
