"""Time to settlement, and the forward that the option market itself names.

The underlying of a VIX option is the VIX future with the same settlement. The forward told by
put-call parity checks that future's quote, and replaces it where the future is not quoted; spot
never does (domain.md section 1.6).
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from bot.pricing.arrays import FloatArray, as_floats

_YEAR = timedelta(days=365)


class BidAsk(NamedTuple):
    """Bid and ask of several options, in points; nan where a side is not quoted."""

    bid: ArrayLike
    ask: ArrayLike


class ParityForward(NamedTuple):
    """A forward in points, told by pairs of calls and puts of one settlement."""

    mid: float
    """Median over the pairs of the forward at mid prices; nan without a pair."""
    half_spread: float
    """Median over the pairs of how far the quotes let the forward lie from `mid`; nan likewise."""
    pairs: int
    """Number of pairs quoted on all four sides."""


def year_fraction(now: datetime, settlement: datetime) -> float:
    """Give the years from now to the instant of settlement, ACT/365.

    For a VIX option the instant is 09:30 New York on the settlement morning, not the close of the
    last trading day. The answer is negative once settlement has passed.

    Raises:
        ValueError: One of the times does not know its time zone.
    """
    if now.utcoffset() is None or settlement.utcoffset() is None:
        raise ValueError("year_fraction needs times that know their time zone")
    # Two times of one zone subtract by their clock faces, wrong by an hour over a clock change.
    return (settlement.astimezone(UTC) - now.astimezone(UTC)) / _YEAR


def parity_forward(
    strikes: ArrayLike,
    call_mids: ArrayLike,
    put_mids: ArrayLike,
    year_fraction: float,
    rate: float,
) -> float:
    """Give the median of F = K + e^(rT) (C - P) over the pairs (domain.md section 1.6).

    Args:
        strikes: Strikes of one settlement, in points; three to five near the money serve best,
            because spreads widen away from it.
        call_mids: Mid price of the call at each strike, in points; nan where unknown.
        put_mids: Mid price of the put at each strike, in points; nan where unknown.
        year_fraction: Years to settlement, ACT/365.
        rate: Continuous yearly interest rate as a fraction.

    Returns:
        The forward in points; nan where no strike has both prices.
    """
    growth = np.exp(rate * year_fraction)
    return _median(as_floats(strikes) + growth * (as_floats(call_mids) - as_floats(put_mids)))


def parity_band(
    strikes: ArrayLike, calls: BidAsk, puts: BidAsk, year_fraction: float, rate: float
) -> ParityForward:
    """Give the parity forward with the room that the quotes leave it.

    One pair lets the forward lie anywhere between buying it (call ask, put bid) and selling it
    (call bid, put ask): half the sum of both spreads, grown to settlement, on either side. Pairs
    with a missing, negative or crossed side are left out.

    Args:
        strikes: Strikes of one settlement, in points.
        calls: Quotes of the call at each strike.
        puts: Quotes of the put at each strike.
        year_fraction: Years to settlement, ACT/365.
        rate: Continuous yearly interest rate as a fraction.
    """
    call_mid, call_spread = _mid_and_spread(calls)
    put_mid, put_spread = _mid_and_spread(puts)
    growth = np.exp(rate * year_fraction)
    forwards = as_floats(strikes) + growth * (call_mid - put_mid)
    half_spreads = 0.5 * growth * (call_spread + put_spread)
    quoted = np.isfinite(forwards)
    return ParityForward(
        mid=_median(forwards),
        half_spread=_median(half_spreads[quoted]),
        pairs=int(np.count_nonzero(quoted)),
    )


def parity_excess(parity: ParityForward, future_bid: float, future_ask: float) -> float:
    """Give by how many points a future's mid and the parity forward differ beyond their spreads.

    Above zero one of the two quotes is stale (domain.md section 1.6). The answer is nan where
    either side is unknown or the future's quote is crossed.
    """
    mid, spread = _mid_and_spread(BidAsk(future_bid, future_ask))
    return float(np.abs(mid - parity.mid) - parity.half_spread - 0.5 * spread)


def _mid_and_spread(quotes: BidAsk) -> tuple[FloatArray, FloatArray]:
    bid, ask = as_floats(quotes.bid), as_floats(quotes.ask)
    sound = (bid >= 0.0) & (ask >= bid) & np.isfinite(ask)
    return np.where(sound, 0.5 * (bid + ask), np.nan), np.where(sound, ask - bid, np.nan)


def _median(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else float("nan")
