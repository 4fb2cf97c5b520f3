"""What is wrong with a file, place by place.

A user who mends a file wants all its faults in one go, each with its place and what was expected.
"""

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.domain.value import Value


class Problem(Value):
    """One fault: where it stands (a dotted key) and what was expected there."""

    place: str
    text: str


class ConfigurationError(Exception):
    """A configuration or policy file cannot be used.

    Attributes:
        source: The file, or another name of where the text came from.
        problems: All faults found, in order of their place.
    """

    def __init__(self, source: Path | str, problems: Iterable[Problem]) -> None:
        self.source = str(source)
        self.problems = tuple(problems)
        lines = [f"  {p.place}: {p.text}" if p.place else f"  {p.text}" for p in self.problems]
        super().__init__("\n".join([f"{self.source} cannot be used:", *lines]))


def unknown_key(key: str, known: Iterable[str], noun: str = "key") -> str:
    """Say that `key` is not known, and which known one may be meant."""
    names = list(known)
    hint = meant(key, names)
    return (
        f"unknown {noun}{hint}" if hint else f"unknown {noun}, expected one of: {', '.join(names)}"
    )


def meant(word: str, known: Iterable[str], likely: Mapping[str, str] | None = None) -> str:
    """Return `, did you mean 'x'?` where one of the known words is near, else nothing.

    `likely` knows what people often write for one of them.
    """
    close = [found for found in [(likely or {}).get(word)] if found]
    close += difflib.get_close_matches(word, list(known), n=1)
    return f", did you mean {close[0]!r}?" if close else ""
