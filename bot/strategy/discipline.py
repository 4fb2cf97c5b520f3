"""Discipline: R27 finds what the ladder lacks, R29 lets it through; R25, R26, R28 are declared.

R27 recomputes the target in each evaluation and never sells. R29 is where purchases become orders:
it asks the guard, lets `bot.strategy.purchases` choose and count, and says of each rung why nothing
is bought.
"""

from bot.domain.decision import Check, Override
from bot.domain.rungs import RuleClass, Tier
from bot.domain.truth import Truth
from bot.strategy import motion, working
from bot.strategy.afoot import live_buys
from bot.strategy.draft import Case, Draft
from bot.strategy.ladder import scale_counts
from bot.strategy.money import available_usd, commit
from bot.strategy.purchases import purchases
from bot.strategy.rule import Rule, Step
from bot.strategy.shares import wanted_targets
from bot.strategy.sizing import INTENDED_HEDGE
from bot.strategy.slippage import left_out, moment_obstacle
from bot.strategy.trust import Bar

QUICK_RATIO = Rule(
    id="R25",
    title="Quick ratio",
    source=("A0", "A1", "A2", "A3", "A4"),
    step=Step.CAP,
    reads=("G17",),
)

STEWARD = Rule(
    id="R26",
    title="Steward, not promoter",
    source=("A0", "A1", "A2", "A3", "A4"),
    step=Step.ADVICE,
)


def _move(case: Case, draft: Draft) -> Draft:
    """R27: targets by tier, what each rung lacks, and the orders no longer wanted."""
    if draft.scale is None:
        words = "the ladder has no scale yet: no purchase"
        return draft.with_result(MOTION.result(Truth.UNKNOWN, (), words))
    counts = scale_counts(draft.scale)
    draft = draft.changed(asked=motion.asked_now(draft))
    wanted = wanted_targets(case, draft, counts)
    targets = motion.banded_targets(case, draft, counts, wanted)
    tiers = motion.tier_targets(case, draft, counts, targets)
    lacking = motion.wishes(case, counts, tiers)
    cancels = () if case.trust.orders else working.unwanted(case, tiers)
    known = {cancel.intent_id for cancel in draft.cancels}
    withheld = tuple(
        Override(
            winner="R27",
            loser="R2",
            reason=f"{tier}: a reset alone asks for {wanted[tier]}, too little more to act on",
        )
        for tier in Tier
        if wanted[tier] > targets[tier]
    )
    after = draft.changed(
        targets=targets,
        tiers=tiers,
        wishes=lacking,
        cancels=(*draft.cancels, *(c for c in cancels if c.intent_id not in known)),
        overrides=(*draft.overrides, *withheld),
    )
    checks = tuple(
        Check(
            what=f"{row.tier} target against filled + working",
            truth=Truth.of(row.target > row.filled + row.working + row.spent),
            value=row.target,
            operator=">",
            threshold=row.filled + row.working + row.spent,
        )
        for row in tiers
    )
    words = ", ".join(f"{wish.rung} lacks {wish.missing}" for wish in lacking)
    return after.with_result(MOTION.result(Truth.of(bool(lacking)), checks, words))


MOTION = Rule(
    id="R27",
    title="Motion, not loyalty",
    source=("A0", "A2", "A3", "A4"),
    step=Step.MOTION,
    evaluate=_move,
)

GOVERNANCE = Rule(
    id="R28",
    title="Governance",
    source=("A0", "A1", "A2", "A3", "A4"),
    step=Step.ADVICE,
)


def _guard(case: Case, draft: Draft) -> Draft:
    """R29: what R27 lacks becomes orders, unless something stands above it."""
    bars = (*case.trust.orders, *case.trust.buys, *_unknown_hedge(draft), *draft.bars)
    moment = moment_obstacle(case)
    check = Check(what="order flow", truth=Truth.of(not moment), value=moment or "undisturbed")
    blind = left_out(case)
    if bars:
        after = draft.changed(overrides=(*draft.overrides, *_barred(draft, bars)))
        words = "; ".join(bar.reason for bar in bars) if draft.wishes else ""
        return after.with_result(SLIPPAGE.result(Truth.of(not moment), (check,), words, blind))
    bought = purchases(case, draft, moment)
    after = _chased(case, draft.changed(advance=bought.advance), moment)
    stopped = tuple(
        Override(winner=o.by, loser="R27", reason=f"{o.rung}: {o.reason}") for o in bought.obstacles
    )
    words = "; ".join(f"{o.rung}: {o.reason}" for o in bought.obstacles)
    return after.changed(
        intents=(*draft.intents, *bought.intents), overrides=(*draft.overrides, *stopped)
    ).with_result(SLIPPAGE.result(Truth.of(not bought.obstacles), (check,), words, blind))


def _unknown_hedge(draft: Draft) -> tuple[Bar, ...]:
    if draft.v_star is None:
        return (Bar(INTENDED_HEDGE.id, "V* is unknown"),)
    return ()


def _barred(draft: Draft, bars: tuple[Bar, ...]) -> tuple[Override, ...]:
    """Return what overrode R27, once for each bar, when there was anything to buy."""
    if not draft.wishes:
        return ()
    lacking = ", ".join(f"{wish.missing} {wish.rung}" for wish in draft.wishes)
    return tuple(
        Override(winner=bar.by, loser=MOTION.id, reason=f"{bar.reason}: not bought {lacking}")
        for bar in bars
    )


def _chased(case: Case, draft: Draft, moment: str) -> Draft:
    """Move the working purchases that stay wanted to the ask, and book what that may cost."""
    cancelled = {cancel.intent_id for cancel in draft.cancels}
    orders = {o.intent.intent_id: o for o in live_buys(case.inputs.book)}
    kept = frozenset(orders) - cancelled
    if moment:
        kept = frozenset(i for i in kept if orders[i].intent.rule_class is RuleClass.EMERGENCY)
    nav = case.inputs.snapshot.account.net_liquidation_usd
    left = available_usd(draft.advance, nav, case.policy.fund)
    reprices = tuple(working.moved(case, kept, left))
    advance = draft.advance
    for reprice in reprices:
        intent = orders[reprice.intent_id].intent
        if intent.rule_class is RuleClass.EMERGENCY:
            advance = commit(advance, intent, reprice.limit, case.day)
    return draft.changed(reprices=(*draft.reprices, *reprices), advance=advance)


SLIPPAGE = Rule(
    id="R29",
    title="Slippage guard",
    source=("A1", "A3"),
    step=Step.ORDER,
    reads=("G24",),
    evaluate=_guard,
)
