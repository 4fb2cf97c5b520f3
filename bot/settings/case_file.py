"""Reads a case file: one JSON object, checked against `bot.app.cases.case`.

What is wrong is told with its place and what was expected, as everywhere; readings are held against
the signals there are, since a misspelt name would silently be missing.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from bot.app.cases.case import AccountCase, Case, CondorCase, HistoryCase, PastCase, RungCase
from bot.app.cases.contracts import named_option
from bot.app.cases.evaluation import Raw
from bot.domain.readings import Scalar
from bot.settings.problems import ConfigurationError, Problem, meant, unknown_key
from bot.signals.catalog import ANSWERS

_PLACE = re.compile(r" - at `\$\.?([^`]*)`$")
_UNKNOWN = re.compile(r"Object contains unknown field `([^`]*)`")

_KEYS = [
    name
    for kind in (Case, CondorCase, RungCase, AccountCase, PastCase, HistoryCase)
    for name in kind.__struct_fields__
]


def load_raw(path: Path) -> Raw:
    """Return the JSON object of a case file, unchecked.

    Raises:
        ConfigurationError: it cannot be read, or is no JSON object.
    """
    try:
        raw: Any = msgspec.json.decode(path.read_bytes())
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(path, [Problem(place="", text=str(error))]) from error
    except msgspec.DecodeError as error:
        raise ConfigurationError(path, [Problem(place="", text=f"not JSON: {error}")]) from error
    if not isinstance(raw, dict):
        problem = Problem(place="", text=f"expected one JSON object, got {type(raw).__name__}")
        raise ConfigurationError(path, [problem])
    return raw


def check_case(raw: Raw, source: Path | str) -> Case:
    """Return the case as checked values.

    Raises:
        ConfigurationError: something in it is wrong; names the place.
    """
    try:
        case = msgspec.convert(raw, Case)
    except msgspec.ValidationError as error:
        raise ConfigurationError(source, [_problem(str(error))]) from error
    problems = [*_readings(case), *_quotes(case), *_stage(case)]
    if problems:
        raise ConfigurationError(source, problems)
    return case


def case_schema() -> dict[str, Any]:
    """Return the JSON schema of a case."""
    return msgspec.json.schema(Case)


def _problem(error: str) -> Problem:
    match = _PLACE.search(error)
    place = match.group(1) if match else ""
    text = _PLACE.sub("", error)
    unknown = _UNKNOWN.match(text)
    if unknown:
        key = unknown.group(1)
        hint = meant(key, _KEYS) or "; `alvh schema case` lists them"
        return Problem(place=f"{place}.{key}".strip("."), text=f"unknown key{hint}")
    text = text.replace("`", "")
    return Problem(place=place, text=f"{text[:1].lower()}{text[1:]}")


def _readings(case: Case) -> Iterator[Problem]:
    for name, value in case.readings.items():
        place = f"readings.{name}"
        if name not in ANSWERS:
            yield Problem(place=place, text=unknown_key(name, ANSWERS, "reading"))
        elif value is not None and not _may_say(name, value):
            answers = [str(answer).lower() for answer in ANSWERS[name]]
            wanted = " or ".join(answers) if answers else "a number"
            hint = meant(str(value), answers)
            yield Problem(place=place, text=f"expected {wanted}, got {value!r}{hint}")


def _may_say(name: str, value: Scalar) -> bool:
    answers = ANSWERS[name]
    if answers:
        return any(
            value is answer or value == answer for answer in answers if type(answer) is type(value)
        )
    return isinstance(value, int | float) and not isinstance(value, bool)


def _quotes(case: Case) -> Iterator[Problem]:
    for name, (bid, ask) in case.quotes.items():
        try:
            named_option(name)
        except ValueError as error:
            yield Problem(place=f"quotes.{name}", text=str(error))
        if bid > ask:
            text = f"expected bid at or below ask, got {bid:g} and {ask:g}"
            yield Problem(place=f"quotes.{name}", text=text)


def _stage(case: Case) -> Iterator[Problem]:
    if case.memory is not None and case.stage:
        yield Problem(place="stage", text="expected stage or memory, got both")
