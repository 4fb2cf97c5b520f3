"""A small, consistent market of 2018 from which tests build inputs: VX futures, VIX calls, SPX.

Prices come from one model (Black-76 with an upward smile on the future of the same settlement), so
that deltas can be worked out by hand; every line can be overridden by its contract number.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import exp, log

from bot.domain.account import Account, AccountId, Position
from bot.domain.book import Book
from bot.domain.calendar import EventCalendar
from bot.domain.canonical import ContentHash
from bot.domain.history import History
from bot.domain.inputs import EvaluationKind, Farm, InputBlobs, Inputs, Snapshot
from bot.domain.instruments import ConId, Future, Index, Instrument, Option, Right, Universe
from bot.domain.money import price_grid
from bot.domain.policy import Policy
from bot.domain.quotes import DataType, Quote
from bot.domain.readings import Reading, Readings, ReadingState, Scalar
from bot.domain.sessions import NEW_YORK, Session, SessionTable, at_new_york, settlement_instant
from bot.pricing import black76
from bot.pricing.forward import year_fraction
from bot.signals.catalog import SIGNALS

VIX_GRID = price_grid(("0", "0.01"), ("3", "0.05"))
SPX_GRID = price_grid(("0", "0.05"), ("3", "0.10"))
RATE = 0.02

SETTLEMENTS = {
    "feb": date(2018, 2, 14),
    "mar": date(2018, 3, 21),
    "apr": date(2018, 4, 18),
    "may": date(2018, 5, 16),
    "jun": date(2018, 6, 20),
}
VIX_STRIKES = tuple(range(10, 41))
SPX_EXPIRY = date(2018, 3, 2)
SPX_STRIKES = (2450, 2500, 2550, 2600, 2800, 2850, 2900)

VIX_ID, SPX_ID = ConId(1), ConId(2)
_MONTHS = tuple(SETTLEMENTS)


def future_id(month: str) -> ConId:
    return ConId(10 + _MONTHS.index(month))


def call_id(month: str, strike: int) -> ConId:
    return ConId(10_000 * (_MONTHS.index(month) + 1) + 10 * strike)


def put_id(month: str, strike: int) -> ConId:
    return ConId(call_id(month, strike) + 1)


def spx_id(right: str, strike: int) -> ConId:
    return ConId(900_000 + 2 * strike + (right == "P"))


def sessions() -> SessionTable:
    """Every weekday of 2017 and 2018, 09:30 to 16:15 New York; holidays do not matter here."""
    first = date(2017, 1, 2)
    days = (first + timedelta(days=n) for n in range(730))
    return SessionTable(sessions=tuple(session_of(day) for day in days if day.weekday() < 5))


def session_of(day: date) -> Session:
    return Session(
        date=day, open_at=at_new_york(day, time(9, 30)), close_at=at_new_york(day, time(16, 15))
    )


def moment(text: str) -> datetime:
    """Return the instant of `2018-02-05 10:00` New York."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


def vix_option(month: str, strike: int, right: Right = Right.CALL) -> Option:
    settles = SETTLEMENTS[month]
    number = call_id(month, strike) if right is Right.CALL else put_id(month, strike)
    return Option(
        con_id=number,
        symbol="VIX",
        trading_class="VIX",
        exchange="SMART",
        multiplier=100,
        right=right,
        strike=Decimal(strike),
        last_trading_day=settles - timedelta(days=1),
        settlement=settlement_instant(settles),
        grid=VIX_GRID,
        local_symbol=f"VIX {month} {right}{strike}",
    )


def spx_option(right: str, strike: int, expiry: date = SPX_EXPIRY) -> Option:
    return Option(
        con_id=ConId(spx_id(right, strike) + 1_000_000 * (expiry - SPX_EXPIRY).days),
        symbol="SPX",
        trading_class="SPXW",
        exchange="SMART",
        multiplier=100,
        right=Right(right),
        strike=Decimal(strike),
        last_trading_day=expiry,
        settlement=at_new_york(expiry, time(16, 0)),
        grid=SPX_GRID,
        local_symbol=f"SPXW {expiry} {right}{strike}",
    )


