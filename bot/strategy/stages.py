"""The stage machine's moves (R5, R7, R8, R12): pure steps over the stages that are on.

Which trigger moves it stands in `bot.strategy.layers`. Stages nest: 2 implies 1 and 3 implies 2, so
the one that leaves is always the highest that is on; a lower one whose closes are counted waits for
it.
"""

from datetime import date

from bot.domain.sessions import SessionTable
from bot.domain.state import StageEntry, StrategyState
from bot.domain.truth import Truth
from bot.domain.value import replace

Stages = tuple[StageEntry, ...]


def is_on(stages: Stages, stage: int) -> bool:
    """Tell whether `stage` is on."""
    return any(entry.stage == stage for entry in stages)


def enter(stages: Stages, stage: int, day: date) -> tuple[Stages, tuple[int, ...]]:
    """Return the stages with `stage` and all below it on, and which of them are new, in order."""
    new = tuple(s for s in range(1, stage + 1) if not is_on(stages, s))
    entries = (*stages, *(StageEntry(stage=s, entered_on=day) for s in new))
    return tuple(sorted(entries, key=lambda entry: entry.stage)), new


def next_streak(streak: int, truth: Truth) -> int:
    """Return the evaluations in a row after one more; unknown adds nothing and breaks nothing."""
    if truth is Truth.UNKNOWN:
        return streak
    return streak + 1 if truth.fires else 0


def is_barred(state: StrategyState, stage: int, day: date, *, new_high: bool | None) -> bool:
    """Tell whether `stage` was left today and nothing lifts that (R12's re-entry).

    Re-entry is possible from the session after the one in whose close the stage was left, or at
    once on a new high of VIX; an unknown high lifts nothing.
    """
    return state.left_on == day and stage in state.exited_stages and new_high is not True


def count_close(entry: StageEntry, truth: Truth) -> StageEntry:
    """Return the stage after one more close: its exit true counts, false starts anew (R12).

    The close of the entry day counts like any other; unknown freezes the counter.
    """
    if truth is Truth.UNKNOWN:
        return entry
    return replace(entry, exit_closes=entry.exit_closes + 1 if truth.fires else 0)


def leave(stages: Stages, exit_closes: int) -> tuple[Stages, int | None]:
    """Return the stages after a close, and the one that left: at most one, the highest (R12)."""
    highest = max(stages, key=lambda entry: entry.stage, default=None)
    if highest is None or highest.exit_closes < exit_closes:
        return stages, None
    return tuple(entry for entry in stages if entry is not highest), highest.stage


def begin_session(state: StrategyState, day: date, sessions: SessionTable) -> StrategyState:
    """Return the memory as it stands at an evaluation on `day`.

    In a new session the confirmations known to be false become those of the session before; after
    a gap, or where the table does not reach, nothing is known of that session.
    """
    if state.session == day:
        return state
    follows = state.session is not None and _is_next(state.session, day, sessions)
    return replace(state, session=day, clear_before=state.clear if follows else ())


def _is_next(before: date, day: date, sessions: SessionTable) -> bool:
    covered = sessions.covers(before) and sessions.covers(day)
    return covered and sessions.count_between(before, day) == 1
