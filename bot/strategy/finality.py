"""When a contract is at its end: nothing is held to settlement (R14)."""

from bot.domain.instruments import Option
from bot.strategy.draft import Case


def is_final(case: Case, option: Option) -> bool:
    """Tell whether today is the session before the last trading day, or that day (R14)."""
    sessions, last = case.inputs.sessions, option.last_trading_day
    if has_stopped(case, option):
        return False
    if not (sessions.covers(last) and sessions.covers(case.day)):
        return case.day == last
    session_of_last = sessions.on_or_before(last).date
    return sessions.count_between(case.day, session_of_last) <= 1


def has_stopped(case: Case, option: Option) -> bool:
    """Tell whether the contract's last trading day is over."""
    return case.day > option.last_trading_day
