"""A real MQTT broker for tests: Mosquitto as a process on a port of its own, stopped and started.

Stopped in order it keeps its subscribers' sessions on disk, so that a `Recorder` that named itself
hears all that is published after the restart, however late it comes back. Killed it forgets all.
"""

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import orjson
import pytest

from tests.support.processes import free_port, until

PATHS = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
SERVER = shutil.which("mosquitto", path=PATHS)
SUBSCRIBER = shutil.which("mosquitto_sub", path=PATHS)
PASSWORDS = shutil.which("mosquitto_passwd", path=PATHS)


def need_mosquitto() -> None:
    """Skip where there is no Mosquitto; on the build server that is a failure."""
    if SERVER and SUBSCRIBER and PASSWORDS:
        return
    reason = "needs Mosquitto: apt-get install mosquitto mosquitto-clients"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


class Heard(NamedTuple):
    """One message a subscriber was told."""

    topic: str
    retained: bool
    payload: str

    @property
    def leaf(self) -> str:
        return self.topic.rpartition("/")[2]

    @property
    def json(self) -> dict[str, object]:
        found: dict[str, object] = orjson.loads(self.payload)
        return found


class Mosquitto:
    """A broker; what it is asked to do takes effect before the call returns."""

    def __init__(self, folder: Path, *options: str, port: int = 0) -> None:
        self.port = port or free_port()
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._config = folder / "mosquitto.conf"
        self._log = folder / "mosquitto.log"
        lines = [
            "persistence true",
            f"persistence_location {folder}/",
            f"user {getpass.getuser()}",
            f"listener {self.port} 127.0.0.1",
            *options,
        ]
        if not any(option.startswith("allow_anonymous") for option in options):
            lines.append("allow_anonymous true")
        self._config.write_text("\n".join([*lines, ""]), encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it listens."""
        assert SERVER is not None
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [SERVER, "-c", str(self._config), "-v"], stdout=log, stderr=log
            )
        until(self._listens, f"Mosquitto listens: {self._log.read_text(encoding='utf-8')}", 20)

    def stop(self) -> None:
        """End it in order: it keeps the sessions of those who named themselves."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it without warning: it forgets all."""
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """Hold it: its sockets stay open and say nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait()
            self._process = None

    def _listens(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False


class Recorder:
    """A subscriber of another make that writes down all it hears."""

    def __init__(self, broker: Mosquitto, *options: str, topic: str = "#") -> None:
        assert SUBSCRIBER is not None
        self._path = broker.folder / f"heard-{time.monotonic_ns()}"
        command = [
            SUBSCRIBER, "-h", "127.0.0.1", "-p", str(broker.port), "-q", "1", "-t", topic,
            "-i", f"recorder-{time.monotonic_ns()}", "-c", "-F", "%t\t%r\t%p", *options,
        ]  # fmt: skip
        with self._path.open("wb") as out:
            self._process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)

    @property
    def messages(self) -> list[Heard]:
        """What was heard so far."""
        lines = self._path.read_text(encoding="utf-8").splitlines()
        parts = [line.split("\t", 2) for line in lines if line.count("\t") >= 2]
        return [Heard(topic, retained == "1", payload) for topic, retained, payload in parts]

    def events(self) -> list[dict[str, object]]:
        """The events among them, in the order heard."""
        return [one.json for one in self.messages if one.leaf not in {"state", "availability"}]

    def last(self, leaf: str) -> Heard | None:
        """The newest message under a topic's last part."""
        return next((one for one in reversed(self.messages) if one.leaf == leaf), None)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


@contextlib.contextmanager
def mosquitto(folder: Path, *options: str) -> Iterator[Mosquitto]:
    """Run a broker for as long as the block."""
    need_mosquitto()
    broker = Mosquitto(folder, *options)
    broker.start()
    try:
        yield broker
    finally:
        broker.kill()


@contextlib.contextmanager
def recording(broker: Mosquitto, *options: str) -> Iterator[Recorder]:
    """Subscribe for as long as the block, from before anything in it is published."""
    before = broker.log.count("Sending SUBACK")
    recorder = Recorder(broker, *options)
    try:
        until(lambda: broker.log.count("Sending SUBACK") > before, "the subscriber listens", 20)
        yield recorder
    finally:
        recorder.end()


def passwords(folder: Path, **users: str) -> list[str]:
    """Make a password file; return the options of a broker that lets only these users in."""
    need_mosquitto()
    assert PASSWORDS is not None
    path = folder / "passwords"
    path.touch(mode=0o600)
    for user, password in users.items():
        subprocess.run([PASSWORDS, "-b", path, user, password], check=True, capture_output=True)
    return ["allow_anonymous false", f"password_file {path}"]
