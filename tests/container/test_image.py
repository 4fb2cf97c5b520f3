"""The image as it is run: hardened, on a volume, without any configuration of its own."""

import contextlib
import time
import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson
import pytest

from tests.container.containers import (
    GRACE_SECONDS,
    HARDENED,
    IMAGE,
    Container,
    Stop,
    answer,
    docker,
    once,
    running,
)

USER = "10001"
STRESS = ("--env=ALVH_EXCHANGE__START=2018-02-05T12:14", "--env=ALVH_EXCHANGE__SPEED=60")
"""A start after which the bot buys within minutes of the exchange's clock."""
CONDOR_LEGS = 8
PROBED = "--health-interval=1s"
CAUGHT_SIGTERM = 1 << 14


class Life(NamedTuple):
    """What was seen of one container from its start to its end."""

    healthy_seconds: float
    idle_megabytes: float
    working_megabytes: float
    process: dict[str, str]
    first: dict[str, Any]
    last: dict[str, Any]
    listed: list[dict[str, Any]]
    written: str
    stop: Stop
    logs: list[dict[str, Any]]


class Record(NamedTuple):
    """Two containers, one after the other, on one volume."""

    hardened: Life
    plain: Life
    verified: dict[str, Any]
    files: set[str]


@pytest.fixture(scope="module")
def record(image: str) -> Iterator[Record]:
    """The image's lives; the second could write anywhere, so that it shows where it does."""
    with _volume() as volume:
        hardened = _lived("fill_received", volume, *HARDENED)
        plain = _lived("decision_made", volume)
        proof = once(volume, command=("decisions", "verify", "--json"))
        assert proof.code == 0, proof.err
        names = once(volume, "--entrypoint=ls", command=("-A", "/data")).out.split()
        yield Record(hardened, plain, orjson.loads(proof.out), set(names))


@contextlib.contextmanager
def _volume() -> Iterator[str]:
    name = f"alvh-test-{uuid.uuid4().hex[:8]}"
    try:
        yield f"--volume={name}:/data"
    finally:
        docker("volume", "rm", "--force", name)


def _lived(awaited: str, *options: str) -> Life:
    with running(PROBED, *STRESS, *options) as container:
        healthy = container.until_healthy()
        first, idle = container.json("status"), container.memory_megabytes()
        container.until(lambda: container.count(awaited), awaited)
        container.until(lambda: container.count("decision_made") >= 2, "two decisions")
        working, process = container.memory_megabytes(), container.process()
        listed, last = container.json("decisions", "list", "--all"), container.json("status")
        stop = container.stop()
        written = answer("diff", container.name)
        logs = container.logs()
    return Life(
        healthy, idle, working, process, first, last, listed, written, stop, logs
    )  # fmt: skip


def test_it_runs_as_a_user_of_its_own_without_any_capability(record: Record) -> None:
    """The first process is the bot: no shell stands between it and a signal."""
    process = record.hardened.process
    assert process["Name"] == "alvh"
    assert process["Uid"].split() == [USER] * 4
    assert process["Gid"].split() == [USER] * 4
    assert int(process["CapEff"], 16) == int(process["CapBnd"], 16) == 0
    assert process["NoNewPrivs"] == "1"


def test_it_becomes_healthy_and_decides(record: Record) -> None:
    """The engine's health check is the bot's own, and the log can be reviewed inside."""
    life = record.hardened
    assert (life.first["mode"], life.first["account_id"]) == ("sim", "SIM0000001")
    assert life.first["ready"]
    made = _made(life)
    assert len(made) >= 2
    assert made >= {one["decision_id"] for one in life.listed}
    assert life.last["rungs"]


def _made(life: Life) -> set[str]:
    return {line["decision_id"] for line in life.logs if line["event"] == "decision_made"}


def test_it_ends_in_order_when_told_to(record: Record) -> None:
    for life in (record.hardened, record.plain):
        assert life.stop.code == 0
        assert life.logs[-1]["event"] == "run_ended"
        assert life.logs[-1]["reason"] == "stopped by a signal"


def test_another_container_on_the_volume_continues_account_and_journal(record: Record) -> None:
    """An upgrade is a new container on the old volume."""
    before, after = record.hardened.last, record.plain.first
    assert all(after["rungs"][rung] >= count for rung, count in before["rungs"].items())
    assert after["breaks"] == after["unadopted"] == []
    assert after["now"] > before["now"]
    begun, proved = record.plain.logs[:2]
    assert begun["sequence"] == record.hardened.logs[-1]["sequence"] + 1
    assert proved["event"] == "account_proved"
    assert proved["positions"] > CONDOR_LEGS
    known = {one["decision_id"] for one in record.plain.listed}
    assert known > {one["decision_id"] for one in record.hardened.listed}
    assert record.verified["holds"]
    assert record.verified["decisions"] == len(_made(record.hardened) | _made(record.plain))


