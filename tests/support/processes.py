"""The program as its users meet it: processes, their words, and how they end.

Whoever waits here waits for something it can name, until a deadline; when that passes, the failure
tells what was awaited and what the process had said by then.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

import orjson
import pytest
from typing_extensions import override

ROOT = Path(__file__).parents[2]
POLL_SECONDS = 0.02
LIMIT_SECONDS = 60.0
NOTHING: Mapping[str, str] = {}

T = TypeVar("T")


class Ended(NamedTuple):
    """How a process ended and all that it said."""

    code: int
    out: str
    err: str


def until(condition: Callable[[], T | None], what: str, seconds: float = LIMIT_SECONDS) -> T:
    """Return the first true value of `condition`; fail when it stays false for too long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(POLL_SECONDS)
    pytest.fail(f"waited {seconds:.0f} s in vain: {what}")


def inherited(extra: Mapping[str, str], *, measured: bool) -> dict[str, str]:
    """Return what a process inherits: nothing of ours, and coverage only where it is measured."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ALVH_") and (measured or not name.startswith("COVERAGE"))
    }
    return kept | dict(extra)


class Process:
    """A running `alvh`, or another program of this tree."""

    def __init__(
        self,
        command: list[str],
        folder: Path,
        environment: Mapping[str, str] = NOTHING,
        *,
        measured: bool = True,
    ) -> None:
        """Start it; `folder` takes what it says, `environment` is added to what it inherits."""
        self._command = command
        name = f"{command[3] if len(command) > 3 else 'process'}-{time.monotonic_ns()}"
        self._out = folder / f"{name}.out"
        self._err = folder / f"{name}.err"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=inherited(environment, measured=measured),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def out(self) -> str:
        return self._out.read_text(encoding="utf-8")

    @property
    def err(self) -> str:
        return self._err.read_text(encoding="utf-8")

    def until(
        self, condition: Callable[[], T | None], what: str, seconds: float = LIMIT_SECONDS
    ) -> T:
        """Wait for something while the process lives; its death meanwhile is a failure."""

        def found() -> T | None:
            value = condition()
            if not value and self._process.poll() is not None:
                pytest.fail(f"{self} ended while it was awaited: {what}\n{self.words()}")
            return value

        try:
            return until(found, what, seconds)
        except pytest.fail.Exception:
            sys.stderr.write(self.words())
            raise

    def wait(self, seconds: float = LIMIT_SECONDS) -> Ended:
        """Wait for its end."""
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            words = self.words()
            self.kill()
            pytest.fail(f"{self} did not end within {seconds:.0f} s\n{words}")
        return Ended(code, self.out, self.err)

    def terminate(self) -> Ended:
        """Ask it to end, and wait for that."""
        self._process.send_signal(signal.SIGTERM)
        return self.wait()

    def kill(self) -> None:
        """End it without warning."""
        self._process.kill()
        self._process.wait()

    def words(self) -> str:
        """Return the end of what it said, for a failure's message."""
        return f"stdout: ...{self.out[-3000:]}\nstderr: ...{self.err[-3000:]}\n"

    @override
    def __str__(self) -> str:
        return " ".join(self._command[2:])


def alvh(*arguments: object) -> list[str]:
    """Return the command line of `alvh`."""
    return [sys.executable, "-m", "bot", *map(str, arguments)]


@contextlib.contextmanager
def running(
    command: list[str],
    folder: Path,
    environment: Mapping[str, str] = NOTHING,
    *,
    measured: bool = True,
) -> Iterator[Process]:
    """Run a process for as long as the block; what still lives at its end is killed."""
    process = Process(command, folder, environment, measured=measured)
    try:
        yield process
    finally:
        process.kill()


def run(
    *arguments: object,
    folder: Path,
    environment: Mapping[str, str] = NOTHING,
    measured: bool = True,
    seconds: float = LIMIT_SECONDS,
) -> Ended:
    """Run `alvh` to its end."""
    with running(alvh(*arguments), folder, environment, measured=measured) as process:
        return process.wait(seconds)


def demo(journal: Path, *options: object, seconds: float = 240.0) -> "Demo":
    """Run `alvh demo --json` to its end, outside coverage, and return what it said."""
    folder = journal.parent
    ended = run(
        "demo", "--json", "--journal", journal, *options,
        folder=folder, measured=False, seconds=seconds,
    )  # fmt: skip
    assert ended.code == 0, ended.err
    return Demo(ended, orjson.loads(ended.out))


class Demo(NamedTuple):
    """A demo that ended well."""

    ended: Ended
    report: dict[str, object]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
