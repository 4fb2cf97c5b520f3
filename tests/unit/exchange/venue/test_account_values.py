"""The account's figures under the names of a recorded answer of the broker."""

from decimal import Decimal

import pytest

from bot.exchange.venue.account_values import (
    Statement,
    account_values,
    ledger_values,
    total_values,
)
from bot.exchange.venue.valuation import AccountFigures, Segment

SECURITIES = Segment(
    cash_usd=Decimal(15_500),
    stock_value_usd=Decimal(14_000),
    option_value_usd=Decimal(360),
    accrued_usd=Decimal(3),
    gross_usd=Decimal(14_440),
    initial_usd=Decimal(14_100),
    maintenance_usd=Decimal(7_100),
)
COMMODITIES = Segment(
    cash_usd=Decimal(4_500),
    futures_pnl_usd=Decimal(1_000),
    accrued_usd=Decimal(-1),
    initial_usd=Decimal(5_500),
    maintenance_usd=Decimal(5_000),
)


def statement(
    securities: Segment = SECURITIES,
    commodities: Segment = COMMODITIES,
    *,
    began_with: Decimal | None = Decimal(29_000),
) -> Statement:
    figures = AccountFigures(
        total=securities.plus(commodities),
        securities=securities,
        commodities=commodities,
        realized_usd=Decimal("12.50"),
        unrealized_usd=Decimal("1608.00"),
        daily_usd=Decimal(610),
        day_began_with_usd=began_with,
    )
    return Statement(
        account="SIM1",
        figures=figures,
        settled_cash_usd=Decimal(19_700),
        day_trades=[3, 3, 2, 1, 0],
    )


VALUES = {value.name: value.text for value in account_values(statement())}


@pytest.mark.parametrize(
    ("key", "total", "commodities", "securities"),
    [
        ("NetLiquidation", "35362.00", "5499.00", "29863.00"),
        ("TotalCashValue", "21000.00", "5500.00", "15500.00"),
        ("EquityWithLoanValue", "35000.00", "5500.00", "29500.00"),
        ("InitMarginReq", "19600.00", "5500.00", "14100.00"),
        ("FullInitMarginReq", "19600.00", "5500.00", "14100.00"),
        ("LookAheadInitMarginReq", "19600.00", "5500.00", "14100.00"),
        ("MaintMarginReq", "12100.00", "5000.00", "7100.00"),
        ("AvailableFunds", "15400.00", "0.00", "15400.00"),
        ("FullAvailableFunds", "15400.00", "0.00", "15400.00"),
        ("LookAheadAvailableFunds", "15400.00", "0.00", "15400.00"),
        ("ExcessLiquidity", "22900.00", "500.00", "22400.00"),
        ("FullExcessLiquidity", "22900.00", "500.00", "22400.00"),
        ("LookAheadExcessLiquidity", "22900.00", "500.00", "22400.00"),
        ("AccruedCash", "2.00", "-1.00", "3.00"),
        ("AccruedDividend", "0.00", "0.00", "0.00"),
        ("PostExpirationMargin", "0.00", "0.00", "0.00"),
    ],
)
def test_each_segment_and_the_total_are_told(
    key: str, total: str, commodities: str, securities: str
) -> None:
    found = tuple(VALUES[f"{key}{suffix}", "USD"] for suffix in ("", "-C", "-S"))
    assert found == (total, commodities, securities)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("GrossPositionValue", "14440.00"),
        ("RegTEquity", "29500.00"),
        ("RegTMargin", "14100.00"),
        ("SMA", "15400.00"),
        ("PreviousDayEquityWithLoanValue", "29000.00"),
    ],
)
def test_what_securities_alone_have_is_told_twice(key: str, text: str) -> None:
    assert VALUES[key, "USD"] == VALUES[f"{key}-S", "USD"] == text
    assert (f"{key}-C", "USD") not in VALUES


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("AccountCode", "SIM1"),
        ("Cushion", "0.647588"),
        ("Leverage", "0.41"),
        ("Leverage-S", "0.48"),
        ("LookAheadNextChange", "0"),
        ("HighestSeverity", "0"),
        ("DayTradesRemaining", "3"),
        ("DayTradesRemainingT+1", "3"),
        ("DayTradesRemainingT+2", "2"),
        ("DayTradesRemainingT+4", "0"),
        ("TradingType-S", "STKMRGN"),
        ("WhatIfPMEnabled", "false"),
        ("SegmentTitle-C", "US Commodities"),
    ],
)
def test_what_is_no_amount_has_no_currency(key: str, text: str) -> None:
    assert VALUES[key, ""] == text


def test_buying_power_is_four_times_the_funds_and_never_negative() -> None:
    assert VALUES["BuyingPower", "USD"] == "61600.00"
    poor = {v.key: v.text for v in total_values(statement(Segment(cash_usd=Decimal(-5))))}
    assert (poor["BuyingPower"], poor["SMA"]) == ("0.00", "0.00")


def test_settled_cash_is_without_the_proceeds_on_their_way() -> None:
    assert VALUES["SettledCash", "USD"] == "19700.00"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("AccountOrGroup", "SIM1"),
        ("AccruedCash", "2.00"),
        ("CashBalance", "20000.00"),
        ("TotalCashBalance", "21000.00"),
        ("FuturesPNL", "1000.00"),
        ("NetLiquidationByCurrency", "35362.00"),
        ("OptionMarketValue", "360.00"),
        ("StockMarketValue", "14000.00"),
        ("RealizedPnL", "12.50"),
        ("UnrealizedPnL", "1608.00"),
        ("ExchangeRate", "1.00"),
        ("FutureOptionValue", "0.00"),
        ("MoneyMarketFundValue", "0.00"),
        ("NetDividend", "0.00"),
    ],
)
def test_the_ledger_says_the_same_in_the_base_currency_and_in_dollars(key: str, text: str) -> None:
    assert VALUES[key, "BASE"] == VALUES[key, "USD"] == text


def test_the_ledger_names_its_currencies() -> None:
    rows = {value.name: value.text for value in ledger_values(statement())}
    for currency in ("BASE", "USD"):
        assert rows["Currency", currency] == rows["RealCurrency", currency] == currency


def test_values_come_by_name_and_each_once() -> None:
    names = [value.name for value in account_values(statement())]
    assert names == sorted(set(names))


def test_what_is_unknown_is_left_out() -> None:
    """No equity of a day before the first, and no ratio to an account worth nothing."""
    keys = {v.key for v in total_values(statement(Segment(), Segment(), began_with=None))}
    assert not keys & {
        "Cushion",
        "Leverage",
        "Leverage-S",
        "PreviousDayEquityWithLoanValue",
        "PreviousDayEquityWithLoanValue-S",
    }


@pytest.mark.parametrize(
    ("maintenance", "severity"), [("899", "0"), ("901", "1"), ("951", "2"), ("1001", "3")]
)
def test_severity_rises_as_the_cushion_melts(maintenance: str, severity: str) -> None:
    """Of 1,000 USD less than 10 %, 5 % and nothing is left above maintenance."""
    tight = Segment(cash_usd=Decimal(1000), maintenance_usd=Decimal(maintenance))
    rows = {v.key: v.text for v in total_values(statement(tight, Segment()))}
    assert rows["HighestSeverity"] == severity
