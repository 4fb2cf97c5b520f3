"""R6, the confirmations: signs that a stage is right, each adding a tenth of the ladder.

In a stage run, from the first stage entered to the last one left, each confirmation counts once.
One is counted a session; the others queue while they stay true, in the order of the policy. What
is counted stays counted, so that one that goes away sells nothing; what is unknown is not counted.
The end of the run forgets them all.
"""

from bot.domain.decision import Check
from bot.domain.readings import ReadingState
from bot.domain.rungs import RuleClass
from bot.domain.state import Counted
from bot.domain.truth import Truth
from bot.strategy.draft import Case, Draft
from bot.strategy.rule import Rule, Step
from bot.strategy.triggers import Finding, judge


def _confirm(case: Case, draft: Draft) -> Draft:
    if not draft.stages:
        on = Check(what="a stage on", truth=Truth.FALSE)
        return draft.changed(counted=()).with_result(
            CONFIRMATIONS.result(Truth.FALSE, (on,), "no stage is on")
        )
    now = case.inputs.snapshot.now
    found = {c.name: judge(c.when, case.readings, now) for c in case.policy.confirmations}
    waiting = _waiting(draft, found)
    taken = any(one.session == case.day for one in draft.counted)
    new = () if taken else waiting[:1]
    after = draft.changed(
        counted=(*draft.counted, *(Counted(name=name, session=case.day) for name in new))
    )
    return after.with_result(
        CONFIRMATIONS.result(
            _truth(draft, found, new),
            _checks(after, found),
            _words(after, new, waiting[len(new) :]),
            tuple(dict.fromkeys(name for one in found.values() for name in one.blind)),
        )
    )


def _waiting(draft: Draft, found: dict[str, Finding]) -> tuple[str, ...]:
    """Return the confirmations that are true and not counted yet, first come first."""
    known = {one.name for one in draft.counted}
    return tuple(name for name, one in found.items() if one.truth.fires and name not in known)


def _truth(draft: Draft, found: dict[str, Finding], new: tuple[str, ...]) -> Truth:
    """Return whether one is counted now; unknown where one not counted yet cannot be judged."""
    if new:
        return Truth.TRUE
    known = {one.name for one in draft.counted}
    open_ones = [one.truth for name, one in found.items() if name not in known]
    return Truth.UNKNOWN if Truth.UNKNOWN in open_ones else Truth.FALSE


def _checks(draft: Draft, found: dict[str, Finding]) -> tuple[Check, ...]:
    """Return the comparisons of what is not counted, and of each one how it stands."""
    sessions = {one.name: one.session for one in draft.counted}
    checks: list[Check] = []
    for name, finding in found.items():
        if name in sessions:
            value: str | None = f"counted on {sessions[name]}"
        else:
            checks.extend(finding.checks)
            value = "waiting" if finding.truth.fires else None
        state = ReadingState.MISSING if finding.blind else ReadingState.OK
        checks.append(Check(what=name, truth=finding.truth, value=value, state=state))
    return tuple(checks)


def _words(draft: Draft, new: tuple[str, ...], queue: tuple[str, ...]) -> str:
    words = [f"{len(draft.counted)} counted in this stage run"]
    words += [f"{_plain(name)} is new" for name in new]
    if queue:
        words.append(f"one a session: {', '.join(map(_plain, queue))} must wait")
    return "; ".join(words)


def _plain(name: str) -> str:
    return name.replace("_", " ")


CONFIRMATIONS = Rule(
    id="R6",
    title="Confirmations",
    source=("A0", "A1", "A2", "A3", "A4"),
    step=Step.LADDER,
    rule_class=RuleClass.STAGE,
    reads=("G2", "G3", "G4", "G5", "G6", "G7", "G14", "G18", "G19"),
    evaluate=_confirm,
)
