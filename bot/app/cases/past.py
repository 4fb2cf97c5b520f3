"""The closes before a case's session: those it gives, and its quiet past before them."""

from datetime import date
from typing import NamedTuple

from bot.app.cases.case import Case, HistoryCase, PastCase, PricedBy
from bot.app.cases.model import curve_closes, curve_level, quiet_closes
from bot.domain.history import WINDOW, FutureCloses, History, IndexCloses
from bot.domain.instruments import Universe
from bot.domain.policy import Policy
from bot.domain.sessions import SessionTable
from bot.signals.front import FRONT_DAYS
from bot.signals.memo import remembered

Closes = tuple[float | None, ...]


class _Series(NamedTuple):
    """The dates before a session, and the closes of each index, aligned to them."""

    dates: tuple[date, ...]
    vix: Closes
    spx: Closes
    indices: tuple[IndexCloses, ...]


def history_of(
    case: Case, policy: Policy, day: date, sessions: SessionTable, universe: Universe
) -> History:
    """Return the closes before the session of `day`; of futures only a model's are known."""
    dates, vix, spx, indices = _series(case.past, case.history, day, sessions)
    front: Closes = (None,) * len(vix)
    futures: tuple[FutureCloses, ...] = ()
    if case.market is PricedBy.MODEL:
        model = (case.long_run, policy.beta.default_tau_days)
        front = tuple(None if v is None else curve_level(v, FRONT_DAYS, *model) for v in vix)
        settlements = [future.settlement for future in universe.futures("VIX", "VX")]
        columns = curve_closes(vix, dates, settlements, model)
        futures = tuple(
            FutureCloses(settlement=settlement, closes=closes)
            for settlement, closes in zip(settlements, columns, strict=True)
        )
    return History(dates=dates, vix=vix, spx=spx, vix_front=front, futures=futures, indices=indices)


@remembered
def _series(past: PastCase, history: HistoryCase, day: date, sessions: SessionTable) -> _Series:
    """Return all closes of indices; remembered for the second look at a session."""
    symbols = dict.fromkeys([*past.indices, *history.indices])
    others = [_closes(past.indices.get(s), history.indices.get(s, ())) for s in symbols]
    every = [_closes(past.vix, history.vix), _closes(past.spx, history.spx), *others]
    length = max(map(len, every))
    dates = tuple(sessions.shift(day, -back).date for back in range(length, 0, -1))
    vix, spx, *rest = ((None,) * (length - len(closes)) + closes for closes in every)
    indices = tuple(
        IndexCloses(symbol=symbol, closes=closes)
        for symbol, closes in zip(symbols, rest, strict=True)
    )
    return _Series(dates, vix, spx, indices)


def _closes(level: float | None, given: Closes) -> Closes:
    """Return the given closes, with the quiet past before them where the case has one."""
    last = given[-WINDOW:]
    quiet = [] if level is None else quiet_closes(level, WINDOW)[len(given) :]
    return (*quiet, *last)
