"""How long one decision takes on a full snapshot."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from time import perf_counter, thread_time
from typing import NamedTuple

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


class Spent(NamedTuple):
    """Wall seconds of one piece of work, and processor seconds, which no neighbour adds to."""

    wall: float
    cpu: float


def measure(settings: Settings) -> Iterable[Row]:
    """Yield the decision's median and tail beside one pricing call and a JSON round trip.

    The three take turns, so that what else the machine does weighs on all of them.
    """
    given = full_inputs()
    rounds = settings.decisions
    decision, pricing, trip = _in_turns(
        (_decisions(given, rounds), _pricing(given), lambda: _round_trip(given)), rounds
    )
    options, quotes = len(options_of(given)), len(given.snapshot.quotes)
    label = f"one decision, {quotes} lines"
    bare = f"one bare call for volatility and greeks of its {options} options"
    for kind, of in (("median", middle), ("99th percentile", partial(percentile, share=TAIL))):
        aim = " (aim 5 ms)" if of is not middle else ""
        walls = of([s.wall for s in decision]), of([s.wall for s in pricing])
        yield timed(f"{label}: {kind}{aim}", walls[0], bare, walls[1])
        cpus = of([s.cpu for s in decision]), of([s.cpu for s in pricing])
        yield timed(f"{label}: {kind} of processor time", cpus[0], bare, cpus[1])
    walls = middle([s.wall for s in decision]), middle([s.wall for s in trip])
    yield timed(f"{label}: median", walls[0], "snapshot and book to JSON and back", walls[1])


def _decisions(given: Inputs, rounds: int) -> Callable[[], object]:
    """Return a work that decides on a new snapshot each time, with the memory the last one left."""
    state, moments = first_state(), iter([later(given, n) for n in range(WARM_UP + rounds)])

    def decide_next() -> object:
        nonlocal state
        decision, state = decide(next(moments), state)
        return decision

    return decide_next


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


def _in_turns(works: Sequence[Callable[[], object]], rounds: int) -> list[list[Spent]]:
    """Do each work once a round; return what each took, the first rounds left out."""
    spent: list[list[Spent]] = [[] for _ in works]
    for _ in range(WARM_UP + rounds):
        for work, times in zip(works, spent, strict=True):
            wall, cpu = perf_counter(), thread_time()
            work()
            times.append(Spent(perf_counter() - wall, thread_time() - cpu))
    return [times[WARM_UP:] for times in spent]
