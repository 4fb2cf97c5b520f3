"""How long the benchmarks run."""

from typing import NamedTuple


class Settings(NamedTuple):
    """`decisions` of the first benchmark, `runs` of the second, seconds of the third, and where
    the fourth begins (New York date; empty for the whole scenario).
    """

    decisions: int
    runs: int
    seconds: int
    start: str


FULL = Settings(decisions=1000, runs=8, seconds=60, start="")
QUICK = Settings(decisions=300, runs=2, seconds=10, start="2018-02-22")
