"""Model values: Black-76 on the matching future, Black-Scholes on the index, parity on both."""

from datetime import date
from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np
import pytest

from bot.domain.instruments import ConId, Right
from bot.exchange.market.columns import as_columns
from bot.exchange.market.curve import vix_future
from bot.exchange.market.valuation import Values, value_all
from bot.exchange.reference.conid import ContractClass
from bot.exchange.reference.contracts import instrument_of
from bot.exchange.reference.underlyings import SPX_ID, VIX_ID
from tests.support.market_worlds import world
from tests.support.paper_market import STORM_DAY, at, future, option, sessions_of

MARCH_VIX = date(2018, 3, 21)
MARCH_SPX = date(2018, 3, 16)
WORLD = world()
NOON = at(STORM_DAY, 12)
NORMAL = NormalDist()


def values(*con_ids: ConId) -> Values:
    return value_all(as_columns(instrument_of(each, sessions_of()) for each in con_ids), WORLD)


def test_indices_and_futures_are_their_levels() -> None:
    """No volatility, no greeks; the future is the curve at its settlement."""
    found = values(VIX_ID, SPX_ID, future(MARCH_VIX))
    days = (at(MARCH_VIX, 9, 30) - NOON).total_seconds() / 86_400
    level = float(vix_future(np.array(22.0), WORLD.anchors, np.array(days)))
    assert found.value.tolist() == pytest.approx([22.0, 2700.0, level])
    assert found.days[2] == pytest.approx(days)
    assert np.isnan(found.delta).all()
    assert np.isnan(found.volatility).all()


def test_a_vix_call_is_black_76_on_its_future() -> None:
    """Price and delta by the textbook formula, written out by hand."""
    found = values(option(ContractClass.VIX, MARCH_VIX, "20"), future(MARCH_VIX))
    forward, vol = float(found.value[1]), float(found.volatility[0])
    years = float(found.days[0]) / 365
    d1 = (log(forward / 20) + vol**2 * years / 2) / (vol * sqrt(years))
    d2 = d1 - vol * sqrt(years)
    discount = exp(-0.0142 * years)
    price = discount * (forward * NORMAL.cdf(d1) - 20 * NORMAL.cdf(d2))
    assert found.underlying[0] == pytest.approx(forward)
    assert found.value[0] == pytest.approx(price)
    assert found.delta[0] == pytest.approx(discount * NORMAL.cdf(d1))
    per_point = discount * forward * NORMAL.pdf(d1) * sqrt(years) / 100
    assert found.vega[0] == pytest.approx(per_point)


def test_an_spx_put_is_black_scholes_on_the_index() -> None:
    """Price and delta by the textbook formula with a dividend yield, written out by hand."""
    found = values(option(ContractClass.SPX, MARCH_SPX, "2600", Right.PUT))
    vol, years = float(found.volatility[0]), float(found.days[0]) / 365
    d1 = (log(2700 / 2600) + (0.0142 - 0.018 + vol**2 / 2) * years) / (vol * sqrt(years))
    d2 = d1 - vol * sqrt(years)
    price = 2600 * exp(-0.0142 * years) * NORMAL.cdf(-d2)
    price -= 2700 * exp(-0.018 * years) * NORMAL.cdf(-d1)
    assert found.value[0] == pytest.approx(price)
    assert found.delta[0] == pytest.approx(-exp(-0.018 * years) * NORMAL.cdf(-d1))
    assert found.underlying[0] == 2700.0


def test_parity_holds_on_the_future() -> None:
    """C - P = exp(-rT) (F - K) at every strike (domain.md section 1.6)."""
    for strike in ("10", "17", "24", "45"):
        found = values(
            option(ContractClass.VIX, MARCH_VIX, strike),
            option(ContractClass.VIX, MARCH_VIX, strike, Right.PUT),
            future(MARCH_VIX),
        )
        discount = exp(-0.0142 * float(found.days[0]) / 365)
        assert found.value[0] - found.value[1] == pytest.approx(
            discount * (found.value[2] - float(strike))
        )


def test_nothing_asked_is_nothing_answered() -> None:
    """An empty list of contracts has empty columns."""
    assert values().value.shape == (0,)
