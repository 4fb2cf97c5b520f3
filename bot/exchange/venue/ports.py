"""What the venue needs of the market, in its own words.

Small Protocols owned by this side. The market path fits them; so do the small true markets of the
tests.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from bot.domain.instruments import ConId


class TopOfBook(Protocol):
    """What one line shows; prices in points (None: nobody stands there), sizes in contracts."""

    @property
    def bid(self) -> Decimal | None:
        """The best bid."""
        ...

    @property
    def ask(self) -> Decimal | None:
        """The best ask."""
        ...

    @property
    def bid_size(self) -> int:
        """Contracts at the bid, zero for none."""
        ...

    @property
    def ask_size(self) -> int:
        """Contracts at the ask, zero for none."""
        ...

    @property
    def last(self) -> Decimal | None:
        """The last trade, or the index value."""
        ...


class OptionNumbers(Protocol):
    """The market's own model of one option.

    Volatility is a fraction per year, prices in points, vega per volatility point, theta per day.
    """

    @property
    def implied_volatility(self) -> float:
        """Volatility of the model price."""
        ...

    @property
    def delta(self) -> float:
        """Per point of the underlying."""
        ...

    @property
    def gamma(self) -> float:
        """Change of delta per point."""
        ...

    @property
    def vega(self) -> float:
        """Per volatility point."""
        ...

    @property
    def theta(self) -> float:
        """Per calendar day."""
        ...

    @property
    def price(self) -> float:
        """The model price."""
        ...

    @property
    def underlying(self) -> float:
        """The forward or index the model used."""
        ...


class DailyBar(Protocol):
    """One session of one instrument, in points."""

    @property
    def date(self) -> date:
        """The session."""
        ...

    @property
    def open(self) -> Decimal:
        """First price."""
        ...

    @property
    def high(self) -> Decimal:
        """Highest price."""
        ...

    @property
    def low(self) -> Decimal:
        """Lowest price."""
        ...

    @property
    def close(self) -> Decimal:
        """Last price, the official close once the session is over."""
        ...


class Market(Protocol):
    """Where prices are, up to the instant it was last advanced to and never beyond."""

    def advance(self, now: datetime) -> None:
        """Move on to `now`."""
        ...

    def top(self, con_id: ConId) -> TopOfBook | None:
        """Return what a line shows, the same object while nothing on it has changed.

        None where the instrument has no market now.
        """
        ...

    def numbers(self, con_id: ConId) -> OptionNumbers | None:
        """Return the model numbers of an option, the same object while they are unchanged."""
        ...

    def settlement(self, con_id: ConId) -> Decimal | None:
        """Return what an expired option pays in points, None before its settlement."""
        ...

    def daily_bars(self, con_id: ConId) -> Sequence[DailyBar]:
        """Return the sessions known by now, oldest first; the current one as far as it went."""
        ...
