"""A market over real days closes as the days did, and moves between by the model."""

from datetime import date
from decimal import Decimal
from functools import cache
from math import log

import msgspec
import pytest

from bot.exchange.market.market import Market
from bot.exchange.reference.conid import ContractClass
from bot.exchange.reference.underlyings import (
    AD_NYSE_ID,
    INDICES,
    IRX_ID,
    SPX_ID,
    TNX_ID,
    VIX_ID,
    VVIX_ID,
)
from bot.exchange.scenarios.archive import BREADTH_FILE, INDEX_FILES, parse_archive
from tests.support.archives import (
    EXPIRIES,
    archive_dates,
    archive_sessions,
    settle,
    spx_close,
    texts,
    vix_close,
)
from tests.support.paper_market import at, future, option

BEGINS = date(2015, 8, 20)
PLACES = (6, 13, 20)


@cache
def real(*left_out: str) -> Market:
    told = {file: text for file, text in texts().items() if file not in left_out}
    return Market(parse_archive(told, BEGINS), archive_sessions(), 1)


@pytest.mark.parametrize("place", PLACES)
def test_indices_close_as_printed(place: int) -> None:
    """SPX, VIX and all whose closes are in the archive."""
    now = at(archive_dates()[place], 16, 15)
    lasts = {each.con_id: each.last for each in real().quotes([*INDICES], now)}
    assert float(lasts[SPX_ID] or 0) == spx_close(place)
    assert float(lasts[VIX_ID] or 0) == pytest.approx(vix_close(place))
    ids = {each.symbol: each.con_id for each in INDICES.values()}
    for number, symbol in enumerate(INDEX_FILES):
        assert float(lasts[ids[symbol]] or 0) == pytest.approx(20.0 + place + number)
    assert float(lasts[TNX_ID] or 0) == pytest.approx(20.0 + place / 10)
    assert float(lasts[IRX_ID] or 0) == pytest.approx(0.05)


@pytest.mark.parametrize("place", PLACES)
def test_each_listed_month_closes_at_its_settlement(place: int) -> None:
    """Marks and daily bars."""
    now = at(archive_dates()[place], 16, 15)
    for month, expiry in enumerate(EXPIRIES):
        if expiry <= now.date():
            continue
        assert float(real().mark(future(expiry), now)) == pytest.approx(settle(place, month))
        bar = real().daily_bars(future(expiry), now, 1)[0]
        assert bar.close == pytest.approx(settle(place, month))


def test_weeklies_are_shifted_in_between_the_months() -> None:
    """In logs, in proportion to the days from one monthly expiry to the next."""
    now = at(archive_dates()[20], 16, 15)
    days = (EXPIRIES[1], date(2015, 9, 30), EXPIRIES[2])
    ids = [option(ContractClass.VIXW, day, "20") for day in days]
    known, model = (m.quotes(ids, now) for m in (real(), real("vx_contracts.csv.gz")))
    shifts = [
        log((one.underlying_price or 0.0) / (other.underlying_price or 0.0))
        for one, other in zip(known, model, strict=True)
    ]
    share = (days[1] - days[0]) / (days[2] - days[0])
    assert shifts[1] == pytest.approx(shifts[0] + (shifts[2] - shifts[0]) * share, rel=1e-6)
    assert abs(shifts[2] - shifts[0]) > 0.01


def test_vix_goes_through_its_real_open_and_keeps_its_range() -> None:
    """The whole session's bar is the real one, the path stays inside it."""
    day = real().daily_bars(VIX_ID, at(archive_dates()[13], 17), 1)[0]
    told = parse_archive(texts(), BEGINS).days[13]
    assert (day.open, day.high, day.low, day.close) == (
        told.vix_open,
        told.vix_high,
        told.vix_low,
        told.vix_close,
    )
    path = real().samples(VIX_ID, at(day.date, 9, 29), at(day.date, 16, 15), 5).last
    assert (path[0], path[-1]) == (day.open, day.close)
    assert day.low <= path.min() <= path.max() <= day.high


def test_breadth_ends_as_counted() -> None:
    """At the close of options the day's own counts stand."""
    now = at(archive_dates()[13], 16)
    bars = real().daily_bars(AD_NYSE_ID, at(archive_dates()[13], 17), 1)
    assert bars[0].close == (1000 + 13) - (2000 - 13)
    told = real().quotes([AD_NYSE_ID], now)[0]
    assert told.bid_size == pytest.approx(1013, abs=120)


def test_options_and_futures_settle_on_the_real_auction() -> None:
    """14.78 on 19 August 2015; where the file knows nothing, on the index's opening."""
    later = at(date(2015, 8, 21), 12)
    assert real().settlement_value(future(EXPIRIES[0]), later) == Decimal("14.78")
    call = option(ContractClass.VIX, EXPIRIES[0], "14")
    assert real().settlement_value(call, later) == Decimal("0.78")
    weekly = option(ContractClass.VIXW, date(2015, 8, 26), "10")
    opened = Decimal(str(real().vix(at(date(2015, 8, 26), 9, 30))))
    assert real().settlement_value(weekly, at(date(2015, 8, 26), 12)) == opened - 10


