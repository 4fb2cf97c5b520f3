"""Proof that the account is the one the mode asks for.

A mode is proved by the account id the broker reports, never by a port number (design.md section 3,
domain.md section 3.1): the paper exchange's accounts begin with SIM, the broker's paper accounts
are DU or DF and its live ones U or F, each followed by digits. Whatever cannot be placed in one of
these kinds is unknown and refused.
"""

import re
from collections.abc import Collection
from enum import StrEnum

from bot.domain.account import AccountId, Mode
from bot.domain.value import Value


class AccountKind(StrEnum):
    """What an account id proves."""

    SIMULATED = "simulated"
    PAPER = "paper"
    LIVE = "live"


class AccountRefusal(Value):
    """Why no reported account may be used."""

    reason: str


_PATTERNS = (
    (AccountKind.SIMULATED, re.compile(r"SIM[0-9A-Za-z_-]*")),
    (AccountKind.PAPER, re.compile(r"D[UF][0-9]+")),
    (AccountKind.LIVE, re.compile(r"[UF][0-9]+")),
)

_KINDS_OF_MODE = {
    Mode.DEMO: frozenset({AccountKind.SIMULATED}),
    Mode.SIM: frozenset({AccountKind.SIMULATED}),
    Mode.SHADOW: frozenset({AccountKind.PAPER, AccountKind.LIVE}),
    Mode.PAPER: frozenset({AccountKind.PAPER}),
    Mode.LIVE: frozenset({AccountKind.LIVE}),
}

_MODES_WITH_ALLOW_LIST = frozenset({Mode.PAPER, Mode.LIVE})


def account_kind(account_id: AccountId) -> AccountKind | None:
    """Return what `account_id` proves, None when it proves nothing."""
    return next((kind for kind, form in _PATTERNS if form.fullmatch(account_id)), None)


def account_problem(mode: Mode, account_id: AccountId, allowed: Collection[AccountId]) -> str:
    """Return why `account_id` may not be used in `mode`; empty when it may.

    Paper and live accounts must stand on the allow-list. Elsewhere a list is optional, but where
    one is given it binds.
    """
    kind = account_kind(account_id)
    if kind not in _KINDS_OF_MODE[mode]:
        shown = kind or "unknown"
        return f"account {account_id} is of kind {shown}, which mode {mode} does not use"
    if (allowed or mode in _MODES_WITH_ALLOW_LIST) and account_id not in allowed:
        return f"account {account_id} is not on the allow-list of mode {mode}"
    return ""


def prove_account(
    mode: Mode, reported: Collection[AccountId], allowed: Collection[AccountId]
) -> AccountId | AccountRefusal:
    """Return the one account that `mode` may use, or why there is none.

    One reported account of the wrong kind refuses them all: such a login is not the one that was
    meant. More than one usable account is ambiguous and refused too.
    """
    if not reported:
        return AccountRefusal(reason="the broker reported no account")
    foreign = [a for a in reported if account_kind(a) not in _KINDS_OF_MODE[mode]]
    if foreign:
        return AccountRefusal(reason=account_problem(mode, foreign[0], allowed))
    usable = [a for a in reported if not account_problem(mode, a, allowed)]
    if len(usable) == 1:
        return usable[0]
    shown = ", ".join(sorted(reported))
    if usable:
        return AccountRefusal(reason=f"mode {mode} needs exactly one account, reported: {shown}")
    return AccountRefusal(reason=f"no reported account is on mode {mode}'s allow-list: {shown}")
