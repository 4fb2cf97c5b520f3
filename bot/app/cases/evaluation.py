"""Evaluates cases with the very same `decide`: one, or many that vary one number."""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from bot.app.cases.case import Case
from bot.app.cases.situation import Situation, situation
from bot.domain.decision import Decision
from bot.domain.policy import Policy
from bot.domain.sessions import SessionTable
from bot.domain.state import StrategyState
from bot.signals.catalog import OUTPUTS
from bot.strategy.decide import decide_on

Raw = dict[str, Any]
"""A case as it stands in its file."""

ReadCase = Callable[[Raw], Case]
"""Checks a case as written; raises what the command line tells of."""

MOST_VALUES = 20_000


class Outcome(NamedTuple):
    """What was decided on one case, and all it looked at."""

    situation: Situation
    decision: Decision
    state: StrategyState


class Point(NamedTuple):
    """One value of what is varied, and what was decided at it."""

    value: float
    decision: Decision


class Sweep(NamedTuple):
    """`S=A:B:STEP`: the name of an input and the values it takes, in order."""

    name: str
    values: tuple[float, ...]


def parse_sweep(text: str) -> Sweep:
    """Read `vix=12:60:0.5`; both ends are included where the step meets them.

    Raises:
        ValueError: it does not say that; the message says what was expected.
    """
    name, _, span = text.partition("=")
    parts = span.split(":")
    try:
        first, last, step = (Decimal(part) for part in parts)
    except (InvalidOperation, ValueError) as error:
        raise ValueError(
            f"expected NAME=FROM:TO:STEP, such as vix=12:60:0.5, got {text!r}"
        ) from error
    if not name or not all(number.is_finite() for number in (first, last, step)) or step <= 0:
        raise ValueError(f"expected NAME=FROM:TO:STEP with a step above zero, got {text!r}")
    count = int(abs(last - first) / step) + 1
    if count > MOST_VALUES:
        raise ValueError(f"expected at most {MOST_VALUES} values, {text!r} has {count}")
    way = step if last >= first else -step
    return Sweep(name, tuple(float(first + way * n) for n in range(count)))


def with_value(raw: Raw, name: str, value: float) -> Raw:
    """Return the case with another number at `name`.

    `name` is a key, dotted into what it holds (`account.nav`, `condors.0.quantity`), or a reading's
    name (`vix.rsi`).

    Raises:
        KeyError: there is nothing of that name to go into.
    """
    path: Sequence[str] = ("readings", name) if name in OUTPUTS else name.split(".")
    changed = deepcopy(raw)
    place: Any = changed
    for part in path[:-1]:
        place = _inside(place, part)
    number = int(value) if value.is_integer() else value
    if isinstance(place, list):
        place[_position(place, path[-1])] = number
    else:
        place[path[-1]] = number
    return changed


def _inside(place: Any, part: str) -> Any:
    if isinstance(place, list):
        return place[_position(place, part)]
    if not isinstance(place, dict):
        raise KeyError(part)
    return place.setdefault(part, {})


def _position(place: list[Any], part: str) -> int:
    if not part.isdecimal() or int(part) >= len(place):
        raise KeyError(part)
    return int(part)


def evaluate(case: Case, policy: Policy, sessions: SessionTable) -> Outcome:
    """Decide on one case.

    Raises:
        CaseError: the case does not hold together.
    """
    faced = situation(case, policy, sessions)
    decision, state = decide_on(faced.inputs, faced.state, faced.readings())
    return Outcome(faced, decision, state)


def vary(
    raw: Raw, sweep: Sweep, read: ReadCase, policy: Policy, sessions: SessionTable
) -> Iterator[Point]:
    """Decide on the case once for each value, each time from the same start.

    Raises:
        KeyError: the case has nothing of that name.
        CaseError: a value makes a case that does not hold together.
    """
    for value in sweep.values:
        case = read(with_value(raw, sweep.name, value))
        yield Point(value, evaluate(case, policy, sessions).decision)
