"""Real market history for tests, where it is at hand.

The data are not part of the project: `ALVH_DATA` names their folder, else `shared/data` is looked
for beside the project and above it. Tests that need them skip with a reason where they are absent.
"""

import csv
import gzip
import os
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from bot.domain.history import WINDOW, FutureCloses, History
from bot.domain.sessions import settlement_instant
from bot.signals.front import front_series

ROOT = Path(__file__).resolve().parents[2]


def data_folder() -> Path | None:
    """Return the folder of the market history, None where there is none."""
    named = os.environ.get("ALVH_DATA")
    places = [Path(named)] if named else [p / "shared" / "data" for p in ROOT.parents]
    return next((place for place in places if (place / "vix_daily.csv").is_file()), None)


needs_data = pytest.mark.skipif(
    data_folder() is None, reason="no market history: name its folder in ALVH_DATA"
)


def rows_of(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file of the market history, zipped or not."""
    folder = data_folder()
    assert folder is not None, "the market history is absent"
    path = folder / name
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if name.endswith(".gz") else raw).decode()
    return list(csv.DictReader(text.splitlines()))


@cache
def closes_of(name: str) -> dict[date, float]:
    """Return the closes of a daily series by date."""
    return {date.fromisoformat(row["date"]): float(row["close"]) for row in rows_of(name)}


@cache
def vx_settlements() -> dict[date, dict[date, float]]:
    """Return the daily settlements of each monthly VX future, by its settlement date."""
    found: dict[date, dict[date, float]] = defaultdict(dict)
    for row in rows_of("vx_contracts.csv.gz"):
        if row["settle"]:
            day = date.fromisoformat(row["date"])
            found[date.fromisoformat(row["expiry"])][day] = float(row["settle"])
    return dict(found)


def trading_days() -> tuple[date, ...]:
    """Return the days on which VIX closed."""
    return tuple(sorted(closes_of("vix_daily.csv")))


def history_before(day: date, window: int = WINDOW) -> History:
    """Return the history of the `window` sessions before `day`."""
    dates = tuple(d for d in trading_days() if d < day)[-window:]
    vix, spx = closes_of("vix_daily.csv"), closes_of("spx_daily.csv")
    futures = tuple(
        FutureCloses(
            settlement=settlement_instant(settles),
            closes=tuple(by_day.get(d) for d in dates),
        )
        for settles, by_day in sorted(vx_settlements().items())
        if any(d in by_day for d in dates)
    )
    return History(
        dates=dates,
        vix=tuple(vix.get(d) for d in dates),
        spx=tuple(spx.get(d) for d in dates),
        vix_front=front_series(dates, futures),
        futures=futures,
    )
