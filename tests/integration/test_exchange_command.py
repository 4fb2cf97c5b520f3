"""`alvh exchange` as a process: its one line, its exit codes, its orderly end."""

import asyncio
import signal
import socket
import sys
from pathlib import Path

import pytest

from bot.exchange.wire.trace import parse_lines
from tests.support.archives import texts
from tests.support.client_library import api
from tests.support.ib_client import connected, until


async def started(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "exchange",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_says_where_it_listens_and_ends_in_order(
    tmp_path: Path, number: signal.Signals
) -> None:
    state, trace = str(tmp_path / "state.db"), tmp_path / "trace.jsonl"
    process = await started(
        *("--port", "0", "--from", "2018-02-05T09:34", "--account", "DU0000042"),
        *("--state", state, "--trace", str(trace), "--max-rate", "0"),
        *("--master-client", "7", "--naked-calls"),
    )
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
    address, rest = line.removeprefix("listening on ").split(" ", 1)
    assert rest.startswith("account DU0000042 clock 2018-02-05T09:34")
    async with connected(int(address.rpartition(":")[2])) as ib:
        assert ib.wrapper.accounts == ["DU0000042"]
    process.send_signal(number)
    _, complaints = await asyncio.wait_for(process.communicate(), 30)
    assert (process.returncode, complaints.decode()) == (0, "")
    assert next(parse_lines(trace.read_bytes().splitlines())).name == "Handshake"


async def test_cash_earns_interest_over_night() -> None:
    """The clock leaps from the evening to the next morning; the night's interest has accrued."""
    process = await started(
        "--port", "0", "--from", "2018-02-05T16:29", "--account", "DF0000042", "--speed", "600"
    )
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
    address = line.removeprefix("listening on ").split(" ", 1)[0]
    async with connected(int(address.rpartition(":")[2])) as ib:
        assert ib.wrapper.accounts == ["DF0000042"]
        await until(lambda: accrued(ib) > 0)
    process.send_signal(signal.SIGTERM)
    _, complaints = await asyncio.wait_for(process.communicate(), 30)
    assert (process.returncode, complaints.decode()) == (0, "")


def accrued(ib: api.IB) -> float:
    """Return the interest that the library last heard of, in USD."""
    rows = {(v.tag, v.currency): v.value for v in ib.accountValues()}
    return float(rows["AccruedCash", "USD"])


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--scenario", "tulips-1637"), "tulips-1637"),
        (("--from", "monday"), "monday"),
        (("--from", "2018-02-05T03:00"), "2018-02-05T03:00"),
        (("--trace", "/nowhere/at/all/trace.jsonl"), "/nowhere/at/all/trace.jsonl"),
        (("--on", "yesterday"), "yesterday"),
        (("--data", "/nowhere/at/all"), "spx_daily.csv, line 1: expected the file"),
        (("--nights", "--from", "2018-01-12T03:00"), "2018-01-15T18:00 to 2018-03-02T20:00"),
        (("--state", "/nowhere/at/all/state.db"), "/nowhere/at/all/state.db"),
    ],
)
async def test_wrong_use_is_one_line_and_code_two(arguments: tuple[str, ...], named: str) -> None:
    process = await started("--port", "0", *arguments)
    _, complaints = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 2
    assert complaints.decode().count("\n") == 1
    assert named in complaints.decode()


async def test_a_busy_port_is_wrong_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        process = await started("--port", port)
        _, complaints = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 2
    assert port in complaints.decode()


async def test_days_from_files_say_what_is_modelled(tmp_path: Path) -> None:
    for name in ("spx_daily.csv", "vix_daily.csv"):
        (tmp_path / name).write_text(texts()[name])
    process = await started(
        "--port", "0", "--data", str(tmp_path), "--from", "2015-08-24T03:00", "--nights"
    )
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
    assert "clock 2015-08-24T03:00" in line
    assert "; modelled, for want of vix9d_daily.csv, vix3m_daily.csv," in line
    process.send_signal(signal.SIGTERM)
    _, complaints = await asyncio.wait_for(process.communicate(), 30)
    assert (process.returncode, complaints.decode()) == (0, "")
