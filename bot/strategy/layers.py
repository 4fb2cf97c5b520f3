"""Layer triggers: the stages' rules R5, R7, R8 and R12; R9, R10, R11 and R32 are declared.

The moves of the machine stand in `bot.strategy.stages`, R6 in `bot.strategy.confirmations`, the
contracts a stage asks for in `bot.strategy.shares`. While an entry is unknown its stage stays as it
is.
"""

from bot.domain.conditions import Condition
from bot.domain.decision import Check, RuleResult
from bot.domain.inputs import EvaluationKind
from bot.domain.policy import StagePolicy
from bot.domain.rungs import RuleClass
from bot.domain.state import StageEntry
from bot.domain.truth import Truth
from bot.strategy import stages
from bot.strategy.draft import Case, Draft
from bot.strategy.rule import Rule, Step
from bot.strategy.triggers import Finding, every, found, judge, judge_exit, some


def _judged(case: Case, condition: Condition) -> Finding:
    return judge(condition, case.readings, case.inputs.snapshot.now)


def _barred(case: Case, stage: int) -> bool:
    new_high = case.readings.flag("vix.new_high")
    return stages.is_barred(case.state, stage, case.day, new_high=new_high)


def _entered(case: Case, draft: Draft, stage: int) -> Draft:
    """Turn `stage` on, and with it the ones below."""
    entries, new = stages.enter(draft.stages, stage, case.day)
    return draft.changed(stages=entries, entered=(*draft.entered, *new))


def _entry_words(draft: Draft, before: Draft, stage: int) -> str:
    new = draft.entered[len(before.entered) :]
    implied = [str(lower) for lower in new if lower < stage]
    return f"stage {stage} entered" + (f", implying {', '.join(implied)}" if implied else "")


def _line(rule: Rule, finding: Finding, words: str) -> RuleResult:
    """Return the line of a rule whose truth is a finding's."""
    return rule.result(finding.truth, finding.checks, words, finding.blind, finding.logic)


def on_check(draft: Draft, stage: int) -> Check:
    """Return the check that a stage is on."""
    return Check(what=f"stage {stage} on", truth=Truth.of(stages.is_on(draft.stages, stage)))


def _enter_one(case: Case, draft: Draft) -> Draft:
    """R5: stage 1 after its entry was true in so many evaluations in a row."""
    finding = _judged(case, case.policy.stages.one.enter)
    if stages.is_on(draft.stages, 1):
        result = _line(STAGE_ONE, finding, "stage 1 is on")
        return draft.changed(enter_streak=0).with_result(result)
    streak = stages.next_streak(draft.enter_streak, finding.truth)
    wanted = case.policy.stages.confirm_evaluations
    counted = Check(
        what="evaluations in a row",
        truth=Truth.of(streak >= wanted),
        value=streak,
        operator=">=",
        threshold=wanted,
    )
    waiting = draft.changed(enter_streak=streak)
    after, words = waiting, f"{streak} of {wanted} evaluations in a row"
    if finding.truth.fires and streak >= wanted:
        if _barred(case, 1):
            words = "stage 1 was left in this session: not before the next"
        else:
            after = _entered(case, waiting.changed(enter_streak=0), 1)
            words = _entry_words(after, waiting, 1)
    return after.with_result(_line(STAGE_ONE, every(finding, found(counted)), words))


STAGE_ONE = Rule(
    id="R5",
    title="Stage 1",
    source=("A0",),
    step=Step.STAGE,
    rule_class=RuleClass.STAGE,
    reads=("G1", "G3"),
    evaluate=_enter_one,
)


def _enter_two(case: Case, draft: Draft) -> Draft:
    """R7: VIX high enough, and stage 1 on or a confirmation newly true in this session."""
    finding = _judged(case, case.policy.stages.two.enter)
    confirmations = {c.name: _judged(case, c.when) for c in case.policy.confirmations}
    remembering = draft.changed(clear=_still_clear(draft.clear, confirmations))
    new = tuple(
        Check(what=f"{name} newly true", truth=_newly(name, judged, case.state.clear_before))
        for name, judged in confirmations.items()
    )
    one = on_check(draft, 1)
    companions = (one,) if one.truth.fires else (one, *new)
    whole = every(finding, some(*(found(check) for check in companions)))
    blind = (name for judged in confirmations.values() for name in judged.blind)
    whole = whole._replace(blind=tuple(dict.fromkeys([*whole.blind, *blind])))
    return _enter_higher(case, remembering, 2, whole)


def _newly(name: str, judged: Finding, clear_before: tuple[str, ...]) -> Truth:
    """Tell whether a confirmation known to be false when the last session ended is true now."""
    return judged.truth if name in clear_before else Truth.FALSE


def _still_clear(clear: tuple[str, ...], judged: dict[str, Finding]) -> tuple[str, ...]:
    """Return the confirmations whose last known truth is false; unknown changes nothing."""
    return tuple(
        name
        for name, finding in judged.items()
        if finding.truth is Truth.FALSE or (finding.truth is Truth.UNKNOWN and name in clear)
    )


def _enter_higher(case: Case, draft: Draft, stage: int, finding: Finding) -> Draft:
    """Enter stage 2 or 3 when its whole trigger is true."""
    rule = STAGE_TWO if stage == 2 else STAGE_THREE  # noqa: PLR2004 - the stage's own number
    after, words = draft, ""
    if stages.is_on(draft.stages, stage):
        words = f"stage {stage} is on"
    elif finding.truth.fires and _barred(case, stage):
        words = f"stage {stage} was left in this session: not before the next"
    elif finding.truth.fires:
        after = _entered(case, draft, stage)
        words = _entry_words(after, draft, stage)
    return after.with_result(_line(rule, finding, words))


