"""The account's figures under the broker's names.

The names, their currencies and their order are those of a recorded answer of the broker; what each
means is in its reference under `updateAccountValue`. A name ending in -S is the securities', one in
-C the commodities' part of the total. Rows in BASE and USD are the ledger, one per currency held
and one for all in the base currency; here both say the same. No discount is granted during the day
and no margin changes by the hour, so the "full" and "look-ahead" figures are the present ones and
the time of the next change is 0. What the account cannot hold (bonds, funds, warrants, dividends
owed, shares of the broker) is stated as zero, as the broker does.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

import msgspec

from bot.exchange.venue.valuation import AccountFigures, Segment

BASE, USD = "BASE", "USD"
_BUYING_POWER_FACTOR = 4
"""A margin account may hold four times its funds during the day (FINRA rule 4210(f)(8)(B))."""
_SEVERITIES = (Decimal(0), Decimal("0.05"), Decimal("0.10"))
"""Cushions below which the broker warns more and more: liquidation, orange, yellow."""


class NamedValue(msgspec.Struct, frozen=True):
    """One account value as text; `currency` is empty where there is none."""

    key: str
    text: str
    currency: str = USD

    @property
    def name(self) -> tuple[str, str]:
        """What tells this value from the others."""
        return self.key, self.currency


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """All that the values are made of; `day_trades` of today and the four business days on."""

    account: str
    figures: AccountFigures
    settled_cash_usd: Decimal
    day_trades: list[int]


_IN_EACH_SEGMENT: dict[str, Callable[[Segment], Decimal]] = {
    "AccruedCash": lambda s: s.accrued_usd,
    "EquityWithLoanValue": lambda s: s.equity_with_loan_usd,
    "NetLiquidation": lambda s: s.net_liquidation_usd,
    "TotalCashValue": lambda s: s.total_cash_usd,
} | {
    f"{horizon}{name}": figure
    for horizon in ("", "Full", "LookAhead")
    for name, figure in (
        ("AvailableFunds", lambda s: s.available_usd),
        ("ExcessLiquidity", lambda s: s.excess_usd),
        ("InitMarginReq", lambda s: s.initial_usd),
        ("MaintMarginReq", lambda s: s.maintenance_usd),
    )
}
_NOTHING_IN_EACH_SEGMENT = (
    "AccruedDividend",
    "Billable",
    "Guarantee",
    "IndianStockHaircut",
    "PASharesValue",
    "PostExpirationExcess",
    "PostExpirationMargin",
    "TotalDebitCardPendingCharges",
)
_OF_SECURITIES: dict[str, Callable[[Segment], Decimal]] = {
    "GrossPositionValue": lambda s: s.gross_usd,
    "RegTEquity": lambda s: s.equity_with_loan_usd,
    "RegTMargin": lambda s: s.initial_usd,
    # a line of credit as large as the Regulation T excess, which it is without deposits
    "SMA": lambda s: max(s.available_usd, Decimal(0)),
}
_LEDGER: dict[str, Callable[[AccountFigures], Decimal]] = {
    "AccruedCash": lambda f: f.total.accrued_usd,
    "CashBalance": lambda f: f.total.cash_usd,
    "FuturesPNL": lambda f: f.total.futures_pnl_usd,
    "NetLiquidationByCurrency": lambda f: f.total.net_liquidation_usd,
    "OptionMarketValue": lambda f: f.total.option_value_usd,
    "RealizedPnL": lambda f: f.realized_usd,
    "StockMarketValue": lambda f: f.total.stock_value_usd,
    "TotalCashBalance": lambda f: f.total.total_cash_usd,
    "UnrealizedPnL": lambda f: f.unrealized_usd,
}
_NOTHING_IN_LEDGER = (
    "CorporateBondValue",
    "Cryptocurrency",
    "FundValue",
    "FutureOptionValue",
    "FxCashBalance",
    "IssuerOptionValue",
    "MoneyMarketFundValue",
    "MutualFundValue",
    "NetDividend",
    "TBillValue",
    "TBondValue",
    "WarrantValue",
)


def account_values(statement: Statement) -> list[NamedValue]:
    """Return all values that account updates hold, in the broker's order."""
    found = {value.name: value for value in ledger_values(statement)}
    found |= {value.name: value for value in total_values(statement)}
    return [found[name] for name in sorted(found)]