def test_volatility_of_volatility_moves_vix_options() -> None:
    """They are quoted at the real VVIX, not at the model's."""
    now = at(archive_dates()[20], 16, 15)
    call = option(ContractClass.VIX, EXPIRIES[2], "30")
    with_file, without = (
        real(*out).quotes([call, VVIX_ID], now) for out in ((), (INDEX_FILES["VVIX"],))
    )
    ratio = float(with_file[1].last or 0) / float(without[1].last or 1)
    assert with_file[0].iv == pytest.approx((without[0].iv or 0) * ratio, rel=0.001)


def test_rates_are_the_day_befores() -> None:
    """A bill at 0.05 per cent discount."""
    assert real().rates(at(BEGINS, 12)).rate == pytest.approx(0.00050697, rel=1e-3)


def test_a_shift_goes_over_in_a_straight_line_and_holds_at_night() -> None:
    """At the opening the old one, halfway half of both, at the close the new one."""
    bare = real(*INDEX_FILES.values())
    whole = real()
    day = archive_dates()[13]
    vix3m = next(each.con_id for each in INDICES.values() if each.symbol == "VIX3M")

    def off(hour: int, minute: int, second: int = 0) -> float:
        now = at(day, hour, minute, second)
        one, other = (float(m.quotes([vix3m], now)[0].last or 0) for m in (whole, bare))
        return one - other

    opening, middle, close = off(9, 30), off(12, 52, 30), off(16, 15)
    assert middle == pytest.approx((opening + close) / 2, abs=0.02)
    assert abs(close - opening) > 0.1


def test_a_day_that_a_file_leaves_out_keeps_the_last_shift() -> None:
    """VVIX without its last ten days is still off by what it was off last."""
    file = INDEX_FILES["VVIX"]
    short = texts() | {file: "\n".join(texts()[file].splitlines()[:12])}
    cut = Market(parse_archive(short, BEGINS), archive_sessions(), 1)
    late, bare = (m.quotes([VVIX_ID], at(archive_dates()[-1], 12))[0] for m in (cut, real(file)))
    known, model = (
        m.quotes([VVIX_ID], at(archive_dates()[10], 16, 15))[0] for m in (cut, real(file))
    )
    assert float(late.last or 0) - float(bare.last or 0) == pytest.approx(
        float(known.last or 0) - float(model.last or 0), abs=0.011
    )


def test_before_the_first_known_curve_the_model_speaks() -> None:
    """A futures file that begins late shifts nothing before, and its first day all day."""
    told = parse_archive(texts(), BEGINS)
    assert told.observed is not None
    curve = {day: told.observed.curve[day] for day in archive_dates()[5:]}
    late = msgspec.structs.replace(
        told, observed=msgspec.structs.replace(told.observed, curve=curve)
    )
    market = Market(late, archive_sessions(), 1)
    now = at(archive_dates()[3], 16, 15)
    model = real("vx_contracts.csv.gz")
    assert market.mark(future(EXPIRIES[2]), now) == model.mark(future(EXPIRIES[2]), now)
    first = at(archive_dates()[5], 16, 15)
    assert float(market.mark(future(EXPIRIES[2]), first)) == pytest.approx(settle(5, 2))


def test_no_day_knows_a_later_one() -> None:
    """Cut after any session, everything up to it is the same."""
    told = parse_archive(texts(), BEGINS)
    days = told.days[:15]
    cut = Market(
        msgspec.structs.replace(told, days=days, last_session=days[-1].date), archive_sessions(), 1
    )
    lines = [*INDICES, future(EXPIRIES[1]), option(ContractClass.VIX, EXPIRIES[1], "20")]
    for hour in (3, 8, 12, 16):
        now = at(days[-1].date, hour)
        assert cut.quotes(lines, now) == real().quotes(lines, now)


def test_where_a_file_begins_late_the_model_speaks_before() -> None:
    """A level and the day's breadth of before its first row are the model's."""
    late = {
        file: "\n".join(line for line in texts()[file].splitlines() if "2015-08-0" not in line)
        for file in (INDEX_FILES["VVIX"], BREADTH_FILE)
    }
    market = Market(parse_archive(texts() | late, BEGINS), archive_sessions(), 1)
    now = at(archive_dates()[3], 16)
    model = real(INDEX_FILES["VVIX"], BREADTH_FILE)
    ids = [VVIX_ID, AD_NYSE_ID]
    assert market.quotes(ids, now) == model.quotes(ids, now)