STAGE_TWO = Rule(
    id="R7",
    title="Stage 2",
    source=("A0", "A2"),
    step=Step.STAGE,
    rule_class=RuleClass.STAGE,
    reads=("G1",),
    evaluate=_enter_two,
)


def _enter_three(case: Case, draft: Draft) -> Draft:
    """R8: stage 2 on, and any of the signs of a storm."""
    finding = _judged(case, case.policy.stages.three.enter)
    return _enter_higher(case, draft, 3, every(found(on_check(draft, 2)), finding))


STAGE_THREE = Rule(
    id="R8",
    title="Stage 3, the Second Engine",
    source=("A0", "A2", "A4"),
    step=Step.STAGE,
    rule_class=RuleClass.EMERGENCY,
    reads=("G1", "G2", "G6"),
    evaluate=_enter_three,
)

BREAK_EVEN_DEFENCE = Rule(
    id="R9",
    title="Break-even defence, put side",
    source=("A2", "A3"),
    step=Step.LADDER,
    rule_class=RuleClass.DISCRETIONARY,
    reads=("G10",),
)

MACRO_ADD = Rule(
    id="R10",
    title="Valuation / macro add",
    source=("A2", "A4"),
    step=Step.LADDER,
    rule_class=RuleClass.DISCRETIONARY,
    reads=("G19", "G20"),
)

EVENT_SHIFT = Rule(
    id="R11",
    title="Event shift",
    source=("A2",),
    step=Step.LADDER,
    reads=("G3", "G11", "G12"),
)


def _leave(case: Case, draft: Draft) -> Draft:
    """R12: at a close each stage counts its exit; after enough in a row the highest leaves."""
    standing = [entry for entry in draft.stages if entry.stage not in draft.entered]
    findings = {entry.stage: _exit(case, entry.stage) for entry in standing}
    blind = tuple(dict.fromkeys(name for found in findings.values() for name in found.blind))
    if not _counts_now(case, draft):
        checks = _exit_checks(findings) + _counter_checks(case, draft.stages)
        words = "closes are counted once, at the close" if standing else "no stage to leave"
        return draft.with_result(LEAVING.result(Truth.FALSE, checks, words, blind))
    counted = _counted(draft, findings)
    after = _closed(case, draft, counted)
    truth = Truth.of(after.left is not None)
    if after.left is None and any(found.truth is Truth.UNKNOWN for found in findings.values()):
        truth = Truth.UNKNOWN
    checks = _exit_checks(findings) + _counter_checks(case, counted)
    return after.with_result(LEAVING.result(truth, checks, _leaving_words(after), blind))


def _exit(case: Case, stage: int) -> Finding:
    condition = stage_policy(case, stage).exit
    return judge_exit(condition, case.readings, case.inputs.snapshot.now)


def stage_policy(case: Case, stage: int) -> StagePolicy:
    """Return when a stage is entered and left."""
    policy = case.policy.stages
    return (policy.one, policy.two, policy.three)[stage - 1]


def _counts_now(case: Case, draft: Draft) -> bool:
    at_close = case.inputs.snapshot.kind is EvaluationKind.CLOSE
    return at_close and draft.closed_on != case.day


def _counted(draft: Draft, findings: dict[int, Finding]) -> stages.Stages:
    return tuple(
        stages.count_close(entry, findings[entry.stage].truth) if entry.stage in findings else entry
        for entry in draft.stages
    )


def _closed(case: Case, draft: Draft, counted: stages.Stages) -> Draft:
    kept, left = stages.leave(counted, case.policy.stages.exit_closes)
    after = draft.changed(stages=kept, left=left, closed_on=case.day)
    if left is None:
        return after
    return after.changed(left_on=case.day, exited_stages=(left,))


def _exit_checks(findings: dict[int, Finding]) -> tuple[Check, ...]:
    return tuple(check for found in findings.values() for check in found.checks)


def _counter_checks(case: Case, counted: stages.Stages) -> tuple[Check, ...]:
    """Return each stage's counter, of the one that leaves as well: it is why it leaves."""
    return tuple(_counter(entry, case.policy.stages.exit_closes) for entry in counted)


def _counter(entry: StageEntry, wanted: int) -> Check:
    return Check(
        what=f"closes of stage {entry.stage}",
        truth=Truth.of(entry.exit_closes >= wanted),
        value=entry.exit_closes,
        operator=">=",
        threshold=wanted,
    )


def _leaving_words(draft: Draft) -> str:
    if draft.left is None:
        return "no stage leaves at this close"
    return f"stage {draft.left} left; its rungs run off, nothing is sold at once"


LEAVING = Rule(
    id="R12",
    title="Leaving",
    source=("A1", "A4"),
    step=Step.STAGE,
    rule_class=RuleClass.CLOSE,
    reads=("G1", "G2", "G6"),
    evaluate=_leave,
)

EARLY_WARNING = Rule(
    id="R32",
    title="Early warning",
    source=("A3",),
    step=Step.LADDER,
    rule_class=RuleClass.DISCRETIONARY,
    reads=("G1", "G3", "G5"),
)
