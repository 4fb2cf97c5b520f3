"""A world of the market at noon of 5 February 2018, its levels as a test wants them."""

from math import log

import numpy as np

from bot.exchange.market.curve import Anchors
from bot.exchange.market.world import Facts, World
from bot.pricing.arrays import FloatArray
from tests.support.paper_market import STORM_DAY, at

FACTS = Facts(
    date=STORM_DAY,
    spx_before=2762.13,
    vix_before=17.31,
    spx_mean=log(2700.0),
    dividend_years=52 / 365,
    ten_year_percent=2.67,
    monthlies=(
        at(STORM_DAY, 9, 30).timestamp() + 11 * 86_400.0,
        at(STORM_DAY, 9, 30).timestamp() + 39 * 86_400.0,
    ),
)


def world(
    vix: float | FloatArray = 22.0, spx: float | FloatArray = 2700.0, share: float = 150 / 405
) -> World:
    """Return the world with these levels, after a calm history."""
    return World(
        seconds=at(STORM_DAY, 12).timestamp(),
        vix=vix,
        spx=spx,
        anchors=Anchors(np.array(log(13.0)), np.array(log(11.5))),
        rate=0.0142,
        dividend_yield=0.018,
        share=share,
        facts=FACTS,
    )
