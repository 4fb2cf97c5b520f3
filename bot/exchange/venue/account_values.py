"""The account's figures under the broker's names."""

from decimal import Decimal

import msgspec

from bot.exchange.venue.valuation import AccountFigures


class NamedValue(msgspec.Struct, frozen=True):
    """One account value as text; `currency` is empty where there is none."""

    key: str
    text: str
    currency: str = "USD"


def account_values(account: str, figures: AccountFigures) -> list[NamedValue]:
    """Return all values a client may see, in a fixed order."""
    excess = figures.available_usd
    money = {
        "NetLiquidation": figures.net_liquidation_usd,
        "TotalCashValue": figures.cash_usd,
        "SettledCash": figures.cash_usd,
        "CashBalance": figures.cash_usd,
        "TotalCashBalance": figures.cash_usd,
        "AvailableFunds": excess,
        "FullAvailableFunds": excess,
        "ExcessLiquidity": excess,
        "FullExcessLiquidity": excess,
        "BuyingPower": excess,
        "EquityWithLoanValue": figures.equity_with_loan_usd,
        "InitMarginReq": figures.margin_usd,
        "FullInitMarginReq": figures.margin_usd,
        "MaintMarginReq": figures.margin_usd,
        "FullMaintMarginReq": figures.margin_usd,
        "GrossPositionValue": figures.gross_usd,
        "OptionMarketValue": figures.option_value_usd,
        "StockMarketValue": Decimal(0),
        "UnrealizedPnL": figures.unrealized_usd,
        "RealizedPnL": figures.realized_usd,
    }
    words = {
        "AccountCode": account,
        "AccountType": "INDIVIDUAL",
        "AccountReady": "true",
        "Currency": "USD",
        "ExchangeRate": "1.00",
    }
    named = [NamedValue(key, text, "") for key, text in words.items()]
    return named + [NamedValue(key, f"{amount:.2f}") for key, amount in money.items()]
