"""How a VX future answers spot VIX, and a condor's implied volatility the VIX (G26, G27).

A future moves with spot the less the farther its settlement: beta(T) = exp(-T / tau). One number,
tau, is fitted on the futures' own history; the weight of a condor's vega is fixed by its tenor.
"""

import math
from bisect import bisect_left
from datetime import date
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar

from bot.domain.history import History
from bot.domain.policy import BetaPolicy, Policy
from bot.domain.readings import Reading, ReadingState
from bot.signals.context import SignalContext
from bot.signals.line import Line, reading
from bot.signals.memo import remembered
from bot.signals.past import FloatArray, settlement_date
from bot.signals.signal import Signal

MIN_COVERED = 0.9
"""Share of the sessions that must have an observation: tau of a holed year is another year's."""


class Tau(NamedTuple):
    """The time constant of beta in calendar days; `note` says why it is the default, if it is."""

    days: float
    note: str = ""


class Moves(NamedTuple):
    """Daily moves, shape (sessions, futures): days to settlement, points of future and of spot."""

    days: FloatArray
    future: FloatArray
    spot: FloatArray

    def where(self, known: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]") -> "Moves":
        """Return the moves that are `known`, flat."""
        return Moves(self.days[known], self.future[known], self.spot[known])


@remembered
def estimate_tau(history: History, day: date, policy: BetaPolicy) -> Tau:
    """Fit tau by least squares of each future's daily move on exp(-T / tau) times spot's (G26).

    T is the days to settlement at the end of the move. The sessions end the day before `day`.
    """
    moves = _moves(history, day, policy.window_sessions)
    if moves is None:
        return Tau(policy.default_tau_days, f"default: fewer than {policy.window_sessions} moves")
    near_and_far = (moves.days >= policy.min_dte) & (moves.days <= policy.max_dte)
    known = near_and_far & np.isfinite(moves.future) & np.isfinite(moves.spot)
    covered = int(np.count_nonzero(known.any(axis=1)))
    if covered < MIN_COVERED * policy.window_sessions:
        return Tau(policy.default_tau_days, f"default: moves are known on {covered} sessions only")
    used = moves.where(known)
    if not used.spot.any():
        return Tau(policy.default_tau_days, "default: spot did not move")
    return Tau(_fit(used, policy.min_tau_days, policy.max_tau_days))


def _moves(history: History, day: date, sessions: int) -> Moves | None:
    """Return the last moves completed before `day`, None where there are too few."""
    count = bisect_left(history.dates, day)
    if count <= sessions or not history.futures:
        return None
    rows = slice(count - sessions - 1, count)
    spot = np.array(history.vix[rows], dtype=np.float64)
    closes = np.array([f.closes[rows] for f in history.futures], dtype=np.float64).T
    ends = np.array([d.toordinal() for d in history.dates[rows][1:]], dtype=np.float64)
    settled = np.array([settlement_date(f).toordinal() for f in history.futures], dtype=np.float64)
    future = np.diff(closes, axis=0)
    return Moves(
        days=settled - ends[:, np.newaxis],
        future=future,
        spot=np.broadcast_to(np.diff(spot)[:, np.newaxis], future.shape),
    )


def _fit(moves: Moves, shortest: float, longest: float) -> float:
    """Return the tau within its bounds with the least squared error."""

    def squared_error(tau: float) -> float:
        error = moves.future - np.exp(-moves.days / tau) * moves.spot
        return float(error @ error)

    found = minimize_scalar(
        squared_error, bounds=(shortest, longest), method="bounded", options={"xatol": 1e-6}
    )
    return float(found.x)


def tenor_weight(days: float, policy: Policy, cap: float | None = None) -> float:
    """Return points of a condor's implied volatility per VIX point: sqrt(30 / DTE), capped (G27).

    Args:
        days: Calendar days to the condor's settlement; none left weighs as much as the cap.
        policy: Its sizing names the reference tenor and the cap.
        cap: Another cap, as R1 wants it for a condor first seen.
    """
    limit = policy.sizing.weight_cap if cap is None else cap
    if days <= 0:
        return limit
    return min(limit, math.sqrt(policy.sizing.vega_tenor_days / days))


def _read_tau(context: SignalContext) -> tuple[Reading, ...]:
    tau = estimate_tau(context.inputs.history, context.day, context.inputs.policy.beta)
    basis = Line(tau.days, ReadingState.OK, context.past.as_of, tau.note)
    return (reading("G26", "curve.tau_days", tau.days, basis),)


def _read_nothing(_: SignalContext) -> tuple[Reading, ...]:
    """Return no reading: the weight belongs to a condor, not to the market."""
    return ()


FUTURE_BETA = Signal(
    id="G26",
    title="Beta of the VX future to spot",
    outputs=("curve.tau_days",),
    readers=("hedge vega",),
    source=(),
    compute=_read_tau,
)

CONDOR_BETA = Signal(
    id="G27",
    title="Condor volatility per VIX point",
    outputs=(),
    readers=("V", "VIX sensitivity"),
    source=("A2",),
    compute=_read_nothing,
)
