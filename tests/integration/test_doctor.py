"""The doctor finds faults that are really there, made by the exchange, the network or the disk."""

import asyncio
import contextlib
import errno
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.adapters.control import serving, socket_path
from bot.adapters.journal.condition import fix_of
from bot.adapters.journal.store import Journal
from bot.app.doctor.findings import Finding, Matter, Severity, worst_matter
from bot.app.doctor.gateway import USUAL_PORTS
from bot.bootstrap.doctor import examine
from bot.cli.main import command_line
from bot.exchange.assembly import ExchangePlan, open_exchange
from bot.exchange.clock import parse_instant
from bot.exchange.server import open_server
from bot.exchange.store import MemoryStore
from bot.exchange.venue.account_rules import AccountRules
from bot.exchange.venue.data_rules import Access, DataRules, Entitlements
from tests.support import simulation as sim
from tests.support import story
from tests.support.mosquitto import mosquitto
from tests.support.processes import ROOT, free_port, run
from tests.support.session_tables import index_option_sessions

ACCOUNT = "DU0000042"
EVENTS = """\
# coverage: fomc 2018-01-01 2018-12-31
# coverage: cpi 2018-01-01 2018-12-31
# coverage: ppi 2018-01-01 {until}
kind,date,source
fomc,2018-03-21,the Fed
cpi,2018-02-14,BLS
ppi,2018-02-15,BLS
"""


@contextlib.asynccontextmanager
async def gateway(
    port: int = 0, trusted: tuple[str, ...] = (), account: str = ACCOUNT, **plan: Any
) -> AsyncIterator[int]:
    """Serve an exchange on a Monday morning; yield its port."""
    start = parse_instant("2018-02-05T10:04")
    wanted = ExchangePlan(account=account, start=start, **plan)
    opened = open_exchange(wanted, index_option_sessions, MemoryStore())
    async with open_server(opened.venue, opened.store, port=port, trusted=trusted) as server:
        yield server.port


def settings(folder: Path, port: int, *, timeout: float = 10.0, **keys: object) -> Path:
    """Write settings of mode paper in which nothing is wrong but what `keys` say."""
    events = folder / "events.csv"
    if not events.exists():
        events.write_text(EVENTS.format(until="2018-12-31"), encoding="utf-8")
    journal = str(folder / "j.sqlite")
    top = {"mode": "paper", "journal": journal, "clock": "broker", "events": str(events)} | keys
    broker = {"port": port, "accounts": [ACCOUNT], "timeout_seconds": timeout}
    lines = [f"{key} = {json.dumps(value)}" for key, value in top.items()]
    lines += ["[broker]", *(f"{key} = {json.dumps(value)}" for key, value in broker.items())]
    path = folder / "paper.toml"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def faults(findings: tuple[Finding, ...]) -> list[Finding]:
    return [one for one in findings if one.severity is Severity.FAULT]


def of(findings: tuple[Finding, ...], check: str) -> Finding:
    (found,) = [one for one in findings if one.check == check]
    return found


async def test_where_nothing_is_wrong_nothing_is_found(tmp_path: Path) -> None:
    async with gateway() as port:
        findings = await examine(settings(tmp_path, port))
    assert {one.severity for one in findings} == {Severity.OK}
    assert [one.check for one in findings if one.check.startswith("data ")] == [
        "data VIX", "data SPX", "data VX future", "data VIX option", "data SPX option",
        "data VIX3M", "data AD-NYSE",
    ]  # fmt: skip
    assert worst_matter(findings) is None
    assert names_in(tmp_path) == {"events.csv", "paper.toml"}


# ---------------------------------------------------------------- the way to the gateway


async def test_nothing_listens(tmp_path: Path) -> None:
    findings = await examine(settings(tmp_path, free_port()))
    (found,) = faults(findings)
    assert (found.check, found.matter) == ("gateway", Matter.REACH)
    assert "nothing listens" in found.seen
    assert found.fix


