"""One evaluation: everything known goes in, a decision with its reasons and a new memory come out.

Pure: it knows no clock, broker, file, log or chance. A decision is always made; when nothing is
done it says why. The rules are asked in the order of methodology.md section 4, each leaving its
line; what they share stands in `bot.strategy.draft`.
"""

from bot.domain.canonical import ContentHash, content_hash, encode
from bot.domain.decision import CondorView, Decision, DecisionId, Ladder
from bot.domain.inputs import Inputs
from bot.domain.readings import Readings
from bot.domain.rungs import Rung
from bot.domain.state import StrategyState
from bot.domain.value import replace
from bot.signals.beta import tenor_weight
from bot.signals.catalog import read_signals
from bot.signals.flow import observe_spreads, remember_spreads
from bot.strategy.catalog import RULES
from bot.strategy.draft import Case, Draft, first_draft
from bot.strategy.ladder import hedge_vega_usd, scale_counts
from bot.strategy.money import settle_advance
from bot.strategy.positions import Group, find_condors, vega_usd
from bot.strategy.stages import begin_session
from bot.strategy.summary import summarise
from bot.strategy.trust import assess
from bot.strategy.valuation import new_york_day, value_market

_ID_DIGITS = 8


def decide(inputs: Inputs, state: StrategyState) -> tuple[Decision, StrategyState]:
    """Decide on one evaluation.

    Args:
        inputs: Everything the decision may look at, frozen.
        state: The memory the last evaluation left; an empty one at a first start.

    Returns:
        The decision and the memory to hand to the next evaluation.
    """
    return decide_on(inputs, state, read_signals(inputs, state))


def decide_on(
    inputs: Inputs, state: StrategyState, readings: Readings
) -> tuple[Decision, StrategyState]:
    """Decide on readings that are already there: what `decide` does after reading the signals."""
    case = open_case(inputs, state, readings)
    draft = first_draft(_with_settled_advance(case))
    for rule in RULES:
        draft = rule.apply(case, draft)
    return _decision(case, state.stage, draft), _memory(case, draft)


def inputs_hash(inputs: Inputs) -> ContentHash:
    """Return the hash that names an input: snapshot, book and the hashes of the slow parts."""
    return content_hash(encode((inputs.snapshot, inputs.book, inputs.blobs)))


def _decision_id(inputs: Inputs, digest: ContentHash) -> DecisionId:
    return DecisionId(f"{inputs.snapshot.now:%Y%m%dT%H%M}-{digest[:_ID_DIGITS]}")


def open_case(inputs: Inputs, state: StrategyState, readings: Readings) -> Case:
    """Return what all rules of one evaluation look at."""
    snapshot = inputs.snapshot
    book = inputs.book
    held = [*(x.con_id for x in book.lots), *(o.intent.con_id for o in book.orders)]
    market = value_market(snapshot, inputs.universe, inputs.policy, held)
    digest = inputs_hash(inputs)
    return Case(
        decision_id=_decision_id(inputs, digest),
        digest=digest,
        inputs=inputs,
        state=begin_session(state, snapshot.session.date, inputs.sessions),
        readings=readings,
        trust=assess(snapshot),
        market=market,
        condors=find_condors(snapshot.positions, market.instruments, snapshot.now),
    )


def _with_settled_advance(case: Case) -> StrategyState:
    settled = settle_advance(
        case.state.advance,
        case.inputs.book,
        case.policy.fund,
        case.day,
        case.inputs.sessions,
    )
    return replace(case.state, advance=settled)


def _decision(case: Case, stage_before: int, draft: Draft) -> Decision:
    snapshot = case.inputs.snapshot
    return Decision(
        decision_id=case.decision_id,
        at=snapshot.now,
        kind=snapshot.kind,
        inputs_hash=case.digest,
        policy_hash=case.inputs.blobs.policy,
        stage_before=stage_before,
        stage=max((entry.stage for entry in draft.stages), default=0),
        entered=draft.entered,
        left=draft.left,
        readings=tuple(case.readings.by_name[name] for name in sorted(case.readings.by_name)),
        condors=tuple(_condor_view(case, group) for group in case.condors.found),
        unexplained=(*(group.key for group in case.condors.rest), *_nobodys(case)),
        rules=draft.results,
        overrides=draft.overrides,
        ladder=_ladder(case, draft),
        intents=draft.intents,
        cancels=draft.cancels,
        reprices=draft.reprices,
        blind=tuple(dict.fromkeys(name for result in draft.results for name in result.blind)),
        critical=draft.critical,
        summary=summarise(case, draft),
    )


def _nobodys(case: Case) -> tuple[str, ...]:
    """Return the VIX calls that no rung has, as `+3 VIX 2018-03-21 C20`."""
    found = []
    for con_id, quantity in sorted(
        case.inputs.book.nobodys(case.inputs.snapshot.positions).items()
    ):
        call = case.market.option(con_id)
        name = f"contract {con_id}"
        if call is not None:
            day = new_york_day(call.settlement)
            name = f"{call.trading_class} {day} {call.right}{call.strike.normalize():f}"
        found.append(f"{quantity:+d} {name}")
    return tuple(found)


def _condor_view(case: Case, group: Group) -> CondorView:
    vega = vega_usd(group, case.market)
    return CondorView(
        key=group.key,
        expiry=group.expiry,
        quantity=group.quantity,
        strikes=group.strikes,
        vega_usd=None if vega is None else vega * tenor_weight(group.dte, case.policy),
    )


def _ladder(case: Case, draft: Draft) -> Ladder:
    scale = draft.scale
    tau = case.policy.beta.default_tau_days if scale is None else scale.tau_days
    hedge = hedge_vega_usd(case.inputs.book, case.market, tau)
    counts = dict.fromkeys(Rung, 0) if scale is None else scale_counts(scale)
    return Ladder(
        u=None if scale is None else scale.u,
        contracts=sum(counts.values()),
        rungs=counts,
        tiers=draft.tiers,
        v_star_usd=draft.v_star,
        h_star_usd=None if scale is None else scale.h_star,
        hedge_vega_usd=hedge,
        cover_ratio=hedge / draft.v_star if hedge is not None and draft.v_star else None,
    )


def _memory(case: Case, draft: Draft) -> StrategyState:
    kept = case.policy.slippage.median_sessions
    observed = observe_spreads(case.inputs)
    return StrategyState(
        session=case.day,
        closed_on=draft.closed_on,
        stages=draft.stages,
        left_on=draft.left_on,
        enter_streak=draft.enter_streak,
        exited_stages=draft.exited_stages,
        clear=draft.clear,
        clear_before=case.state.clear_before,
        condors=draft.condors,
        scale=draft.scale,
        counted=draft.counted,
        initial=draft.initial,
        targets=draft.targets,
        asked=draft.asked,
        spreads=remember_spreads(case.state, observed, case.day, kept),
        advance=draft.advance,
        spent=draft.spent,
        leaving=draft.leaving,
        swaps=draft.swaps,
        early=draft.early,
    )
