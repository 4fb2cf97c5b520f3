"""Replies about: positions, values, profit and loss."""

from decimal import Decimal

import msgspec

from bot.exchange.wire.contract import WireContract


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """One position; `average_cost` in account currency per contract, multiplier included."""

    account: str
    contract: WireContract
    quantity: Decimal
    average_cost: Decimal


class PositionEnd(msgspec.Struct, frozen=True, kw_only=True):
    """All positions have been told."""


class PositionMulti(msgspec.Struct, frozen=True, kw_only=True):
    """One position of one account or model."""

    request_id: int
    account: str
    contract: WireContract
    quantity: Decimal
    average_cost: Decimal
    model_code: str = ""


class PositionMultiEnd(msgspec.Struct, frozen=True, kw_only=True):
    """All positions of that subscription have been told."""

    request_id: int


class AccountValue(msgspec.Struct, frozen=True, kw_only=True):
    """One account value (updateAccountValue)."""

    key: str
    value: str
    currency: str
    account: str


class PortfolioValue(msgspec.Struct, frozen=True, kw_only=True):
    """One portfolio line; money in the contract's currency."""

    contract: WireContract
    quantity: Decimal
    market_price: Decimal
    market_value: Decimal
    average_cost: Decimal
    unrealized_pnl: Decimal
    realized_pnl: Decimal
    account: str


class AccountUpdateTime(msgspec.Struct, frozen=True, kw_only=True):
    """When account values were last computed (`hh:mm`)."""

    timestamp: str


class AccountDownloadEnd(msgspec.Struct, frozen=True, kw_only=True):
    """The first full set of account values is complete."""

    account: str


class AccountSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One value of an account summary."""

    request_id: int
    account: str
    tag: str
    value: str
    currency: str


class AccountSummaryEnd(msgspec.Struct, frozen=True, kw_only=True):
    """The first full summary is complete."""

    request_id: int


class AccountUpdateMulti(msgspec.Struct, frozen=True, kw_only=True):
    """One value of one account or model."""

    request_id: int
    account: str
    model_code: str
    key: str
    value: str
    currency: str


class AccountUpdateMultiEnd(msgspec.Struct, frozen=True, kw_only=True):
    """The first full set of that subscription is complete."""

    request_id: int


class PnL(msgspec.Struct, frozen=True, kw_only=True):
    """An account's profit and loss in its currency."""

    request_id: int
    daily: float | None
    unrealized: float | None
    realized: float | None


class PnLSingle(msgspec.Struct, frozen=True, kw_only=True):
    """One position's profit and loss and market value in account currency."""

    request_id: int
    position: Decimal
    daily: float | None
    unrealized: float | None
    realized: float | None
    value: float | None


class FamilyCode(msgspec.Struct, frozen=True, kw_only=True):
    """The family an account belongs to, empty for none."""

    account: str
    family_code: str = ""


class FamilyCodes(msgspec.Struct, frozen=True, kw_only=True):
    """The families of all accounts."""

    codes: tuple[FamilyCode, ...]


class SoftDollarTier(msgspec.Struct, frozen=True, kw_only=True):
    """One soft-dollar tier."""

    name: str
    value: str
    display_name: str


class SoftDollarTiers(msgspec.Struct, frozen=True, kw_only=True):
    """All soft-dollar tiers of the account."""

    request_id: int
    tiers: tuple[SoftDollarTier, ...] = ()
