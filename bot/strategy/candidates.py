"""Which lines the ladder needs before it can choose: the data-line budget is short.

For each tier's target expiry five strikes around those of its purchase deltas, and three pairs of
call and put near the forward for parity (design.md section 6). What is quoted names the strikes;
before anything is, an ordinary smile does. A line already watched gives way only to one that is
clearly nearer, so that small moves of the future do not make the set churn.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from math import isfinite
from typing import NamedTuple

from bot.domain.inputs import Snapshot
from bot.domain.instruments import ConId, Option, Right, Universe
from bot.domain.policy import Policy
from bot.domain.rungs import rungs_of
from bot.domain.value import Value
from bot.pricing.smile import Smile, smile_from_quotes, usual_vix_smile
from bot.signals.memo import remembered
from bot.strategy.contracts import target_series
from bot.strategy.valuation import Market, Series, series_of, value_market

STRIKES = 5
PAIRS = 3

_LOYALTY = 1
"""Places in the list of strikes by which a watched strike may be farther than one that is not."""


class NeededCalls(Value):
    """Contracts to stream: `strikes` are what may be bought, `pairs` tell the forward."""

    strikes: tuple[ConId, ...] = ()
    pairs: tuple[ConId, ...] = ()

    @property
    def con_ids(self) -> tuple[ConId, ...]:
        """All of them, each once, strikes first."""
        return tuple(dict.fromkeys([*self.strikes, *self.pairs]))


class _Chain(NamedTuple):
    """One expiry a tier buys: its listed strikes, ascending; `paired` are the calls with a put."""

    series: Series
    calls: Mapping[float, Option]
    paired: Mapping[float, Option]
    puts: Mapping[float, Option]


def needed_calls(
    snapshot: Snapshot, universe: Universe, policy: Policy, watched: Collection[ConId] = ()
) -> NeededCalls:
    """Return the VIX option lines the ladder needs.

    Args:
        snapshot: The quotes at hand, those of the VX futures at least: an expiry whose forward is
            not known yet needs nothing.
        universe: The chains that were read.
        policy: Deltas and expiry windows.
        watched: Lines already streamed; the same answer comes back while they serve.
    """
    targets = ((t.tier, target_series(universe, t, snapshot.now)) for t in policy.ladder.tiers)
    chains = {tier: _chains(universe)[series] for tier, series in targets if series is not None}
    known = [next(iter(chain.calls.values())).con_id for chain in chains.values()]
    market = value_market(snapshot, universe, policy, known)
    strikes: list[ConId] = []
    pairs: list[ConId] = []
    for tier, chain in chains.items():
        forward = market.forwards.get(chain.series)
        if forward is None:
            continue
        deltas = dict.fromkeys(policy.ladder.delta_of(rung) for rung in rungs_of(tier))
        wanted = _strikes_for(chain, market, list(deltas), policy.signals.rate)
        near = _nearest(chain.calls, wanted, watched, STRIKES)
        strikes.extend(chain.calls[strike].con_id for strike in near)
        for strike in _nearest(chain.paired, [forward], watched, PAIRS):
            pairs.extend((chain.calls[strike].con_id, chain.puts[strike].con_id))
    return NeededCalls(strikes=tuple(strikes), pairs=tuple(pairs))


@remembered
def _chains(universe: Universe) -> Mapping[Series, _Chain]:
    calls, puts = (_by_strike(universe.options("VIX", right)) for right in (Right.CALL, Right.PUT))
    return {series: _chain(series, found, puts.get(series, {})) for series, found in calls.items()}


def _chain(series: Series, calls: Mapping[float, Option], puts: Mapping[float, Option]) -> _Chain:
    paired = {strike: call for strike, call in calls.items() if strike in puts}
    return _Chain(series, calls, paired, puts)


def _by_strike(options: Iterable[Option]) -> dict[Series, dict[float, Option]]:
    found: dict[Series, dict[float, Option]] = {}
    for option in options:
        found.setdefault(series_of(option), {})[float(option.strike)] = option
    return found


def _strikes_for(chain: _Chain, market: Market, deltas: list[float], rate: float) -> list[float]:
    """Return the strikes at which the purchase deltas lie; a delta no strike has is left out."""
    forward, term = market.forwards[chain.series], market.terms[chain.series]
    smile = _quoted_smile(chain, market)
    if not smile.log_moneyness.size:
        smile = usual_vix_smile(list(chain.calls), forward, term.dte)
    strikes = (smile.strike_for_delta(delta, forward, term.years, rate) for delta in deltas)
    return [strike for strike in strikes if isfinite(strike)] or [forward]


def _quoted_smile(chain: _Chain, market: Market) -> Smile:
    points = [
        (float(line.option.strike), line.volatility)
        for line in market.in_series(chain.series)
        if line.volatility is not None
    ]
    forward = market.forwards[chain.series]
    return smile_from_quotes([k for k, _ in points], [v for _, v in points], forward)


def _nearest(
    listed: Mapping[float, Option],
    wanted: list[float],
    watched: Collection[ConId],
    count: int,
) -> list[float]:
    """Return the `count` listed strikes nearest the wanted ones, ascending.

    Nearness is counted in places of the list; of equals a watched strike comes first, and it may be
    `_LOYALTY` places farther. The strike nearest a wanted one is always in.
    """
    ladder = list(listed)
    if not ladder:
        return []
    centres = {_place_of(strike, ladder) for strike in wanted}

    def rank(place: int) -> tuple[bool, int, bool, int]:
        distance = min(abs(place - centre) for centre in centres)
        known = listed[ladder[place]].con_id in watched
        return (distance > 0, distance - (_LOYALTY if known else 0), not known, place)

    reach = count + _LOYALTY  # no farther place can be among the first `count`
    around = {place for c in centres for place in range(c - reach, c + reach + 1)}
    places = (place for place in around if 0 <= place < len(ladder))
    return sorted(ladder[place] for place in sorted(places, key=rank)[:count])


def _place_of(strike: float, ladder: list[float]) -> int:
    """Return the place of the listed strike nearest to `strike`, of two the lower one."""
    above = bisect_left(ladder, strike)
    neighbours = range(max(above - 1, 0), min(above + 1, len(ladder)))
    return min(neighbours, key=lambda place: abs(ladder[place] - strike))
