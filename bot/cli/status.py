"""`alvh status` and `alvh health`: ask a running bot over its control socket."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from bot.adapters.control import ask, socket_path
from bot.app.status import Publishing, Status, WorkingOrder
from bot.cli.failure import told
from bot.cli.output import ExitCode, print_json
from bot.domain.sessions import NEW_YORK
from bot.settings.run import load_settings

Config = Annotated[Path | None, typer.Option("--config", help="Settings file of the bot.")]
Journal = Annotated[Path | None, typer.Option("--journal", help="Journal of the bot.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]


@told
def status(config: Config = None, journal: Journal = None, as_json: AsJson = False) -> None:  # noqa: FBT002
    """Show what a running bot sees, holds and waits for."""
    answer = _ask(config, journal)
    if as_json:
        print_json(answer)
        return
    for line in lines_of(msgspec.convert(answer, Status)):
        typer.echo(line)


@told
def health(config: Config = None, journal: Journal = None, as_json: AsJson = False) -> None:  # noqa: FBT002
    """Tell whether a running bot is healthy: exit 0 if so, 4 if not or not reachable."""
    ills = msgspec.convert(_ask(config, journal), Status).ills()
    if as_json:
        print_json({"healthy": not ills, "ills": ills})
    else:
        typer.echo("healthy" if not ills else f"unhealthy: {'; '.join(ills)}")
    if ills:
        raise typer.Exit(ExitCode.UNREACHABLE)


def _ask(config: Path | None, journal: Path | None) -> Any:
    path = load_settings(config).journal if journal is None else journal
    return asyncio.run(ask(socket_path(path), "status"))


def lines_of(status: Status) -> list[str]:
    """Return the status as a person reads it."""
    cover = "unknown" if status.cover_ratio is None else f"{status.cover_ratio:.0%}"
    rungs = " ".join(f"{rung}:{count}" for rung, count in status.rungs.items()) or "none"
    state = "; ".join(status.ills()) or "ready"
    due = "unknown" if status.next_due is None else _clock(status.next_due)
    lines = [
        f"{status.mode} account {status.account_id or 'unproved'}, {_clock(status.now)}: {state}",
        f"stage {status.stage}, cover {cover}, rungs {rungs}, {status.working_orders} working",
        f"{status.lines} lines, {status.decisions} decisions, next due {due}",
    ]
    lines += [_working(order) for order in status.working]
    if status.unadopted:
        calls = ", ".join(map(str, status.unadopted))
        lines.append(f"VIX calls that nobody bought, left alone: {calls}; see alvh adopt")
    if status.last is not None:
        lines.append(f"last decision {_clock(status.last.at)}: {status.last.summary}")
        if status.last.blind:
            lines.append(f"blind: {', '.join(status.last.blind)}")
    if status.publishing is not None:
        lines.append(_published(status.publishing))
    return lines


def _published(publishing: Publishing) -> str:
    if publishing.acknowledged < publishing.newest:
        reach = f"event {publishing.acknowledged} of {publishing.newest} acknowledged"
    else:
        reach = f"all {publishing.newest} events acknowledged"
    trouble = f": {publishing.trouble}" if publishing.trouble else ""
    return f"MQTT broker {publishing.broker} {publishing.state}{trouble}; {reach}"


def _working(order: WorkingOrder) -> str:
    """Return a working order in one line, whatever number of legs it has."""
    legs = ", ".join(f"{leg.side} {order.quantity} {leg.name}" for leg in order.legs)
    net = " net" if len(order.legs) > 1 else ""
    return (
        f"order for {order.rung}: {legs} at {order.limit:.2f}{net}, "
        f"{order.filled} filled, {order.state}"
    )


def _clock(at: Any) -> str:
    return f"{at.astimezone(NEW_YORK):%Y-%m-%d %H:%M:%S} New York"
