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


class History(Value):
    """Completed sessions up to and including the one before the running session.

    `vix`, `spx`: closes in index points. `vix_front`: the 30-day constant-maturity VX future in
    points (G3), computed from `futures` when the history is assembled.
    """

    dates: tuple[date, ...]
    vix: tuple[float | None, ...]
    spx: tuple[float | None, ...]
    vix_front: tuple[float | None, ...]
    futures: tuple[FutureCloses, ...]

    def __post_init__(self) -> None:
        """Check that the dates ascend and every series is aligned to them."""
        if list(self.dates) != sorted(set(self.dates)):
            raise ValueError("history dates must ascend")
        series = [self.vix, self.spx, self.vix_front, *(f.closes for f in self.futures)]
        if any(len(closes) != len(self.dates) for closes in series):
            raise ValueError("every series of a history is aligned to its dates")
