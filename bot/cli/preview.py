"""`alvh preview`: the ladder that would be laid now if all stages were on; nothing is ordered.

Asked of the running bot over its control socket; where a journal is named and no bot answers beside
it, the journal's last inputs serve.
"""

import asyncio
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.table import Table
from rich.text import Text

from bot.adapters.control import NotRunningError, ask, socket_path
from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.cli.decisions_reading import reading
from bot.cli.failure import told
from bot.cli.output import ExitCode, console, print_json, say, stop
from bot.domain.events import DecisionMade, InputsTaken, JournalEvent
from bot.review.phrases import short_time
from bot.review.replay import rebuilt
from bot.review.shelf import RecordError, Shelf
from bot.settings.run import load_settings
from bot.strategy.preview import Preview, PreviewRung, preview_ladder

Config = Annotated[Path | None, typer.Option("--config", help="Settings file of the bot.")]
Journal = Annotated[
    Path | None,
    typer.Option("--journal", help="Journal of the bot; its last inputs serve if no bot answers."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]

RUNNING, STORED = "the running bot", "the journal's last inputs"


@told
def preview(
    config: Config = None,
    journal: Journal = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Show the ladder of this moment: contracts, prices, premium and yearly cost; no orders."""
    path = load_settings(config).journal if journal is None else journal
    try:
        answer = asyncio.run(ask(socket_path(path), "preview"))
        found, source = msgspec.convert(answer, Preview, strict=False), RUNNING
    except NotRunningError:
        if journal is None or not journal.exists():
            raise
        found, source = _of_last_inputs(journal), STORED
    if as_json:
        print_json({"source": source, **msgspec.to_builtins(found)})
    else:
        _print(found, source)


def _of_last_inputs(path: Path) -> Preview:
    """Return the ladder of the last stored decision's inputs, or end the command."""
    with reading(path) as opened:
        taken, made = _newest(opened, "inputs_taken"), _newest(opened, "decision_made")
        if not isinstance(taken, InputsTaken) or not isinstance(made, DecisionMade):
            stop(ExitCode.WRONG_USE, f"{path}: the journal holds no decision yet")
        try:
            return preview_ladder(rebuilt(taken, Shelf(opened.blob)), made.state)
        except RecordError as error:
            stop(ExitCode.VERIFICATION_FAILED, f"{path}: {error}")


def _newest(opened: ReadOnlyJournal, kind: str) -> JournalEvent | None:
    stored = next(opened.events(kinds=[kind], newest_first=True), None)
    return None if stored is None else stored.event


def _print(found: Preview, source: str) -> None:
    scale = "an unknown scale" if found.u is None else f"scale {found.u:.2f}"
    when = f"{short_time(found.at)} New York, from {source}"
    say(f"{when}: policy {found.policy}, stage {found.stage}")
    if found.unknown:
        say(f"No ladder: {found.unknown}.")
        return
    say(f"With all stages on the ladder is {found.contracts} contracts at {scale}.")
    console().print(_table(found.rungs))
    for one in found.unbought:
        say(f"{one.rung}: {one.contracts} could not be bought now: {one.reason}")
    say(f"Premium {found.premium_usd:,.2f} USD; {_yearly(found)}.")


def _yearly(found: Preview) -> str:
    if found.yearly_cost_usd is None:
        return "what it costs a year to carry is unknown"
    share = "" if found.yearly_cost_of_nav is None else f" ({found.yearly_cost_of_nav:.2%} of NAV)"
    return f"carrying it is expected to cost {found.yearly_cost_usd:,.0f} USD a year{share}"


COLUMNS = (
    "rung",
    "contracts",
    "held",
    "contract",
    "days",
    "delta",
    "bid",
    "limit",
    "premium USD",
    "roll in",
    "theta",
    "roll-down",
    "half spread",
    "a year USD",
)


def _table(rungs: tuple[PreviewRung, ...]) -> Table:
    table = Table()
    for column in COLUMNS:
        left = column in {"rung", "contract"}
        table.add_column(column, justify="left" if left else "right", overflow="fold")
    for one in rungs:
        table.add_row(*(Text(cell) for cell in (*_bought(one), *_carried(one))))
    return table


def _bought(one: PreviewRung) -> tuple[str, ...]:
    return (
        one.rung,
        str(one.contracts),
        str(one.held),
        f"{one.settlement} {one.strike:f} call",
        str(one.days),
        f"{one.delta:.2f}",
        f"{one.bid:.2f}",
        f"{one.limit:.2f}",
        f"{one.premium_usd:,.0f}",
        f"{one.days_to_roll} days",
    )


def _carried(one: PreviewRung) -> tuple[str, ...]:
    carry = one.carry
    if carry is None:
        return ("unknown",) * 4
    parts = (carry.theta_usd, carry.roll_down_usd, carry.half_spread_usd, carry.yearly_usd)
    return tuple(f"{amount:,.0f}" for amount in parts)
