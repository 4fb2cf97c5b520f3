"""A small archive of daily files, in the shape the exchange reads, with made-up values."""

from collections.abc import Iterable
from datetime import date

from bot.domain.sessions import SessionTable
from bot.exchange.scenarios import archive
from tests.support.session_tables import index_option_sessions

FIRST, LAST = date(2015, 8, 3), date(2015, 9, 4)
EXPIRIES = (date(2015, 8, 19), date(2015, 9, 16), date(2015, 10, 21), date(2015, 11, 18))


def archive_sessions() -> SessionTable:
    """Return the sessions of the archive and of what is listed beyond it."""
    return index_option_sessions(FIRST, date(2016, 8, 1))


def archive_dates() -> list[date]:
    """Return the sessions that the archive tells of."""
    return [each.date for each in archive_sessions().sessions if each.date <= LAST]


def spx_close(place: int) -> float:
    """Return the close of the session at a place: up and down by turns."""
    return 2080.0 + (12.0 if place % 2 == 0 else -12.0) - 2.0 * place


def vix_close(place: int) -> float:
    """Return the close of VIX at a place."""
    return 14.0 + 0.7 * place


def settle(place: int, month: int) -> float:
    """Return the settlement price of a month on a day, on the futures' grid."""
    return round((vix_close(place) + 1.0 + month * 0.5) * 20) / 20


def texts() -> dict[str, str]:
    """Return the text of every file an archive can have, by name, but for the term structure."""
    dates = list(enumerate(archive_dates()))
    indices = {
        file: _csv("date,close", (f"{on},{20.0 + place + number}" for place, on in dates))
        for number, file in enumerate(archive.INDEX_FILES.values())
    }
    return indices | {
        archive.SPX_FILE: _csv("date,open,high,low,close", (_spx(*each) for each in dates)),
        archive.VIX_FILE: _csv("date,open,high,low,close,note", (_vix(*each) for each in dates)),
        archive.CONTRACTS_FILE: _csv(
            "date,contract,expiry,settle",
            (
                f"{on},{expiry:%Y-%m},{expiry},{settle(place, month)}"
                for place, on in dates
                for month, expiry in enumerate(EXPIRIES)
            ),
        ),
        archive.SETTLEMENT_FILE: _csv("date,final_settle", ["2015-08-19,14.78", "2015-09-16,"]),
        archive.BREADTH_FILE: _csv(
            "date,advancing,declining",
            (f"{on},{1000 + place},{2000 - place}" for place, on in dates),
        ),
        archive.RATES_FILE: _csv(
            "date,fed_funds,tbill_3m,treasury_10y",
            (f"{on},0.1,0.05,2.{place:02}" for place, on in dates),
        ),
        archive.RETURNS_FILE: _csv("date,close", (f"{on},{4000 + place}" for place, on in dates)),
    }


def term_structure() -> str:
    """Return the futures' settlement prices as one row a day instead."""
    names = ",".join(f"vx{n}" for n in range(1, 9)) + "," + ",".join(f"exp{n}" for n in range(1, 9))
    rows = []
    for place, on in enumerate(archive_dates()):
        left = [(m, each) for m, each in enumerate(EXPIRIES) if each > on]
        prices = [str(settle(place, month)) for month, _ in left]
        ends = [str(expiry) for _, expiry in left]
        gap = [""] * (8 - len(left))
        rows.append(",".join([str(on), *prices, *gap, *ends, *gap]))
    return _csv(f"date,{names}", rows)


def _spx(place: int, on: date) -> str:
    close, before = spx_close(place), spx_close(place - 1)
    opened = before + 1.0
    return f"{on},{opened},{max(opened, close) + 3},{min(opened, close) - 4},{close}"


def _vix(place: int, on: date) -> str:
    close = round(vix_close(place), 2)
    opened = round(vix_close(place - 1) + 0.2, 2)
    low, high = round(min(opened, close) - 0.6, 2), round(max(opened, close) + 0.5, 2)
    return f"{on},{opened},{high},{low},{close},anything"


def _csv(header: str, rows: Iterable[str]) -> str:
    return "\n".join([header, *rows]) + "\n"
