"""Whether a product trades at an instant, and if not, since when it stands.

Hours are those of `bot.exchange.reference.phases`, with what they leave out: a contract's own end.
An index option trades to the close of its last trading day and not in the curb after it, SPXW to
16:00 of its own; a VX future ends at 09:00 of its settlement day (domain.md section 1.3), an S&P
future as it settles. The indices of stocks print their last level at the close of options, because
the day's path reaches the real close there.

The last instant of a stretch still belongs to it, but for a night that the opening ends: what was
dealt at the close was dealt in regular hours.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple, TypeAlias

from bot.domain.instruments import Future, Index, Option
from bot.exchange.market.columns import Formula, formula_of
from bot.exchange.market.timeline import TICK_SECONDS, Moment, Timeline
from bot.exchange.reference.phases import Phase, Stretch, stretches
from bot.exchange.reference.products import Product, Stock
from bot.exchange.reference.underlyings import SPX_ID

_TICK = timedelta(seconds=TICK_SECONDS)
_Kind: TypeAlias = tuple[object, ...]
_INSTANTS_KEPT = 32
_VX_ENDS_BEFORE = timedelta(minutes=30)


class Standing(NamedTuple):
    """The moment a product's line is of, in which stretch, and whether it trades now.

    `stretch` is the running one or the last that has begun; `day` the place of its session.
    """

    moment: Moment
    stretch: Stretch
    day: int
    is_open: bool


class Standings:
    """Where products stand over one scenario; what holds for a kind is worked out once."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._closes = {each.date: each.close_at for each in timeline.sessions}
        self._kept: dict[datetime, dict[_Kind, Standing]] = {}

    def of(self, products: Iterable[Product], now: datetime) -> list[Standing]:
        """Return where products stand at `now`."""
        if now not in self._kept and len(self._kept) >= _INSTANTS_KEPT:
            self._kept.clear()
        kept = self._kept.setdefault(now, {})
        found = []
        for product in products:
            kind = _kind(product)
            standing = kept.get(kind)
            if standing is None:
                standing = kept[kind] = self._find(product, now)
            found.append(standing)
        return found

    def stretches(self, product: Product, day: int) -> list[Stretch]:
        """Return when a product trades in a trading day, in order."""
        session = self._timeline.sessions[day]
        whole = stretches(product, session)
        if product.con_id == SPX_ID:
            whole = (Stretch(Phase.REGULAR, session.open_at, session.close_at),)
        end = self._end(product)
        found = [each if end is None else _cut(each, end) for each in whole]
        return [
            each
            for each in found
            if each.start < each.end and (day > 0 or each.phase is not Phase.NIGHT)
        ]

    def _find(self, product: Product, now: datetime) -> Standing:
        day, stretch = next(
            (day, stretch)
            for day, stretch in self._latest(product, self._timeline.moment(now).day)
            if _first_instant(stretch) <= now
        )
        is_open = now < _first_closed_instant(stretch)
        at = self._timeline.moment(now if is_open else stretch.end)
        return Standing(at, stretch, day, is_open)

    def _latest(self, product: Product, day: int) -> Iterator[tuple[int, Stretch]]:
        """Yield the stretches up to a trading day, the latest first; the first day has some."""
        while True:
            for stretch in reversed(self.stretches(product, day)):
                yield day, stretch
            day -= 1

    def _end(self, product: Product) -> datetime | None:
        """Return the last instant at which a contract trades, None for what does not end."""
        if isinstance(product, Future):
            early = formula_of(product) is Formula.VIX_FUTURE
            return product.settlement - (_VX_ENDS_BEFORE if early else timedelta(0))
        if isinstance(product, Option):
            last = self._closes.get(product.last_trading_day)
            return None if last is None else min(last, product.settlement)
        return None


def _first_instant(stretch: Stretch) -> datetime:
    return stretch.start + (_TICK if stretch.phase is Phase.CURB else timedelta(0))


def _first_closed_instant(stretch: Stretch) -> datetime:
    return stretch.end + (timedelta(0) if stretch.phase is Phase.NIGHT else _TICK)


def _cut(stretch: Stretch, end: datetime) -> Stretch:
    return stretch._replace(end=min(stretch.end, end))


def _kind(product: Product) -> _Kind:
    """Return what hours depend on: the kind of product and its own end."""
    if isinstance(product, Index | Stock):
        return (product.con_id,)
    return (product.trading_class, product.settlement)
