"""Answers find their questions, late ones too."""

import asyncio

import pytest

from bot.adapters.ib.requests import Key, Requests
from bot.app.ports import BrokerRefusedError, BrokerTimeoutError, BrokerUnreachableError


def nothing() -> None:
    """Send nothing."""


async def test_rows_up_to_the_end_are_the_answer() -> None:
    requests = Requests()

    def answer() -> None:
        loop = asyncio.get_running_loop()
        loop.call_soon(requests.row, 1, "a")
        loop.call_soon(requests.row, 1, "b")
        loop.call_soon(requests.end, 1)

    assert await requests.ask(1, answer, 1) == ["a", "b"]
    assert 1 not in requests


async def test_questions_of_one_word_are_answered_in_their_order() -> None:
    requests = Requests()
    async with asyncio.TaskGroup() as group:
        first = group.create_task(requests.ask("time", nothing, 1))
        second = group.create_task(requests.ask("time", nothing, 1))
        await asyncio.sleep(0)
        for row in ("one", "two"):
            requests.row("time", row)
            requests.end("time")
    assert (first.result(), second.result()) == (["one"], ["two"])


@pytest.mark.parametrize(
    ("key", "answer"), [("time", ["now"]), (7, ["late"]), (("market rule", 7), ["late"])]
)
async def test_a_question_given_up_takes_its_late_answer_where_answers_look_alike(
    key: Key, answer: list[str]
) -> None:
    """A number is never used twice, and a market rule does not age."""
    requests = Requests()
    with pytest.raises(BrokerTimeoutError):
        await requests.ask(key, nothing, 0.001)

    def both() -> None:
        loop = asyncio.get_running_loop()
        for row in ("late", "now"):
            loop.call_soon(requests.row, key, row)
            loop.call_soon(requests.end, key)

    assert await requests.ask(key, both, 1) == answer


async def test_a_failure_reaches_only_its_question() -> None:
    requests = Requests()
    async with asyncio.TaskGroup() as group:
        good = group.create_task(requests.ask(1, nothing, 1))
        bad = group.create_task(_error_of(requests, 2))
        await asyncio.sleep(0)
        requests.refuse(2, BrokerRefusedError(200, "unknown"))
        requests.end(1)
    assert good.result() == []
    assert bad.result() == "the broker answered 200: unknown"


async def _error_of(requests: Requests, key: int) -> str:
    with pytest.raises(BrokerRefusedError) as caught:
        await requests.ask(key, nothing, 1)
    return str(caught.value)


async def test_a_question_that_could_not_be_sent_awaits_nothing() -> None:
    requests = Requests()

    def fail() -> None:
        raise BrokerUnreachableError("not connected")

    with pytest.raises(BrokerUnreachableError):
        await requests.ask("time", fail, 1)
    assert "time" not in requests


async def test_the_end_of_the_connection_fails_all_and_those_given_up_quietly() -> None:
    requests = Requests()
    with pytest.raises(BrokerTimeoutError):
        await requests.ask("time", nothing, 0.001)
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(_unreachable(requests))
        await asyncio.sleep(0)
        requests.refuse_all(BrokerUnreachableError("gone"))
    assert waiting.result() == "gone"
    assert "time" not in requests


async def _unreachable(requests: Requests) -> str:
    with pytest.raises(BrokerUnreachableError) as caught:
        await requests.ask(3, nothing, 1)
    return str(caught.value)


async def test_ends_and_refusals_of_unknown_questions_change_nothing() -> None:
    requests = Requests()
    requests.row(1, "a")
    requests.end(1)
    requests.refuse(1, BrokerRefusedError(1, ""))
    assert 1 not in requests