def vx_future(month: str) -> Future:
    settles = SETTLEMENTS[month]
    return Future(
        con_id=future_id(month),
        symbol="VIX",
        trading_class="VX",
        exchange="CFE",
        multiplier=1000,
        last_trading_day=settles,
        settlement=settlement_instant(settles),
        grid=price_grid(("0", "0.05")),
        local_symbol=f"VX {month}",
    )


def _instruments() -> tuple[Instrument, ...]:
    calls = (vix_option(month, strike) for month in _MONTHS for strike in VIX_STRIKES)
    puts = (vix_option(month, strike, Right.PUT) for month in _MONTHS for strike in VIX_STRIKES)
    spx = (spx_option(right, strike) for right in "CP" for strike in SPX_STRIKES)
    return (
        Index(con_id=VIX_ID, symbol="VIX", exchange="CBOE"),
        Index(con_id=SPX_ID, symbol="SPX", exchange="CBOE"),
        *(vx_future(month) for month in _MONTHS),
        *calls,
        *puts,
        *spx,
    )


UNIVERSE = Universe(instruments=_instruments())
SESSIONS = sessions()
CURVE = {"feb": 15.0, "mar": 15.0, "apr": 15.5, "may": 16.0, "jun": 16.0}
"""VX futures in points, unless a test says otherwise."""


def quote(
    con_id: ConId, now: datetime, bid: object, ask: object, *, data: DataType = DataType.LIVE
) -> Quote:
    return Quote(
        con_id=con_id,
        as_of=now,
        data_type=data,
        bid=Decimal(str(bid)),
        ask=Decimal(str(ask)),
        bid_size=50,
        ask_size=50,
    )


def vix_volatility(strike: float, forward: float) -> float:
    """The model's smile: a call costs more volatility the higher its strike."""
    return 0.80 + 0.40 * log(strike / forward)


def market_quotes(now: datetime, curve: Mapping[str, float], spx: float) -> dict[ConId, Quote]:
    """Quote every line of the universe that is alive at `now`."""
    quotes = {SPX_ID: Quote(con_id=SPX_ID, as_of=now, data_type=DataType.LIVE, last=Decimal(spx))}
    for month, level in curve.items():
        quotes[future_id(month)] = quote(future_id(month), now, level - 0.05, level + 0.05)
    for instrument in UNIVERSE.instruments:
        if isinstance(instrument, Option) and instrument.settlement > now:
            mid = _model_mid(instrument, now, curve, spx)
            if mid is not None:
                quotes[instrument.con_id] = _around(instrument, now, mid)
    return quotes


def _model_mid(
    option: Option, now: datetime, curve: Mapping[str, float], spx: float
) -> float | None:
    years = year_fraction(now, option.settlement)
    strike = float(option.strike)
    if option.symbol == "SPX":
        forward, volatility = spx * exp(RATE * years), 0.15
    else:
        month = next(m for m in _MONTHS if settlement_instant(SETTLEMENTS[m]) == option.settlement)
        if month not in curve:
            return None
        forward, volatility = curve[month], vix_volatility(strike, curve[month])
    is_call = option.right is Right.CALL
    return float(black76.price(forward, strike, years, volatility, RATE, is_call))


def _around(option: Option, now: datetime, mid: float) -> Quote:
    half = Decimal("0.05") if mid >= 1.0 else Decimal("0.02")
    middle = Decimal(str(round(mid, 2)))
    return Quote(
        con_id=option.con_id,
        as_of=now,
        data_type=DataType.LIVE,
        bid=max(option.grid.floor(middle - half), Decimal(0)),
        ask=option.grid.ceil(middle + half),
        bid_size=50 if middle > half else 0,
        ask_size=50,
    )


