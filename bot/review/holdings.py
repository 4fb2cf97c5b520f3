"""The book for a person: condors, rungs, what nobody's is, the hedge against what it should be.

Worked out from one snapshot, our records and the last decision, in the bot and from its journal
alike. The method's terms are those of methodology.md section 1; what cannot be known is None.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.domain.account import Position
from bot.domain.book import Lot
from bot.domain.decision import Decision
from bot.domain.inputs import Inputs
from bot.domain.instruments import ConId, Option
from bot.domain.quotes import Quote
from bot.domain.rungs import LADDER, Rung
from bot.domain.state import StrategyState
from bot.review.holding_rows import (
    AdvanceRow,
    BookView,
    BreakRow,
    CondorRow,
    IgnoredRow,
    LegRow,
    NobodysRow,
    RungRow,
    SuggestionRow,
)
from bot.review.trades import instrument_name
from bot.signals.beta import tenor_weight
from bot.strategy.adoption import Placement, Stranger, known_counts, place
from bot.strategy.condor_figures import figures_of
from bot.strategy.confirmations import CONFIRMATIONS
from bot.strategy.ladder import contract_vega_usd, hedge_vega_usd
from bot.strategy.money import VIX_OPTION_USD, available_usd
from bot.strategy.positions import Group, find_condors, vega_usd
from bot.strategy.trust import is_live
from bot.strategy.valuation import Market, days_to, new_york_day, value_market


def book_view(inputs: Inputs, decision: Decision | None, memory: StrategyState) -> BookView:
    """Return the book of `inputs`, with what the last decision found and the memory it left."""
    sight = _look(inputs)
    scale = memory.scale
    tau = inputs.policy.beta.default_tau_days if scale is None else scale.tau_days
    hedge = hedge_vega_usd(inputs.book, sight.market, tau)
    ladder = None if decision is None else decision.ladder
    v_star = None if ladder is None else ladder.v_star_usd
    condors = find_condors(inputs.snapshot.positions, sight.market.instruments, sight.now)
    return BookView(
        as_of=sight.now,
        stage=memory.stage,
        spx=sight.spx,
        condors=tuple(_condor(sight, group) for group in condors.found),
        unexplained=tuple(_legs(sight, condors.rest)),
        rungs=tuple(_rungs(sight, tau)),
        tiers=() if ladder is None else ladder.tiers,
        confirmations=tuple(counted.name for counted in memory.counted),
        queue=_queue(decision),
        nobodys=_nobodys(sight, known_counts(ladder, scale)),
        ignored=tuple(_ignored(sight)),
        breaks=tuple(_breaks(sight)),
        hedge_vega_usd=hedge,
        v_star_usd=v_star,
        cover_ratio=hedge / v_star if hedge is not None and v_star else None,
        advance=_advance(inputs, memory),
    )


def _queue(decision: Decision | None) -> str:
    rules = () if decision is None else decision.rules
    return next((line.followed for line in rules if line.rule == CONFIRMATIONS.id), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sight:
    """One snapshot, valued."""

    inputs: Inputs
    market: Market
    positions: Mapping[ConId, Position]
    quotes: Mapping[ConId, Quote]
    spx: float | None

    @property
    def now(self) -> datetime:
        return self.inputs.snapshot.now

    def name(self, con_id: ConId) -> str:
        return instrument_name(con_id, self.market.instruments)

    def quantity(self, con_id: ConId) -> int:
        held = self.positions.get(con_id)
        return 0 if held is None else held.quantity


def _look(inputs: Inputs) -> _Sight:
    snapshot, book = inputs.snapshot, inputs.book
    held = [*(lot.con_id for lot in book.lots), *(p.con_id for p in snapshot.positions)]
    market = value_market(snapshot, inputs.universe, inputs.policy, held)
    index = inputs.universe.index("SPX")
    level = None if index is None else market.quotes.get(index.con_id)
    return _Sight(
        inputs=inputs,
        market=market,
        positions={p.con_id: p for p in snapshot.positions},
        quotes={q.con_id: q for q in snapshot.quotes if is_live(q, snapshot)},
        spx=None if level is None or level.last is None else float(level.last),
    )


def _condor(sight: _Sight, group: Group) -> CondorRow:
    figures = figures_of(group, sight.positions, sight.quotes)
    vega = vega_usd(group, sight.market)
    spx = sight.spx
    below = _gap(spx, figures.lower)
    above = None if (gap := _gap(spx, figures.upper)) is None else -gap
    return CondorRow(
        name=group.key,
        expiry=group.expiry,
        dte=group.dte,
        quantity=group.quantity,
        strikes=group.strikes,
        credit=figures.credit,
        cost_to_close=figures.cost_to_close,
        captured=figures.captured,
        lower=figures.lower,
        upper=figures.upper,
        lower_points=below,
        upper_points=above,
        lower_share=below / spx if below is not None and spx else None,
        upper_share=above / spx if above is not None and spx else None,
        notional_usd=figures.notional_usd,
        max_loss_usd=figures.max_loss_usd,
        vega_usd=None if vega is None else vega * tenor_weight(group.dte, sight.inputs.policy),
    )


def _gap(spx: float | None, level: Decimal | None) -> float | None:
    """Return how far SPX stands above a level, in points."""
    return None if spx is None or level is None else spx - float(level)


def _legs(sight: _Sight, groups: tuple[Group, ...]) -> Iterator[LegRow]:
    for group in groups:
        for leg in group.legs:
            con_id = leg.option.con_id
            yield LegRow(
                con_id=con_id,
                contract=sight.name(con_id),
                quantity=leg.quantity,
                dte=group.dte,
                average_cost=_average_cost(sight, leg.option),
            )


def _average_cost(sight: _Sight, option: Option) -> Decimal:
    return sight.positions[option.con_id].average_cost_usd / option.multiplier


# ---------------------------------------------------------------- rungs


def _rungs(sight: _Sight, tau_days: float) -> Iterator[RungRow]:
    lots = sight.inputs.book.lots
    for rung in LADDER:
        for con_id in dict.fromkeys(lot.con_id for lot in lots if lot.rung is rung):
            of_rung = [lot for lot in lots if (lot.rung, lot.con_id) == (rung, con_id)]
            yield _rung(sight, of_rung, tau_days)


def _rung(sight: _Sight, lots: list[Lot], tau_days: float) -> RungRow:
    rung, con_id = lots[0].rung, lots[0].con_id
    quantity = sum(lot.quantity for lot in lots)
    paid = sum((lot.quantity * lot.price for lot in lots), Decimal(0))
    quote = sight.quotes.get(con_id)
    bid = None if quote is None else quote.bid
    each = contract_vega_usd(sight.market, con_id, tau_days)
    call = sight.market.option(con_id)
    labels: dict[str, int] = {}
    for lot in lots:
        labels[lot.rule] = labels.get(lot.rule, 0) + lot.quantity
    return RungRow(
        rung=rung,
        con_id=con_id,
        contract=sight.name(con_id),
        quantity=quantity,
        average_cost=paid / quantity if quantity else lots[0].price,
        bid=bid,
        value_usd=None if bid is None else bid * quantity * VIX_OPTION_USD,
        delta=sight.market.delta(con_id),
        vega_usd=None if each is None else each * quantity,
        dte=None if call is None else days_to(call.settlement, sight.now),
        labels=labels,
        adopted=sum(lot.quantity for lot in lots if lot.is_adopted),
        roll_date=None if call is None else _roll_date(sight, rung, call),
        locked=sight.inputs.book.is_locked(con_id),
    )


def _roll_date(sight: _Sight, rung: Rung, call: Option) -> date | None:
    """Return the first session with no more days left than the tier rolls at (section 1)."""
    roll_dte = sight.inputs.policy.ladder.tier(rung.tier).roll_dte
    due = new_york_day(call.settlement) - timedelta(days=roll_dte)
    sessions = sight.inputs.sessions
    return sessions.on_or_after(due).date if sessions.covers(due) else None


# ---------------------------------------------------------------- calls that no rung has


def _nobodys(sight: _Sight, counts: Mapping[Rung, int]) -> tuple[NobodysRow, ...]:
    found = sight.inputs.book.nobodys(sight.inputs.snapshot.positions)
    calls = {c: o for c in sorted(found) if (o := sight.market.option(c)) and c in sight.positions}
    placements = place(
        [
            _stranger(sight, call, found[con_id])
            for con_id, call in calls.items()
            if found[con_id] > 0
        ],
        sight.inputs.book,
        sight.inputs.policy.ladder,
        counts,
    )
    return tuple(
        NobodysRow(
            con_id=con_id,
            contract=sight.name(con_id),
            symbol=call.local_symbol,
            quantity=found[con_id],
            average_cost=_average_cost(sight, call),
            dte=days_to(call.settlement, sight.now),
            delta=sight.market.delta(con_id),
            suggestions=_suggested(con_id, placements),
        )
        for con_id, call in calls.items()
    )


def _stranger(sight: _Sight, call: Option, quantity: int) -> Stranger:
    days = days_to(call.settlement, sight.now)
    return Stranger(call.con_id, quantity, days, sight.market.delta(call.con_id))


def _suggested(con_id: ConId, placements: tuple[Placement, ...]) -> tuple[SuggestionRow, ...]:
    return tuple(
        SuggestionRow(rung=one.rung, quantity=one.quantity)
        for one in placements
        if one.con_id == con_id
    )


def _ignored(sight: _Sight) -> Iterator[IgnoredRow]:
    for con_id in sight.inputs.book.ignored:
        quantity = sight.quantity(con_id) - sight.inputs.book.contracts(con_id)
        yield IgnoredRow(con_id=con_id, contract=sight.name(con_id), quantity=quantity)


def _breaks(sight: _Sight) -> Iterator[BreakRow]:
    for found in sight.inputs.book.breaks:
        yield BreakRow(
            con_id=found.con_id,
            contract=sight.name(found.con_id),
            ours=found.ours,
            aside=found.aside,
            brokers=found.brokers,
        )


def _advance(inputs: Inputs, memory: StrategyState) -> AdvanceRow:
    advance = memory.advance
    nav = inputs.snapshot.account.net_liquidation_usd
    return AdvanceRow(
        spent_usd=advance.spent_usd,
        pending_usd=sum((one.worst_usd for one in advance.pending), Decimal(0)),
        available_usd=available_usd(advance, nav, inputs.policy.fund),
    )
