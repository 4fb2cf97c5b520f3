"""A snapshot finds a quote or says that there is none."""

from datetime import timedelta

from bot.domain.account import Account, AccountId
from bot.domain.inputs import EvaluationKind, Farm, Snapshot
from bot.domain.instruments import ConId
from bot.domain.quotes import Quote
from bot.domain.sessions import Session
from tests.support.orders import NOW


def test_a_quote_is_found_by_contract() -> None:
    quote = Quote(con_id=ConId(5), as_of=NOW)
    snapshot = Snapshot(
        now=NOW,
        kind=EvaluationKind.INTRADAY,
        session=Session(date=NOW.date(), open_at=NOW, close_at=NOW + timedelta(hours=1)),
        farm=Farm.OK,
        quotes=(quote,),
        positions=(),
        account=Account(account_id=AccountId("SIM1"), as_of=NOW),
    )
    assert snapshot.quote(ConId(5)) is quote
    assert snapshot.quote(ConId(6)) is None
