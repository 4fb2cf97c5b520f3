"""The control socket, over a real one."""

import asyncio
import json
import socket
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot.adapters.control import (
    MAX_LINE,
    ControlError,
    Deed,
    NoAnswerError,
    NotRunningError,
    UnavailableError,
    ask,
    serving,
    socket_path,
)

HANDLERS: dict[str, Callable[[], object]] = {
    "status": lambda: {"stage": 3},
    "silence": lambda: None,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.sqlite.sock"


def mode_of(path: Path) -> int:
    return path.stat().st_mode


async def say(path: Path, line: bytes) -> object:
    """Write one line as it is and return what comes back."""
    reader, writer = await asyncio.open_unix_connection(path, limit=MAX_LINE)
    writer.write(line)
    answer = await reader.readline()
    writer.close()
    return json.loads(answer)


def leave_dead_socket(path: Path) -> None:
    """Leave what a killed process leaves: a socket nobody listens at."""
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(path))
    dead.close()


def test_the_socket_lies_beside_the_journal() -> None:
    assert socket_path(Path("/data/sim.sqlite")) == Path("/data/sim.sqlite.sock")


async def test_a_command_is_answered_by_its_handler(path: Path) -> None:
    async with serving(path, HANDLERS):
        assert await ask(path, "status") == {"stage": 3}
        assert await ask(path, "silence") is None


async def test_a_handler_that_refuses_is_heard_with_its_reason(path: Path) -> None:
    def refuse() -> object:
        raise ControlError("nothing was evaluated yet")

    async with serving(path, {"preview": refuse}):
        with pytest.raises(ControlError, match="nothing was evaluated yet"):
            await ask(path, "preview")


async def test_several_ask_one_after_another(path: Path) -> None:
    async with serving(path, HANDLERS):
        answers = [await ask(path, "status") for _ in range(5)]
    assert answers == [{"stage": 3}] * 5


async def test_only_its_own_user_may_speak_to_it(path: Path) -> None:
    async with serving(path, HANDLERS):
        mode = mode_of(path)
    assert stat.S_IMODE(mode) == 0o600
    assert stat.S_ISSOCK(mode)


async def test_the_socket_goes_with_the_bot(path: Path) -> None:
    async with serving(path, HANDLERS):
        pass
    with pytest.raises(FileNotFoundError):
        mode_of(path)
    with pytest.raises(NotRunningError, match="no bot answers"):
        await ask(path, "status")


async def test_an_unknown_command_is_refused_with_those_there_are(path: Path) -> None:
    async with serving(path, HANDLERS):
        with pytest.raises(ControlError, match="unknown command 'buy', known: silence, status"):
            await ask(path, "buy")


@pytest.mark.parametrize(
    "line",
    [
        b"status\n",
        b"[]\n",
        b'"status"\n',
        b"{}\n",
        b"null\n",
        b"\xff\xfe\n",
        b"\n",
        b'{"command": "status"',
    ],
)
async def test_garbage_is_answered_with_what_was_expected(path: Path, line: bytes) -> None:
    async with serving(path, HANDLERS):
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(line)
        writer.write_eof()
        answer = json.loads(await reader.readline())
        writer.close()
        if line.endswith(b"\n"):
            assert answer == {"error": 'expected one JSON object {"command": NAME} on a line'}
        assert "error" in answer
        assert await ask(path, "status") == {"stage": 3}


@pytest.mark.parametrize("command", [b"7", b"null", b'["status"]', b"{}"])
async def test_a_command_that_is_no_word_is_unknown(path: Path, command: bytes) -> None:
    async with serving(path, HANDLERS):
        answer = await say(path, b'{"command": ' + command + b"}\n")
    assert "unknown command" in str(answer)


async def test_an_endless_line_is_not_read_to_its_end(path: Path) -> None:
    async with serving(path, HANDLERS):
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(b"x" * (MAX_LINE + 1))
        answer = await reader.readline()
        writer.close()
        assert b"expected one JSON object" in answer
        assert await ask(path, "status") == {"stage": 3}


async def test_a_client_that_leaves_at_once_does_no_harm(path: Path) -> None:
    async with serving(path, HANDLERS):
        _, writer = await asyncio.open_unix_connection(path)
        writer.close()
        await writer.wait_closed()
        assert await ask(path, "status") == {"stage": 3}


async def test_a_client_that_says_nothing_is_dropped(path: Path) -> None:
    async with serving(path, HANDLERS, patience_seconds=0.01):
        reader, writer = await asyncio.open_unix_connection(path)
        assert await reader.read() == b""
        writer.close()


async def test_a_second_bot_is_refused_and_the_first_goes_on(path: Path) -> None:
    async with serving(path, HANDLERS):
        with pytest.raises(ControlError, match="another bot already serves"):
            async with serving(path, {}):
                pytest.fail("two bots serve one socket")
        assert await ask(path, "status") == {"stage": 3}


async def test_a_dead_socket_is_replaced(path: Path) -> None:
    leave_dead_socket(path)
    async with serving(path, HANDLERS):
        assert await ask(path, "status") == {"stage": 3}


