"""`alvh demo`: the whole bot on the paper exchange, in virtual time."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.app.schedule import Slot
from bot.bootstrap.demo import DemoOptions, DemoReport, run_demo
from bot.cli.failure import told
from bot.cli.output import ExitCode, print_json
from bot.domain.decision import Decision
from bot.domain.sessions import NEW_YORK


@told
def demo(
    scenario: Annotated[str, typer.Option(help="Which market is played.")] = "volmageddon-2018",
    start: Annotated[
        str, typer.Option("--from", help="New York time to start at, as 2018-02-05.")
    ] = "",
    until: Annotated[str, typer.Option(help="Last session to play, as 2018-02-05.")] = "",
    seed: Annotated[int, typer.Option(min=0, help="Seed of the intraday path.")] = 1,
    journal: Annotated[
        Path | None, typer.Option(help="Journal to write; must not exist yet.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,  # noqa: FBT002
) -> None:
    """Run the bot through a scenario and show what it decided and earned."""
    options = DemoOptions(scenario=scenario, start=start, until=until, seed=seed, journal=journal)
    with _Watcher(scenario) as watcher:
        report = asyncio.run(run_demo(options, watcher))
    if as_json:
        print_json(report.to_json())
    else:
        _show(report)
    if not report.books_equal:
        sys.stderr.write("alvh: the bot's books and the exchange's differ\n")
        raise typer.Exit(ExitCode.VERIFICATION_FAILED)


class _Watcher:
    """Shows progress on standard error, session by session."""

    def __init__(self, scenario: str) -> None:
        self._progress = Progress(
            TextColumn(scenario),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=Console(stderr=True),
        )
        self._task = self._progress.add_task("opening")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def expect(self, slots: int) -> None:
        """Learn how many slots there will be."""
        self._progress.update(self._task, total=slots)

    def __call__(self, slot: Slot, decision: Decision | None) -> None:
        """Count one slot."""
        stage = "" if decision is None else f" stage {decision.stage}"
        when = f"{slot.due_at.astimezone(NEW_YORK):%Y-%m-%d %H:%M}"
        self._progress.update(self._task, advance=1, description=f"{when}{stage}")


def _show(report: DemoReport) -> None:
    console = Console()
    summary = report.summary
    table = Table(title=f"{report.scenario}, seed {report.seed}", show_header=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    counts = f"{summary.sessions}, {report.cycles}, {summary.decisions}"
    table.add_row("sessions, cycles, decisions", counts)
    for reached in summary.stages:
        when = f"{reached.at.astimezone(NEW_YORK):%Y-%m-%d %H:%M}"
        table.add_row(f"stage {reached.stage} entered", f"{when} New York: {reached.summary}")
    rolls = f"{summary.orders}, {summary.rolls}, {summary.fills}"
    table.add_row("orders, of them rolls, fills", rolls)
    table.add_row("rungs opened", " ".join(summary.rungs_opened) or "none")
    table.add_row("breaks", str(summary.breaks))
    books = report.exchange_books
    table.add_row("hedge profit", f"{books.hedge_pnl_usd:,.2f} USD")
    table.add_row("condor profit", f"{books.condor_pnl_usd:,.2f} USD")
    table.add_row("books equal the exchange's", "yes" if report.books_equal else "NO")
    traffic = f"{report.traffic.received:,} received, {report.traffic.sent:,} sent"
    table.add_row("messages at the socket", traffic)
    table.add_row("decision hash", summary.decision_hash)
    table.add_row("journal", str(report.journal))
    console.print(table)
    say = f"alvh decisions list --journal {report.journal}"
    console.print(f"Read it: {say}", soft_wrap=True)
