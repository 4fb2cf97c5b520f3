"""A partial description of a contract, and what fits it."""

from datetime import date
from decimal import Decimal

import msgspec

from bot.domain.instruments import Index, Right
from bot.exchange.reference.conid import ContractClass
from bot.exchange.reference.contracts import multiplier_of, symbol_of
from bot.exchange.reference.products import Stock
from bot.exchange.reference.sheets import Sheet

CONTINUOUS = "CONTFUT"
"""The broker's word for the future of a class that leads at the moment."""

_YEAR_MONTH_DIGITS = 6


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """A partial description of a contract; what is empty or None is left open.

    `last_trade_date` is YYYYMMDD - the last trading day or the settlement day, both find the
    contract (domain.md section 4: the broker's answer may be a day off what was asked) - or YYYYMM,
    the contract month. Expired contracts are found only among futures, and only with
    `include_expired`. `sec_id` is a pair like ("ISIN", "US78462F1030").
    """

    symbol: str = ""
    sec_type: str = ""
    trading_class: str = ""
    last_trade_date: str = ""
    strike: Decimal | None = None
    right: Right | None = None
    exchange: str = ""
    primary_exchange: str = ""
    local_symbol: str = ""
    multiplier: str = ""
    sec_id: tuple[str, str] | None = None
    include_expired: bool = False

    def may_name(self, contract_class: ContractClass) -> bool:
        """Tell whether contracts of a class can fit at all."""
        kinds = {"", "FUT", CONTINUOUS} if contract_class.is_future else {"", "OPT"}
        of_option = self.strike is not None or self.right is not None
        return (
            self.sec_type in kinds
            and self.symbol in {"", symbol_of(contract_class)}
            and self.trading_class in {"", contract_class.label}
            and self.multiplier in {"", str(multiplier_of(contract_class))}
            and not (contract_class.is_future and of_option)
        )

    def may_expire(self, last_trading_day: date, settlement: date) -> bool:
        """Tell whether an expiry fits."""
        wanted = self.last_trade_date
        if len(wanted) == _YEAR_MONTH_DIGITS:
            return f"{settlement:%Y%m}" == wanted
        return wanted in {"", f"{last_trading_day:%Y%m%d}", f"{settlement:%Y%m%d}"}

    def fits(self, undated: Index | Stock) -> bool:
        """Tell whether an index or a share fits, its exchanges left aside."""
        own = {"", undated.symbol}
        return (
            self.symbol in own
            and self.local_symbol in own
            and self._has_terms_of(undated)
            and not self._names_an_expiry
        )

    def may_be_at(self, sheet: Sheet) -> bool:
        """Tell whether exchanges and security number fit a product."""
        primary = {sheet.primary_exchange} if sheet.primary_exchange else set(sheet.exchanges)
        return (
            self.exchange in {"", *sheet.exchanges}
            and self.primary_exchange in {"", *primary}
            and (self.sec_id is None or self.sec_id in sheet.sec_ids)
        )

    @property
    def _names_an_expiry(self) -> bool:
        return bool(self.last_trade_date) or self.strike is not None or self.right is not None

    def _has_terms_of(self, undated: Index | Stock) -> bool:
        """Tell whether kind, class and multiplier fit; an index has neither of the last two."""
        if isinstance(undated, Index):
            return self.sec_type in {"", "IND"} and not (self.trading_class or self.multiplier)
        return (
            self.sec_type in {"", "STK"}
            and self.trading_class in {"", undated.trading_class}
            and self.multiplier in {"", str(undated.multiplier)}
        )
