"""Computations: the volatility behind a price, against an independent pricer."""

import math
from datetime import date
from decimal import Decimal

import msgspec
import pytest
import QuantLib

from bot.domain.instruments import Option, Right
from bot.exchange.market.quote import MarketQuote, Rates
from bot.exchange.venue.computations import (
    compute,
    implied_volatility,
    model_alone,
    option_price,
)
from tests.support.venue_rig import CALL_15, at, rig_reference, spx_option

NOW = at("2018-01-16T10:00")
RATES = Rates(rate=0.02, dividend_yield=0.018)
PUT = spx_option("2700", Right.PUT, date(2018, 3, 16))


def option(con_id: int) -> Option:
    found = rig_reference().instrument(con_id)  # type: ignore[arg-type]
    assert isinstance(found, Option)
    return found


def line(con_id: int, underlying: float, iv: float) -> MarketQuote:
    return MarketQuote(
        con_id=con_id,  # type: ignore[arg-type]
        bid=Decimal("1.20"),
        ask=Decimal("1.30"),
        last=Decimal("1.25"),
        iv=iv,
        delta=0.3,
        gamma=0.1,
        vega=0.02,
        theta=-0.01,
        underlying_price=underlying,
    )


def years(con_id: int) -> float:
    return (option(con_id).settlement - NOW).total_seconds() / 86_400 / 365


def oracle(con_id: int, volatility: float, forward: float) -> float:
    """Black's formula by QuantLib."""
    t = years(con_id)
    kind = QuantLib.Option.Call if option(con_id).right is Right.CALL else QuantLib.Option.Put
    strike = float(option(con_id).strike)
    discount = math.exp(-RATES.rate * t)
    return float(QuantLib.blackFormula(kind, strike, forward, volatility * math.sqrt(t), discount))


def test_each_price_has_the_volatility_that_gives_it() -> None:
    """A VIX call on its future, an SPX put on the index carried to settlement."""
    spot = 2780.0
    forward = spot * math.exp((RATES.rate - RATES.dividend_yield) * years(PUT))
    shown = [(option(CALL_15), line(CALL_15, 13.5, 0.9))]
    shown.append((option(PUT), msgspec.structs.replace(line(PUT, spot, 0.12), bid=Decimal(20))))
    call, put = compute(shown, RATES, NOW)
    for told, con_id, level, price in (
        (call.bid, CALL_15, 13.5, 1.20),
        (call.ask, CALL_15, 13.5, 1.30),
        (call.last, CALL_15, 13.5, 1.25),
        (put.bid, PUT, forward, 20.0),
    ):
        assert told is not None
        assert told.implied_volatility is not None
        assert oracle(con_id, told.implied_volatility, level) == pytest.approx(price, abs=1e-8)
        assert told.option_price == price
    assert (call.model.implied_volatility, call.model.delta) == (0.9, 0.3)
    assert call.model.option_price == pytest.approx(oracle(CALL_15, 0.9, 13.5))
    assert put.model.option_price == pytest.approx(oracle(PUT, 0.12, forward))
    assert call.model.pv_dividend == 0.0
    assert put.model.pv_dividend == pytest.approx(
        spot * (1 - math.exp(-RATES.dividend_yield * years(PUT)))
    )


def test_greeks_are_those_at_the_prices_volatility() -> None:
    """Delta by a bump of the future, vega per point, theta per day and negative."""
    (call,) = compute([(option(CALL_15), line(CALL_15, 13.5, 0.9))], RATES, NOW)
    assert call.bid is not None
    assert call.bid.implied_volatility is not None
    volatility = call.bid.implied_volatility
    bump = oracle(CALL_15, volatility, 13.51) - oracle(CALL_15, volatility, 13.49)
    assert call.bid.delta == pytest.approx(bump / 0.02, abs=1e-5)
    wider = oracle(CALL_15, volatility + 0.005, 13.5) - oracle(CALL_15, volatility - 0.005, 13.5)
    assert call.bid.vega == pytest.approx(wider, abs=1e-6)
    assert call.bid.theta is not None
    assert call.bid.theta < 0


def test_what_cannot_be_told_is_none_and_never_zero() -> None:
    """No bid, and a put priced below what it is worth at once."""
    empty = msgspec.structs.replace(line(CALL_15, 13.5, 0.9), bid=None)
    deep = msgspec.structs.replace(line(PUT, 2000.0, 0.2), ask=Decimal(100))
    call, put = compute([(option(CALL_15), empty), (option(PUT), deep)], RATES, NOW)
    assert call.bid is not None
    assert call.bid[:3] == (None, None, None)
    assert (call.bid.gamma, call.bid.vega, call.bid.theta) == (None, None, None)
    assert put.ask is not None
    assert (put.ask.implied_volatility, put.ask.option_price) == (None, 100.0)


def test_the_model_alone_computes_nothing() -> None:
    (whole,) = compute([(option(CALL_15), line(CALL_15, 13.5, 0.9))], RATES, NOW)
    alone = model_alone(line(CALL_15, 13.5, 0.9))
    assert alone.model == whole.model._replace(option_price=None, pv_dividend=None)
    assert (alone.bid, alone.ask, alone.last) == (None, None, None)


def test_a_clients_own_price_and_volatility_are_each_others_answer() -> None:
    priced = option_price(option(CALL_15), 0.9, 13.5, RATES, NOW)
    assert priced.option_price == pytest.approx(oracle(CALL_15, 0.9, 13.5))
    assert priced.option_price is not None
    back = implied_volatility(option(CALL_15), priced.option_price, 13.5, RATES, NOW)
    assert back.implied_volatility == pytest.approx(0.9)
    assert back.delta == pytest.approx(priced.delta)
    assert back.vega == pytest.approx(priced.vega)
    nothing = option_price(option(CALL_15), 0.9, -1.0, RATES, NOW)
    assert (nothing.option_price, nothing.delta) == (None, None)
