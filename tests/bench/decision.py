"""How long one decision takes on a full snapshot."""

from collections.abc import Callable, Iterable
from time import perf_counter

import msgspec
import numpy as np

from bot.domain.canonical import encode
from bot.domain.inputs import Inputs
from bot.pricing import black76
from bot.pricing.forward import year_fraction
from bot.strategy.decide import decide
from tests.bench.full_snapshot import first_state, full_inputs, later, options_of
from tests.bench.settings import Settings
from tests.bench.table import Row, middle, percentile, timed

TAIL = 0.99
WARM_UP = 20


def measure(settings: Settings) -> Iterable[Row]:
    """Yield the decision's median and tail beside one pricing call and a JSON round trip."""
    given = full_inputs()
    decisions = _decisions(given, settings.decisions)
    pricing = _repeated(_pricing(given), settings.decisions)
    trips = _repeated(lambda: _round_trip(given), settings.decisions)
    options, quotes = len(options_of(given)), len(given.snapshot.quotes)
    label = f"one decision, {quotes} lines"
    bare = f"volatility and greeks of its {options} options, one bare call"
    yield timed(f"{label}: median", middle(decisions), f"{bare}: median", middle(pricing))
    yield timed(
        f"{label}: 99th percentile (aim 5 ms)",
        percentile(decisions, TAIL),
        f"{bare}: 99th percentile",
        percentile(pricing, TAIL),
    )
    trip = "snapshot and book to JSON and back: median"
    yield timed(f"{label}: median", middle(decisions), trip, middle(trips))


def _decisions(given: Inputs, count: int) -> list[float]:
    """Decide again and again, a second later each time, with the memory the last one left."""
    state, seconds = first_state(), []
    for step in range(WARM_UP + count):
        present = later(given, step)
        began = perf_counter()
        _, state = decide(present, state)
        seconds.append(perf_counter() - began)
    return seconds[WARM_UP:]


def _pricing(given: Inputs) -> Callable[[], object]:
    now, options = given.snapshot.now, options_of(given)
    mid = np.array([mid for _, mid in options])
    strike = np.array([float(option.strike) for option, _ in options])
    years = np.array([year_fraction(now, option.settlement) for option, _ in options])
    forward = np.array([2700.0 if option.symbol == "SPX" else 15.5 for option, _ in options])
    is_call = np.array([option.right == "C" for option, _ in options])

    def price() -> object:
        solved = black76.implied_volatility(mid, forward, strike, years, 0.02, is_call)
        return black76.greeks(forward, strike, years, solved, 0.02, is_call)

    return price


def _round_trip(given: Inputs) -> object:
    snapshot = msgspec.json.decode(encode(given.snapshot), type=type(given.snapshot))
    return snapshot, msgspec.json.decode(encode(given.book), type=type(given.book))


def _repeated(work: Callable[[], object], count: int) -> list[float]:
    seconds = []
    for _ in range(WARM_UP + count):
        began = perf_counter()
        work()
        seconds.append(perf_counter() - began)
    return seconds[WARM_UP:]
