"""Archives of real days: what files say becomes a scenario, what they must not say is named."""

import gzip
from datetime import date
from math import log
from pathlib import Path

import pytest

from bot.exchange.scenarios import archive
from bot.exchange.scenarios.archive import check_sessions, parse_archive
from bot.exchange.scenarios.loader import load_archive
from bot.exchange.scenarios.observed import Issues, Settle
from bot.exchange.scenarios.parse import ScenarioError
from tests.support.archives import (
    EXPIRIES,
    FIRST,
    LAST,
    archive_dates,
    archive_sessions,
    settle,
    spx_close,
    term_structure,
    texts,
)

BEGINS = date(2015, 8, 20)


def changed(file: str, line: int, text: str) -> dict[str, str]:
    """Return the archive with one line of a file replaced."""
    lines = texts()[file].splitlines()
    lines[line - 1] = text
    return texts() | {file: "\n".join(lines)}


def test_a_directory_of_days_is_a_scenario() -> None:
    """It begins where it is asked to; all earlier days are history."""
    told = parse_archive(texts(), BEGINS)
    assert (told.first_session, told.last_session) == (BEGINS, LAST)
    assert [day.date for day in told.days] == archive_dates()
    assert told.days[3].spx_close == spx_close(3)
    assert told.days[0].vix_open is not None
    assert told.condors == ()
    assert told.events == ()
    assert told.observed is not None
    assert told.observed.missing == ()
    check_sessions(told, archive_sessions())


def test_a_start_on_a_day_off_is_the_session_after() -> None:
    """Saturday the 22nd means Monday the 24th."""
    assert parse_archive(texts(), date(2015, 8, 22)).first_session == date(2015, 8, 24)


def test_what_is_known_beside_spx_and_vix() -> None:
    """By date; bills as IRX, notes ten times as TNX; an empty field is unknown."""
    known = parse_archive(texts(), BEGINS).observed
    assert known is not None
    assert known.closes["VIX9D"][FIRST] == 20.0
    assert known.closes["IRX"][FIRST] == 0.05
    assert known.closes["TNX"][archive_dates()[5]] == pytest.approx(20.5)
    assert known.breadth[FIRST] == Issues(1000.0, 2000.0)
    assert known.final_settlements == {date(2015, 8, 19): 14.78}
    assert known.curve[FIRST][1] == Settle(EXPIRIES[1], settle(0, 1))
    assert len(known.curve[EXPIRIES[0]]) == 3
    bill = 1.0 - 0.0005 * 91 / 360
    assert known.rates[FIRST] == pytest.approx(-log(bill) * 365 / 91)
    assert parse_archive(texts(), BEGINS).rate == known.rates[FIRST]


def test_the_term_structure_says_the_same_as_the_contracts() -> None:
    """Either file will do, and the other is not missed."""
    by_row = {k: v for k, v in texts().items() if k != archive.CONTRACTS_FILE}
    other = parse_archive(by_row | {archive.CURVE_FILE: term_structure()}, BEGINS).observed
    mine = parse_archive(texts(), BEGINS).observed
    assert other is not None
    assert mine is not None
    assert other.curve == mine.curve
    assert other.missing == ()


def test_only_two_files_must_be_there() -> None:
    """The others are named as missing, the curve's once, and plain rates stand in."""
    bare = {file: texts()[file] for file in archive.REQUIRED}
    told = parse_archive(bare, BEGINS)
    assert told.observed is not None
    assert not told.observed.closes
    assert not told.observed.curve
    assert not told.observed.breadth
    assert set(told.observed.missing) == set(archive.OPTIONAL) - {archive.CURVE_FILE}
    assert (told.rate, told.dividend_yield) == (0.02, 0.018)
    for file in archive.REQUIRED:
        with pytest.raises(ScenarioError, match=f"{file}, line 1: expected the file"):
            parse_archive({k: v for k, v in texts().items() if k != file}, BEGINS)


def test_dividends_are_what_the_total_return_gained() -> None:
    """Over the 252 sessions before; with fewer known the plain yield stands."""
    assert parse_archive(texts(), BEGINS).dividend_yield == 0.018
    days = [f"{1700 + n}-06-0{m}" for n in range(60) for m in range(1, 7)]
    spx = "date,open,high,low,close\n" + "".join(f"{on},100,100,100,100\n" for on in days)
    vix = "date,open,high,low,close\n" + "".join(f"{on},10,10,10,10\n" for on in days)
    total = "date,close\n" + "".join(f"{on},{100 * 1.0001**n}\n" for n, on in enumerate(days))
    long = {archive.SPX_FILE: spx, archive.VIX_FILE: vix, archive.RETURNS_FILE: total}
    told = parse_archive(long, date(1755, 1, 1))
    assert told.dividend_yield == pytest.approx(252 * log(1.0001))


