"""Reads the scenarios that come with the package: the only module here that touches files.

What the files must say is checked in `bot.exchange.scenarios.parse`.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable

from bot.exchange.scenarios.parse import (
    DAILY_FILE,
    EVENTS_FILE,
    SCENARIO_FILE,
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


def _root() -> Traversable:
    return files("bot.exchange.scenarios")
