"""A partial description of a contract, and whether a contract fits it."""

from datetime import date
from decimal import Decimal
from typing import assert_never

import msgspec

from bot.domain.instruments import Future, Index, Option, Right
from bot.exchange.reference.conid import ContractClass
from bot.exchange.reference.products import Product, Stock

_YEAR_MONTH_DIGITS = 6


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """A partial description of a contract; what is empty or None is left open.

    `last_trade_date` is YYYYMMDD (the last trading day) or YYYYMM (its month). Expired contracts
    are found only among futures, and only with `include_expired`.
    """

    symbol: str = ""
    sec_type: str = ""
    trading_class: str = ""
    last_trade_date: str = ""
    strike: Decimal | None = None
    right: Right | None = None
    exchange: str = ""
    local_symbol: str = ""
    include_expired: bool = False

    def may_name(self, contract_class: ContractClass) -> bool:
        """Tell whether contracts of a class can fit at all."""
        sec_type = "FUT" if contract_class.is_future else "OPT"
        return self.sec_type in {"", sec_type} and self.trading_class in {"", contract_class.label}

    def may_trade_last_on(self, day: date) -> bool:
        """Tell whether the last trading day fits."""
        wanted = self.last_trade_date
        return not wanted or f"{day:%Y%m%d}"[: max(len(wanted), _YEAR_MONTH_DIGITS)] == wanted

    def fits(self, instrument: Product) -> bool:
        """Tell whether `instrument` fits, its exchanges left aside."""
        if self.symbol not in {"", instrument.symbol}:
            return False
        match instrument:
            case Index():
                return self.sec_type in {"", "IND"} and self._wants_no_expiry
            case Stock():
                return self.sec_type in {"", "STK"} and self._wants_no_expiry
            case Future():
                wanted = self.strike is None and self.right is None
            case Option():
                wanted = self.strike in {None, instrument.strike}
                wanted = wanted and self.right in {None, instrument.right}
            case _:
                assert_never(instrument)
        wanted = wanted and self.local_symbol in {"", instrument.local_symbol}
        return wanted and self.may_trade_last_on(instrument.last_trading_day)

    @property
    def _wants_no_expiry(self) -> bool:
        told = (self.trading_class, self.last_trade_date, self.local_symbol)
        return not any(told) and self.strike is None and self.right is None
