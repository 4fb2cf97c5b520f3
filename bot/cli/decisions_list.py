"""`alvh decisions list`: which decisions, chosen by what they did and what came of it."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import islice
from typing import NamedTuple, NoReturn, TypeVar

from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.adapters.journal.rows import Span
from bot.bootstrap.usage import UsageError
from bot.cli.decisions_reading import made_decisions
from bot.cli.new_york import first_instant, last_instant
from bot.domain.decision import Decision
from bot.domain.rungs import LADDER, Rung, Tier
from bot.review.deeds import Action, Choice, Outcome, is_rule
from bot.review.following import ORDER_KINDS, all_stories
from bot.review.lines import DecisionLine, fold, line_of
from bot.settings.problems import meant

LINES = 40
"""Lines shown where nobody says how many."""

WordT = TypeVar("WordT", bound=StrEnum)


class Request(NamedTuple):
    """What was asked for on the command line, word by word; None where an option is not given."""

    first: str | None = None
    last: str | None = None
    action: str | None = None
    rule: str | None = None
    rung: str | None = None
    outcome: str | None = None
    stage: int | None = None

    @property
    def asks(self) -> bool:
        """Whether anything is asked for."""
        return any(part is not None for part in self)


class Listing(NamedTuple):
    """The lines, newest last, and whether older ones were left out."""

    lines: list[DecisionLine]
    is_cut: bool


def listing(
    opened: ReadOnlyJournal, request: Request, limit: int | None, *, every: bool
) -> Listing:
    """Return the lines that are asked for: the newest `limit`, folded unless `every` is wanted.

    Raises:
        UsageError: a word of the request is not known.
    """
    choice, span = _choice(opened, request), span_of(request.first, request.last)
    found = _wanted(opened, choice, span)
    lines = (line_of(one) for one in found if one is not None) if every else fold(found)
    if limit is None:
        return Listing(list(lines)[::-1], is_cut=False)
    shown = list(islice(lines, limit + 1))
    return Listing(shown[:limit][::-1], is_cut=len(shown) > limit)


def _wanted(opened: ReadOnlyJournal, choice: Choice, span: Span) -> Iterator[Decision | None]:
    """Yield the decisions of a span, newest first; None for one that is not wanted."""
    orders = opened.events(kinds=ORDER_KINDS) if choice.asks_for_orders else ()
    stories = all_stories(stored.event for stored in orders)
    for one in made_decisions(opened, span, newest_first=True):
        yield one.decision if choice.holds(one.decision, stories) else None


def span_of(first: str | None, last: str | None) -> Span:
    """Return the span from one New York date or time to another; raises `UsageError`."""
    since = None if first is None else first_instant(first, "--from")
    until = None if last is None else last_instant(last, "--until")
    if since is not None and until is not None and since > until:
        raise UsageError(f"--from {first} is later than --until {last}")
    return Span(since=since, until=until)


def _choice(opened: ReadOnlyJournal, request: Request) -> Choice:
    return Choice(
        action=_word(request.action, Action, "--action"),
        rule="" if request.rule is None else _rule(opened, request.rule),
        rung=_rung(request.rung),
        outcome=_word(request.outcome, Outcome, "--outcome"),
        stage=request.stage,
    )


def _word(given: str | None, kind: type[WordT], option: str) -> WordT | None:
    if given is None:
        return None
    text = given.lower().replace("-", "_")
    words = [word.value for word in kind]
    return kind(text) if text in words else _unknown(given, words, option)


def _rung(given: str | None) -> Rung | Tier | None:
    if given is None:
        return None
    text = given.upper()
    if text in LADDER:
        return Rung(text)
    tiers = [tier.value for tier in Tier]
    return Tier(text) if text in tiers else _unknown(given, [*tiers, *LADDER], "--rung")


def _rule(opened: ReadOnlyJournal, given: str) -> str:
    known_rules(opened, given, "--rule")
    return _as_rule(given)


def known_rules(opened: ReadOnlyJournal, given: str, option: str) -> list[str]:
    """Return the rules that are meant, as the newest decision knows them: by id or by number.

    Raises:
        UsageError: that decision has no such rule, or there is none yet.
    """
    newest = next(made_decisions(opened, newest_first=True), None)
    if newest is None:
        raise UsageError(f"{option} {given!r}: the journal holds no decision yet")
    rules = [result.rule for result in newest.decision.rules]
    found = [rule for rule in rules if is_rule(rule, _as_rule(given))]
    return found or _unknown(given, sorted(rules, key=_rule_order), option)


def _as_rule(given: str) -> str:
    number, dot, part = given.partition(".")
    return f"{number.upper()}{dot}{part.lower()}"


def _rule_order(rule: str) -> tuple[int, str]:
    number = rule.partition(".")[0].removeprefix("R")
    return int(number) if number.isdigit() else 0, rule


def _unknown(given: str, words: Iterable[str], option: str) -> NoReturn:
    known = list(words)
    raise UsageError(
        f"{option} {given!r} is not known{meant(given, known)}; it may be {', '.join(known)}"
    )
