"""Bad input of every kind: one clear error that names the place, the right code, nothing half done.

Exit codes are those of design.md section 4: 2 wrong use or configuration, 3 refused for safety,
4 not reachable. What reaches the exchange over its socket ends no process: the client is told or
dropped, and the others are served on.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.domain.events import AccountProved, ConnectionChanged, OrderIntended, RunEnded
from bot.exchange.wire.framing import DEFAULT_MAX_FRAME, frame
from tests.support import simulation as sim
from tests.support.ib_client import connected
from tests.support.processes import Process, free_port, run, until
from tests.support.wire_peer import GREETING, CapturingClient

ONE_LINE_WHERE = 2
"""Lines a complaint about a file may take: which file, and what is wrong in it."""


REQUEST_UNREADABLE = b"\x00320\x00"
"""The code the exchange answers with when it cannot read a request."""


class Outcome(NamedTuple):
    """How a command ended (None: it lives on) and what it complained of."""

    code: int | None
    complaint: str


class Row(NamedTuple):
    """One kind of bad input: how to provoke it, and what must come of it."""

    name: str
    provoke: Callable[[Path], Outcome]
    code: int | None
    named: tuple[str, ...]


# ---------------------------------------------------------------- files


def run_with(folder: Path, config: Path) -> Outcome:
    """Run the service on a configuration that must not get it as far as a journal."""
    before = set(folder.iterdir())
    ended = run("run", "--config", config, folder=folder)
    left = {path.name for path in set(folder.iterdir()) - before}
    assert not [name for name in left if "sqlite" in name or "state" in name]
    assert len(ended.err.splitlines()) <= ONE_LINE_WHERE, ended.err
    return Outcome(ended.code, ended.err)


def settings(text: str) -> Callable[[Path], Outcome]:
    def provoke(folder: Path) -> Outcome:
        config = folder / "sim.toml"
        config.write_text(f'journal = "{folder}/j.sqlite"\n{text}\n', encoding="utf-8")
        return run_with(folder, config)

    return provoke


def policy(text: str) -> Callable[[Path], Outcome]:
    """A policy that `policy check` refuses in the same words keeps `run` from starting."""

    def provoke(folder: Path) -> Outcome:
        file = folder / "policy.toml"
        file.write_text(text, encoding="utf-8")
        checked = run("policy", "check", file, folder=folder)
        config = sim.settings_file(folder, free_port())
        config.write_text(f'policy = "{file}"\n{config.read_text(encoding="utf-8")}', "utf-8")
        outcome = run_with(folder, config)
        assert Outcome(checked.code, checked.err) == outcome
        return outcome

    return provoke


# ---------------------------------------------------------------- names, ports, accounts


def unknown_scenario_of(command: str) -> Callable[[Path], Outcome]:
    def provoke(folder: Path) -> Outcome:
        ended = run(command, "--scenario", "tulips-1637", folder=folder)
        assert ended.out == ""
        return Outcome(ended.code, ended.err)

    return provoke


def demo(*options: str) -> Callable[[Path], Outcome]:
    def provoke(folder: Path) -> Outcome:
        journal = folder / "journal.sqlite"
        ended = run("demo", "--json", "--journal", journal, *options, folder=folder)
        assert ended.out == ""
        assert not journal.exists()
        return Outcome(ended.code, ended.err)

    return provoke


def existing_journal(folder: Path) -> Outcome:
    journal = folder / "journal.sqlite"
    journal.write_bytes(b"somebody's work")
    ended = run("demo", "--json", "--journal", journal, folder=folder)
    assert journal.read_bytes() == b"somebody's work"
    return Outcome(ended.code, ended.err)


def busy_port_of_the_exchange(folder: Path) -> Outcome:
    with taken_port() as port:
        ended = run("exchange", "--port", port, folder=folder)
    assert str(port) in ended.err
    return Outcome(ended.code, ended.err)


def busy_port_of_the_service(folder: Path) -> Outcome:
    with taken_port() as port:
        outcome = run_with(folder, sim.settings_file(folder, port))
    assert str(port) in outcome.complaint
    return outcome


@contextlib.contextmanager
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield int(taken.getsockname()[1])


def nobody_listens(folder: Path) -> Outcome:
    port = free_port()
    ended = run(
        "run", "--config", sim.settings_file(folder, port, exchange={"embedded": False}),
        folder=folder,
    )  # fmt: skip
    assert f"127.0.0.1:{port}" in ended.err
    return Outcome(ended.code, ended.err)


def foreign_account(folder: Path) -> Outcome:
    config = sim.settings_file(folder, free_port())
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("[broker]", '[broker]\naccounts = ["SIM9"]'), "utf-8")
    ended = run("run", "--config", config, folder=folder)
    assert sim.told(folder / "j.sqlite", AccountProved) == []
    assert sim.told(folder / "j.sqlite", OrderIntended) == []
    return Outcome(ended.code, ended.err)


def second_bot(folder: Path) -> Outcome:
    """Two bots on one journal would each trade what the other does not know of."""
    with sim.exchange(folder, begin="2018-02-05T10:01") as market:
        config = sim.settings_file(folder, market.port, exchange={"embedded": False})
        journal = folder / "j.sqlite"
        with sim.service(config) as process:
            process.until(lambda: sim.told(journal, AccountProved), "the first bot is up")
            ended = run("run", "--config", config, folder=folder)
            first = process.terminate()
    assert first.code == 0, first.err
    assert len(sim.told(journal, AccountProved)) == len(sim.told(journal, RunEnded)) == 1
    return Outcome(ended.code, ended.err)


def vanishing_exchange(folder: Path) -> Outcome:
    """The bot lives on, ill and saying so; asked to end, it ends in order."""
    journal = folder / "j.sqlite"
    with sim.exchange(folder, begin="2018-02-05T10:01") as market:
        config = sim.settings_file(folder, market.port, exchange={"embedded": False})
        with sim.service(config) as process:
            process.until(lambda: sim.decided_after(journal, 0), "the bot decides")
            market.kill()
            process.until(
                lambda: any(e.state == "lost" for e in sim.told(journal, ConnectionChanged)),
                "the bot sees that the line is dead",
            )
            ill = run("health", "--journal", journal, folder=folder)
            ended = process.terminate()
    assert ended.code == 0, ended.err
    assert [event.reason for event in sim.told(journal, RunEnded)] == ["stopped by a signal"]
    sim.proof(journal, folder)
    return Outcome(ill.code, ill.out)


# ---------------------------------------------------------------- the wire


def start_api() -> bytes:
    client = CapturingClient()
    client.clientId = 99
    client.startApi()
    return client.sent


def bad_client(*sent: bytes, stays: bool = False) -> Callable[[Path], Outcome]:
    """Send bytes to an exchange that serves another client, who must not notice."""

    def provoke(folder: Path) -> Outcome:
        with sim.exchange(folder, begin="2018-02-05T10:01") as market:
            assert market.process is not None
            heard = asyncio.run(beside_another(market.port, sent, stays=stays))
            words = heard if stays else complaint_of(market.process)
            ended = market.process.terminate()
            ledger = market.ledger()
        assert ended.code == 0, ended.err
        assert ledger.orders == {}
        return Outcome(None, words)

    return provoke


def complaint_of(process: Process) -> str:
    return until(lambda: process.err, "the exchange says why it dropped the client")


async def beside_another(port: int, sent: tuple[bytes, ...], *, stays: bool) -> str:
    """Send bytes and return what was heard in answer, with a well-behaved client beside."""
    async with connected(port) as good, asyncio.timeout(20):
        before = await good.reqCurrentTimeAsync()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for piece in sent:
            writer.write(piece)
        heard = b""
        if stays:
            while REQUEST_UNREADABLE not in heard:
                heard += await reader.read(65536)
        else:
            while more := await reader.read(65536):
                heard += more
        assert await good.reqCurrentTimeAsync() >= before
        assert good.isConnected()
        writer.close()
    return heard.decode("utf-8", "replace")


# ---------------------------------------------------------------- the table

ROWS = [
    Row("broken-toml", settings('mode = "sim'), 2, ("sim.toml", "not TOML", "line 2")),
    Row("unknown-setting", settings("[broker]\nprot = 1"), 2, ("broker.prot", "'port'")),
    Row("wrong-type", settings("[broker]\nport = 'high'"), 2, ("broker.port", "'high'")),
    Row("unknown-mode", settings('mode = "live"'), 2, ("mode", "paper or sim", "live")),
    Row(
        "unknown-scenario",
        settings('[exchange]\nscenario = "tulips-1637"'),
        2,
        ("exchange.scenario", "tulips-1637", "volmageddon-2018"),
    ),
    Row("unknown-scenario-exchange", unknown_scenario_of("exchange"), 2, ("volmageddon-2018",)),
    Row("unknown-scenario-demo", demo("--scenario", "tulips-1637"), 2, ("volmageddon-2018",)),
    Row("unknown-start", settings('[exchange]\nstart = "monday"'), 2, ("exchange.start", "monday")),
    Row(
        "no-room-for-state",
        settings('[exchange]\nstate = "/dev/null/x.state"'),
        2,
        ("exchange.state", "/dev/null"),
    ),
    Row(
        "no-room-for-log", settings('[log]\nfile = "/dev/null/x.log"'), 2, ("log.file", "/dev/null")
    ),
    Row("log-is-a-folder", settings('[log]\nfile = "/dev"'), 2, ("log.file", "/dev", "directory")),
    Row("demo-start", demo("--from", "monday"), 2, ("--from", "monday", "2018-02-05T09:34")),
    Row("demo-no-session", demo("--from", "2018-02-03"), 2, ("2018-02-03", "2018-01-16")),
    Row("demo-until", demo("--until", "tuesday"), 2, ("--until", "tuesday")),
    Row(
        "demo-window",
        demo("--from", "2018-02-05", "--until", "2018-02-02"),
        2,
        ("--until", "2018-02-05 on", "2018-02-02"),
    ),
    Row("existing-journal", existing_journal, 2, ("journal.sqlite", "exists")),
    Row(
        "unknown-policy-key",
        policy("[stages]\nconfirm_evaluatons = 3\n"),
        2,
        ("stages.confirm_evaluatons", "'confirm_evaluations'"),
    ),
    Row(
        "threshold-out-of-bounds",
        policy("[sizing]\nbase_ratio = 3.5\n"),
        2,
        ("sizing.base_ratio", "3.5", "2"),
    ),
    Row(
        "exit-above-enter",
        policy('[stages.two]\nenter = "vix.level >= 23"\nexit = "vix.level < 25"\n'),
        2,
        ("stages.two.exit", "vix.level < 25", "vix.level >= 23"),
    ),
    Row("busy-port-exchange", busy_port_of_the_exchange, 2, ("127.0.0.1", "in use")),
    Row("busy-port-service", busy_port_of_the_service, 2, ("exchange", "in use")),
    Row("second-bot", second_bot, 2, ("j.sqlite",)),
    Row("foreign-account", foreign_account, 3, ("allow-list", "SIM0000001")),
    Row("nobody-listens", nobody_listens, 4, ("127.0.0.1",)),
    Row("exchange-vanishes", vanishing_exchange, 4, ("unhealthy", "down: socket")),
    Row(
        "garbled-message",
        bad_client(GREETING, start_api(), frame(b"abracadabra\0"), stays=True),
        None,
        ("abracadabra",),
    ),
    Row(
        "garbled-frame",
        bad_client(GREETING, start_api(), b"\0\0\0\0"),
        None,
        ("frame of 0 bytes", "allowed are 1 to"),
    ),
    Row(
        "oversized-frame",
        bad_client(GREETING, start_api(), (DEFAULT_MAX_FRAME + 1).to_bytes(4, "big")),
        None,
        (f"frame of {DEFAULT_MAX_FRAME + 1} bytes", f"1 to {DEFAULT_MAX_FRAME}"),
    ),
    Row("no-greeting", bad_client(b"GET / HTTP/1.1\r\n\r\n"), None, ("must begin with", "GET ")),
    Row(
        "unsupported-version",
        bad_client(b"API\0" + frame(b"v100..120")),
        None,
        ("100", "120", "157"),
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_bad_input_is_named_and_changes_nothing(tmp_path: Path, row: Row) -> None:
    outcome = row.provoke(tmp_path)
    assert outcome.code == row.code, outcome.complaint
    for word in row.named:
        assert word in outcome.complaint
    assert "Traceback" not in outcome.complaint
