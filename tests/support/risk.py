"""Builders for the pre-trade checks: one call of 1.40 x 1.50 in an open session, nothing held."""

from decimal import Decimal
from typing import Any

from bot.domain.account import AccountId, Mode
from bot.domain.book import Book, Lot
from bot.domain.inputs import Farm
from bot.domain.instruments import ConId, Universe
from bot.domain.orders import Intent, IntentId
from bot.domain.quotes import DataType, Quote
from bot.domain.rungs import RuleClass, Rung
from bot.domain.sessions import Session
from bot.risk.check import check
from bot.risk.context import RiskContext
from tests.support.orders import CALL, NOW, later, vix_call, vix_index

SIM = AccountId("SIM1")
SESSION = Session(date=NOW.date(), open_at=later(-3600), close_at=later(3600))


def quote(**changes: Any) -> Quote:
    fields: dict[str, Any] = {
        "con_id": CALL,
        "as_of": NOW,
        "data_type": DataType.LIVE,
        "bid": Decimal("1.40"),
        "ask": Decimal("1.50"),
        "bid_size": 10,
        "ask_size": 10,
    }
    return Quote(**(fields | changes))


def lot(quantity: int, con_id: ConId = CALL) -> Lot:
    return Lot(
        intent_id=IntentId("old"),
        rung=Rung.S1,
        con_id=con_id,
        quantity=quantity,
        price=Decimal(1),
        rule="R5",
        rule_class=RuleClass.STAGE,
        opened_at=NOW,
    )


def context(**changes: Any) -> RiskContext:
    fields: dict[str, Any] = {
        "mode": Mode.DEMO,
        "account_id": SIM,
        "allowed_accounts": (),
        "now": NOW,
        "session": SESSION,
        "farm": Farm.OK,
        "quotes": (quote(),),
        "positions": (),
        "book": Book(),
        "universe": Universe(instruments=(vix_index(), vix_call())),
    }
    return RiskContext(**(fields | changes))


def refused_by(wanted: Intent, where: RiskContext) -> str | None:
    refusal = check(wanted, where)
    return None if refusal is None else refusal.check
