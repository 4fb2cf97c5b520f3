"""The quality of order flow in VIX calls (G24).

A spread means something only against what its class and tier usually show, so the strategy's state
remembers the median spread of each completed session, and of the running one a histogram. This
module judges, and says what the memory becomes; it remembers nothing itself.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import accumulate
from statistics import median
from typing import NamedTuple

from bot.domain.inputs import EvaluationKind, Farm, Inputs, Snapshot
from bot.domain.instruments import ConId, Option, Universe, is_vix_call
from bot.domain.policy import LadderPolicy, Policy, SlippagePolicy
from bot.domain.quotes import DataType, Quote
from bot.domain.readings import Reading, ReadingState
from bot.domain.rungs import Tier
from bot.domain.sessions import NEW_YORK
from bot.domain.state import SpreadMemory, SpreadSession, StrategyState
from bot.domain.value import replace
from bot.signals.context import SignalContext
from bot.signals.line import EDGE, Line, doubted, missing, reading
from bot.signals.memo import remembered
from bot.signals.signal import TRUTH, Signal

BUCKET = math.log(1.05)
"""Width of a histogram bucket: its middle is within 2.5 % of any spread in it."""

TIGHTEST = 1e-4
"""A locked quote has no logarithm; it counts as the tightest spread there is."""


class SpreadObservation(NamedTuple):
    """A two-sided quote's spread over its mid, under the key of its class and tier."""

    key: str
    relative: float


class LineSpread(NamedTuple):
    """One line against its reference; None where not known.

    `relative`: spread over mid; `reference`: the usual one of its key; `multiple`: their ratio.
    """

    key: str
    relative: float | None
    reference: float | None
    multiple: float | None
    disturbed: bool | None


def spread_key(option: Option, day: date, ladder: LadderPolicy) -> str:
    """Return `class/tier` of a call, e.g. `VIX/S`: the farthest tier whose window has begun.

    Nearer than all windows counts as the short tier.
    """
    days = (option.settlement.astimezone(NEW_YORK).date() - day).days
    begun = [tier for tier in (Tier.M, Tier.D) if days >= ladder.tier(tier).min_dte]
    return f"{option.trading_class}/{begun[-1] if begun else Tier.S}"


def relative_spread(quote: Quote | None) -> float | None:
    """Return spread over mid of a live two-sided quote, else None."""
    if quote is None or quote.data_type is not DataType.LIVE:
        return None
    spread, mid = quote.spread, quote.mid
    return None if spread is None or mid is None else float(spread / mid)


def reference_spread(state: StrategyState, key: str, sessions: int) -> float | None:
    """Return the median of the last completed sessions' medians, None before the first."""
    memory = next((m for m in state.spreads if m.key == key), None)
    if memory is None or not memory.completed:
        return None
    return median(past.median for past in memory.completed[-sessions:])


def line_spread(
    option: Option, quote: Quote | None, day: date, state: StrategyState, policy: Policy
) -> LineSpread:
    """Judge one call's quote in the session of `day` against the median of its class and tier.

    `disturbed` is unknown without a live two-sided quote or without a completed session.
    """
    key = spread_key(option, day, policy.ladder)
    reference = reference_spread(state, key, policy.slippage.median_sessions)
    return _judge(key, quote, reference, policy.slippage.disturbed_multiple)


def _judge(key: str, quote: Quote | None, reference: float | None, limit: float) -> LineSpread:
    relative = relative_spread(quote)
    if relative is None or reference is None:
        return LineSpread(key, relative, reference, None, None)
    multiple = relative / reference
    return LineSpread(key, relative, reference, multiple, multiple > limit)


def observe_spreads(inputs: Inputs) -> tuple[SpreadObservation, ...]:
    """Return the spreads worth remembering: of live lines, away from open and close."""
    session, now = inputs.snapshot.session, inputs.snapshot.now
    calm = session.open_at + EDGE <= now <= session.close_at - EDGE
    if not calm or _doubt(inputs.snapshot):
        return ()
    seen = ((line.key, relative_spread(line.quote)) for line in needed_lines(inputs))
    return tuple(SpreadObservation(key, spread) for key, spread in seen if spread is not None)


class NeededLine(NamedTuple):
    """The line of a VIX call: its class and tier, and its quote, None while it said nothing."""

    key: str
    quote: Quote | None


def needed_lines(inputs: Inputs) -> tuple[NeededLine, ...]:
    """Return every VIX call with a line: what is held and what may be bought.

    One that has not said anything is needed all the same: its silence counts.
    """
    snapshot = inputs.snapshot
    keys = _spread_keys(inputs.universe, inputs.policy.ladder, snapshot.session.date)
    heard = (NeededLine(keys[q.con_id], q) for q in snapshot.quotes if q.con_id in keys)
    silent = (NeededLine(keys[con_id], None) for con_id in snapshot.silent if con_id in keys)
    return (*heard, *silent)


@remembered
def _spread_keys(universe: Universe, ladder: LadderPolicy, day: date) -> Mapping[ConId, str]:
    calls = (i for i in universe.instruments if isinstance(i, Option) and is_vix_call(i))
    return {call.con_id: spread_key(call, day, ladder) for call in calls}


