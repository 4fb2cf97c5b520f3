"""Data trust, the first step of an evaluation: what may be decided on, and what bars orders.

A decision is always made; what is not trusted only takes its orders away (methodology.md section 4,
design.md section 6). Index and future lines are judged by age; a quiet option line is not stale, it
is judged by farm and data type. `bot.risk` judges again, by its own numbers.
"""

from datetime import timedelta
from typing import NamedTuple

from bot.domain.inputs import EvaluationKind, Farm, Snapshot
from bot.domain.quotes import DataType, Quote


class Bar(NamedTuple):
    """What keeps orders from being sent: a rule, or the data, and the reason in words."""

    by: str
    reason: str


class Trust(NamedTuple):
    """The bars found in the data: against every order, and against purchases."""

    orders: tuple[Bar, ...]
    buys: tuple[Bar, ...]


def assess(snapshot: Snapshot) -> Trust:
    """Judge the snapshot as a whole; single quotes are judged where they are used."""
    return Trust(orders=tuple(_order_bars(snapshot)), buys=tuple(_buy_bars(snapshot)))


def _order_bars(snapshot: Snapshot) -> list[Bar]:
    bars = []
    if snapshot.kind is EvaluationKind.CLOSE:
        bars.append(Bar("cadence", "the close evaluation sends no orders"))
    elif not snapshot.session.open_at <= snapshot.now < snapshot.session.close_at:
        bars.append(Bar("data trust", "the session is not open"))
    if snapshot.farm is not Farm.OK:
        bars.append(Bar("data trust", f"the market data farm is {snapshot.farm.value}"))
    return bars


def _buy_bars(snapshot: Snapshot) -> list[Bar]:
    account = snapshot.account
    unknown = {
        "net liquidation value": account.net_liquidation_usd,
        "cash": account.cash_usd,
    }
    return [
        Bar("data trust", f"the account's {name} is unknown")
        for name, value in unknown.items()
        if value is None
    ]


def is_live(quote: Quote, snapshot: Snapshot) -> bool:
    """Tell whether a line speaks of the market now: the farm stands and the data are live."""
    return snapshot.farm is Farm.OK and quote.data_type is DataType.LIVE


def is_recent(quote: Quote, snapshot: Snapshot, max_age_seconds: float) -> bool:
    """Tell whether an index or future line is live and no older than `max_age_seconds`."""
    age = snapshot.now - quote.as_of
    return is_live(quote, snapshot) and age <= timedelta(seconds=max_age_seconds)
