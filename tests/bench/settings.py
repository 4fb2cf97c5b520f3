"""How long the benchmarks run."""

from typing import NamedTuple


class Settings(NamedTuple):
    """`decisions` of the first benchmark, `runs` of the second, seconds of the third, where the
    demo begins (New York date; empty for the whole scenario), and `events` of the long journal.
    """

    decisions: int
    runs: int
    seconds: int
    start: str
    events: int


FULL = Settings(decisions=1000, runs=8, seconds=60, start="", events=20_000)
QUICK = Settings(decisions=300, runs=2, seconds=10, start="2018-02-22", events=2_000)
