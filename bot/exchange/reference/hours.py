"""Trading hours as the broker words them: `20180205:0830-20180205:1515;20180210:CLOSED`.

Intervals stand in the product's own zone and may begin on the evening before. Liquid hours are the
regular session; trading hours add the night and the curb (domain.md sections 1.1 and 3.7). Only the
day asked for and the next six are told; a contract is closed after its last trading day.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.sessions import Session, SessionTable
from bot.exchange.reference.phases import Phase, Stretch, contract_stretches
from bot.exchange.reference.products import Product
from bot.exchange.reference.sheets import ZONES, sheet_of

_DAYS_TOLD = 7


class Hours(NamedTuple):
    """The two strings of contract details."""

    trading: str
    liquid: str


def hours_of(product: Product, day: date, sessions: SessionTable) -> Hours:
    """Return the hours of `product` on `day` and the six days after."""
    zone = ZONES[sheet_of(product).zone]
    told = [day + timedelta(days=ahead) for ahead in range(_DAYS_TOLD)]
    by_day = [(each, _stretches(product, sessions.get(each))) for each in told]
    return Hours(
        trading=";".join(_words(each, found, zone) for each, found in by_day),
        liquid=";".join(
            _words(each, [one for one in found if one.phase is Phase.REGULAR], zone)
            for each, found in by_day
        ),
    )


def _stretches(product: Product, session: Session | None) -> list[Stretch]:
    return [] if session is None else list(contract_stretches(product, session))


def _words(day: date, told: list[Stretch], zone: ZoneInfo) -> str:
    if not told:
        return f"{day:%Y%m%d}:CLOSED"
    return ";".join(f"{_stamp(one.start, zone)}-{_stamp(one.end, zone)}" for one in told)


def _stamp(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y%m%d:%H%M}"
