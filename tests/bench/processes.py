"""Child processes of the benchmarks: talked to by lines of JSON, or measured to their end."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
LAUNCHER = Path(__file__).with_name("launcher.py")


class Talker:
    """A child that says JSON objects, one a line, and is told to go on by an empty line."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self._child = child

    def heard(self) -> dict[str, Any]:
        """Wait for what the child says next; raises `ValueError` when it has ended."""
        assert self._child.stdout is not None
        found: dict[str, Any] = json.loads(self._child.stdout.readline())
        return found

    def tell(self) -> None:
        """Let the child go on."""
        assert self._child.stdin is not None
        self._child.stdin.write("\n")
        self._child.stdin.flush()


@contextmanager
def talking(module: str, *arguments: object) -> Iterator[Talker]:
    """Run `python -m module` for as long as the block runs."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        try:
            yield Talker(child)
        finally:
            child.kill()


class Finished(NamedTuple):
    """What a child printed as JSON, its wall and processor seconds, its peak memory in MB."""

    said: dict[str, Any]
    seconds: float
    cpu_seconds: float
    peak_mb: float


def run_to_end(module: str, *arguments: object) -> Finished:
    """Run `python -m module` to its end; raises `CalledProcessError` when it fails."""
    command: Sequence[str] = [sys.executable, "-m", module, *map(str, arguments)]
    began = perf_counter()
    launched = [sys.executable, "-S", str(LAUNCHER), *command]
    ended = subprocess.run(launched, check=True, cwd=ROOT, capture_output=True, text=True)
    seconds = perf_counter() - began
    used = json.loads(ended.stderr)
    return Finished(
        said=json.loads(ended.stdout),
        seconds=seconds,
        cpu_seconds=used["cpu_seconds"],
        peak_mb=used["peak_mb"],
    )