def condor_positions(quantity: int = 1) -> tuple[Position, ...]:
    """The condor 2500/2550/2850/2900 of 2018-03-02."""
    legs = ((("P", 2500), 1), (("P", 2550), -1), (("C", 2850), -1), (("C", 2900), 1))
    return tuple(
        Position(con_id=spx_id(*leg), quantity=sign * quantity, average_cost_usd=Decimal(500))
        for leg, sign in legs
    )


ACCOUNT = Account(
    account_id=AccountId("SIM1"),
    as_of=moment("2018-02-05 09:30"),
    net_liquidation_usd=Decimal(1_000_000),
    cash_usd=Decimal(500_000),
    available_funds_usd=Decimal(500_000),
)


def inputs(
    at: str = "2018-02-05 10:00",
    *,
    kind: EvaluationKind = EvaluationKind.INTRADAY,
    condors: int = 20,
    positions: tuple[Position, ...] | None = None,
    curve: Mapping[str, float] | None = None,
    spx: float = 2700.0,
    quotes: Iterable[Quote] = (),
    without: Iterable[ConId] = (),
    book: Book | None = None,
    farm: Farm = Farm.OK,
    account: Account = ACCOUNT,
    policy: Policy | None = None,
    universe: Universe = UNIVERSE,
) -> Inputs:
    """Build one evaluation's input; `quotes` replace lines of the model, `without` drops lines."""
    now = moment(at)
    lines = market_quotes(now, CURVE if curve is None else curve, spx)
    lines.update({one.con_id: one for one in quotes})
    for con_id in without:
        lines.pop(con_id, None)
    zero = ContentHash("0" * 64)
    return Inputs(
        snapshot=Snapshot(
            now=now,
            kind=kind,
            session=session_of(now.astimezone(NEW_YORK).date()),
            farm=farm,
            quotes=tuple(lines.values()),
            positions=condor_positions(condors) if positions is None else positions,
            account=account,
        ),
        book=book or Book(),
        history=History(dates=(), vix=(), spx=(), vix_front=(), futures=()),
        calendar=EventCalendar(),
        sessions=SESSIONS,
        universe=universe,
        policy=policy or Policy(),
        blobs=InputBlobs(history=zero, calendar=zero, sessions=zero, universe=zero, policy=zero),
    )


CALM: dict[str, Scalar] = {
    "vix.level": 12.0,
    "vix.macd": "bearish",
    "vix.macd_fresh": False,
    "vix.macd_inflection": False,
    "vix.macd_slope": -0.01,
    "vix.rsi": 45.0,
    "vix.rsi_previous": 44.0,
    "vix.rsi_rising": False,
    "vix.spike": False,
    "vix.new_high": False,
    "spx.macd": "bullish",
    "curve.inverted": False,
    "term.ratio": 1.15,
    "breadth.z": 0.0,
    "breadth.divergence": False,
    "divergence.bearish": False,
    "divergence.bullish": False,
    "curve.tau_days": 45.0,
    "event.fomc_sessions": 20,
    "event.cpi_sessions": 10,
    "event.ppi_sessions": 10,
    "flow.disturbed": False,
    "flow.unquoted_share": 0.0,
    "flow.spread_multiple": 1.0,
}
"""A quiet day with every source that is connected in this step."""


def readings(
    changes: Mapping[str, Scalar] | None = None,
    *,
    stale: Iterable[str] = (),
    missing: Iterable[str] = (),
    at: str = "2018-02-05 10:00",
) -> Readings:
    """Return readings for every name a signal has: CALM with `changes`, some stale or missing."""
    values = CALM | dict(changes or {})
    gone = {*missing}
    old = {*stale}
    rows = []
    for signal in SIGNALS:
        for name in signal.outputs:
            value = None if name in gone else values.get(name)
            state = ReadingState.MISSING if value is None else ReadingState.OK
            if name in old:
                state = ReadingState.STALE
            as_of = None if value is None else moment(at)
            rows.append(Reading(signal=signal.id, name=name, state=state, value=value, as_of=as_of))
    return Readings(by_name={row.name: row for row in rows})
