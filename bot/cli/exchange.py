"""`alvh exchange`: the paper exchange alone; any TWS API client may connect."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import typer

from bot.adapters.calendar import session_table
from bot.adapters.clock import HostClock
from bot.bootstrap.usage import UsageError
from bot.cli.failure import told
from bot.domain.sessions import NEW_YORK
from bot.exchange.assembly import Exchange, ExchangePlan, open_exchange
from bot.exchange.clock import ClockError, parse_day, parse_instant
from bot.exchange.scenarios.loader import UnknownScenarioError
from bot.exchange.scenarios.parse import ScenarioError
from bot.exchange.scenarios.rebase import RebaseError
from bot.exchange.server import LOCALHOST, ExchangeServer, PortUnavailableError, open_server
from bot.exchange.store import FileStore, Identity, MemoryStore, StoreError
from bot.exchange.trace import TraceFile, TraceFileError
from bot.exchange.venue.account_rules import AccountRules
from bot.exchange.venue.data_rules import Access, DataRules, Entitlements

DEFAULT_PORT = 4002
"""Where IB Gateway listens with a paper account, and where the bot's presets look."""

MAX_RATE = 50
"""Messages a second that the broker allows with its usual hundred lines (domain.md section 3.2)."""

WRONG_USE = (
    UnknownScenarioError,
    ScenarioError,
    RebaseError,
    ClockError,
    PortUnavailableError,
    StoreError,
    TraceFileError,
)
"""What a user can put right: another name, time, port or file (exit code 2)."""


@told
def exchange(  # noqa: PLR0913, PLR0917 - one parameter per option
    scenario: Annotated[str, typer.Option(help="Which market is played.")] = "volmageddon-2018",
    start: Annotated[
        str, typer.Option("--from", help="New York time to start at, as 2018-02-05T09:34.")
    ] = "",
    begins: Annotated[
        str,
        typer.Option(
            "--on", help="Play the scenario as if it began on this date (or today), not on its own."
        ),
    ] = "",
    speed: Annotated[float, typer.Option(min=0.01, help="Times the wall clock.")] = 1.0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the intraday path.")] = 1,
    account: Annotated[
        str, typer.Option(help="Account id; by default the scenario's, which begins with SIM.")
    ] = "",
    state: Annotated[
        Path | None, typer.Option(help="File that keeps account and clock over a restart.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="Directory of daily CSV files: real days instead of a scenario."),
    ] = None,
    nights: Annotated[  # noqa: FBT002 - a flag of the command line
        bool,
        typer.Option(
            "--nights", help="Live nights, curbs and weekends through, leap over nothing."
        ),
    ] = False,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = LOCALHOST,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any.")] = DEFAULT_PORT,
    max_rate: Annotated[
        int, typer.Option(min=0, help="Messages a second one client may send; 0 for no limit.")
    ] = MAX_RATE,
    trace: Annotated[
        Path | None, typer.Option(help="File that gets every message as one JSON line.")
    ] = None,
    master_client: Annotated[
        int | None, typer.Option(min=0, help="Client id that is told of everybody's orders.")
    ] = None,
    trusted: Annotated[
        list[str] | None,
        typer.Option(help="Address that may connect; any other is dropped at once. Repeatable."),
    ] = None,
    deny_data: Annotated[
        list[str] | None,
        typer.Option(
            help="Symbol without market data, as VIX, or only one kind: VIX:IND. Repeatable."
        ),
    ] = None,
    *,
    delayed: Annotated[
        bool, typer.Option("--delayed", help="Have delayed market data only.")
    ] = False,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Refuse orders, as a read-only API does.")
    ] = False,
    naked_calls: Annotated[
        bool,
        typer.Option("--naked-calls", help="Allow short calls that no long call covers."),
    ] = False,
) -> None:
    """Serve the paper exchange until stopped by SIGTERM or SIGINT."""
    try:
        plan = ExchangePlan(
            scenario=scenario,
            seed=seed,
            account=account,
            start=parse_instant(start),
            nights=nights,
            data=data,
            interest=True,
            rules=AccountRules(
                master_client_id=master_client, naked_calls=naked_calls, read_only=read_only
            ),
            data_rules=DataRules(entitlements=_entitlements(deny_data or (), delayed=delayed)),
            begins=parse_day(begins, HostClock().now().astimezone(NEW_YORK).date()),
        )
        with _store(state, plan) as store, _trace(trace) as tracing:
            opened = open_exchange(plan, session_table, store)
            listening = open_server(
                opened.venue,
                opened.store,
                host=host,
                port=port,
                max_rate=max_rate or None,
                trace=tracing,
                trusted=trusted or (),
            )
            asyncio.run(_serve(opened, listening, speed))
    except* WRONG_USE as failed:
        error = failed.exceptions[0]
        raise UsageError(str(error)) from error


def _store(path: Path | None, plan: ExchangePlan) -> MemoryStore | FileStore:
    if path is None:
        return MemoryStore()
    identity = Identity(
        scenario=plan.scenario if plan.data is None else str(plan.data.resolve()),
        seed=plan.seed,
        account=plan.account,
        begins="" if plan.begins is None else plan.begins.isoformat(),
    )
    return FileStore(path, identity)


def _entitlements(denied: Collection[str], *, delayed: bool) -> Entitlements:
    access = Access.DELAYED if delayed else Access.LIVE
    return Entitlements(
        index=access, future=access, option=access, stock=access, denied=frozenset(denied)
    )


def _lacking(opened: Exchange) -> str:
    """Return which files were not there, so that nobody takes the model's values for real ones."""
    observed = opened.scenario.observed
    missing = () if observed is None else observed.missing
    return f"; modelled, for want of {', '.join(missing)}" if missing else ""


def _trace(path: Path | None) -> contextlib.AbstractContextManager[TraceFile | None]:
    return contextlib.nullcontext() if path is None else TraceFile(path)


async def _serve(
    opened: Exchange,
    listening: contextlib.AbstractAsyncContextManager[ExchangeServer],
    speed: float,
) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with listening as server, asyncio.TaskGroup() as tasks:
        clock = f"{server.now.astimezone(NEW_YORK):%Y-%m-%dT%H:%M}"
        line = (
            f"listening on {server.host}:{server.port} account {opened.books.account} clock {clock}"
        )
        sys.stdout.write(f"{line} New York, {speed:g} times the wall clock{_lacking(opened)}\n")
        sys.stdout.flush()
        running = tasks.create_task(server.run_clock(opened.running_clock(speed)), name="clock")
        await stop.wait()
        running.cancel()
