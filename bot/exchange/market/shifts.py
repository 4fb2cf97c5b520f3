"""How far real days stood from the model: what prices are shifted by so that they close as printed.

An index is off by so many points at each close, a VIX future by so much of a log at each settlement
price. Through a session the shift goes over in a straight line from the one of the close before to
the day's own; at night the old one holds. Of the futures curve the shift is known at the monthly
expiries, straight in between for weeklies, none at the close itself because a future without time
left is VIX, and beyond the last month as there. Where a day has no value the last shift stays.
Breadth begins anew each day, so that its shift is the day's own from the opening on.
"""

from collections.abc import Callable, Mapping
from datetime import date

import numpy as np

from bot.domain.sessions import settlement_instant
from bot.exchange.market.breadth import breadth, odds_of
from bot.exchange.market.curve import vix_future
from bot.exchange.market.indices import model_level
from bot.exchange.market.world import NO_SHIFTS, CurveShift, Shifts, World
from bot.exchange.scenarios.observed import Observed, Settle

_SECONDS_PER_DAY = 86_400.0


class ShiftTable:
    """The shifts of a scenario's days; `closing` gives the model's world at a day's close."""

    def __init__(
        self,
        observed: Observed | None,
        dates: list[date],
        closing: Callable[[int], World],
        seed: int,
    ) -> None:
        self._observed = observed
        self._dates = dates
        self._closing = closing
        self._seed = seed
        self._kept: dict[int, Shifts] = {}
        self._indices: dict[tuple[str, int], float] = {}
        self._curves: dict[int, CurveShift | None] = {}

    def of(self, day: int) -> Shifts:
        """Return the shifts of a trading day."""
        if self._observed is None:
            return NO_SHIFTS
        if day not in self._kept:
            self._kept[day] = self._make(self._observed, day)
        return self._kept[day]

    def _make(self, observed: Observed, day: int) -> Shifts:
        before = max(day - 1, 0)
        indices = {
            symbol: (self._index(observed, symbol, before), self._index(observed, symbol, day))
            for symbol in observed.closes
        }
        curves = self._curve(observed, before), self._curve(observed, day)
        old, new = curves[0] or curves[1], curves[1] or curves[0]
        return Shifts(
            indices=indices | self._breadth(observed, day),
            curve=None if old is None or new is None else (old, new),
        )

    def _index(self, observed: Observed, symbol: str, day: int) -> float:
        key = symbol, day
        if key not in self._indices:
            place = self._last_known(observed.closes[symbol], day)
            shift = 0.0
            if place is not None:
                real = observed.closes[symbol][self._dates[place]]
                shift = real - float(model_level(symbol, self._closing(place)))
            self._indices[key] = shift
        return self._indices[key]

    def _curve(self, observed: Observed, day: int) -> CurveShift | None:
        if day not in self._curves:
            place = self._last_known(observed.curve, day)
            self._curves[day] = None
            if place is not None:
                self._curves[day] = _curve_shift(
                    self._closing(place), observed.curve[self._dates[place]]
                )
        return self._curves[day]

    def _last_known(self, values: Mapping[date, object], day: int) -> int | None:
        """Return the last day up to `day` that has a value."""
        return next((at for at in range(day, -1, -1) if self._dates[at] in values), None)

    def _breadth(self, observed: Observed, day: int) -> dict[str, tuple[float, float]]:
        issues = observed.breadth.get(self._dates[day])
        if issues is None:
            return {}
        model = breadth(self._closing(day), self._seed)
        told = float(model.advancing + model.declining)
        more = issues.advancing + issues.declining - told
        off = odds_of(*issues) - odds_of(float(model.advancing), float(model.declining))
        return {"ISSUES": (more, more), "ODDS": (off, off)}


def _curve_shift(world: World, settles: tuple[Settle, ...]) -> CurveShift:
    times = np.array([settlement_instant(each.expiry).timestamp() for each in settles])
    days = (times - world.seconds) / _SECONDS_PER_DAY
    model = vix_future(np.asarray(world.vix), world.anchors, days)
    logs = np.log(np.array([each.points for each in settles]) / model)
    return CurveShift(np.insert(times, 0, float(world.seconds)), np.insert(logs, 0, 0.0))
