"""What `alvh book` and `alvh adopt` tell, as values that JSON can carry.

How they are worked out stands in `bot.review.holdings`. Prices are in points; what cannot be known
is None.
"""

from datetime import date, datetime
from decimal import Decimal

from bot.domain.decision import TierTarget
from bot.domain.instruments import ConId
from bot.domain.rungs import Rung
from bot.domain.value import Value


class CondorRow(Value):
    """One condor; points per condor, USD for all of them.

    `lower_points` and `upper_points` are the distances of SPX to the break-evens, negative beyond
    them, `lower_share` and `upper_share` the same as shares of SPX. `vega_usd` is V of R1: USD per
    volatility point, weighted by tenor.
    """

    name: str
    expiry: str
    dte: int
    quantity: int
    strikes: tuple[Decimal, ...]
    credit: Decimal | None
    cost_to_close: Decimal | None
    captured: float | None
    lower: Decimal | None
    upper: Decimal | None
    lower_points: float | None
    upper_points: float | None
    lower_share: float | None
    upper_share: float | None
    notional_usd: Decimal
    max_loss_usd: Decimal | None
    vega_usd: float | None


class LegRow(Value):
    """An SPX option that is in no condor; `average_cost` in points."""

    con_id: ConId
    contract: str
    quantity: int
    dte: int
    average_cost: Decimal


class RungRow(Value):
    """What one rung holds; prices in points, `vega_usd` per VIX point.

    `labels` counts contracts by the rule that bought them, `adopted` those the user gave to it.
    `roll_date` is the first session on which it is due to roll.
    """

    rung: Rung
    con_id: ConId
    contract: str
    quantity: int
    average_cost: Decimal
    bid: Decimal | None
    value_usd: Decimal | None
    delta: float | None
    vega_usd: float | None
    dte: int | None
    labels: dict[str, int]
    adopted: int
    roll_date: date | None
    locked: bool


class SuggestionRow(Value):
    """A rung that could take so many contracts of a call."""

    rung: Rung
    quantity: int


class NobodysRow(Value):
    """A VIX call, or a part of one, that no rung has; `average_cost` is the broker's, in points."""

    con_id: ConId
    contract: str
    symbol: str
    quantity: int
    average_cost: Decimal
    dte: int
    delta: float | None
    suggestions: tuple[SuggestionRow, ...]


class IgnoredRow(Value):
    """A call the user wants left alone, and what the account holds of it."""

    con_id: ConId
    contract: str
    quantity: int


class BreakRow(Value):
    """A locked contract: what the rungs hold, what was left aside, what the broker holds."""

    con_id: ConId
    contract: str
    ours: int
    aside: int
    brokers: int


class AdvanceRow(Value):
    """The emergency advance of R16, in USD."""

    spent_usd: Decimal
    pending_usd: Decimal
    available_usd: Decimal


class BookView(Value):
    """The whole book at `as_of`; `tiers`, `v_star_usd` and `queue` are the last decision's.

    `confirmations` are those counted in the running stage run, `queue` says what waits (R6).
    """

    as_of: datetime
    stage: int
    spx: float | None
    condors: tuple[CondorRow, ...]
    unexplained: tuple[LegRow, ...]
    rungs: tuple[RungRow, ...]
    tiers: tuple[TierTarget, ...]
    confirmations: tuple[str, ...]
    queue: str
    nobodys: tuple[NobodysRow, ...]
    ignored: tuple[IgnoredRow, ...]
    breaks: tuple[BreakRow, ...]
    hedge_vega_usd: float | None
    v_star_usd: float | None
    cover_ratio: float | None
    advance: AdvanceRow


class AdoptAnswer(Value):
    """What was done, in sentences, and the calls that are still nobody's or ignored after it."""

    done: tuple[str, ...]
    nobodys: tuple[NobodysRow, ...]
    ignored: tuple[IgnoredRow, ...]
