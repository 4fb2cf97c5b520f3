"""The account as the broker reports it."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NewType

from bot.domain.instruments import ConId
from bot.domain.value import Value

AccountId = NewType("AccountId", str)


class Mode(StrEnum):
    """How orders and quotes are connected (design.md section 3)."""

    DEMO = "demo"
    SIM = "sim"
    SHADOW = "shadow"
    PAPER = "paper"
    LIVE = "live"


class Position(Value, array_like=True):
    """A net position: signed contracts and their average cost in USD per contract.

    `average_cost_usd` includes the multiplier, as the broker reports it.
    """

    con_id: ConId
    quantity: int
    average_cost_usd: Decimal


class Account(Value):
    """Balances in USD; an unreported one is None, never zero."""

    account_id: AccountId
    as_of: datetime
    net_liquidation_usd: Decimal | None = None
    cash_usd: Decimal | None = None
    available_funds_usd: Decimal | None = None
