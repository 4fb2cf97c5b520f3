"""A listed contract with what the broker's contract details say beside the instrument.

What all strikes of an expiry share is put together once per expiry and day (`Series`); a listing
adds the instrument.
"""

from datetime import date, datetime
from decimal import Decimal

import msgspec

from bot.domain.instruments import ConId, Future, Index, Option
from bot.domain.sessions import NEW_YORK, SessionTable
from bot.exchange.reference.hours import Hours, hours_of
from bot.exchange.reference.phases import end_of_trading
from bot.exchange.reference.products import Product, Stock
from bot.exchange.reference.sheets import ZONES, Sheet, sheet_of


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """What the details of an expiry say on one day; dates are empty for an index or a share.

    `last_trade_date` is what the broker calls lastTradeDateOrContractMonth: the last trading day;
    `real_expiration_date` is the settlement day, whose month is the contract month; both are
    YYYYMMDD. `last_trade_text` is the last trading day with hour and zone.
    """

    sheet: Sheet
    hours: Hours
    contract_month: str = ""
    last_trade_date: str = ""
    last_trade_text: str = ""
    real_expiration_date: str = ""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A contract as its details describe it on one day.

    `valid_exchanges` and `market_rule_ids` are parallel, the default exchange first.
    """

    instrument: Product
    series: Series

    @property
    def valid_exchanges(self) -> tuple[str, ...]:
        """Where it is quoted or traded."""
        return self.series.sheet.exchanges

    @property
    def market_rule_ids(self) -> tuple[int, ...]:
        """The market rule at each valid exchange."""
        sheet = self.series.sheet
        return (sheet.rule_id,) * len(sheet.exchanges)

    @property
    def min_tick(self) -> Decimal:
        """The smallest increment at any price."""
        return self.series.sheet.min_tick

    @property
    def long_name(self) -> str:
        """The name of the product in words."""
        return self.series.sheet.long_name

    @property
    def last_trade_date(self) -> str:
        """The last trading day, YYYYMMDD; empty for an index or a share."""
        return self.series.last_trade_date

    @property
    def real_expiration_date(self) -> str:
        """The settlement day, YYYYMMDD; empty for an index or a share."""
        return self.series.real_expiration_date

    @property
    def under_con_id(self) -> ConId | None:
        """The number of the index it is derived from, None for an index or a share."""
        return self.series.sheet.under_con_id


def series_of(product: Product, day: date, sessions: SessionTable) -> Series:
    """Return what the details of a product's expiry say on `day`."""
    sheet = sheet_of(product)
    hours = hours_of(product, day, sessions)
    if isinstance(product, Index | Stock):
        return Series(sheet=sheet, hours=hours)
    settles = settlement_day(product)
    last = product.last_trading_day
    ends = end_of_trading(product, sessions.on_or_before(last))
    return Series(
        sheet=sheet,
        hours=hours,
        contract_month=f"{settles:%Y%m}",
        last_trade_date=f"{last:%Y%m%d}",
        last_trade_text=_with_zone(ends, sheet.zone),
        real_expiration_date=f"{settles:%Y%m%d}",
    )


def settlement_day(instrument: Future | Option) -> date:
    """Return the settlement day in New York."""
    return instrument.settlement.astimezone(NEW_YORK).date()


def _with_zone(instant: datetime, zone: str) -> str:
    return f"{instant.astimezone(ZONES[zone]):%Y%m%d %H:%M:%S} {zone}"