def test_one_that_was_killed_starts_again(image: str) -> None:
    """What a kill leaves behind, a socket among it, is in nobody's way."""
    with _volume() as volume, running(volume, PROBED, *STRESS, *HARDENED) as container:
        container.until_healthy()
        answer("kill", container.name)
        answer("start", container.name)
        container.until(lambda: container.count("run_started") == 2, "a second run")
        container.until_healthy()
        assert container.stop().code == 0
        assert once(volume, command=("decisions", "verify")).code == 0


def test_it_writes_to_the_volume_only(record: Record) -> None:
    """Seen where everything could be written to, and in what stays when it has ended."""
    assert record.plain.written == ""
    assert record.files == {"sim.sqlite", "exchange.state"}


def test_what_it_takes_is_measured(record: Record, measured: dict[str, str]) -> None:
    base = _layers("python:3.11-slim-bookworm")
    ours = _layers(IMAGE)
    assert ours[: len(base)] == base
    above = _size(IMAGE) - _size("python:3.11-slim-bookworm")
    life = record.hardened
    measured["image above its base"] = f"{above / 1e6:.0f} MB"
    measured["memory when healthy, after decisions and fills"] = (
        f"{life.idle_megabytes:.0f} MB, {life.working_megabytes:.0f} MB"
    )
    measured["start to healthy"] = f"{life.healthy_seconds:.1f} s"
    measured["SIGTERM to exit"] = f"{life.stop.seconds:.1f} s, {record.plain.stop.seconds:.1f} s"
    assert above < 350e6
    assert max(life.idle_megabytes, life.working_megabytes) < 300


def _layers(image: str) -> list[str]:
    return list(orjson.loads(answer("inspect", "--format={{json .RootFS.Layers}}", image)))


def _size(image: str) -> int:
    return int(answer("inspect", "--format={{.Size}}", image))


def test_the_image_says_how_it_wants_to_be_run(image: str) -> None:
    config = orjson.loads(answer("inspect", "--format={{json .Config}}", image))
    assert config["User"] == f"{USER}:{USER}"
    assert config["Entrypoint"] == ["alvh"]
    assert config["Cmd"] == ["run"]
    assert config["StopSignal"] == "SIGTERM"
    assert set(config["Volumes"]) == {"/data"}
    assert config["Healthcheck"]["Test"] == ["CMD", "alvh", "health"]


def test_a_signal_while_it_loads_ends_it_in_order(image: str) -> None:
    """As the first process it hears no signal that it has no handler for: it has one early."""
    with running(*HARDENED) as container:
        container.until(lambda: _catches_sigterm(container), "a handler of SIGTERM")
        begun = time.monotonic()
        code = container.stop().code
        assert code == 0
        assert time.monotonic() - begun < GRACE_SECONDS


def _catches_sigterm(container: Container) -> bool:
    return bool(int(container.process()["SigCgt"], 16) & CAUGHT_SIGTERM)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--env=ALVH_BROKER__PORT=high"], 2, ["broker.port (ALVH_BROKER__PORT)", "got 'high'"]),
        (["--env=ALVH_CONFIG=/data/my.toml"], 2, ["/data/my.toml", "No such file"]),
        (["--tmpfs=/data:uid=0,mode=0755"], 2, ["var/exchange.state"]),
        (["--env=ALVH_MODE=paper"], 2, ["broker.accounts"]),
        (
            ["--env=ALVH_MODE=paper", '--env=ALVH_BROKER__ACCOUNTS=["DU0000001"]'],
            4,
            ["127.0.0.1:4002"],
        ),
    ],
)
def test_what_is_wrong_is_said_and_ends_it(
    image: str, options: list[str], code: int, words: list[str]
) -> None:
    """One complaint on standard error, with the exit code of its kind and no traceback."""
    ended = once(*options)
    assert ended.code == code, ended.err
    assert ended.err.startswith("alvh: ")
    assert "Traceback" not in ended.err
    assert all(word in ended.err for word in words), ended.err


def test_every_command_is_there_without_the_extras(image: str) -> None:
    """Naming all commands loads them all: none may need a library that only reviews need."""
    told = once(command=("--help",))
    assert told.code == 0, told.err
    assert "decisions" in told.out


@pytest.mark.parametrize(
    "command",
    [
        ("policy", "check", "config/policies/articles.toml"),
        ("evaluate", "config/cases/storm.json", "--policy", "config/policies/long-tenors.toml"),
        ("doctor",),
    ],
)
def test_what_is_shipped_beside_the_bot_is_found(image: str, command: tuple[str, ...]) -> None:
    """The paths that README.md names hold inside, and nobody's network is asked."""
    ended = once(command=command)
    assert ended.code == 0, ended.err


def test_a_drawing_says_that_the_image_lacks_what_draws(image: str) -> None:
    varied = ("--vary", "vix.level=15:30:5", "--out", "/tmp/drawing.html")
    ended = once(command=("evaluate", "config/cases/storm.json", *varied))
    assert ended.code == 2
    assert "the extra `analysis`" in ended.err


def test_it_plays_the_demo_too(image: str) -> None:
    played = once(command=("demo", "--json", "--from", "2018-02-05", "--until", "2018-02-05"))
    assert played.code == 0, played.err
    assert orjson.loads(played.out)["decisions"] > 0
