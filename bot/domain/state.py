"""What the strategy must remember from one evaluation to the next.

Stored with each decision. Everything else a decision needs is in its inputs.
"""

from datetime import date, datetime
from decimal import Decimal

import msgspec

from bot.domain.instruments import ConId
from bot.domain.orders import IntentId, Label
from bot.domain.rungs import Rung, Tier
from bot.domain.value import Value


class StageEntry(Value):
    """One stage that is on: when it was entered and its own count of exit closes (R12)."""

    stage: int
    entered_on: date
    exit_closes: int = 0


class CondorVega(Value):
    """A condor's (or an unexplained expiry's) term of V* (R1), USD per volatility point.

    `key` names the legs; `first` is V when first seen, `peak` its own peak while a stage is on.
    Both are of `quantity` condors; a partial close takes its part of them along.
    """

    key: str
    first: float
    quantity: int = 1
    peak: float | None = None


class TierScale(Value):
    """The scale of one tier, reset when its contracts of `settlement` were rolled (R2)."""

    tier: Tier
    u: float
    settlement: datetime
    reset_on: date


class Scale(Value):
    """The scale u as last reset (R2), with what it was made of.

    `v_star`, `h_star`, `full_ladder_vega`: USD per VIX or volatility point; `tau_days`: G26.
    `condors` (key and quantity) and `entries` (stage and day) are what it was reset for: while V*
    is unknown a reset has to wait, and what it waits for shows in the difference. `tiers` are those
    that were rolled since and so have a scale of their own.
    """

    u: float
    ratio: float
    v_star: float
    h_star: float
    full_ladder_vega: float
    tau_days: float
    reset_on: date
    cause: str
    condors: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    tiers: tuple[TierScale, ...] = ()


class SpreadSession(Value, array_like=True):
    """Median relative spread of one class and tier over one completed session (G24)."""

    session: date
    median: float


class SpreadMemory(Value):
    """Spreads of one class and tier: completed sessions, and the running one as a histogram.

    `running` counts observations by the number of a logarithmic bucket of spread over mid.
    """

    key: str
    completed: tuple[SpreadSession, ...] = ()
    running_session: date | None = None
    running: dict[str, int] = msgspec.field(default_factory=dict)


class Commitment(Value):
    """One emergency purchase that may still fill, at the most it can cost in USD."""

    intent_id: IntentId
    worst_usd: Decimal


class Advance(Value):
    """The emergency advance of R16: USD spent of it since it was last renewed.

    `pending` are purchases whose outcome is open; once an order is dead, what it really cost moves
    to `spent_usd`. `renewed_on` is the day of the first purchase of the running term, None while
    nothing of the advance is used.
    """

    spent_usd: Decimal = Decimal(0)
    pending: tuple[Commitment, ...] = ()
    renewed_on: date | None = None


class Spent(Value):
    """Contracts of a stage that were closed and count as filled all the same (R14)."""

    tier: Tier
    label: Label
    quantity: int


class Leaving(Value):
    """A stage's contracts at their end in one rung: what of them is gone by then is spent (R14).

    `held` is what the rung held of this label, whatever the contract, so that a roll takes nothing
    away; the last `spends` of them count as filled once sold, the others nobody wants any more.
    """

    rung: Rung
    label: Label
    held: int
    spends: int


class Swap(Value):
    """A roll in two steps: `con_id` is bought first, then as much of `closes` is sold (R14).

    `whole` is what both contracts of this rung and label held together when it began: what they
    hold beyond it now was bought and its counterpart not sold yet.
    """

    rung: Rung
    closes: ConId
    con_id: ConId
    label: Label
    whole: int


class EarlyRoll(Value):
    """A contract rolled before its time on `day`, and what it was rolled into (R14: once)."""

    rung: Rung
    closes: ConId
    con_id: ConId
    day: date


class Counted(Value):
    """A confirmation counted in the running stage run, and the session that counted it (R6)."""

    name: str
    session: date


class Asked(Value):
    """What the targets in force were asked for by (R27): highest stage, R3's contracts, R6's count.

    A target that rises while none of these does rises only because u was reset.
    """

    stage: int = 0
    initial: int = 0
    confirmations: int = 0


class StrategyState(Value):
    """The strategy's memory; the empty one is a first start.

    `session`: the session of the last evaluation; `closed_on`: the last session whose close counted
    for R12. `left_on`, `exited_stages`: which stages were left last, and when. `enter_streak`:
    evaluations in a row in which stage 1's entry was true. `clear`: the confirmations whose last
    known truth is false, `clear_before`: those at the end of the previous session, so that only a
    confirmation known to have been false can be newly true (R7). `counted`: the confirmations of
    the running stage run (R6); `initial`: contracts R3 asked for when no stage was on. `targets`:
    contracts by tier as last in force, `asked`: what asked for them (R27's band). `spent`,
    `leaving`, `swaps`, `early`: what R14 remembers of rolls.
    """

    session: date | None = None
    closed_on: date | None = None
    stages: tuple[StageEntry, ...] = ()
    left_on: date | None = None
    enter_streak: int = 0
    exited_stages: tuple[int, ...] = ()
    clear: tuple[str, ...] = ()
    clear_before: tuple[str, ...] = ()
    condors: tuple[CondorVega, ...] = ()
    scale: Scale | None = None
    counted: tuple[Counted, ...] = ()
    initial: int = 0
    targets: dict[Tier, int] = msgspec.field(default_factory=dict)
    asked: Asked = Asked()
    spreads: tuple[SpreadMemory, ...] = ()
    advance: Advance = Advance()
    spent: tuple[Spent, ...] = ()
    leaving: tuple[Leaving, ...] = ()
    swaps: tuple[Swap, ...] = ()
    early: tuple[EarlyRoll, ...] = ()

    @property
    def stage(self) -> int:
        """The highest stage that is on, 0 when none."""
        return max((entry.stage for entry in self.stages), default=0)