def _doubt(snapshot: Snapshot) -> str:
    """Return why the quotes tell nothing about order flow, empty when they do."""
    if snapshot.farm is not Farm.OK:
        return f"option quotes come from a farm that is {snapshot.farm}"
    trading = snapshot.session.open_at <= snapshot.now < snapshot.session.close_at
    if snapshot.kind is EvaluationKind.CLOSE or not trading:
        return "options are outside their regular hours"
    return ""


def remember_spreads(
    state: StrategyState,
    observations: Iterable[SpreadObservation],
    session: date,
    keep: int = SlippagePolicy().median_sessions,
) -> tuple[SpreadMemory, ...]:
    """Return the memory after one evaluation of `session`, by key.

    The first evaluation of a later session completes the running one: its median joins the
    completed ones, of which the last `keep` stay.
    """
    memories = {m.key: _turn_page(m, session, keep) for m in state.spreads}
    for key, relative in observations:
        memory = memories.get(key) or SpreadMemory(key=key, running_session=session)
        bucket = str(math.floor(math.log(max(relative, TIGHTEST)) / BUCKET))
        running = {**memory.running, bucket: memory.running.get(bucket, 0) + 1}
        memories[key] = replace(memory, running=running, running_session=session)
    return tuple(memories[key] for key in sorted(memories))


def _turn_page(memory: SpreadMemory, session: date, keep: int) -> SpreadMemory:
    done = memory.running_session
    if done is None or done >= session or not memory.running:
        return memory
    page = SpreadSession(session=done, median=histogram_median(memory.running))
    return replace(
        memory, completed=(*memory.completed, page)[-keep:], running={}, running_session=session
    )


def histogram_median(counts: Mapping[str, int]) -> float:
    """Return the middle of the bucket that holds the lower median, as spread over mid."""
    buckets = sorted(counts, key=int)
    upto = accumulate(counts[bucket] for bucket in buckets)
    half = sum(counts.values()) / 2
    bucket = next(b for b, seen in zip(buckets, upto, strict=True) if seen >= half)
    return math.exp((int(bucket) + 0.5) * BUCKET)


def _read(context: SignalContext) -> tuple[Reading, ...]:
    """Return whether the market is disturbed, the share without quote, spread and depth.

    Spread over mid, contracts at the thinner side, and the multiple of spread over reference are
    medians over the quoted lines. Where no reference is known yet the test of the multiple is left
    out, and the note says so.
    """
    lines = needed_lines(context.inputs)
    if not lines:
        basis = missing("no VIX call has a line")
        return tuple(reading("G24", name, None, basis) for name in ORDER_FLOW.outputs)
    policy = context.inputs.policy.slippage
    multiple, blind = _market_multiple(lines, context.state, policy)
    spreads = [spread for line in lines if (spread := relative_spread(line.quote)) is not None]
    unquoted = (len(lines) - len(spreads)) / len(lines)
    wide = multiple is not None and multiple > policy.disturbed_multiple
    doubt = _doubt(context.inputs.snapshot)
    basis = Line(None, ReadingState.STALE if doubt else ReadingState.OK, context.now, doubt)
    return (
        reading(
            "G24",
            "flow.disturbed",
            wide or unquoted > policy.disturbed_unquoted,
            doubted(basis, ReadingState.OK, blind.note),
        ),
        reading("G24", "flow.unquoted_share", unquoted, basis),
        reading("G24", "flow.spread", median(spreads) if spreads else None, basis),
        reading("G24", "flow.depth", _depth(lines), basis),
        reading("G24", "flow.spread_multiple", multiple, doubted(basis, blind.state, blind.note)),
    )


def _depth(lines: tuple[NeededLine, ...]) -> float | None:
    """Return the median over the quoted lines of the contracts at the thinner side."""
    sizes = [
        min(quote.bid_size, quote.ask_size)
        for line in lines
        if (quote := line.quote) is not None and relative_spread(quote) is not None
        if quote.bid_size is not None and quote.ask_size is not None
    ]
    return median(sizes) if sizes else None


def _market_multiple(
    lines: tuple[NeededLine, ...], state: StrategyState, policy: SlippagePolicy
) -> tuple[float | None, Line]:
    keys = {key for key, _ in lines}
    usual = {key: reference_spread(state, key, policy.median_sessions) for key in keys}
    judged = [_judge(key, quote, usual[key], policy.disturbed_multiple) for key, quote in lines]
    multiples = [line.multiple for line in judged if line.multiple is not None]
    if multiples:
        return median(multiples), Line(None, ReadingState.OK)
    if any(usual.values()):
        return None, Line(None, ReadingState.STALE, None, "no line to compare is quoted")
    return None, missing("spread left out: no completed session is remembered")


ORDER_FLOW = Signal(
    id="G24",
    title="Order-flow quality",
    outputs=(
        "flow.disturbed",
        "flow.unquoted_share",
        "flow.spread",
        "flow.depth",
        "flow.spread_multiple",
    ),
    answers={"flow.disturbed": TRUTH},
    readers=("R29",),
    source=("A1", "A3", "A4"),
    compute=_read,
)
