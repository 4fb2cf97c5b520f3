"""What a benchmark says: rows of a table in Markdown, each figure beside its baseline."""

from collections.abc import Iterable
from statistics import median
from typing import NamedTuple

HEADINGS = ("figure", "measured", "baseline", "ratio")


class Row(NamedTuple):
    """One figure; `baseline` was measured in the same run and says what it is.

    `ratio` is the figure over its baseline, None where the figure is a count.
    """

    figure: str
    measured: str
    baseline: str = "-"
    ratio: float | None = None


def rows_of(header: bool, rows: Iterable[Row]) -> Iterable[str]:  # noqa: FBT001 - one caller
    """Yield lines of Markdown, with the headings first if asked for."""
    if header:
        yield f"| {' | '.join(HEADINGS)} |"
        yield "|---|---|---|---|"
    for row in rows:
        ratio = "-" if row.ratio is None else f"{row.ratio:.3g}"
        yield f"| {row.figure} | {row.measured} | {row.baseline} | {ratio} |"


def timed(figure: str, seconds: float, baseline: str, base_seconds: float) -> Row:
    """Return the row of a duration beside that of a baseline."""
    return Row(
        figure,
        milliseconds(seconds),
        f"{milliseconds(base_seconds)} {baseline}",
        seconds / base_seconds,
    )


def milliseconds(seconds: float) -> str:
    """Return a duration in milliseconds, three digits."""
    return f"{seconds * 1e3:.3g} ms"


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value below which `share` of the values lie, the next higher of them."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def middle(values: Iterable[float]) -> float:
    """Return the median."""
    return median(values)
