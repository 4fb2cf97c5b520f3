"""Times as a person gives them: New York time, or a date that stands for its whole day."""

from datetime import date, datetime, time

from bot.bootstrap.usage import UsageError
from bot.domain.sessions import NEW_YORK


def first_instant(text: str, option: str) -> datetime:
    """Return the instant a span begins with; a date begins at its midnight.

    Raises:
        UsageError: it is neither a date nor a time; `option` is named.
    """
    return _instant(text, option, time.min)


def last_instant(text: str, option: str) -> datetime:
    """Return the instant a span ends with; a date ends just before the next. Raises as above."""
    return _instant(text, option, time.max)


def _instant(text: str, option: str, of_a_date: time) -> datetime:
    try:
        if len(text) == len("2018-02-05"):
            return datetime.combine(date.fromisoformat(text), of_a_date, tzinfo=NEW_YORK)
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{option} {text!r}: expected a New York date or time, as 2018-02-05 or "
            f"2018-02-05T10:30"
        ) from error
    return given if given.tzinfo else given.replace(tzinfo=NEW_YORK)
