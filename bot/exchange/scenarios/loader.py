"""Reads the scenarios that come with the package, and archives of real days in a directory.

The only module here that touches files. What they must say is checked in
`bot.exchange.scenarios.parse` and `bot.exchange.scenarios.archive`.
"""

import gzip
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.exchange.scenarios.archive import OPTIONAL, REQUIRED, parse_archive
from bot.exchange.scenarios.parse import (
    DAILY_FILE,
    EVENTS_FILE,
    SCENARIO_FILE,
    ScenarioError,
    ScenarioText,
    parse_scenario,
)
from bot.exchange.scenarios.scenario import Scenario


class UnknownScenarioError(LookupError):
    """No scenario has this name; the message lists the names there are."""


def scenario_names() -> list[str]:
    """Return the names of the scenarios in the package, in alphabetical order."""
    return sorted(place.name for place in _root().iterdir() if (place / SCENARIO_FILE).is_file())


def load_scenario(name: str) -> Scenario:
    """Return the scenario called `name`.

    Raises:
        UnknownScenarioError: There is no such scenario.
        ScenarioError: One of its files is malformed.
    """
    known = scenario_names()
    if name not in known:
        raise UnknownScenarioError(f"no scenario {name!r}; known: {', '.join(known)}")
    place = _root() / name
    return parse_scenario(
        ScenarioText(
            daily=(place / DAILY_FILE).read_text(encoding="utf-8"),
            events=(place / EVENTS_FILE).read_text(encoding="utf-8"),
            scenario=(place / SCENARIO_FILE).read_text(encoding="utf-8"),
        )
    )


def load_archive(directory: Path, first: date | None) -> Scenario:
    """Return the daily CSV files of a directory as a scenario that begins on `first`.

    Raises:
        ScenarioError: A file is missing or malformed.
    """
    found = (directory / name for name in (*REQUIRED, *OPTIONAL))
    return parse_archive({file.name: _text(file) for file in found if file.is_file()}, first)


def _text(file: Path) -> str:
    """Return the text of a file, unpacked if its name says that it is packed."""
    try:
        if file.suffix == ".gz":
            with gzip.open(file, "rt", encoding="utf-8") as unpacked:
                return unpacked.read()
        return file.read_text(encoding="utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ScenarioError(file.name, 1, f"expected readable text: {error}") from error


def _root() -> Traversable:
    return files("bot.exchange.scenarios")
