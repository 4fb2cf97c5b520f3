"""Bar sizes and durations of history requests: how they are spelled, and which go together.

The texts and limits are the broker's: a duration counts seconds up to a day, days up to a year and
so on; bars of half a minute and less reach back no more than two thousand bars, minutes no more
than a month, and no bar is longer than what it is asked for.
"""

import re
from datetime import timedelta
from typing import NamedTuple

DAY_SECONDS = 86_400
WEEK_SECONDS = 7 * DAY_SECONDS
MONTH_SECONDS = 31 * DAY_SECONDS
SMALL_SECONDS = 30
"""Bars up to this size are paced and limited in number."""

_SIZES = {
    "1 secs": 1,
    "5 secs": 5,
    "10 secs": 10,
    "15 secs": 15,
    "30 secs": 30,
    "1 min": 60,
    "2 mins": 120,
    "3 mins": 180,
    "5 mins": 300,
    "10 mins": 600,
    "15 mins": 900,
    "20 mins": 1200,
    "30 mins": 1800,
    "1 hour": 3600,
    "2 hours": 7200,
    "3 hours": 10_800,
    "4 hours": 14_400,
    "8 hours": 28_800,
    "1 day": DAY_SECONDS,
    "1W": WEEK_SECONDS,
    "1M": MONTH_SECONDS,
}
_OTHER_SPELLINGS = {
    "1 sec": "1 secs",
    "1D": "1 day",
    "1 D": "1 day",
    "1 week": "1W",
    "1 W": "1W",
    "1 month": "1M",
    "1 M": "1M",
}
_DURATION = re.compile(r"(\d{1,6}) ([SDWMY])", re.ASCII)
_UNIT_SECONDS = {
    "S": 1,
    "D": DAY_SECONDS,
    "W": WEEK_SECONDS,
    "M": MONTH_SECONDS,
    "Y": 366 * DAY_SECONDS,
}
_MOST = {
    "S": (86_400, "86400 seconds must be made in days"),
    "D": (365, "365 days must be made in years"),
    "W": (52, "52 weeks must be made in years"),
    "M": (12, "12 months must be made in years"),
    "Y": (100, "100 years cannot be made"),
}
_MOST_SMALL_BARS = 2000
_MINUTES_REACH = {180: MONTH_SECONDS, 1200: 366 * DAY_SECONDS}
"""Up to this bar size, how far back in seconds."""


class IllegalRequestError(ValueError):
    """A history request makes no sense (321)."""


class TooLongError(ValueError):
    """Bars of this size are not kept for so long a duration, or do not fit into it (162)."""


class Duration(NamedTuple):
    """How far back a request reaches: a number of seconds, sessions (D), weeks, months or years."""

    number: int
    unit: str

    @property
    def seconds(self) -> int:
        """Its length by the calendar."""
        return self.number * _UNIT_SECONDS[self.unit]

    @property
    def calendar(self) -> timedelta:
        """Its length by the calendar."""
        return timedelta(seconds=self.seconds)


def parse_bar_size(text: str) -> int:
    """Return the seconds of a bar; days, weeks and months have the constants of this module.

    Raises:
        IllegalRequestError: The broker has no such bars.
    """
    found = _SIZES.get(_OTHER_SPELLINGS.get(text, text))
    if found is None:
        legal = ", ".join(_SIZES)
        raise IllegalRequestError(
            f"Historical data bar size setting is invalid. Legal ones are: {legal}"
        )
    return found


def parse_duration(text: str) -> Duration:
    """Return a duration.

    Raises:
        IllegalRequestError: It has another form, or its unit is too small for it.
    """
    match = _DURATION.fullmatch(text)
    if match is None or not int(match[1]):
        raise IllegalRequestError(
            f"Historical data duration '{text}' is invalid. "
            "Format is 'integer{SPACE}unit (S|D|W|M|Y)'"
        )
    number, unit = int(match[1]), match[2]
    most, rule = _MOST[unit]
    if number > most:
        raise IllegalRequestError(f"Historical data requests for durations longer than {rule}.")
    return Duration(number, unit)


def check_together(size: int, duration: Duration) -> None:
    """Make sure that bars of `size` seconds can be had for `duration`.

    Raises:
        TooLongError: They cannot.
    """
    if duration.unit == "S" and size > duration.seconds:
        raise TooLongError(f"invalid step: {size}")
    if duration.seconds > _reach(size):
        raise TooLongError("Time length exceed max.")


def _reach(size: int) -> int:
    if size <= SMALL_SECONDS:
        return size * _MOST_SMALL_BARS
    reaches = [reach for largest, reach in _MINUTES_REACH.items() if size <= largest]
    return reaches[0] if reaches else _MOST["Y"][0] * _UNIT_SECONDS["Y"]