def ledger_values(statement: Statement) -> list[NamedValue]:
    """Return the ledger: the rows in BASE and those in USD."""
    return [value for currency in (BASE, USD) for value in _ledger(statement, currency)]


def _ledger(statement: Statement, currency: str) -> Iterator[NamedValue]:
    yield NamedValue("AccountOrGroup", statement.account, currency)
    yield NamedValue("Currency", currency, currency)
    yield NamedValue("RealCurrency", currency, currency)
    yield NamedValue("ExchangeRate", "1.00", currency)
    for key, figure in _LEDGER.items():
        yield NamedValue(key, _money(figure(statement.figures)), currency)
    for key in _NOTHING_IN_LEDGER:
        yield NamedValue(key, _money(Decimal(0)), currency)


def total_values(statement: Statement) -> list[NamedValue]:
    """Return the values of the whole account and of its segments, by key."""
    rows = [*_words(statement), *_amounts(statement), *_ratios(statement.figures)]
    return sorted(rows, key=lambda value: value.name)


def _words(statement: Statement) -> Iterator[NamedValue]:
    words = {
        "AccountCode": statement.account,
        "AccountReady": "true",
        "AccountType": "INDIVIDUAL",
        "HighestSeverity": str(_severity(statement.figures.total)),
        "LookAheadNextChange": "0",
        "NLVAndMarginInReview": "false",
        "SegmentTitle-C": "US Commodities",
        "SegmentTitle-S": "US Securities",
        "TradingType-S": "STKMRGN",
        "WhatIfPMEnabled": "false",
    }
    for key, text in words.items():
        yield NamedValue(key, text, "")
    for ahead, left in enumerate(statement.day_trades):
        suffix = f"T+{ahead}" if ahead else ""
        yield NamedValue(f"DayTradesRemaining{suffix}", str(left), "")


def _amounts(statement: Statement) -> Iterator[NamedValue]:
    figures = statement.figures
    parts = {"": figures.total, "-C": figures.commodities, "-S": figures.securities}
    for suffix, segment in parts.items():
        for key, figure in _IN_EACH_SEGMENT.items():
            yield NamedValue(f"{key}{suffix}", _money(figure(segment)))
        for key in _NOTHING_IN_EACH_SEGMENT:
            yield NamedValue(f"{key}{suffix}", _money(Decimal(0)))
    for suffix in ("", "-S"):
        for key, figure in _OF_SECURITIES.items():
            yield NamedValue(f"{key}{suffix}", _money(figure(figures.securities)))
        if figures.day_began_with_usd is not None:
            text = _money(figures.day_began_with_usd)
            yield NamedValue(f"PreviousDayEquityWithLoanValue{suffix}", text)
    power = max(figures.total.available_usd, Decimal(0)) * _BUYING_POWER_FACTOR
    yield NamedValue("BuyingPower", _money(power))
    yield NamedValue("NetLiquidationUncertainty", _money(Decimal(0)))
    yield NamedValue("SettledCash", _money(statement.settled_cash_usd))


def _ratios(figures: AccountFigures) -> Iterator[NamedValue]:
    """Yield what is told as a fraction of net liquidation; nothing where that is nothing."""
    worth, securities = figures.total.net_liquidation_usd, figures.securities
    if worth > 0:
        yield NamedValue("Cushion", f"{figures.total.excess_usd / worth:.6f}", "")
        yield NamedValue("Leverage", f"{figures.total.gross_usd / worth:.2f}", "")
    if securities.net_liquidation_usd > 0:
        lever = securities.gross_usd / securities.net_liquidation_usd
        yield NamedValue("Leverage-S", f"{lever:.2f}", "")


def _severity(total: Segment) -> int:
    """Return how close the account is to liquidation: 0 is far, 3 is there."""
    worth = max(total.net_liquidation_usd, Decimal(0))
    return sum(total.excess_usd < limit * worth for limit in _SEVERITIES)


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"
