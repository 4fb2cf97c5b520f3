"""What the control socket does for `alvh book` and `alvh adopt`, in a running bot.

Both look at the market and the account of this moment, in a turn between evaluations; the words for
people and the tables are found elsewhere.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import msgspec

from bot.adapters.control import ControlError, Deed, UnavailableError
from bot.app.adoption import Request
from bot.app.engine import Engine
from bot.app.ports import BrokerError
from bot.app.service import Service
from bot.execution.adoption import AdoptionRefusedError
from bot.review.holding_rows import AdoptAnswer, BookView
from bot.review.holdings import book_view

T = TypeVar("T")


def deeds_of(engine: Engine, service: Service) -> dict[str, Deed]:
    """Return the commands of the control socket that wait for the broker."""

    async def book(_: Mapping[str, object]) -> object:
        return msgspec.to_builtins(await _told(lambda: service.in_turn(lambda: _book_of(engine))))

    async def adopt(arguments: Mapping[str, object]) -> object:
        request = _request(arguments) if arguments else None
        answer = await _told(lambda: service.in_turn(lambda: _adopted(engine, request)))
        return msgspec.to_builtins(answer)

    return {"book": book, "adopt": adopt}


async def _book_of(engine: Engine) -> BookView:
    return book_view(await engine.look(), engine.cycle.last, engine.cycle.memory)


async def _adopted(engine: Engine, request: Request | None) -> AdoptAnswer:
    done = () if request is None else await engine.adopt(request)
    seen = await _book_of(engine)
    return AdoptAnswer(done=done, nobodys=seen.nobodys, ignored=seen.ignored)


def _request(arguments: Mapping[str, object]) -> Request:
    try:
        return msgspec.convert(arguments, Request)  # type: ignore[no-any-return]
    except msgspec.ValidationError as error:
        raise ControlError(f"adopt: {error}") from error


async def _told(act: Callable[[], Awaitable[T]]) -> T:
    """Do something; what the bot refuses or cannot do now becomes the control socket's errors."""
    try:
        return await act()
    except AdoptionRefusedError as error:
        raise ControlError(str(error)) from error
    except BrokerError as error:
        raise UnavailableError(str(error)) from error
