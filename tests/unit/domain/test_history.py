"""A history is aligned or it is none."""

from datetime import date

import pytest

from bot.domain.history import FutureCloses, History, IndexCloses
from tests.support.orders import NOW

DAYS = (date(2018, 2, 1), date(2018, 2, 2))
TWO = (1.0, None)


def test_aligned_series_are_taken() -> None:
    future = FutureCloses(settlement=NOW, closes=TWO)
    made = History(dates=DAYS, vix=TWO, spx=TWO, vix_front=TWO, futures=(future,))
    assert made.futures[0].closes == TWO


@pytest.mark.parametrize("dates", [DAYS[::-1], (DAYS[0], DAYS[0])])
def test_dates_ascend(dates: tuple[date, ...]) -> None:
    with pytest.raises(ValueError, match="ascend"):
        History(dates=dates, vix=TWO, spx=TWO, vix_front=TWO, futures=())


def test_a_short_series_is_refused() -> None:
    with pytest.raises(ValueError, match="aligned"):
        History(dates=DAYS, vix=TWO, spx=(1.0,), vix_front=TWO, futures=())
    part = IndexCloses(symbol="AD-NYSE", closes=(1.0,))
    with pytest.raises(ValueError, match="aligned"):
        History(dates=DAYS, vix=TWO, spx=TWO, vix_front=TWO, futures=(), indices=(part,))
    short = FutureCloses(settlement=NOW, closes=(1.0,))
    with pytest.raises(ValueError, match="aligned"):
        History(dates=DAYS, vix=TWO, spx=TWO, vix_front=TWO, futures=(short,))
