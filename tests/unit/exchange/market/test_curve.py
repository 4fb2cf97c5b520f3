"""The futures curve against what VX futures settled at, and its shape."""

import itertools
from datetime import date, timedelta

import numpy as np
import pytest

from bot.exchange.market.curve import Anchors, anchors_by_day, vix_future
from bot.exchange.reference.query import Query
from tests.support.paper_market import CALM, STORM, at, market, scenario

SETTLED = [  # session, days to settlement and settlement of VX1 and VX2 as published
    (CALM, date(2017, 5, 15), (2, 10.825), (37, 12.175)),
    (CALM, date(2017, 6, 15), (6, 11.525), (34, 12.425)),
    (STORM, date(2018, 1, 12), (5, 10.575), (33, 11.675)),
    (STORM, date(2018, 2, 1), (13, 13.275), (48, 13.425)),
    (STORM, date(2018, 2, 5), (9, 33.225), (44, 27.975)),
    (STORM, date(2018, 2, 8), (6, 28.10), (41, 21.65)),
    (STORM, date(2018, 2, 20), (29, 18.375), (57, 17.825)),
]


@pytest.mark.parametrize(("name", "day", "front", "second"), SETTLED)
def test_real_settlements_are_reproduced_within_reason(
    name: str, day: date, front: tuple[int, float], second: tuple[int, float]
) -> None:
    """The first two months lie within 13 % of what was printed, and slope the same way."""
    days = scenario(name).days
    place = [each.date for each in days].index(day)
    anchors = anchors_by_day(days)
    today = Anchors(anchors.fast[place], anchors.slow[place])
    found = vix_future(
        np.asarray(days[place].vix_close), today, np.array([front[0], second[0]], dtype=float)
    )
    assert found == pytest.approx([front[1], second[1]], rel=0.13)
    assert (found[0] > found[1]) == (front[1] > second[1])


def test_the_future_is_spot_at_settlement() -> None:
    """F(0) = VIX, and stays it after."""
    anchors = Anchors(np.log(np.array(14.0)), np.log(np.array(16.0)))
    found = vix_future(np.array([11.0, 20.0, 60.0]), anchors, np.array([0.0, -3.0, 0.0]))
    assert found == pytest.approx([11.0, 20.0, 60.0])


def test_a_rise_of_spot_lifts_every_month_and_the_near_ones_most() -> None:
    """Sensitivity is positive at all levels and falls with tenor."""
    anchors = Anchors(np.log(np.array(13.0)), np.log(np.array(14.0)))
    tenors = np.array([5.0, 30.0, 60.0, 120.0, 240.0])
    levels = np.exp(np.linspace(np.log(8.0), np.log(90.0), 200))
    curves = vix_future(levels[:, None], anchors, tenors[None, :])
    assert (np.diff(curves, axis=0) > 0).all()
    steps = np.diff(np.log(curves), axis=0)
    assert (np.diff(steps, axis=1) < 0).all()


def test_anchors_know_only_earlier_closes() -> None:
    """The mean a session starts with ends at the close before it."""
    days = scenario().days
    whole, cut = anchors_by_day(days), anchors_by_day(days[:520])
    assert np.array_equal(whole.fast[:520], cut.fast)
    assert np.array_equal(whole.slow[:520], cut.slow)
    assert whole.fast[0] == whole.fast[1] == np.log(days[0].vix_close)
    expected = whole.fast[1] + 2 / 11 * (np.log(days[1].vix_close) - whole.fast[1])
    assert whole.fast[2] == pytest.approx(expected)


@pytest.mark.parametrize("name", [CALM, STORM])
def test_beta_falls_over_20_to_90_days(name: str) -> None:
    """G26: tau of 250 sessions of daily bars lies inside the bounds it is clipped to."""
    end = scenario(name).first_session
    before = at(end, 8)
    held = market(name)
    vix_id = held.reference.find(Query(symbol="VIX", sec_type="IND"), end)[0].instrument.con_id
    spot = {bar.date: bar.close for bar in held.daily_bars(vix_id, before, 251)}
    rows = []
    asked = Query(symbol="VIX", sec_type="FUT", include_expired=True)
    for listing in held.reference.find(asked, end):
        settles = date.fromisoformat(listing.real_expiration_date)
        bars = held.daily_bars(listing.instrument.con_id, before, 251)
        for first, second in itertools.pairwise(bars):
            tenor = (settles - second.date).days
            if first.date in spot and 3 <= tenor <= 150:
                move = spot[second.date] - spot[first.date]
                rows.append((second.close - first.close, move, tenor))
    change, move, tenor = np.array(rows).T
    taus = np.arange(5.0, 200.0)
    errors = [((change - np.exp(-tenor / tau) * move) ** 2).sum() for tau in taus]
    assert 20 < taus[int(np.argmin(errors))] < 90


def test_the_storm_inverts_the_curve_and_the_calm_does_not() -> None:
    """VX1 above VX2 at the close of 5 February 2018, below on every calm session."""
    held = market(STORM)
    for name in (CALM, STORM):
        held = market(name)
        for day in [each.date for each in scenario(name).days[512:]]:
            listed = held.reference.find(Query(symbol="VIX", sec_type="FUT"), day + timedelta(1))
            front, second = (
                held.mark(each.instrument.con_id, at(day, 16, 15)) for each in listed[:2]
            )
            if name == CALM:
                assert front < second
            elif day == date(2018, 2, 5):
                assert front > second + 5
