"""What the strategy must remember from one evaluation to the next.

Stored with each decision. Everything else a decision needs is in its inputs.
"""

from datetime import date

import msgspec

from bot.domain.value import Value


class StageEntry(Value):
    """One stage that is on: when it was entered and its own count of exit closes (R12)."""

    stage: int
    entered_on: date
    exit_closes: int = 0


class CondorVega(Value):
    """A condor's (or an unexplained expiry's) term of V* (R1), USD per volatility point.

    `key` names the legs; `first` is V when first seen, `peak` its own peak while a stage is on.
    """

    key: str
    first: float
    peak: float | None = None


class Scale(Value):
    """The scale u as last reset (R2), with what it was made of.

    `v_star`, `h_star`, `full_ladder_vega`: USD per VIX or volatility point; `tau_days`: G26.
    """

    u: float
    ratio: float
    v_star: float
    h_star: float
    full_ladder_vega: float
    tau_days: float
    reset_on: date
    cause: str


class SpreadSession(Value, array_like=True):
    """Median relative spread of one class and tier over one completed session (G24)."""

    session: date
    median: float


class SpreadMemory(Value):
    """Spreads of one class and tier: completed sessions, and the running one as a histogram.

    `running` counts observations by logarithmic bucket of spread over mid.
    """

    key: str
    completed: tuple[SpreadSession, ...] = ()
    running_session: date | None = None
    running: dict[int, int] = msgspec.field(default_factory=dict)


class Advance(Value):
    """The emergency advance of R16: USD spent of it since it was last renewed."""

    spent_usd: float = 0.0
    renewed_on: date | None = None


class StrategyState(Value):
    """The strategy's memory; the empty one is a first start."""

    session: date | None = None
    stages: tuple[StageEntry, ...] = ()
    left_on: date | None = None
    enter_streak: int = 0
    exited_stages: tuple[int, ...] = ()
    confirmations_before: tuple[str, ...] | None = None
    confirmations_seen: tuple[str, ...] = ()
    condors: tuple[CondorVega, ...] = ()
    scale: Scale | None = None
    spreads: tuple[SpreadMemory, ...] = ()
    advance: Advance = Advance()

    @property
    def stage(self) -> int:
        """The highest stage that is on, 0 when none."""
        return max((entry.stage for entry in self.stages), default=0)
