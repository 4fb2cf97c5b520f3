"""Model prices are those a person would work out by hand, quoted on the legal grid."""

import math
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bot.app.cases import contracts
from bot.app.cases.model import (
    ModelMarket,
    around,
    curve_closes,
    curve_level,
    quiet_closes,
    spx_volatility,
)
from bot.domain.instruments import Right
from bot.domain.money import price_grid
from tests.support.cases import sessions

NOW = datetime(2018, 2, 5, 20, 0, tzinfo=UTC)
MARCH = date(2018, 3, 21)


def market(spx: float | None = 2650.0) -> ModelMarket:
    return ModelMarket(NOW, vix=30.0, spx=spx, long_run=20.0, tau_days=45.0, rate=0.02)


def test_the_curve_reverts_from_spot_to_its_level() -> None:
    assert curve_level(30.0, 0.0, 20.0, 45.0) == 30.0
    assert curve_level(30.0, 45.0, 20.0, 45.0) == pytest.approx(20.0 + 10.0 / math.e)
    assert curve_level(30.0, 9000.0, 20.0, 45.0) == pytest.approx(20.0)


def test_a_future_of_the_case_stands_in_place_of_the_curve() -> None:
    future, model = contracts.vx_future(MARCH), market()
    modelled = model.forward(future.settlement)
    model.know(future.settlement, 26.5)
    assert model.forward(future.settlement) == 26.5 != modelled
    (quote,) = model.quotes([future])
    assert (quote.bid, quote.ask) == (Decimal("26.5"), Decimal("26.55"))


def test_calls_and_puts_keep_parity_on_the_future_of_their_settlement() -> None:
    options = [contracts.vix_option(MARCH, Decimal(24), right) for right in Right]
    call, put = market().quotes(options)
    assert call.mid is not None
    assert put.mid is not None
    years = (options[0].settlement - NOW).total_seconds() / (365 * 86400)
    expected = math.exp(-0.02 * years) * (market().forward(options[0].settlement) - 24.0)
    assert float(call.mid - put.mid) == pytest.approx(expected, abs=0.05)


def test_without_spot_spx_options_have_no_price() -> None:
    option = contracts.spx_option(date(2018, 3, 2), Decimal(2550), Right.PUT)
    assert market(spx=None).quotes([option]) == []
    assert len(market().quotes([option])) == 1


def test_spx_costs_vix_at_the_money_more_below_and_a_little_less_above() -> None:
    assert spx_volatility(20.0, 2650.0, 2650.0) == pytest.approx(0.20)
    assert spx_volatility(20.0, 2650.0 * math.exp(-0.1), 2650.0) == pytest.approx(0.28)
    assert spx_volatility(20.0, 2650.0 * math.exp(0.01), 2650.0) == pytest.approx(0.192)
    assert spx_volatility(20.0, 5300.0, 2650.0) == pytest.approx(0.16)


@pytest.mark.parametrize(
    ("price", "bid", "ask"),
    [(1.234, "1.23", "1.24"), (3.02, "3.00", "3.05"), (2.0, "2.00", "2.01"), (0.004, "0", "0.01")],
)
def test_a_quote_is_the_legal_prices_around_the_model(price: float, bid: str, ask: str) -> None:
    option = contracts.vix_option(MARCH, Decimal(20), Right.CALL)
    quote = around(option, price, NOW)
    assert (quote.bid, quote.ask) == (Decimal(bid), Decimal(ask))
    assert quote.is_two_sided == (price > 0.01)


def test_a_quiet_past_neither_stands_still_nor_trends() -> None:
    closes = quiet_closes(20.0, 512)
    assert len(closes) == 512
    assert max(closes) < 21.0
    assert min(closes) > 19.0
    assert abs(sum(closes) / 512 - 20.0) < 0.1
    assert len(set(closes)) > 100
    assert quiet_closes(20.0, 100) == closes[-100:]


def test_past_futures_closed_where_the_curve_stood() -> None:
    days = [sessions().shift(date(2018, 2, 5), -back).date for back in (2, 1)]
    future = contracts.vx_future(MARCH)
    ((first, second),) = curve_closes([30.0, None], days, [future.settlement], (20.0, 45.0))
    assert first == pytest.approx(curve_level(30.0, (MARCH - days[0]).days, 20.0, 45.0))
    assert second is None


def test_the_grid_of_a_case_is_that_of_the_exchange() -> None:
    assert price_grid(("0", "0.01"), ("3", "0.05")) == contracts.VIX_GRID