async def test_the_gateway_listens_at_another_usual_port(tmp_path: Path) -> None:
    async with contextlib.AsyncExitStack() as stack:
        for port in USUAL_PORTS:
            with contextlib.suppress(OSError):
                await stack.enter_async_context(gateway(port))
                break
        findings = await examine(settings(tmp_path, free_port()))
    (found,) = faults(findings)
    assert found.matter is Matter.REACH
    assert f"{port} ({USUAL_PORTS[port]})" in found.seen
    assert "broker.port = " in found.fix


async def test_an_address_that_is_not_trusted_is_dropped(tmp_path: Path) -> None:
    async with gateway(trusted=("10.1.2.3",)) as port:
        findings = await examine(settings(tmp_path, port))
    (found,) = faults(findings)
    assert (found.check, found.matter) == ("gateway", Matter.REACH)
    assert "closes it at once" in found.seen
    assert "trusted IPs" in found.fix


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        (b"", "says nothing"),
        (b"\0\0\0\5", "says nothing"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "is no gateway"),
        (b"\0\0\0\5hello", "is no gateway"),
    ],
)
async def test_what_answers_is_silent_or_no_gateway(
    tmp_path: Path, words: bytes, seen: str
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(words)
        with contextlib.suppress(ConnectionError):
            await reader.read()
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        findings = await examine(settings(tmp_path, port, timeout=0.5))
        await asyncio.sleep(0.05)
    (found,) = faults(findings)
    assert (found.check, found.matter) == ("gateway", Matter.REACH)
    assert seen in found.seen
    assert found.fix


# ---------------------------------------------------------------- the login


@pytest.mark.parametrize(
    ("account", "seen"),
    [
        ("DU9999999", "allow-list"),
        ("U0000042", "of kind live"),
        ("SIM0000042", "of kind simulated"),
    ],
)
async def test_the_wrong_login_is_a_matter_of_safety(
    tmp_path: Path, account: str, seen: str
) -> None:
    async with gateway(account=account) as port:
        findings = await examine(settings(tmp_path, port))
    (found,) = faults(findings)
    assert (found.check, found.matter) == ("account", Matter.SAFETY)
    assert seen in found.seen
    assert account in found.fix
    assert not [one for one in findings if one.check.startswith(("orders", "data"))]


async def test_a_journal_of_another_account_is_a_matter_of_safety(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "j.sqlite") as journal:
        story.tell(journal)
    async with gateway() as port:
        findings = await examine(settings(tmp_path, port))
    (found,) = faults(findings)
    assert (found.check, found.matter) == ("account", Matter.SAFETY)
    assert story.ACCOUNT in found.seen


async def test_clocks_that_differ_are_a_matter_of_safety(tmp_path: Path) -> None:
    """An exchange in 2018 is the strongest case."""
    async with gateway() as port:
        findings = await examine(settings(tmp_path, port, clock="host"))
    (found,) = faults(findings)
    assert (found.check, found.matter) == ("clock", Matter.SAFETY)
    assert "Set this host's clock" in found.fix


async def test_a_read_only_api_is_named(tmp_path: Path) -> None:
    async with gateway(rules=AccountRules(read_only=True)) as port:
        findings = await examine(settings(tmp_path, port))
    (found,) = faults(findings)
    assert (found.check, found.matter) == ("orders", Matter.CONFIGURATION)
    assert "321" in found.seen
    assert "Read-Only API" in found.fix
    assert of(findings, "data VIX").severity is Severity.OK


# ---------------------------------------------------------------- data


async def test_a_line_without_a_subscription_is_named(tmp_path: Path) -> None:
    rules = DataRules(entitlements=Entitlements(denied=frozenset({"VIX:IND", "AD-NYSE"})))
    async with gateway(data_rules=rules) as port:
        findings = await examine(settings(tmp_path, port))
    (found,) = faults(findings)
    assert (found.check, found.matter) == ("data VIX", Matter.CONFIGURATION)
    assert "354" in found.seen
    assert "Cboe indices" in found.fix
    breadth = of(findings, "data AD-NYSE")
    assert breadth.severity is Severity.WARNING
    assert "unknown" in breadth.fix
    assert of(findings, "data SPX").severity is Severity.OK


async def test_a_login_with_delayed_data_only_is_named_line_by_line(tmp_path: Path) -> None:
    late = Access.DELAYED
    rules = DataRules(entitlements=Entitlements(index=late, future=late, option=late))
    async with gateway(data_rules=rules) as port:
        findings = await examine(settings(tmp_path, port))
    assert [one.check for one in faults(findings)] == [
        "data VIX", "data SPX", "data VX future", "data VIX option", "data SPX option",
    ]  # fmt: skip
    assert all("Delayed market data is available" in one.seen for one in faults(findings))


async def test_too_few_lines_are_named(tmp_path: Path) -> None:
    async with gateway(data_rules=DataRules(max_lines=2)) as port:
        findings = await examine(settings(tmp_path, port))
    found = faults(findings)[0]
    assert found.check == "data VX future"
    assert "101" in found.seen
    assert "data lines" in found.fix


# ---------------------------------------------------------------- files


async def test_a_calendar_that_ends_soon_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(EVENTS.format(until="2018-02-28"), encoding="utf-8")
    async with gateway() as port:
        findings = await examine(settings(tmp_path, port))
    assert faults(findings) == []
    found = of(findings, "calendar ppi")
    assert found.severity is Severity.WARNING
    assert "23 days ahead, 45 are needed" in found.seen
    assert of(findings, "calendar fomc").severity is Severity.OK


@pytest.mark.parametrize(
    ("key", "content", "check"),
    [
        ("events", "kind,date\n", "calendar"),
        ("events", None, "calendar"),
        ("policy", "[ladder]\nu = 'many'\n", "policy"),
        ("policy", None, "policy"),
    ],
)
async def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, key: str, content: str | None, check: str
) -> None:
    path = tmp_path / "given.file"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    given: dict[str, Any] = {key: str(path)}
    findings = await examine(settings(tmp_path, free_port(), **given))
    found = [one for one in faults(findings) if one.check == check]
    assert found
    assert found[0].matter is Matter.CONFIGURATION
    assert "given.file" in found[0].seen + found[0].fix


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[None]:
    """Another process that writes the journal and answers no question."""
    program = (
        "import pathlib, sys; from bot.adapters.journal.store import Journal\n"
        "with Journal.open(pathlib.Path(sys.argv[1])): print('open', flush=True); input()"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "j.sqlite")]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        yield
        process.communicate(b"\n")


