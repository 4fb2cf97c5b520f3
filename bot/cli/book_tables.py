"""The book as tables for the terminal."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from rich.console import Console

from bot.cli.tables import Row, table
from bot.review.holding_rows import BookView, CondorRow, IgnoredRow, NobodysRow, RungRow
from bot.review.phrases import short_time

UNKNOWN = "unknown"


def print_book(console: Console, book: BookView) -> None:
    """Print the whole book; what is empty is left out, but for condors and rungs."""
    tables = (
        table("Book", (), _head(book)),
        table(
            "Condors",
            (
                "condor",
                "count",
                "DTE",
                "credit",
                "captured",
                "break-evens",
                "from SPX",
                "notional",
                "max loss",
                "V",
            ),
            [_condor(one) for one in book.condors] or [("none",)],
        ),
        table(
            "SPX legs in no condor",
            ("contract", "count", "DTE", "average cost"),
            [
                (x.contract, f"{x.quantity:+d}", str(x.dte), _two(x.average_cost))
                for x in book.unexplained
            ],
        ),
        table(
            "Rungs",
            (
                "rung",
                "contract",
                "count",
                "cost",
                "bid",
                "value",
                "delta",
                "DTE",
                "bought by",
                "rolls",
            ),
            [_rung(one) for one in book.rungs] or [("none",)],
        ),
        table(
            "Ladder",
            ("tier", "full", "target", "filled", "working", "spent"),
            [
                (x.tier, *map(str, (x.full, x.target, x.filled, x.working, x.spent)))
                for x in book.tiers
            ],
        ),
        table(
            "Breaks: locked",
            ("contract", "rungs", "left aside", "broker"),
            [(x.contract, str(x.ours), str(x.aside), str(x.brokers)) for x in book.breaks],
        ),
    )
    for made in tables:
        if made.row_count:
            console.print(made)
    print_nobodys(console, book.nobodys, book.ignored)


def print_nobodys(
    console: Console, nobodys: Iterable[NobodysRow], ignored: Iterable[IgnoredRow]
) -> None:
    """Print the calls that no rung has, and those that are ignored."""
    tables = (
        table(
            "VIX calls that are nobody's",
            ("number", "contract", "symbol", "count", "average cost", "delta", "DTE", "suggested"),
            [_nobodys(one) for one in nobodys],
        ),
        table(
            "Ignored VIX calls",
            ("number", "contract", "count"),
            [(str(x.con_id), x.contract, str(x.quantity)) for x in ignored],
        ),
    )
    for made in tables:
        if made.row_count:
            console.print(made)


def _head(book: BookView) -> Iterator[Row]:
    advance = book.advance
    yield "as of", f"{short_time(book.as_of)} New York"
    yield "SPX", _number(book.spx)
    yield "stage", str(book.stage)
    if book.confirmations or book.queue:
        counted = ", ".join(book.confirmations) or "none"
        yield "confirmations", "; ".join(filter(None, (f"{counted} counted", book.queue)))
    yield "hedge vega", f"{_usd(book.hedge_vega_usd)} per VIX point"
    yield "V*", f"{_usd(book.v_star_usd)} per volatility point"
    yield "cover ratio", _percent(book.cover_ratio)
    spent, pending, left = map(
        _usd, (advance.spent_usd, advance.pending_usd, advance.available_usd)
    )
    yield "advance", f"{spent} spent, {pending} pending, {left} left"


def _condor(one: CondorRow) -> Row:
    below = f"{_number(one.lower_points)} ({_percent(one.lower_share, 1)}) above the lower"
    above = f"{_number(one.upper_points)} ({_percent(one.upper_share, 1)}) below the upper"
    return (
        one.name,
        str(one.quantity),
        str(one.dte),
        _two(one.credit),
        _percent(one.captured),
        UNKNOWN if one.lower is None else f"{_two(one.lower)} to {_two(one.upper)}",
        UNKNOWN if one.lower_points is None else f"{below}, {above}",
        _usd(one.notional_usd),
        _usd(one.max_loss_usd),
        _usd(one.vega_usd),
    )


def _rung(one: RungRow) -> Row:
    labels = ", ".join(f"{rule} {count}" for rule, count in one.labels.items())
    return (
        one.rung,
        f"{one.contract}{' LOCKED' if one.locked else ''}",
        str(one.quantity),
        _two(one.average_cost),
        _two(one.bid),
        _usd(one.value_usd),
        _two(one.delta),
        UNKNOWN if one.dte is None else str(one.dte),
        f"{labels} ({one.adopted} adopted)" if one.adopted else labels,
        UNKNOWN if one.roll_date is None else str(one.roll_date),
    )


def _nobodys(one: NobodysRow) -> Row:
    suggested = ", ".join(f"{x.quantity} to {x.rung}" for x in one.suggestions)
    none = "short: ignore or close it" if one.quantity < 0 else "no rung of its tier is free"
    return (
        str(one.con_id),
        one.contract,
        one.symbol,
        str(one.quantity),
        _two(one.average_cost),
        _two(one.delta),
        str(one.dte),
        suggested or none,
    )


def _two(number: Decimal | float | None) -> str:
    return UNKNOWN if number is None else f"{number:.2f}"


def _number(number: float | None) -> str:
    return UNKNOWN if number is None else f"{number:,.2f}"


def _usd(amount: Decimal | float | None) -> str:
    return UNKNOWN if amount is None else f"{amount:,.0f} USD"


def _percent(share: float | None, digits: int = 0) -> str:
    return UNKNOWN if share is None else f"{share:.{digits}%}"
