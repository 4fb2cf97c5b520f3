"""The account id proves the mode; everything that does not fit refuses."""

import pytest

from bot.domain.account import AccountId, Mode
from bot.risk.mode import AccountKind, AccountRefusal, account_kind, account_problem, prove_account

SIM, PAPER, ADVISOR_PAPER = AccountId("SIM0000001"), AccountId("DU123456"), AccountId("DF77")
LIVE, ADVISOR_LIVE = AccountId("U123456"), AccountId("F9")


@pytest.mark.parametrize(
    ("account", "kind"),
    [
        (SIM, AccountKind.SIMULATED),
        (PAPER, AccountKind.PAPER),
        (ADVISOR_PAPER, AccountKind.PAPER),
        (LIVE, AccountKind.LIVE),
        (ADVISOR_LIVE, AccountKind.LIVE),
        (AccountId("UNKNOWN"), None),
        (AccountId(""), None),
        (AccountId("U12x"), None),
        (AccountId("DU123456\n"), None),
        (AccountId("xDU1"), None),
    ],
)
def test_account_kind_is_read_from_the_whole_id(
    account: AccountId, kind: AccountKind | None
) -> None:
    assert account_kind(account) is kind


@pytest.mark.parametrize(
    ("mode", "account"),
    [
        (Mode.DEMO, SIM),
        (Mode.SIM, SIM),
        (Mode.SHADOW, LIVE),
        (Mode.SHADOW, PAPER),
        (Mode.PAPER, PAPER),
        (Mode.PAPER, ADVISOR_PAPER),
        (Mode.LIVE, LIVE),
        (Mode.LIVE, ADVISOR_LIVE),
    ],
)
def test_account_of_the_modes_kind_on_the_list_is_proved(mode: Mode, account: AccountId) -> None:
    assert prove_account(mode, [account], [account]) == account


@pytest.mark.parametrize(
    ("mode", "account"),
    [
        (Mode.DEMO, PAPER),
        (Mode.SIM, LIVE),
        (Mode.SHADOW, SIM),
        (Mode.PAPER, LIVE),
        (Mode.PAPER, SIM),
        (Mode.LIVE, PAPER),
        (Mode.LIVE, AccountId("X1")),
    ],
)
def test_account_of_another_kind_is_refused_even_when_listed(
    mode: Mode, account: AccountId
) -> None:
    refusal = prove_account(mode, [account], [account])
    assert isinstance(refusal, AccountRefusal)
    assert account in refusal.reason


@pytest.mark.parametrize(("mode", "account"), [(Mode.PAPER, PAPER), (Mode.LIVE, LIVE)])
def test_paper_and_live_need_the_allow_list(mode: Mode, account: AccountId) -> None:
    refusal = prove_account(mode, [account], [])
    assert isinstance(refusal, AccountRefusal)
    assert "allow-list" in refusal.reason


def test_simulated_account_needs_no_list_but_a_given_one_binds() -> None:
    assert prove_account(Mode.SIM, [SIM], []) == SIM
    assert isinstance(prove_account(Mode.SIM, [SIM], [AccountId("SIM2")]), AccountRefusal)


def test_one_account_of_the_wrong_kind_refuses_the_whole_login() -> None:
    refusal = prove_account(Mode.PAPER, [PAPER, LIVE], [PAPER])
    assert isinstance(refusal, AccountRefusal)
    assert LIVE in refusal.reason


def test_the_listed_one_of_several_is_chosen() -> None:
    assert prove_account(Mode.LIVE, [LIVE, ADVISOR_LIVE], [ADVISOR_LIVE]) == ADVISOR_LIVE


def test_several_usable_accounts_are_ambiguous() -> None:
    refusal = prove_account(Mode.LIVE, [LIVE, ADVISOR_LIVE], [LIVE, ADVISOR_LIVE])
    assert isinstance(refusal, AccountRefusal)
    assert "exactly one" in refusal.reason


def test_no_account_at_all_is_refused() -> None:
    assert isinstance(prove_account(Mode.DEMO, [], []), AccountRefusal)


def test_problem_is_empty_only_for_a_usable_account() -> None:
    assert account_problem(Mode.PAPER, PAPER, [PAPER]) == ""
    assert "unknown" in account_problem(Mode.PAPER, AccountId("??"), [])
