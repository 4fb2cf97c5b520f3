"""How long the exchange's market takes to say what 2,000 option lines show at the next step.

Beside it, in the same run: the bare Black-76 greeks of as many contracts, and a day of one option
in five-second samples beside the bare values of as many moments.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial
from time import perf_counter

import numpy as np

from bot.domain.instruments import ConId
from bot.exchange.reference.query import Query
from bot.pricing import black76
from tests.bench.settings import Settings
from tests.bench.table import Row, middle, timed
from tests.support.paper_market import at, market

LINES = 2_000
DAY = date(2018, 2, 5)
STEP = timedelta(seconds=30)
MORNING, OPENING, CLOSE = at(DAY, 10), at(DAY, 9, 30), at(DAY, 16, 15)


def measure(settings: Settings) -> Iterable[Row]:
    """Yield the refresh of all lines, and the samples of one."""
    told = market()
    listed = told.reference.find(Query(sec_type="OPT"), DAY)
    con_ids = [each.instrument.con_id for each in listed[:: max(len(listed) // LINES, 1)][:LINES]]
    runs = max(settings.runs * 5, 10)
    told.quotes(con_ids, MORNING)
    refreshed = [_seconds(partial(_refresh, con_ids, n)) for n in range(1, runs + 1)]
    bare = [_seconds(lambda: _greeks(len(con_ids))) for _ in range(runs)]
    yield timed(
        f"refresh of {len(con_ids)} option lines", middle(refreshed), "bare greeks", middle(bare)
    )
    sampled = [_seconds(lambda: told.samples(con_ids[0], OPENING, CLOSE, 5)) for _ in range(runs)]
    moments = len(told.samples(con_ids[0], OPENING, CLOSE, 5).at)
    values = [_seconds(lambda: _values(moments)) for _ in range(runs)]
    yield timed(f"{moments} samples of one option", middle(sampled), "bare values", middle(values))


def _refresh(con_ids: list[ConId], steps: int) -> object:
    return market().quotes(con_ids, MORNING + steps * STEP)


def _greeks(count: int) -> object:
    strikes = np.linspace(10.0, 40.0, count)
    return black76.greeks(20.0, strikes, 0.1, 0.9, 0.014, strikes > 20.0)


def _values(count: int) -> object:
    return black76.price(np.linspace(10.0, 40.0, count), 20.0, 0.1, 0.9, 0.014, is_call=True)


def _seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started
