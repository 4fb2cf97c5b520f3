"""A step of the script: a number, what it tries, and which notices belong to it."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import msgspec

from tests.compat.session import Session

Play: TypeAlias = Callable[[Session], Awaitable[None]]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One numbered step; `notices` are the codes its messages may carry in the library's log."""

    number: int
    title: str
    notices: frozenset[int]
    play: Play

    async def take(self, session: Session) -> None:
        """Play it, and fail as well on anything the library complained of meanwhile."""
        session.complaints.texts.clear()
        await self.play(session)
        await session.flush()
        assert session.complaints.beyond(self.notices) == []


class Steps:
    """The steps of one topic, gathered by decorating their functions."""

    def __init__(self) -> None:
        self.all: list[Step] = []

    def __call__(self, number: int, title: str, *notices: int) -> Callable[[Play], Play]:
        """Enter the decorated function as a step."""

        def enter(play: Play) -> Play:
            self.all.append(Step(number=number, title=title, notices=frozenset(notices), play=play))
            return play

        return enter