@pytest.mark.usefixtures("writer")
async def test_a_journal_that_another_process_writes_is_named(tmp_path: Path) -> None:
    findings = await examine(settings(tmp_path, free_port()))
    found = faults(findings)[0]
    assert (found.check, found.matter) == ("journal", Matter.CONFIGURATION)
    assert "another process is writing" in found.seen
    assert "End that process" in found.fix


async def test_a_folder_that_takes_no_file_is_named(tmp_path: Path) -> None:
    findings = await examine(settings(tmp_path, free_port(), journal="/proc/alvh/j.sqlite"))
    found = faults(findings)[0]
    assert (found.check, found.matter) == ("journal", Matter.CONFIGURATION)
    assert "/proc cannot be written to" in found.seen
    assert "Name a journal in a folder" in found.fix


async def test_a_folder_that_is_not_there_yet_is_made_by_the_bot(tmp_path: Path) -> None:
    path = tmp_path / "not" / "yet" / "j.sqlite"
    findings = await examine(settings(tmp_path, free_port(), journal=str(path)))
    assert of(findings, "journal").severity is Severity.OK
    assert names_in(tmp_path) == {"events.csv", "paper.toml"}


@pytest.mark.parametrize(
    ("code", "fix"),
    [(errno.ENOSPC, "Make room"), (errno.EDQUOT, "Make room"), (errno.EROFS, "Name a journal")],
)
def test_a_full_disk_wants_room_and_a_read_only_one_another_place(code: int, fix: str) -> None:
    assert fix in fix_of(OSError(code, os.strerror(code)))


async def test_a_file_that_is_no_journal_is_named(tmp_path: Path) -> None:
    (tmp_path / "j.sqlite").write_text("a shopping list")
    findings = await examine(settings(tmp_path, free_port()))
    found = faults(findings)[0]
    assert (found.check, found.matter) == ("journal", Matter.CONFIGURATION)
    assert "Name another file" in found.fix


