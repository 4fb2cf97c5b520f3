"""Daily closes the indicators look back on.

One content-addressed blob per session: 512 completed closes, nothing of the running day (that comes
from the snapshot as the provisional bar). All series are aligned to `dates`; a missing close is
`None`, never carried forward here.
"""

from datetime import date, datetime

from bot.domain.value import Value

WINDOW = 512
"""Completed bars a daily indicator uses, exactly (methodology.md section 2)."""


class FutureCloses(Value):
    """Daily settlements of one monthly VX future in points, aligned to the history's dates."""

    settlement: datetime
    closes: tuple[float | None, ...]


class IndexCloses(Value):
    """Daily closes of an index that not every broker has, aligned to the history's dates.

    In points; those of `AD-NYSE` are advances less declines.
    """

    symbol: str
    closes: tuple[float | None, ...]


class History(Value):
    """Completed sessions up to and including the one before the running session.

    `vix`, `spx`: closes in index points. `vix_front`: the 30-day constant-maturity VX future in
    points (G3), computed from `futures` when the history is assembled. `indices`: what the broker
    has beside; one that is not among them has no past here.
    """

    dates: tuple[date, ...]
    vix: tuple[float | None, ...]
    spx: tuple[float | None, ...]
    vix_front: tuple[float | None, ...]
    futures: tuple[FutureCloses, ...]
    indices: tuple[IndexCloses, ...] = ()

    def __post_init__(self) -> None:
        """Check that the dates ascend and every series is aligned to them."""
        if list(self.dates) != sorted(set(self.dates)):
            raise ValueError("history dates must ascend")
        series = [self.vix, self.spx, self.vix_front, *(f.closes for f in self.futures)]
        series += [index.closes for index in self.indices]
        if any(len(closes) != len(self.dates) for closes in series):
            raise ValueError("every series of a history is aligned to its dates")
