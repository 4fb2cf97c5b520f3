"""What a scenario is: real daily history, real event dates, and the account that lives through it.

The market between the daily values is made in `bot.exchange.market`; text becomes these values in
`bot.exchange.scenarios.parse`.
"""

from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

import msgspec

from bot.domain.instruments import Right
from bot.exchange.scenarios.observed import Observed

LISTING_HORIZON_DAYS = 800
"""Calendar days beyond the last session that contract dates reach: SPX quarters of two years."""

_LONGEST_RECESS = timedelta(days=7)
"""No holidays last so long that a week has no session."""


class EventKind(StrEnum):
    """The kinds of scheduled release a scenario knows."""

    FOMC = "fomc"
    CPI = "cpi"
    PPI = "ppi"


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """The real values of one session, in index points; VIX has all four where they are known."""

    date: date
    spx_open: float
    spx_high: float
    spx_low: float
    spx_close: float
    vix_close: float
    vix_open: float | None = None
    vix_high: float | None = None
    vix_low: float | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A scheduled release with the place its date was taken from."""

    kind: EventKind
    date: date
    source: str


class Leg(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One leg of a condor the account holds.

    `position` is in contracts, negative when short; `average_price` in option points, as traded.
    """

    right: Right
    strike: Decimal
    position: int
    average_price: Decimal


class Condor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Four legs of one class and settlement day, opened on `opened`."""

    trading_class: str
    settlement: date
    opened: date
    legs: tuple[Leg, ...]


class Coverage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The span in which all events of a kind are listed, both ends included."""

    first: date
    last: date


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """One stretch of history and the account at its start.

    `days` begins with the history the indicators need and ends with `last_session`. `rate` and
    `dividend_yield` are continuous yearly fractions, `ten_year` is the yield of ten-year notes when
    it began. `observed` is what is known of the days beside SPX and VIX. `coverage` names for each
    kind of event the span its list is complete for; a kind that is absent has no list at all, which
    is not the same as no event.
    """

    name: str
    description: str
    first_session: date
    last_session: date
    account_id: str
    cash_usd: Decimal
    rate: float
    dividend_yield: float
    condors: tuple[Condor, ...]
    days: tuple[Day, ...]
    events: tuple[Event, ...]
    coverage: dict[EventKind, Coverage]
    ten_year: float | None = None
    observed: Observed | None = None

    @property
    def sessions_from(self) -> date:
        """The first date a session table for this scenario has to hold.

        A session before the first month, so that what falls due in it can be counted from its 1st.
        """
        return self.days[0].date.replace(day=1) - _LONGEST_RECESS

    @property
    def sessions_until(self) -> date:
        """The date a session table for this scenario has to reach at least."""
        return self.last_session + timedelta(days=LISTING_HORIZON_DAYS)
