"""Containers as an operator handles them: by the engine's own command, nothing behind its back."""

import contextlib
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import orjson
import pytest

from tests.support.processes import ROOT, Ended, until

IMAGE = "alvh-bot:test"
HARDENED = (
    "--read-only",
    "--tmpfs=/tmp",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    "--memory=512m",
    "--pids-limit=64",
)
"""What README.md tells to run the image with."""

COMMAND_SECONDS = 120.0
BUILD_SECONDS = 900.0
GRACE_SECONDS = 10
"""How long a container may take to stop before the engine kills it."""


def docker(*arguments: str, seconds: float = COMMAND_SECONDS) -> Ended:
    """Run the engine's command to its end."""
    command = ["docker", *arguments]
    done = subprocess.run(
        command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=seconds
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def answer(*arguments: str) -> str:
    """Return what the engine's command prints; its failure is the test's."""
    ended = docker(*arguments)
    assert ended.code == 0, f"docker {' '.join(arguments)}: {ended.err}"
    return ended.out.strip()


def once(*arguments: str, command: tuple[str, ...] = (), seconds: float = COMMAND_SECONDS) -> Ended:
    """Run a command of the image in a container of its own, hardened, until it ends."""
    options = (*HARDENED, "--network=none", *arguments)
    return docker("run", "--rm", *options, IMAGE, *command, seconds=seconds)


class Stop(NamedTuple):
    """How a container ended that was told to."""

    code: int
    seconds: float


class Container:
    """A container that runs the service."""

    def __init__(self, *options: str) -> None:
        """Start the image without a command, with these options of `docker run`."""
        self.name = f"alvh-test-{uuid.uuid4().hex[:8]}"
        self._begun = time.monotonic()
        answer("run", "--detach", f"--name={self.name}", *options, IMAGE)

    def told(self, *command: str) -> str:
        """Return what a command says inside."""
        return answer("exec", self.name, *command)

    def json(self, *command: str) -> Any:
        """Return what a command of `alvh` says inside, as JSON."""
        return orjson.loads(self.told("alvh", *command, "--json"))

    def state(self, field: str) -> str:
        """Return a field of the engine's record, in the words of its template language."""
        return answer("inspect", "--format", f"{{{{{field}}}}}", self.name)

    def process(self) -> dict[str, str]:
        """Return what the kernel says of the first process."""
        lines = self.told("cat", "/proc/1/status").splitlines()
        return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}

    def logs(self) -> list[dict[str, Any]]:
        """Return the lines of the service."""
        return [orjson.loads(line) for line in answer("logs", self.name).splitlines()]

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait for something while the container runs."""

        def found() -> bool:
            if condition():
                return True
            if self.state(".State.Running") != "true":
                ended = docker("logs", self.name)
                pytest.fail(f"it ended while it was awaited: {what}\n{ended.out}{ended.err}")
            return False

        until(found, what)

    def until_healthy(self) -> float:
        """Wait until the engine's checks call it healthy; return the seconds since its start."""
        self.until(lambda: self.state(".State.Health.Status") == "healthy", "healthy")
        return time.monotonic() - self._begun

    def count(self, event: str) -> int:
        """Return how often the service spoke of such an event."""
        return sum(line["event"] == event for line in self.logs())

    def memory_megabytes(self) -> float:
        """Return the memory in use as the engine counts it."""
        used = answer("stats", "--no-stream", "--format={{.MemUsage}}", self.name).split("MiB")[0]
        return float(used) * 2**20 / 1e6

    def stop(self) -> Stop:
        """Tell it to end, as the engine does it."""
        begun = time.monotonic()
        answer("stop", f"--time={GRACE_SECONDS}", self.name)
        return Stop(int(self.state(".State.ExitCode")), time.monotonic() - begun)

    def remove(self) -> None:
        """Remove it, running or not."""
        docker("rm", "--force", self.name)


@contextlib.contextmanager
def running(*options: str) -> Iterator[Container]:
    """Run a container for as long as the block."""
    container = Container(*options)
    try:
        yield container
    finally:
        container.remove()