async def test_an_mqtt_broker_is_tried_and_its_absence_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALVH_JOURNAL", str(tmp_path / "j.sqlite"))
    monkeypatch.setenv("ALVH_MQTT__ENABLED", "true")
    monkeypatch.setenv("ALVH_MQTT__PORT", str(free_port()))
    found = of(await examine(None), "mqtt")
    assert (found.severity, found.matter) == (Severity.WARNING, None)
    assert "refused" in found.seen.lower()
    with mosquitto(tmp_path / "broker") as broker:
        monkeypatch.setenv("ALVH_MQTT__PORT", str(broker.port))
        assert of(await examine(None), "mqtt").severity is Severity.OK
    monkeypatch.setenv("ALVH_MQTT__USERNAME", "bot")
    monkeypatch.setenv("ALVH_MQTT__PASSWORD_FILE", str(tmp_path / "none"))
    found = of(await examine(None), "mqtt")
    assert found.matter is Matter.CONFIGURATION
    assert "mqtt.password_file" in found.fix


async def test_a_running_bot_may_hold_the_journal(tmp_path: Path) -> None:
    """The doctor may be asked beside it: a bot that answers at its control socket is no fault."""
    path = tmp_path / "j.sqlite"
    with Journal.open(path):
        async with serving(socket_path(path), {"status": dict}):
            findings = await examine(settings(tmp_path, free_port()))
    assert of(findings, "journal").severity is Severity.OK
    assert "a running bot" in of(findings, "journal").seen


# ---------------------------------------------------------------- the command


def doctor(*arguments: str) -> tuple[int, dict[str, Any]]:
    told = CliRunner().invoke(command_line(["doctor"]), ["doctor", "--json", *arguments])
    answer: dict[str, Any] = json.loads(told.stdout)
    return told.exit_code, answer


def test_the_bots_own_exchange_needs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALVH_JOURNAL", str(tmp_path / "j.sqlite"))
    code, answer = doctor()
    assert (code, answer["well"]) == (0, True)


def test_faults_end_the_command_by_their_kind(tmp_path: Path) -> None:
    config = settings(tmp_path, free_port())
    assert doctor("--config", str(config))[0] == 4
    (tmp_path / "j.sqlite").write_text("a shopping list")
    assert doctor("--config", str(config))[0] == 2
    config.write_text("[brokr]\nport = 0\n[broker]\nport = 0\n")
    code, answer = doctor("--config", str(config))
    assert (code, answer["well"]) == (2, False)
    assert len(answer["findings"]) == 2


@pytest.mark.parametrize(
    ("options", "faulty"),
    [
        (("--read-only", "--deny-data", "VIX:IND"), ["orders", "data VIX"]),
        (
            ("--delayed", "--trusted", "127.0.0.1"),
            ["data VIX", "data SPX", "data VX future", "data VIX option", "data SPX option"],
        ),
    ],
)
async def test_the_exchange_command_makes_gateways_that_refuse(
    tmp_path: Path, options: tuple[str, ...], faulty: list[str]
) -> None:
    account = ("--account", ACCOUNT)
    with sim.exchange(tmp_path, *account, *options, begin="2018-02-05T10:04") as market:
        findings = await examine(settings(tmp_path, market.port))
    assert [one.check for one in faults(findings)] == faulty


def test_people_read_a_finding_and_its_fix(tmp_path: Path) -> None:
    with sim.exchange(tmp_path, "--account", "U0000042", begin="2018-02-05T10:04") as market:
        ended = run("doctor", "--config", settings(tmp_path, market.port), folder=tmp_path)
    assert ended.code == 3, ended.err
    lines = ended.out.splitlines()
    (place,) = [n for n, line in enumerate(lines) if line.startswith("fault ")]
    assert "account U0000042 is of kind live" in lines[place]
    assert "-> Log the gateway in with the account meant for mode paper" in lines[place + 1]
    assert lines[-1] == "1 faults, 0 warnings"
