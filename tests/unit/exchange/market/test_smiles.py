"""Implied volatilities: level, term structure, smile, and what they cost."""

from collections.abc import Callable
from statistics import NormalDist
from typing import TypeAlias

import numpy as np
import pytest

from bot.exchange.market.curve import Anchors, vix_future
from bot.exchange.market.smiles import spx_option_volatility, vix_option_volatility, vvix
from bot.pricing import black76
from bot.pricing.arrays import FloatArray

Surface: TypeAlias = Callable[[FloatArray, Anchors, FloatArray, FloatArray], FloatArray]

WORLDS = [(10.0, 11.0), (14.0, 13.0), (20.0, 16.0), (37.0, 11.5), (80.0, 20.0)]


def anchors(mean: float) -> Anchors:
    return Anchors(np.log(np.array(mean)), np.log(np.array(mean)))


def spot_for_future(level: float, days: float, held: Anchors) -> float:
    grid = np.linspace(8.0, 60.0, 5201)
    return float(np.interp(level, vix_future(grid, held, np.array(days)), grid))


@pytest.mark.parametrize("mean", [12.0, 15.0, 18.0])
def test_a_30_delta_call_costs_what_domain_5_3_says(mean: float) -> None:
    """60 days, F = 18: 5.5 to 7.8 % of the future."""
    held, days, years = anchors(mean), 60.0, 60.0 / 365.0
    spot = np.array(spot_for_future(18.0, days, held))
    strikes = np.linspace(14.0, 45.0, 6201)
    volatility = vix_option_volatility(spot, held, np.array(days), np.log(strikes / 18.0))
    d1 = (np.log(18.0 / strikes) + volatility**2 * years / 2) / (volatility * np.sqrt(years))
    at = int(np.argmin(np.abs(d1 - NormalDist().inv_cdf(0.30))))
    cost = float(black76.price(18.0, strikes[at], years, volatility[at], 0.0375, is_call=True))
    assert 0.055 <= cost / 18.0 <= 0.078


def test_vol_of_vol_is_calm_at_90_and_stressed_at_150() -> None:
    """VVIX printed 85 to 110 in calm and 157 on 5 February 2018."""
    assert 80 < vvix(np.array(10.2), anchors(11.5)) < 110
    assert 140 < vvix(np.array(37.32), anchors(11.3)) < 170
    assert 170 < vvix(np.array(82.7), anchors(20.0)) < 215


def test_the_chain_of_25_june_2013_is_met_within_reason() -> None:
    """57 days, VIX 18.47, F 19.97: 0.85 at the money, 1.00 at strike 27, 1.11 at 40."""
    strikes = np.array([20.0, 27.0, 40.0])
    found = vix_option_volatility(
        np.array(18.47), anchors(14.5), np.array(57.0), np.log(strikes / 19.97)
    )
    assert found == pytest.approx([0.848, 1.003, 1.08], rel=0.20)


@pytest.mark.parametrize(("vix", "mean"), WORLDS)
def test_vix_volatility_rises_with_strike_and_falls_with_tenor(vix: float, mean: float) -> None:
    """At one moneyness a longer option has less; from half the future up a strike has more."""
    k = np.log(np.linspace(0.65, 5.0, 60))
    tenors = np.array([7.0, 20.0, 45.0, 90.0, 180.0])
    held = vix_option_volatility(np.array(vix), anchors(mean), tenors[:, None], k[None, :])
    assert (np.diff(held, axis=1) > 0).all()
    assert (np.diff(held[:, 13]) < 0).all()


@pytest.mark.parametrize(("vix", "mean"), WORLDS)
def test_spx_at_the_money_follows_vix(vix: float, mean: float) -> None:
    """At 30 days it is 0.82 of VIX; puts below cost more volatility than calls above."""
    held = spx_option_volatility(
        np.array(vix), anchors(mean), np.array(30.0), np.array([-0.05, 0.0, 0.05])
    )
    assert held[1] == pytest.approx(0.82 * vix / 100)
    assert held[0] > held[1]
    assert held[0] > held[2]


@pytest.mark.parametrize(("vix", "mean"), WORLDS)
@pytest.mark.parametrize("surface", [vix_option_volatility, spx_option_volatility])
def test_calls_fall_and_are_convex_in_the_strike(surface: Surface, vix: float, mean: float) -> None:
    """No butterfly or vertical is free at any level of stress."""
    for days in (1.0, 9.0, 30.0, 120.0, 270.0):
        strikes = np.linspace(40.0, 400.0, 721)
        volatility = surface(np.array(vix), anchors(mean), np.array(days), np.log(strikes / 100.0))
        calls = black76.price(100.0, strikes, days / 365.0, volatility, 0.0, is_call=True)
        assert (np.diff(calls) <= 1e-12).all()
        assert (np.diff(calls, 2) >= -1e-10).all()
