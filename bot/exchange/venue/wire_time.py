"""Times as the wire spells them; the exchange keeps New York time (design.md section 8)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.sessions import NEW_YORK

ZONE = "US/Eastern"


def spell_time(at: datetime) -> str:
    """Return `at` as `yyyymmdd hh:mm:ss zone`."""
    return f"{at.astimezone(NEW_YORK):%Y%m%d %H:%M:%S} {ZONE}"


def spell_dashed(at: datetime) -> str:
    """Return `at` as `yyyymmdd-hh:mm:ss` in New York, as schedules have it."""
    return f"{at.astimezone(NEW_YORK):%Y%m%d-%H:%M:%S}"


def read_time(text: str) -> datetime:
    """Read a time a client sent: New York unless it names a zone, UTC with a dash inside.

    Raises:
        ValueError: It has none of the protocol's forms.
    """
    if "-" in text:
        return datetime.strptime(text, "%Y%m%d-%H:%M:%S").replace(tzinfo=UTC)
    day, clock, *zone = text.split()
    if len(zone) > 1:
        raise ValueError(f"not a time: {text!r}")
    naive = datetime.strptime(f"{day} {clock}", "%Y%m%d %H:%M:%S")  # noqa: DTZ007 - zone follows
    try:
        return naive.replace(tzinfo=_zone(zone[0]) if zone else NEW_YORK).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"not a time of this world: {text!r}") from error


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # a folder of zones is an OSError
        raise ValueError(f"unknown time zone {name!r}") from error
