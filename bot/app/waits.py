"""How long to wait before another try: the wait doubles from try to try, up to a longest one."""

from collections.abc import Iterator


def growing_waits(first_seconds: float, longest_seconds: float) -> Iterator[float]:
    """Yield the seconds before each further try, for ever."""
    wait = first_seconds
    while True:
        yield wait
        wait = min(2 * wait, longest_seconds)
