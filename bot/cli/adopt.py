"""`alvh adopt`: give calls that nobody bought to rungs, or leave them alone."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from bot.adapters.control import NoAnswerError, NotRunningError, ask, socket_path
from bot.app.adoption import Adopt, AdoptAll, Ignore, LookAgain, Request
from bot.bootstrap.stored_book import choose_in, stored_nobodys
from bot.bootstrap.usage import UsageError
from bot.cli.book import PATIENCE_SECONDS
from bot.cli.book_tables import print_nobodys
from bot.cli.failure import told
from bot.cli.output import complain, console, print_json, say
from bot.review.holding_rows import AdoptAnswer
from bot.settings.run import load_settings


@told
def adopt(  # noqa: PLR0913 - one command, its options
    contract: Annotated[
        str | None, typer.Argument(help="Its number or symbol; without one they are listed.")
    ] = None,
    *,
    rung: Annotated[str, typer.Option(help="The rung it belongs to from now on, as S2.")] = "",
    quantity: Annotated[
        int | None, typer.Option(help="So many of it; without this all that are nobody's.")
    ] = None,
    price: Annotated[
        str, typer.Option(help="What one cost, in points; else the broker's average cost.")
    ] = "",
    label: Annotated[
        str,
        typer.Option(help="The rule that bought it, as R5, or its class, as initial."),
    ] = "",
    ignore: Annotated[bool, typer.Option("--ignore", help="Leave it alone from now on.")] = False,
    look_again: Annotated[bool, typer.Option("--unignore", help="Ignore it no longer.")] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Every call, to its suggested rung.")
    ] = False,
    config: Annotated[
        Path | None, typer.Option("--config", help="Settings file of the bot.")
    ] = None,
    journal: Annotated[Path | None, typer.Option("--journal", help="Journal of the bot.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON value.")] = False,
) -> None:
    """List the VIX calls that nobody bought, give one to a rung, or ignore it."""
    path = load_settings(config).journal if journal is None else journal
    said = _Said(
        contract=contract,
        rung=rung,
        quantity=quantity,
        price=price,
        label=label,
        ignore=ignore,
        look_again=look_again,
        every=every,
    )
    answer = _answer(path, _request(said))
    if as_json:
        print_json(answer)
        return
    for sentence in answer.done:
        say(sentence)
    print_nobodys(console(), answer.nobodys, answer.ignored)
    if not (answer.done or answer.nobodys or answer.ignored):
        say("Every VIX call the account holds belongs to a rung.")


@dataclass(frozen=True, kw_only=True)
class _Said:
    """What was said on the command line; an empty text or None was not."""

    contract: str | None
    rung: str
    quantity: int | None
    price: str
    label: str
    ignore: bool
    look_again: bool
    every: bool


def _request(said: _Said) -> Request | None:
    """Return what is asked for, None where the calls are only to be listed."""
    ways = {
        "--rung": bool(said.rung),
        "--ignore": said.ignore,
        "--unignore": said.look_again,
        "--all": said.every,
    }
    chosen = [way for way, is_chosen in ways.items() if is_chosen]
    if len(chosen) > 1:
        raise UsageError(f"expected one of {', '.join(ways)}, got {' and '.join(chosen)}")
    way = chosen[0] if chosen else ""
    _check_beside(said, way)
    if said.contract is None:
        return AdoptAll(label=said.label) if said.every else None
    if said.ignore:
        return Ignore(contract=said.contract)
    if said.look_again:
        return LookAgain(contract=said.contract)
    return Adopt(
        contract=said.contract,
        rung=said.rung,
        quantity=said.quantity,
        price=_price(said.price),
        label=said.label,
    )


def _check_beside(said: _Said, way: str) -> None:
    """Refuse a contract without a choice, a choice without one, and options that say nothing."""
    if said.contract is not None and way in {"", "--all"}:
        raise UsageError("expected --rung, --ignore or --unignore with a contract")
    if said.contract is None and way not in {"", "--all"}:
        raise UsageError(f"expected a contract with {way}")
    if way != "--rung" and (said.quantity is not None or said.price):
        raise UsageError("--quantity and --price go with --rung alone")
    if way not in {"--rung", "--all"} and said.label:
        raise UsageError("--label goes with --rung or --all")


def _price(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        price = Decimal(text)
    except InvalidOperation as error:
        raise UsageError(f"--price: expected points as 1.35, got {text!r}") from error
    if not price.is_finite():
        raise UsageError(f"--price: expected points as 1.35, got {text!r}")
    return price


def _answer(path: Path, request: Request | None) -> AdoptAnswer:
    """Ask the bot that runs on a journal; where none does, the journal itself."""
    arguments = {} if request is None else msgspec.to_builtins(request)
    asking = ask(socket_path(path), "adopt", arguments, patience_seconds=PATIENCE_SECONDS)
    try:
        return msgspec.convert(asyncio.run(asking), AdoptAnswer)
    except NoAnswerError:
        raise
    except NotRunningError:
        found = stored_nobodys(path) if request is None else choose_in(path, request)
    complain(
        "alvh: no bot answers: by what the journal knew last, to be compared at the next start"
    )
    return found
