"""The day's open, high and low, from the moments at which an underlying had its own."""

from decimal import Decimal

import numpy as np

from bot.domain.instruments import ConId
from bot.exchange.market.extremes import DayExtremes, Extremes
from bot.exchange.market.path import SessionPath

VIX = np.array([10.0, 12.0, 11.0, 9.0])
SPX = np.array([100.0, 90.0, 110.0, 105.0])
ONE, DEAD = ConId(1), ConId(2)


def extremes() -> tuple[DayExtremes, list[int]]:
    asked: list[int] = []

    def lasts(con_ids: list[ConId], step: int) -> list[Decimal | None]:
        asked.append(step)
        return [Decimal(str(VIX[step])) if con_id == ONE else None for con_id in con_ids]

    return DayExtremes(SessionPath(spx=SPX, vix=VIX), lasts), asked


def test_the_range_grows_with_the_day_and_never_knows_what_comes() -> None:
    day, _ = extremes()
    told = [day.at([ONE], step)[0] for step in range(4)]
    assert [tuple(float(price or 0) for price in each) for each in told] == [
        (10.0, 10.0, 10.0),
        (10.0, 12.0, 10.0),
        (10.0, 12.0, 10.0),
        (10.0, 12.0, 9.0),
    ]


def test_what_was_looked_up_is_kept_until_a_new_extreme_comes() -> None:
    day, asked = extremes()
    day.at([ONE], 1)
    before = len(asked)
    assert day.at([ONE], 1) == day.at([ONE], 1)
    assert len(asked) == before


def test_a_contract_without_a_price_has_no_range() -> None:
    day, _ = extremes()
    assert day.at([DEAD], 3) == [Extremes(None, None, None)]
