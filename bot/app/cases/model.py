"""Model prices for a case that asks for them: the VX curve, VIX options and SPX options.

Plain on purpose: a person can check it by hand. The curve reverts from spot to a level of the case,
F(T) = L + (VIX - L) exp(-T / tau), the shape whose answer to spot is G26's beta. VIX options are
Black-76 on the future of their settlement with an ordinary smile, SPX options Black-76 with a
volatility of VIX and an ordinary skew. A quote is the two legal prices around the model's.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

import numpy as np
from numpy.typing import ArrayLike

from bot.domain.instruments import Future, Instrument, Option, Right
from bot.domain.money import PriceGrid
from bot.domain.quotes import DataType, Quote
from bot.domain.sessions import NEW_YORK
from bot.pricing import black76
from bot.pricing.arrays import FloatArray
from bot.pricing.black76 import DAYS_PER_YEAR
from bot.pricing.forward import year_fraction
from bot.pricing.smile import usual_vix_volatility

SIZE = 100
"""Contracts on each side of a model quote: size never binds."""

SKEW = 4.0
"""An SPX put ten per cent below costs four tenths more volatility than one at the money."""

LOWEST = 0.8
"""No SPX call costs less than so much of the volatility at the money."""


class ModelMarket:
    """Prices at one moment.

    Args:
        now: The moment.
        vix: Spot VIX in points.
        spx: Spot SPX in points; None: SPX options have no price.
        long_run: Level the curve reverts to, points.
        tau_days: Time constant of the reversion, calendar days.
        rate: Interest rate a year.
    """

    def __init__(
        self,
        now: datetime,
        *,
        vix: float,
        spx: float | None,
        long_run: float,
        tau_days: float,
        rate: float,
    ) -> None:
        self._now = now
        self._vix = vix
        self._spx = spx
        self._long_run = long_run
        self._tau_days = tau_days
        self._rate = rate
        self._futures: dict[datetime, float] = {}

    def know(self, settlement: datetime, level: float) -> None:
        """Take a future's price from the case instead of the curve."""
        self._futures[settlement] = level

    def forward(self, settlement: datetime) -> float:
        """Return the VX future of a settlement, in points."""
        known = self._futures.get(settlement)
        if known is not None:
            return known
        days = year_fraction(self._now, settlement) * DAYS_PER_YEAR
        return curve_level(self._vix, days, self._long_run, self._tau_days)

    def quotes(self, instruments: Iterable[Instrument]) -> list[Quote]:
        """Return a quote of every future and option that has a price."""
        wanted = list(instruments)
        futures = [one for one in wanted if isinstance(one, Future)]
        options = [one for one in wanted if isinstance(one, Option) and self._has_spot(one)]
        quotes = [around(one, self.forward(one.settlement), self._now) for one in futures]
        prices = self._prices(options) if options else []
        return quotes + [
            around(one, price, self._now) for one, price in zip(options, prices, strict=True)
        ]

    def _has_spot(self, option: Option) -> bool:
        return option.symbol == "VIX" or self._spx is not None

    def _prices(self, options: list[Option]) -> list[float]:
        """Price options all at once, in points."""
        strikes = np.array([float(option.strike) for option in options])
        years = np.array([year_fraction(self._now, option.settlement) for option in options])
        forwards = np.array(
            [self._option_forward(o, t) for o, t in zip(options, years.tolist(), strict=True)]
        )
        volatilities = np.where(
            [option.symbol == "VIX" for option in options],
            usual_vix_volatility(strikes, forwards, years * DAYS_PER_YEAR),
            spx_volatility(self._vix, strikes, forwards),
        )
        calls = np.array([option.right is Right.CALL for option in options])
        found = black76.price(forwards, strikes, years, volatilities, self._rate, calls)
        return [float(price) for price in found]

    def _option_forward(self, option: Option, years: float) -> float:
        if option.symbol == "VIX":
            return self.forward(option.settlement)
        assert self._spx is not None
        return self._spx * math.exp(self._rate * years)


def curve_level(vix: float, days: float, long_run: float, tau_days: float) -> float:
    """Return the model's VX future so many days to settlement, in points."""
    return long_run + (vix - long_run) * math.exp(-days / tau_days)


def spx_volatility(vix: float, strikes: ArrayLike, forwards: ArrayLike) -> FloatArray:
    """Return the model's yearly volatility of SPX options, as a fraction."""
    ratio = np.log(np.asarray(strikes, dtype=np.float64) / np.asarray(forwards, dtype=np.float64))
    return np.asarray(vix / 100.0 * np.maximum(1.0 - SKEW * ratio, LOWEST), dtype=np.float64)


def around(instrument: Future | Option, price: float, now: datetime) -> Quote:
    """Return the legal prices on either side of a price; below a tick the bid is empty."""
    bid, ask = _sides(instrument.grid, price)
    return Quote(
        con_id=instrument.con_id,
        as_of=now,
        data_type=DataType.LIVE,
        bid=bid,
        ask=ask,
        bid_size=SIZE if bid > 0 else 0,
        ask_size=SIZE,
    )


def _sides(grid: PriceGrid, price: float) -> tuple[Decimal, Decimal]:
    middle = Decimal(repr(round(price, 6)))
    bid, ask = grid.floor(middle), grid.ceil(middle)
    return bid, ask if ask > bid else bid + grid.increment_at(bid)


def quiet_closes(level: float, count: int) -> list[float]:
    """Return closes that ran quietly about a level, the last one next to the case's first.

    A wave of three per cent over eleven weeks with a ripple of one per cent: never flat, since an
    index that does not move has neither RSI nor MACD, and without a trend at its end.
    """
    back = np.arange(count, 0, -1)
    wave = level * (1.0 + 0.03 * np.sin(back / 9.0) + 0.01 * np.sin(back / 2.3))
    return [round(close, 2) for close in wave.tolist()]


def curve_closes(
    vix: Sequence[float | None],
    dates: Sequence[date],
    settlements: Sequence[datetime],
    model: tuple[float, float],
) -> list[tuple[float | None, ...]]:
    """Return what the model's future of each settlement closed at, given VIX closes by date.

    `model` is the long-run level and tau in days.
    """
    long_run, tau_days = model
    levels = np.array(vix, dtype=np.float64)[:, np.newaxis]
    closed = np.array([day.toordinal() for day in dates], dtype=np.float64)[:, np.newaxis]
    settles = [settlement.astimezone(NEW_YORK).date().toordinal() for settlement in settlements]
    days = np.array(settles, dtype=np.float64) - closed
    curve = long_run + (levels - long_run) * np.exp(-days / tau_days)
    return [
        tuple(None if math.isnan(close) else close for close in column)
        for column in curve.T.tolist()
    ]