def test_without_a_start_the_first_512_sessions_are_history() -> None:
    """And with fewer sessions a start must be named."""
    days = [f"{1700 + n}-06-0{m}" for n in range(100) for m in range(1, 7)]
    rows = "date,open,high,low,close\n" + "".join(f"{on},10,10,10,10\n" for on in days)
    told = parse_archive({archive.SPX_FILE: rows, archive.VIX_FILE: rows}, None)
    assert told.first_session == date.fromisoformat(days[512])
    with pytest.raises(ScenarioError, match="expected a start from 2015-08-04 to 2015-09-04"):
        parse_archive(texts(), None)


@pytest.mark.parametrize("first", [FIRST, date(2015, 9, 5), date(2012, 1, 1)])
def test_a_start_outside_the_days_is_refused(first: date) -> None:
    """The first day has no day before it."""
    with pytest.raises(ScenarioError, match="expected a start from 2015-08-04 to 2015-09-04"):
        parse_archive(texts(), first)


@pytest.mark.parametrize(
    ("file", "line", "text", "expected"),
    [
        (archive.SPX_FILE, 1, "date,open,high,close", "line 1: expected the columns low"),
        (archive.SPX_FILE, 3, "2015-08-04,1,2", "line 3: expected 5 fields, got 3"),
        (archive.SPX_FILE, 3, "4 Aug,1,1,1,1", "line 3: expected a date like"),
        (archive.SPX_FILE, 3, "2015-08-04,1,1,1,-2", "line 3: expected a price above zero"),
        (archive.SPX_FILE, 3, "2015-08-04,1,1,1,2", "line 3: expected low <= open, close <= high"),
        (archive.SPX_FILE, 3, "2015-08-03,1,1,1,1", "line 3: expected a date after 2015-08-03"),
        (archive.VIX_FILE, 3, "", "expected a row for 2015-08-04, as spx_daily.csv has"),
        (archive.VIX_FILE, 4, "2015-08-05,9,8,7,9,x", "line 4: expected low <= open"),
        (archive.RATES_FILE, 2, "2015-08-03,0,many,2", "line 2: expected a number, got 'many'"),
        (archive.RATES_FILE, 2, "2015-08-03,0,nan,2", "line 2: expected a finite number"),
        (archive.SETTLEMENT_FILE, 2, "2015-08-19,0", "line 2: expected a price above zero"),
        (archive.BREADTH_FILE, 1, "date,up,down", "line 1: expected the columns advancing, decl"),
        ("vvix_daily.csv", 2, "2015-08-03,?", "line 2: expected a number"),
    ],
)
def test_what_a_file_must_not_say_is_named(file: str, line: int, text: str, expected: str) -> None:
    """File, line, expectation."""
    with pytest.raises(ScenarioError, match=f"{file}, .*{expected}"):
        parse_archive(changed(file, line, text), BEGINS)


@pytest.mark.parametrize("text", ["", "date,open,high,low,close\n"])
def test_a_file_without_days_is_refused(text: str) -> None:
    """An empty file has no columns, one with a header alone no session."""
    with pytest.raises(ScenarioError, match=r"spx_daily\.csv, line 1: expected"):
        parse_archive(texts() | {archive.SPX_FILE: text}, BEGINS)


def test_a_day_too_few_and_a_day_too_many_are_named() -> None:
    """Against the calendar: a hole in the days, a row on a Saturday."""
    files = (archive.SPX_FILE, archive.VIX_FILE)
    hole = texts() | {
        file: "\n".join(x for x in texts()[file].splitlines() if "2015-08-12" not in x)
        for file in files
    }
    with pytest.raises(ScenarioError, match="line 9: expected the session 2015-08-12"):
        check_sessions(parse_archive(hole, BEGINS), archive_sessions())
    more = texts() | {
        file: texts()[file].replace("2015-08-10,", "2015-08-08,1,1,1,1" + tail + "\n2015-08-10,")
        for file, tail in zip(files, ("", ",x"), strict=True)
    }
    with pytest.raises(ScenarioError, match="line 7: expected no row for 2015-08-08"):
        check_sessions(parse_archive(more, BEGINS), archive_sessions())


def test_files_are_read_from_a_directory(tmp_path: Path) -> None:
    """Packed ones too; a file that is not text is named."""
    for name, text in texts().items():
        packed = name.endswith(".gz")
        (tmp_path / name).write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    assert load_archive(tmp_path, BEGINS) == parse_archive(texts(), BEGINS)
    (tmp_path / archive.CONTRACTS_FILE).write_bytes(b"not packed")
    with pytest.raises(
        ScenarioError, match=r"vx_contracts\.csv\.gz, line 1: expected readable text"
    ):
        load_archive(tmp_path, BEGINS)
    (tmp_path / archive.CONTRACTS_FILE).unlink()
    (tmp_path / archive.SPX_FILE).write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(ScenarioError, match=r"spx_daily\.csv, line 1: expected readable text"):
        load_archive(tmp_path, BEGINS)
