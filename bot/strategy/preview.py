"""The ladder that would be laid now if all stages were on, from nothing, without orders.

The same choices as those of a purchase: R1 and R2 size it, `bot.strategy.contracts` picks expiry
and strike and asks the slippage guard. What is held already is shown beside it and changes nothing.
"""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from bot.domain.book import Book
from bot.domain.inputs import EvaluationKind, Inputs
from bot.domain.instruments import ConId
from bot.domain.rungs import Rung, Tier
from bot.domain.state import StageEntry, StrategyState
from bot.domain.value import Value, replace
from bot.signals.catalog import read_signals
from bot.strategy.carry import Carry, carry_to_roll
from bot.strategy.catalog import RULES
from bot.strategy.contracts import Choice, choose, target_series
from bot.strategy.decide import open_case
from bot.strategy.draft import Case, Draft, first_draft
from bot.strategy.ladder import scale_counts
from bot.strategy.money import premium_usd
from bot.strategy.rule import Step
from bot.strategy.valuation import Series, new_york_day

STAGES = (1, 2, 3)


class CarryCost(Value):
    """What a rung's contracts are expected to cost to their roll (R18), and a year of it, USD."""

    theta_usd: float
    roll_down_usd: float
    half_spread_usd: float
    yearly_usd: float


class PreviewRung(Value):
    """One rung as it would be bought: contract, price and what it costs to carry.

    `limit` in points; the premium for all contracts of the rung; `carry` is None where the curve or
    the volatility is unknown. `held` are the contracts the rung holds already.
    """

    rung: Rung
    contracts: int
    held: int
    con_id: ConId
    name: str
    settlement: str
    days: int
    strike: Decimal
    delta: float
    bid: Decimal
    limit: Decimal
    premium_usd: Decimal
    days_to_roll: int
    carry: CarryCost | None


class Unbought(Value):
    """A rung that could not be bought now, and why."""

    rung: Rung
    contracts: int
    held: int
    reason: str


class Preview(Value):
    """The whole ladder; amounts in USD, None where a part of them is unknown.

    `u`, `v_star_usd` and `h_star_usd` are R1's and R2's with all stages on; `unknown` says why
    there is no ladder at all. `yearly_cost_of_nav` is a share.
    """

    at: datetime
    policy: str
    stage: int
    u: float | None
    v_star_usd: float | None
    h_star_usd: float | None
    contracts: int
    rungs: tuple[PreviewRung, ...]
    unbought: tuple[Unbought, ...]
    premium_usd: Decimal
    yearly_cost_usd: float | None
    yearly_cost_of_nav: float | None
    unknown: str = ""


def preview_ladder(inputs: Inputs, state: StrategyState) -> Preview:
    """Return the ladder that `inputs` would lay with all stages on.

    Args:
        inputs: Any evaluation's; its book only tells what is held.
        state: The memory at that moment; nothing of it changes.
    """
    case = _opened(inputs, state)
    draft = _sized(case)
    counts = scale_counts(draft.scale) if draft.scale is not None and draft.v_star else {}
    found = [_rung(case, slot) for slot in _slots(case, inputs.book, counts)]
    rungs = tuple(one for one in found if isinstance(one, PreviewRung))
    yearly = _total([None if one.carry is None else one.carry.yearly_usd for one in rungs])
    return Preview(
        at=inputs.snapshot.now,
        policy=inputs.policy.name,
        stage=state.stage,
        u=None if draft.scale is None else draft.scale.u,
        v_star_usd=draft.v_star,
        h_star_usd=None if draft.scale is None else draft.scale.h_star,
        contracts=sum(counts.values()),
        rungs=rungs,
        unbought=tuple(one for one in found if isinstance(one, Unbought)),
        premium_usd=sum((one.premium_usd for one in rungs), Decimal(0)),
        yearly_cost_usd=yearly,
        yearly_cost_of_nav=_of_nav(inputs, yearly),
        unknown=_why_none(draft, counts),
    )


def _opened(inputs: Inputs, state: StrategyState) -> Case:
    """Return the evaluation with all stages on and nothing held."""
    day = inputs.snapshot.session.date
    on = {entry.stage: entry for entry in state.stages}
    stages = tuple(on.get(stage, StageEntry(stage=stage, entered_on=day)) for stage in STAGES)
    snapshot = replace(inputs.snapshot, kind=EvaluationKind.INTRADAY)
    bare = replace(inputs, snapshot=snapshot, book=Book())
    return open_case(bare, replace(state, stages=stages), read_signals(bare, state))


def _sized(case: Case) -> Draft:
    draft = first_draft(case.state)
    for rule in RULES:
        if rule.step is Step.SIZING:
            draft = rule.apply(case, draft)
    return draft


class _Slot(NamedTuple):
    """A rung to fill: how many contracts it wants and holds, and what each tier buys."""

    rung: Rung
    contracts: int
    held: int
    series: dict[Tier, Series | None]


def _slots(case: Case, book: Book, counts: dict[Rung, int]) -> list[_Slot]:
    ladder = case.policy.ladder
    now, universe = case.inputs.snapshot.now, case.inputs.universe
    series = {tier: target_series(universe, ladder.tier(tier), now) for tier in Tier}
    return [
        _Slot(rung, count, book.in_rung(rung), series) for rung, count in counts.items() if count
    ]


def _rung(case: Case, slot: _Slot) -> PreviewRung | Unbought:
    choice = choose(case, slot.rung, slot.series)
    if not isinstance(choice, Choice):
        return Unbought(
            rung=slot.rung, contracts=slot.contracts, held=slot.held, reason=choice.reason
        )
    option, line = choice.option, case.market.lines[choice.option.con_id]
    assert line.delta is not None, "a strike is chosen by its delta"
    assert line.quote.bid is not None, "a valued line is two-sided"
    days = case.market.term(option).dte
    roll_dte = case.policy.ladder.tier(slot.rung.tier).roll_dte
    return PreviewRung(
        rung=slot.rung,
        contracts=slot.contracts,
        held=slot.held,
        con_id=option.con_id,
        name=option.local_symbol,
        settlement=new_york_day(option.settlement).isoformat(),
        days=days,
        strike=option.strike,
        delta=line.delta,
        bid=line.quote.bid,
        limit=choice.limit,
        premium_usd=premium_usd(slot.contracts, choice.limit),
        days_to_roll=days - roll_dte,
        carry=_cost(carry_to_roll(case, line, roll_dte), slot.contracts),
    )


def _cost(carry: Carry | None, contracts: int) -> CarryCost | None:
    if carry is None:
        return None
    return CarryCost(
        theta_usd=carry.theta_usd * contracts,
        roll_down_usd=carry.roll_down_usd * contracts,
        half_spread_usd=carry.half_spread_usd * contracts,
        yearly_usd=carry.usd_per_year * contracts,
    )


def _total(amounts: list[float | None]) -> float | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if len(known) == len(amounts) else None


def _of_nav(inputs: Inputs, yearly: float | None) -> float | None:
    nav = inputs.snapshot.account.net_liquidation_usd
    return None if yearly is None or not nav else yearly / float(nav)


def _why_none(draft: Draft, counts: dict[Rung, int]) -> str:
    if any(counts.values()):
        return ""
    lines = [result.followed for result in draft.results if result.rule in {"R1", "R2"}]
    return "; ".join(filter(None, lines))
