"""Cases for tests: the shipped example, and short ones built from a few keys."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from bot.adapters.calendar import session_table
from bot.app.cases.case import Case
from bot.app.cases.evaluation import Outcome, Raw, evaluate
from bot.domain.policy import Policy
from bot.domain.sessions import SessionTable

STORM = Path("config/cases/storm.json")


@cache
def sessions() -> SessionTable:
    return session_table(date(2015, 6, 1), date(2020, 12, 31))


def storm(**changes: Any) -> Raw:
    """Return the shipped example with keys changed; None leaves one out."""
    raw: Raw = msgspec.json.decode(STORM.read_bytes())
    return {key: value for key, value in {**raw, **changes}.items() if value is not None}


def read(raw: Raw) -> Case:
    return msgspec.convert(raw, Case)


def outcome(raw: Raw, policy: Policy | None = None) -> Outcome:
    return evaluate(read(raw), policy or Policy(), sessions())
