"""What futures tie up: the move of their price that has to be survived.

The charge of one contract is computed as clearing houses must compute it, not looked up. A margin
covers 99 % of the moves over two days and a quarter more, and it may not follow volatility below
its long run (Delegated Regulation (EU) 153/2013, articles 24, 26 and 28; the American minimum, 17
CFR 39.13(g)(2), is 99 % over one day):

    maintenance = notional x 1.25 x 2.326 x s x sqrt(2 / 252)

with s the yearly volatility: VIX for S&P 500 futures, VVIX for VIX futures, in either case no less
than its long-run mean (19.5 and 86, domain.md section 5.1). VVIX is the volatility of a one-month
future; the other months move with their beta to spot VIX, which falls from 1 in the last days to
0.43 at one month and 0.21 at five (domain.md section 5.1), in logarithms straight between these.
At VIX 19.5 an S&P future so takes 5.1 % of its value, a one-month VIX future 22 %.

Contracts of one family and settlement net each other, minis for their size. Months against each
other are charged what is left of both sides when they move together with correlation 0.95, a
cautious figure for neighbouring VIX months: sqrt(2 (1 - 0.95)) = 32 % of the smaller side, in place
of the full charge of both.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from math import exp, log, sqrt

import msgspec

from bot.domain.instruments import Future
from bot.domain.money import to_cents
from bot.exchange.reference.conid import SPX_FUTURE_CLASSES
from bot.exchange.venue.margin_levels import Levels

_DEVIATIONS = 2.326
_BUFFER = 1.25
_LIQUIDATION_DAYS = 2
_SESSIONS_PER_YEAR = 252
_LONG_RUN_VIX = 19.5
_LONG_RUN_VVIX = 86.0
_BETAS = ((0.0, 1.0), (30.0, 0.43), (150.0, 0.21))
"""Days to settlement, and how far a VIX future moves with spot, in percent of percent."""
_ONE_MONTH_BETA = 0.43
_MONTHS_CORRELATION = 0.95
_SPREAD_RATE = Decimal(sqrt(2 * (1 - _MONTHS_CORRELATION)))
_SP_LABELS = frozenset(each.label for each in SPX_FUTURE_CLASSES)
_SECONDS_PER_DAY = 86_400


class FuturePosition(msgspec.Struct, frozen=True):
    """Signed contracts of one future; `mark_points` is its price where known."""

    future: Future
    quantity: int
    mark_points: Decimal | None


def futures_maintenance_usd(positions: Iterable[FuturePosition], levels: Levels) -> Decimal | None:
    """Return what keeps `positions` in USD, None where a price is unknown."""
    families: dict[bool, dict[datetime, Decimal]] = {True: {}, False: {}}
    for position in positions:
        charge = charge_usd(position.future, position.mark_points, levels)
        if charge is None:
            return None
        months = families[is_on_sp(position.future)]
        settlement = position.future.settlement
        months[settlement] = months.get(settlement, Decimal(0)) + position.quantity * charge
    return to_cents(sum((_netted_usd(months.values()) for months in families.values()), Decimal(0)))


def charge_usd(future: Future, mark_points: Decimal | None, levels: Levels) -> Decimal | None:
    """Return what one contract ties up outright, None where neither price nor index is known."""
    price = levels.underlying(future.symbol) if mark_points is None else mark_points
    if price is None:
        return None
    move = _DEVIATIONS * _volatility(future, levels) * sqrt(_LIQUIDATION_DAYS / _SESSIONS_PER_YEAR)
    return price * future.multiplier * Decimal(_BUFFER * move)


def is_on_sp(future: Future) -> bool:
    """Tell whether `future` is one on the S&P 500; the others are on VIX."""
    return future.trading_class in _SP_LABELS


def _netted_usd(charges: Iterable[Decimal]) -> Decimal:
    sides: dict[bool, Decimal] = defaultdict(Decimal)
    for charge in charges:
        sides[charge > 0] += abs(charge)
    long, short = sides[True], sides[False]
    return abs(long - short) + min(long, short) * _SPREAD_RATE


def _volatility(future: Future, levels: Levels) -> float:
    """Return the yearly volatility of the future's price as a fraction."""
    if is_on_sp(future):
        return max(float(levels.vix or 0), _LONG_RUN_VIX) / 100
    one_month = max(float(levels.vvix or 0), _LONG_RUN_VVIX) / 100
    return one_month * _beta(_days_left(future, levels.at)) / _ONE_MONTH_BETA


def _days_left(future: Future, at: datetime | None) -> float:
    """Return the days to settlement; none where the time is unknown, which charges most."""
    if at is None:
        return 0.0
    return max((future.settlement - at).total_seconds() / _SECONDS_PER_DAY, 0.0)


def _beta(days: float) -> float:
    for (near, high), (far, low) in pairwise(_BETAS):
        if days <= far:
            return exp(log(high) + (days - near) / (far - near) * log(low / high))
    return _BETAS[-1][1]
