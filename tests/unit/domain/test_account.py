"""An unreported balance is unknown, not zero."""

from bot.domain.account import Account, AccountId
from tests.support.orders import NOW


def test_unreported_balances_are_none() -> None:
    account = Account(account_id=AccountId("SIM1"), as_of=NOW)
    assert account.net_liquidation_usd is None
    assert account.cash_usd is None
    assert account.available_funds_usd is None
