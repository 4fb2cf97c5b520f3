"""Puts a case file, its policy and the trading calendar together, and evaluates.

What is wrong with a file, a name or a value comes out as the errors that every command tells alike.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.adapters.calendar import session_table
from bot.app.cases.case import Case, CaseError
from bot.app.cases.evaluation import Outcome, Point, Raw, Sweep, evaluate, parse_sweep, vary
from bot.app.cases.path import Stop, walk
from bot.app.cases.situation import moment
from bot.bootstrap.usage import UsageError
from bot.domain.policy import Policy
from bot.domain.sessions import NEW_YORK, SessionTable
from bot.settings.case_file import check_case, load_raw
from bot.settings.policy_file import load_policy
from bot.settings.problems import ConfigurationError, Problem

BEFORE_DAYS = 800
"""More than the 512 sessions an indicator looks back on."""

AFTER_DAYS = 430
"""Beyond the farthest settlement that a year of months lists."""

DAYS_PER_SESSION = 1.5
"""Calendar days a session takes, holidays included, with room."""


@dataclass(frozen=True, kw_only=True)
class Study:
    """One case file and the policy it is decided by; `steps` are the sessions it may walk."""

    source: Path
    raw: Raw
    policy: Policy
    sessions: SessionTable

    def once(self, policy: Policy | None = None) -> Outcome:
        """Decide on the case as it stands; raises `ConfigurationError`."""
        with self._telling():
            return evaluate(self._read(self.raw), policy or self.policy, self.sessions)

    def varied(self, sweep: Sweep, policy: Policy | None = None) -> list[Point]:
        """Decide on the case once for each value; raises `ConfigurationError`, `UsageError`."""
        with self._telling():
            found = vary(self.raw, sweep, self._read, policy or self.policy, self.sessions)
            return list(found)

    def walked(self, sweep: Sweep, policy: Policy | None = None) -> list[Stop]:
        """Decide session by session; raises `ConfigurationError`, `UsageError`."""
        with self._telling():
            found = walk(self.raw, sweep, self._read, policy or self.policy, self.sessions)
            return list(found)

    def _read(self, raw: Raw) -> Case:
        return check_case(raw, self.source)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        with _told(self.source):
            yield


@contextmanager
def _told(source: Path) -> Iterator[None]:
    try:
        yield
    except CaseError as error:
        problem = Problem(place=error.place, text=error.text)
        raise ConfigurationError(source, [problem]) from error
    except KeyError as error:
        raise UsageError(f"{source}: the case has nothing to vary called {error}") from error


def open_study(source: Path, steps: int = 1) -> Study:
    """Read a case file and the policy it names.

    Args:
        source: The case file.
        steps: Sessions the case may be walked through.

    Raises:
        ConfigurationError: the case or its policy cannot be used.
    """
    raw = load_raw(source)
    case = check_case(raw, source)
    with _told(source):
        day = moment(case).astimezone(NEW_YORK).date()
    ahead = timedelta(days=AFTER_DAYS + steps * DAYS_PER_SESSION)
    sessions = session_table(day - timedelta(days=BEFORE_DAYS), day + ahead)
    return Study(source=source, raw=raw, policy=load_policy(case.policy), sessions=sessions)


def read_sweep(text: str) -> Sweep:
    """Read `S=A:B:STEP` of the command line; raises `UsageError`."""
    try:
        return parse_sweep(text)
    except ValueError as error:
        raise UsageError(str(error)) from error
