"""What an option's prices say of volatility: the computations a line shows beside its prices.

For bid, ask and last the volatility that gives the price, and the sensitivities at it; for the
model its own. All options of a step are done in one call, since they are most of what a line costs.
A number that cannot be told (no price, a price below intrinsic value) is None, never zero.

An option on VIX stands on the future of its settlement, which pays nothing (domain.md section 1.6);
one on an index of shares on the index, whose dividends until settlement have a present value.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, TypeAlias

import numpy as np

from bot.domain.instruments import Option, Right
from bot.exchange.market.quote import MarketQuote, Rates
from bot.pricing import black_scholes
from bot.pricing.arrays import BoolArray, FloatArray

_SECONDS_PER_YEAR = 365.0 * 86_400.0
_POINTS = 100.0

Priced: TypeAlias = tuple[Option, MarketQuote]
"""An option with what its line shows."""


class Computation(NamedTuple):
    """The numbers of one price; volatility and greeks as in `MarketQuote`, prices in points."""

    implied_volatility: float | None
    delta: float | None
    option_price: float | None
    pv_dividend: float | None
    gamma: float | None
    vega: float | None
    theta: float | None
    underlying_price: float | None


class Computations(NamedTuple):
    """The numbers of all prices of one option; None where only the model is wanted."""

    bid: Computation | None
    ask: Computation | None
    last: Computation | None
    model: Computation


class _Terms(NamedTuple):
    """What options stand on, as columns of one value per option."""

    base: black_scholes.Index
    strike: FloatArray
    years: FloatArray
    is_call: BoolArray


def compute(options: Sequence[Priced], rates: Rates, now: datetime) -> list[Computations]:
    """Return the computations of each option; each must have an underlying price."""
    terms = _terms(options, rates, now)
    prices = np.array([[_number(p) for p in (q.bid, q.ask, q.last)] for _, q in options]).T
    rows = (terms.base, terms.strike, terms.years)
    volatility = black_scholes.implied_volatility(prices, *rows, terms.is_call)
    greeks = black_scholes.greeks(*rows, volatility, terms.is_call)
    told = (volatility, greeks.delta, greeks.gamma, greeks.vega / _POINTS, greeks.theta)
    bids, asks, lasts = (list(zip(*part, strict=True)) for part in _by_price(told))
    model = np.array([_float(quote.iv) for _, quote in options])
    values = black_scholes.price(*rows, model, terms.is_call).tolist()
    dividends = _dividends(options, rates, terms.years)
    return [
        Computations(
            _computation(quote, quote.bid, bid, dividend),
            _computation(quote, quote.ask, ask, dividend),
            _computation(quote, quote.last, last, dividend),
            _model(quote, value, dividend),
        )
        for (_, quote), bid, ask, last, value, dividend in zip(
            options, bids, asks, lasts, values, dividends, strict=True
        )
    ]


def model_alone(quote: MarketQuote) -> Computations:
    """Return what the model says of an option without its price: nothing is to be computed."""
    return Computations(None, None, None, _model(quote, None, None))


def implied_volatility(
    option: Option, price: float, underlying: float, rates: Rates, now: datetime
) -> Computation:
    """Return the volatility at which `option` is worth `price`, with the greeks at it."""
    quote = MarketQuote(
        con_id=option.con_id, bid=Decimal(repr(price)), iv=1.0, underlying_price=underlying
    )
    found = compute([(option, quote)], rates, now)[0].bid
    assert found is not None
    return found


def option_price(
    option: Option, volatility: float, underlying: float, rates: Rates, now: datetime
) -> Computation:
    """Return what `option` is worth at a volatility, with the greeks at it."""
    quote = MarketQuote(con_id=option.con_id, iv=volatility, underlying_price=underlying)
    terms = _terms([(option, quote)], rates, now)
    rows = (terms.base, terms.strike, terms.years, volatility, terms.is_call)
    greeks = black_scholes.greeks(*rows)
    told = (greeks.delta, greeks.gamma, greeks.vega / _POINTS, greeks.theta)
    delta, gamma, vega, theta = (_known(float(each[0])) for each in told)
    return Computation(
        implied_volatility=volatility,
        delta=delta,
        option_price=_known(float(black_scholes.price(*rows)[0])),
        pv_dividend=_dividends([(option, quote)], rates, terms.years)[0],
        gamma=gamma,
        vega=vega,
        theta=theta,
        underlying_price=underlying,
    )


def _terms(options: Sequence[Priced], rates: Rates, now: datetime) -> _Terms:
    """Give an option on VIX a yield equal to the rate, which makes its future the forward."""
    stamp = now.timestamp()
    columns = [
        (
            _float(quote.underlying_price),
            rates.rate if option.symbol == "VIX" else rates.dividend_yield,
            float(option.strike),
            (option.settlement.timestamp() - stamp) / _SECONDS_PER_YEAR,
            float(option.right is Right.CALL),
        )
        for option, quote in options
    ]
    spot, dividend_yield, strike, years, is_call = np.array(columns, dtype=np.float64).T
    return _Terms(
        black_scholes.Index(spot, rates.rate, dividend_yield), strike, years, is_call > 0.0
    )


def _dividends(options: Sequence[Priced], rates: Rates, years: FloatArray) -> list[float]:
    shares = (1.0 - np.exp(-rates.dividend_yield * np.maximum(years, 0.0))).tolist()
    return [
        0.0 if option.symbol == "VIX" else share * _float(quote.underlying_price)
        for (option, quote), share in zip(options, shares, strict=True)
    ]


def _by_price(told: Sequence[FloatArray]) -> Iterator[list[list[float]]]:
    """Yield the columns of bid, ask and last, each a list per number."""
    columns = [each.tolist() for each in told]
    for at in range(3):
        yield [column[at] for column in columns]


def _computation(
    quote: MarketQuote, price: Decimal | None, numbers: tuple[float, ...], dividend: float
) -> Computation:
    volatility, delta, gamma, vega, theta = numbers
    # the greeks are known where the volatility is; nan alone differs from itself
    if volatility != volatility:  # noqa: PLR0124
        told = None if price is None else float(price)
        underlying = quote.underlying_price
        return Computation(None, None, told, dividend, None, None, None, underlying)
    assert price is not None
    return Computation(
        volatility, delta, float(price), dividend, gamma, vega, theta, quote.underlying_price
    )


def _model(quote: MarketQuote, value: float | None, dividend: float | None) -> Computation:
    return Computation(
        quote.iv,
        quote.delta,
        value,
        dividend,
        quote.gamma,
        quote.vega,
        quote.theta,
        quote.underlying_price,
    )


def _number(price: Decimal | None) -> float:
    return np.nan if price is None else float(price)


def _float(value: float | None) -> float:
    assert value is not None
    return value


def _known(value: float) -> float | None:
    """Return None for nan, which alone differs from itself."""
    return value if value == value else None  # noqa: PLR0124
