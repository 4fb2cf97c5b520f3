"""A clock that a test moves by hand."""

from datetime import UTC, datetime, timedelta


class StandingClock:
    """Stands at 2018-02-05 15:00 UTC until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2018, 2, 5, 15, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        self.advance(seconds)
