"""A line over time: the same as asked moment by moment, and volumes that add up."""

from datetime import UTC, date, datetime
from math import isnan, nan

import numpy as np
import pytest

from bot.domain.instruments import ConId
from bot.exchange.reference.conid import ContractClass
from bot.exchange.reference.underlyings import AD_NYSE_ID, SPX_ID, SPY_ID, VIX_ID
from tests.support.paper_market import STORM_DAY, at, future, market, option, scenario

TUESDAY, MARCH = date(2018, 2, 6), date(2018, 3, 21)
VX, CALL = future(MARCH), option(ContractClass.VIX, MARCH, "25")
WING = option(ContractClass.SPX, date(2018, 2, 16), "3400")
ES = future(date(2018, 3, 16), ContractClass.ES)


def number(price: object) -> float:
    return nan if price is None else float(str(price))


@pytest.mark.parametrize("con_id", [VX, CALL, WING, ES, SPY_ID, VIX_ID, SPX_ID, AD_NYSE_ID])
def test_samples_are_what_the_line_showed(con_id: ConId) -> None:
    """From afternoon over curb and night into the next morning, every seven minutes."""
    told = market().samples(con_id, at(STORM_DAY, 15), at(TUESDAY, 10), 420)
    assert len(told.at) > 10
    for place, seconds in enumerate(told.at):
        line = market().quotes([con_id], datetime.fromtimestamp(seconds, UTC))[0]
        shown = [number(each) for each in (line.bid, line.ask, line.last)]
        sampled = [float(column[place]) for column in (told.bid, told.ask, told.last)]
        assert sampled == pytest.approx(shown, abs=1e-9, nan_ok=True)
        assert (told.bid_size[place], told.ask_size[place]) == (line.bid_size, line.ask_size)


@pytest.mark.parametrize("con_id", [VX, CALL, ES, SPY_ID])
@pytest.mark.parametrize("step", [5, 30, 60, 300])
def test_the_steps_volumes_add_up_to_the_days(con_id: ConId, step: int) -> None:
    """Whatever the step: what is told at the end of the curb."""
    told = market().samples(con_id, at(STORM_DAY, 9, 29, 59), at(STORM_DAY, 17), step)
    assert told.volume.sum() == market().quotes([con_id], at(STORM_DAY, 17))[0].volume
    assert (told.volume >= 0).all()


def test_nights_have_their_own_volume() -> None:
    """Up to the opening; the first step of the day begins anew."""
    told = market().samples(VX, at(STORM_DAY, 17, 59), at(TUESDAY, 9, 29, 55), 5)
    assert told.volume.sum() == market().quotes([VX], at(TUESDAY, 9, 29, 55))[0].volume > 0


def test_steps_lie_on_multiples_in_trading_hours_alone() -> None:
    """A VIX option has none between 17:00 and 20:15 and none from 09:25 to 09:30."""
    told = market().samples(CALL, at(STORM_DAY, 16, 40), at(TUESDAY, 9, 31), 60)
    assert (told.at % 60 == 0).all()
    assert (np.diff(told.at) > 0).all()
    gaps = np.diff(told.at)
    assert sorted(gaps[gaps > 60].tolist()) == [6 * 60, 3.25 * 3600]


def test_the_start_is_out_and_the_end_is_in() -> None:
    """As bars are cut."""
    told = market().samples(SPX_ID, at(STORM_DAY, 12), at(STORM_DAY, 12, 1), 30)
    assert told.at.tolist() == [
        at(STORM_DAY, 12, 0, 30).timestamp(),
        at(STORM_DAY, 12, 1).timestamp(),
    ]


def test_where_nothing_was_shown_there_is_nothing() -> None:
    """Before the history, over a weekend, after a settlement."""
    assert len(market().samples(VX, at(date(2014, 1, 2), 9), at(date(2014, 1, 3), 9), 60).at) == 0
    assert len(market().samples(CALL, at(date(2018, 2, 3), 9), at(date(2018, 2, 4), 9), 60).at) == 0
    settled = future(date(2018, 2, 14))
    assert len(market().samples(settled, at(date(2018, 2, 15), 9), at(MARCH, 9), 3600).at) == 0
    first = scenario().days[0].date
    early = market().samples(SPX_ID, at(date(2014, 1, 2), 9), at(first, 9, 31), 60)
    assert early.at.tolist() == [at(first, 9, 30).timestamp(), at(first, 9, 31).timestamp()]


def test_an_index_trades_nothing() -> None:
    """A level, no sides, no volume."""
    told = market().samples(VIX_ID, at(STORM_DAY, 12), at(STORM_DAY, 13), 60)
    assert isnan(told.bid[0])
    assert isnan(told.ask[0])
    assert told.volume.sum() == told.bid_size.sum() == 0


def test_the_extremes_of_five_seconds_are_those_of_thirty() -> None:
    """Between two grid levels nothing leaves their span."""
    fine, coarse = (
        market().samples(VIX_ID, at(STORM_DAY, 9, 29), at(STORM_DAY, 16, 15), step).last
        for step in (5, 30)
    )
    assert (fine.max(), fine.min()) == (coarse.max(), coarse.min())
    assert len(np.unique(fine)) > 1.5 * len(np.unique(coarse))