@pytest.fixture
def taken(path: Path) -> Path:
    path.write_text("not yours")
    return path


async def test_a_file_that_is_no_socket_is_left_alone(taken: Path) -> None:
    with pytest.raises(ControlError, match="is not a socket"):
        async with serving(taken, HANDLERS):
            pytest.fail("it served over a file")
    assert stat.S_ISREG(mode_of(taken))


async def test_a_socket_that_cannot_be_tried_is_left_alone(path: Path) -> None:
    other = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    other.bind(str(path))
    with pytest.raises(ControlError, match="is another's"):
        async with serving(path, HANDLERS):
            pytest.fail("it took another's socket")
    other.close()
    assert stat.S_ISSOCK(mode_of(path))


async def test_a_path_too_long_for_a_socket_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ControlError, match="longer than a socket allows"):
        async with serving(tmp_path / ("x" * 120), HANDLERS):
            pytest.fail("it served at an impossible path")


async def test_a_dead_socket_means_that_no_bot_runs(path: Path) -> None:
    leave_dead_socket(path)
    with pytest.raises(NotRunningError, match="no bot answers"):
        await ask(path, "status")


async def answering(path: Path, answer: bytes) -> asyncio.Server:
    """Listen at `path` as something that is not a bot would."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(answer)
        writer.close()

    return await asyncio.start_unix_server(serve, path=path)


async def test_a_line_closed_without_an_answer_is_no_running_bot(path: Path) -> None:
    async with await answering(path, b""):
        with pytest.raises(NotRunningError, match="without an answer"):
            await ask(path, "status")


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400\n", b"[1]\n", b'{"other": 1}\n', b"\xff\n"])
async def test_what_does_not_answer_as_a_bot_is_none(path: Path, answer: bytes) -> None:
    async with await answering(path, answer):
        with pytest.raises(ControlError, match="is not a bot"):
            await ask(path, "status")


async def test_an_answer_too_long_to_read_says_so(path: Path) -> None:
    async with await answering(path, b"x" * (MAX_LINE + 1) + b"\n"):
        with pytest.raises(ControlError, match="longer than"):
            await ask(path, "status")


# ---------------------------------------------------------------- deeds


class Deeds:
    """Answers, refuses, cannot, or fails; writes down what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Mapping[str, object]] = []
        self.goes_on = asyncio.Event()
        self.done = asyncio.Event()

    async def echo(self, arguments: Mapping[str, object]) -> object:
        self.asked.append(arguments)
        return {"heard": dict(arguments)}

    async def refuse(self, _: Mapping[str, object]) -> object:
        raise ControlError("S2 holds another contract")

    async def cannot(self, _: Mapping[str, object]) -> object:
        raise UnavailableError("the broker is not connected")

    async def fail(self, _: Mapping[str, object]) -> object:
        raise LookupError("a bug")

    async def wait(self, _: Mapping[str, object]) -> object:
        await self.goes_on.wait()
        self.done.set()
        return None

    def all(self) -> dict[str, Deed]:
        return {
            "echo": self.echo,
            "refuse": self.refuse,
            "cannot": self.cannot,
            "fail": self.fail,
            "wait": self.wait,
        }


async def test_a_deed_gets_its_arguments(path: Path) -> None:
    deeds = Deeds()
    async with serving(path, HANDLERS, deeds.all()):
        assert await ask(path, "echo", {"rung": "S2"}) == {"heard": {"rung": "S2"}}
        assert await ask(path, "echo") == {"heard": {}}
        assert await ask(path, "status", {}) == {"stage": 3}
        with pytest.raises(ControlError, match="known: cannot, echo, fail, refuse, silence, st"):
            await ask(path, "buy")


async def test_arguments_are_one_object(path: Path) -> None:
    async with serving(path, HANDLERS, Deeds().all()):
        answer = await say(path, b'{"command": "echo", "arguments": [1]}\n')
    assert answer == {"error": "expected the arguments of echo as one JSON object"}


async def test_a_refusal_is_not_an_inability(path: Path) -> None:
    async with serving(path, HANDLERS, Deeds().all()):
        with pytest.raises(ControlError, match="S2 holds another contract") as refused:
            await ask(path, "refuse")
        with pytest.raises(UnavailableError, match="the broker is not connected"):
            await ask(path, "cannot")
    assert not isinstance(refused.value, UnavailableError)


async def test_a_deed_that_fails_leaves_its_outcome_unknown(path: Path) -> None:
    """Whoever asked must not take the bot for not running."""
    heard: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: heard.append(context))
    async with serving(path, HANDLERS, Deeds().all()):
        with pytest.raises(NoAnswerError, match="closed the line without an answer"):
            await ask(path, "fail")
        assert await ask(path, "status") == {"stage": 3}
    assert len(heard) == 1


async def test_a_deed_is_done_to_its_end_though_nobody_waits(path: Path) -> None:
    deeds = Deeds()
    async with serving(path, HANDLERS, deeds.all()):
        with pytest.raises(NoAnswerError, match="within 0 s"):
            await ask(path, "wait", patience_seconds=0.01)
        deeds.goes_on.set()
        await asyncio.wait_for(deeds.done.wait(), 5)
