"""Streaming data lines and the quotes made from their ticks.

The hot path: some ninety lines tick many times a second, so a tick only stores floats, and a quote
is built when it is asked for and only if its line changed. Stamps come from the clock port at the
moment a value is heard. A line is known by its request number and by its contract number, never by
the identity of a library object. After a loss the old values are gone at once: a kept quote from
before an outage once priced an order (domain.md section 4).
"""

from collections.abc import Callable, Collection
from datetime import datetime

from bot.adapters.ib.link import WARNINGS
from bot.adapters.ib.numbers import price_or_none, size_or_none
from bot.domain.instruments import ConId, Instrument
from bot.domain.quotes import DataType, Quote

NO_LINES_LEFT = 101
_DELAYED_SHOWN = 10167
_UNSET = -1.0

# Tick types of live and of delayed data.
_BID, _ASK, _LAST = frozenset({1, 66}), frozenset({2, 67}), frozenset({4, 68})
_BID_SIZE, _ASK_SIZE = frozenset({0, 69}), frozenset({3, 70})


class Line:
    """One streamed instrument: the values last heard, as they came."""

    __slots__ = (
        "_quote",
        "ask",
        "ask_size",
        "bid",
        "bid_size",
        "changed",
        "con_id",
        "data_type",
        "heard_at",
        "instrument",
        "last",
        "refused_by",
        "request_id",
    )

    def __init__(self, instrument: Instrument, request_id: int) -> None:
        self.instrument = instrument
        self.con_id = instrument.con_id
        self.request_id = request_id
        self.refused_by: int | None = None
        self.data_type: DataType | None = None
        self.forget()

    def forget(self) -> None:
        """Drop the values, as if nothing had been heard."""
        self.bid = self.ask = self.last = _UNSET
        self.bid_size = self.ask_size = _UNSET
        self.heard_at: datetime | None = None
        self.changed = True
        self._quote: Quote | None = None

    def quote(self) -> Quote | None:
        """Return the current quote, the same object while nothing was heard, None before that."""
        if self.changed and self.heard_at is not None:
            self._quote = self._build(self.heard_at)
            self.changed = False
        return self._quote

    def _build(self, heard_at: datetime) -> Quote:
        bid_size, ask_size = size_or_none(self.bid_size), size_or_none(self.ask_size)
        return Quote(
            con_id=self.con_id,
            as_of=heard_at,
            data_type=self.data_type,
            # A price of 0 is one only where somebody stands behind it (domain.md section 1.5).
            bid=price_or_none(self.bid if self.bid or bid_size else _UNSET),
            ask=price_or_none(self.ask if self.ask or ask_size else _UNSET),
            bid_size=bid_size,
            ask_size=ask_size,
            last=price_or_none(self.last or _UNSET),  # nothing trades at 0
        )


class Lines:
    """The lines of one connection."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._by_con_id: dict[ConId, Line] = {}
        self._by_request: dict[int, Line] = {}
        self._orphans: list[int] = []

    def missing(self, wanted: Collection[Instrument]) -> list[Instrument]:
        """Return the wanted instruments without a line, each contract once, by number."""
        by_id = {instrument.con_id: instrument for instrument in wanted}
        return [by_id[con_id] for con_id in sorted(by_id.keys() - self._by_con_id.keys())]

    def open(self, instrument: Instrument, request_id: int) -> None:
        """Add a line that is about to be asked for."""
        line = Line(instrument, request_id)
        self._by_con_id[line.con_id] = self._by_request[request_id] = line
        self._by_con_id = dict(sorted(self._by_con_id.items()))

    def end(self, con_ids: Collection[ConId]) -> list[tuple[int, Instrument]]:
        """Forget those of these lines that there are; return what to cancel, by contract."""
        ended = [self._drop(con_id) for con_id in sorted(self._by_con_id.keys() & set(con_ids))]
        return [(line.request_id, line.instrument) for line in ended]

    def all_spoke(self, con_ids: Collection[ConId]) -> bool:
        """Tell whether each of these lines has said a value or was refused, or is gone."""
        lines = [self._by_con_id[con_id] for con_id in con_ids if con_id in self._by_con_id]
        return all(line.heard_at is not None or line.refused_by is not None for line in lines)

    def close_unwanted(self, wanted: Collection[Instrument]) -> list[int]:
        """Forget the lines not wanted any more; return the request numbers to be cancelled.

        When that frees lines, those the broker had refused for want of one are forgotten too, so
        that they count as missing.
        """
        ending = self._by_con_id.keys() - {instrument.con_id for instrument in wanted}
        cancelled, self._orphans = self._orphans, []
        cancelled += [self._drop(con_id).request_id for con_id in sorted(ending)]
        if cancelled:
            starved = [c for c, line in self._by_con_id.items() if line.refused_by == NO_LINES_LEFT]
            for con_id in starved:
                self._drop(con_id)
        return cancelled

    def lose(self, *, still_open: bool) -> None:
        """Forget all lines after an outage, so that all count as missing.

        Args:
            still_open: The broker may still hold them open: they are to be cancelled later.
        """
        self._orphans = [*self._orphans, *self._by_request] if still_open else []
        self._by_con_id.clear()
        self._by_request.clear()

    def refuse(self, request_id: int, code: int) -> ConId | None:
        """Take in an error code of a line; return its contract, None if there is no such line.

        A refused line keeps no values, and is not asked for again while it stays wanted.
        """
        line = self._by_request.get(request_id)
        if line is None:
            return None
        if code != _DELAYED_SHOWN and code not in WARNINGS:
            line.refused_by = code
            line.forget()
        return line.con_id

    def quotes(self) -> tuple[Quote, ...]:
        """Return the quotes of the lines that have said anything, by contract number."""
        found = [line.quote() for line in self._by_con_id.values()]
        return tuple(quote for quote in found if quote is not None)

    def hear_price(self, request_id: int, tick_type: int, price: float, size: float) -> None:
        """Take in a price with its size; prices we do not use change nothing."""
        line = self._by_request.get(request_id)
        if line is None:
            return
        if tick_type in _BID:
            line.bid, line.bid_size = price, size
        elif tick_type in _ASK:
            line.ask, line.ask_size = price, size
        elif tick_type in _LAST:
            line.last = price
        else:
            return
        line.heard_at = self._now()
        line.changed = True

    def hear_size(self, request_id: int, tick_type: int, size: float) -> None:
        """Take in a size alone."""
        line = self._by_request.get(request_id)
        if line is None:
            return
        if tick_type in _BID_SIZE:
            line.bid_size = size
        elif tick_type in _ASK_SIZE:
            line.ask_size = size
        else:
            return
        line.heard_at = self._now()
        line.changed = True

    def hear_data_type(self, request_id: int, data_type: int) -> None:
        """Take in the kind of data a line carries from now on; raises on an unknown kind."""
        line = self._by_request.get(request_id)
        if line is not None:
            line.data_type = DataType(data_type)
            line.changed = True

    def _drop(self, con_id: ConId) -> Line:
        line = self._by_con_id.pop(con_id)
        del self._by_request[line.request_id]
        return line
