"""The policy: every number a rule uses, with unit, bounds and source.

The defaults here are the method's (methodology.md); `config/policies/articles.toml` is a commented
copy of them. The bounds and descriptions are read by the policy file's checker, by `policy show`
and by the documentation, so that nothing is said twice.
"""

from typing import Annotated

from msgspec import Meta

from bot.domain.conditions import (
    AllOf,
    AnyOf,
    Condition,
    above,
    at_least,
    at_most,
    below,
    fails,
    holds,
    says,
)
from bot.domain.rungs import Rung, Tier
from bot.domain.value import Value

Ratio = Annotated[float, Meta(ge=0.0, le=1.0)]


class StagePolicy(Value):
    """When a stage is entered and left (R5, R7, R8, R12)."""

    enter: Condition
    exit: Condition


class StagesPolicy(Value):
    """The stage machine (R5, R7, R8, R12)."""

    one: StagePolicy = StagePolicy(
        enter=AllOf(parts=(above("vix.level", 18.0), says("vix.macd", "bullish"))),
        exit=below("vix.level", 16.0),
    )
    two: StagePolicy = StagePolicy(enter=at_least("vix.level", 23.0), exit=below("vix.level", 21.0))
    three: StagePolicy = StagePolicy(
        enter=AnyOf(parts=(at_least("vix.rsi", 80.0), holds("vix.spike"), at_least("move.z", 2.5))),
        exit=AllOf(parts=(below("vix.rsi", 65.0), fails("vix.spike"), below("move.z", 2.0))),
    )
    confirm_evaluations: Annotated[
        int, Meta(ge=1, le=20, description="evaluations in a row before stage 1 is entered (R5)")
    ] = 2
    exit_closes: Annotated[
        int, Meta(ge=1, le=20, description="closes in a row before a stage is left (R12)")
    ] = 3
    reentry_high_sessions: Annotated[
        int,
        Meta(ge=1, le=60, description="a new VIX high of so many sessions re-enters at once (R12)"),
    ] = 5


class ConfirmationPolicy(Value):
    """One confirmation: a name for the log and the condition that makes it true (R6, R7)."""

    name: str
    when: Condition


DEFAULT_CONFIRMATIONS: tuple[ConfirmationPolicy, ...] = (
    ConfirmationPolicy(
        name="vix_rsi_rising",
        when=AllOf(parts=(at_least("vix.rsi", 60.0), holds("vix.rsi_rising"))),
    ),
    ConfirmationPolicy(
        name="breadth_weak",
        when=AnyOf(parts=(holds("breadth.divergence"), at_most("breadth.z", -2.0))),
    ),
    ConfirmationPolicy(name="move_spike", when=at_least("move.z", 2.0)),
    ConfirmationPolicy(name="rsi_divergence", when=holds("divergence.bearish")),
    ConfirmationPolicy(
        name="vix_macd_fresh",
        when=AllOf(parts=(says("vix.macd", "bullish"), holds("vix.macd_fresh"))),
    ),
    ConfirmationPolicy(name="spx_macd_bearish", when=says("spx.macd", "bearish")),
    ConfirmationPolicy(
        name="curve_inverted",
        when=AnyOf(parts=(holds("curve.inverted"), below("term.ratio", 1.0))),
    ),
    ConfirmationPolicy(name="premium_divergence", when=at_most("premium.z", -1.0)),
)


class SharesPolicy(Value):
    """How much of the ladder each trigger asks for (R5-R8)."""

    stage_one: Annotated[
        float,
        Meta(gt=0.0, le=1.0, description="share of the ladder on in stage 1, rounded up (R5)"),
    ] = 0.20
    confirmation: Annotated[
        float, Meta(ge=0.0, le=1.0, description="share added by each confirmation (R6)")
    ] = 0.10
    step: Annotated[
        float, Meta(gt=0.0, le=1.0, description="share bought per evaluation in stage 2 (R2, R7)")
    ] = 0.08
    small_step: Annotated[
        float, Meta(gt=0.0, le=1.0, description="the smaller step, for defensive adds (R2, R9)")
    ] = 0.05


class SizingPolicy(Value):
    """The intended hedge and its scale (R1, R2)."""

    base_ratio: Annotated[
        float, Meta(ge=0.0, le=2.0, description="hedge vega per condor vega without urgency (R1)")
    ] = 0.35
    urgency_ratio: Annotated[
        float, Meta(ge=0.0, le=2.0, description="added at full urgency (R1)")
    ] = 0.20
    fomc_urgency: Annotated[Ratio, Meta(description="urgency of a near FOMC decision (R1)")] = 0.4
    fomc_sessions: Annotated[
        int,
        Meta(ge=0, le=30, description="an FOMC decision 0 to so many sessions ahead is near (R1)"),
    ] = 3
    release_urgency: Annotated[Ratio, Meta(description="urgency of a near CPI or PPI (R1)")] = 0.2
    release_sessions: Annotated[
        int, Meta(ge=0, le=30, description="a CPI or PPI 0 to so many sessions ahead is near (R1)")
    ] = 2
    inflation_urgency: Annotated[
        Ratio, Meta(description="urgency of inflation pressure, G12 (R1)")
    ] = 0.2
    wacc_urgency: Annotated[Ratio, Meta(description="urgency of a rising WACC, G15 (R1)")] = 0.2
    vega_tenor_days: Annotated[
        int, Meta(ge=1, le=365, description="tenor to which condor vega is weighted, days (G27)")
    ] = 30
    weight_cap: Annotated[
        float, Meta(gt=0.0, le=10.0, description="cap of the tenor weight in V (section 1, G27)")
    ] = 2.0
    first_weight_cap: Annotated[
        float, Meta(gt=0.0, le=10.0, description="cap of the weight in V when first seen (R1)")
    ] = 1.0


class InitialPolicy(Value):
    """The initial allocation, as a share of condor notional between two values of RSI (R3)."""

    share_min: Annotated[
        Ratio, Meta(description="hedge notional per condor notional at a high VIX RSI (R3)")
    ] = 0.10
    share_max: Annotated[
        Ratio, Meta(description="hedge notional per condor notional at a low VIX RSI (R3)")
    ] = 0.15
    rsi_low: Annotated[
        float,
        Meta(
            ge=0.0,
            le=50.0,
            extra={"unit": "RSI"},
            description="at or below it the largest share holds (R3)",
        ),
    ] = 30.0
    rsi_high: Annotated[
        float,
        Meta(
            gt=50.0,
            le=100.0,
            extra={"unit": "RSI"},
            description="at or above it the smallest share holds (R3)",
        ),
    ] = 70.0


class RungPolicy(Value):
    """What one rung buys."""

    rung: Rung
    delta: Annotated[float, Meta(gt=0.0, lt=1.0, description="Black-76 delta at purchase")]


class TierPolicy(Value):
    """Which expiry a tier buys, in calendar days to settlement, and when it rolls."""

    tier: Tier
    target_dte: Annotated[int, Meta(ge=1, le=400, description="nearest monthly to so many days")]
    min_dte: Annotated[int, Meta(ge=1, le=400, description="earliest expiry, days")]
    max_dte: Annotated[int, Meta(ge=1, le=400, description="latest expiry, days")]
    roll_dte: Annotated[int, Meta(ge=0, le=400, description="rolled at or below, days (R14)")]


class LadderPolicy(Value):
    """The 4/4/2: what its rungs buy (methodology.md section 1)."""

    rungs: tuple[RungPolicy, ...] = (
        *(RungPolicy(rung=rung, delta=0.50) for rung in (Rung.S1, Rung.S2)),
        *(RungPolicy(rung=rung, delta=0.35) for rung in (Rung.S3, Rung.S4)),
        *(RungPolicy(rung=rung, delta=0.30) for rung in (Rung.M1, Rung.M2, Rung.M3, Rung.M4)),
        RungPolicy(rung=Rung.D1, delta=0.15),
        RungPolicy(rung=Rung.D2, delta=0.10),
    )
    tiers: tuple[TierPolicy, ...] = (
        TierPolicy(tier=Tier.S, target_dte=30, min_dte=14, max_dte=48, roll_dte=10),
        TierPolicy(tier=Tier.M, target_dte=60, min_dte=45, max_dte=90, roll_dte=30),
        TierPolicy(tier=Tier.D, target_dte=120, min_dte=90, max_dte=150, roll_dte=45),
    )
    delta_tolerance: Annotated[
        float, Meta(gt=0.0, le=0.5, description="a strike further from its delta is not bought")
    ] = 0.10
    reset_band: Annotated[
        Ratio, Meta(description="an increase only from a reset of u needs this share (R27)")
    ] = 0.10

    def delta_of(self, rung: Rung) -> float:
        """Return the purchase delta of `rung`."""
        return next(r.delta for r in self.rungs if r.rung is rung)

    def tier(self, tier: Tier) -> TierPolicy:
        """Return the expiry window of `tier`."""
        return next(t for t in self.tiers if t.tier is tier)


class RollingPolicy(Value):
    """When a contract is rolled before its roll day (R14)."""

    early: Annotated[
        Condition, Meta(description="a contract may be rolled before its day (R14)")
    ] = AnyOf(
        parts=(
            AllOf(parts=(holds("vix.macd_inflection"), below("vix.macd_slope", 0.0))),
            holds("breadth.divergence"),
            AllOf(parts=(at_least("vix.rsi_previous", 70.0), below("vix.rsi", 70.0))),
        )
    )
    theta_days: Annotated[
        float,
        Meta(
            ge=0.0,
            le=60.0,
            extra={"unit": "days"},
            description="an early roll costs less than so many days' theta (R14)",
        ),
    ] = 7.0


class BetaPolicy(Value):
    """The beta of a VX future to spot VIX, exp(-T / tau) (G26)."""

    default_tau_days: Annotated[
        float, Meta(ge=1.0, le=400.0, description="tau where it cannot be estimated, days")
    ] = 45.0
    min_tau_days: Annotated[float, Meta(ge=1.0, le=400.0, description="lower bound, days")] = 20.0
    max_tau_days: Annotated[float, Meta(ge=1.0, le=400.0, description="upper bound, days")] = 90.0
    window_sessions: Annotated[
        int, Meta(ge=20, le=512, description="sessions used, ending the day before")
    ] = 250
    min_dte: Annotated[int, Meta(ge=0, le=400, description="nearest settlement used, days")] = 3
    max_dte: Annotated[int, Meta(ge=1, le=400, description="farthest settlement used, days")] = 150


class SlippagePolicy(Value):
    """The slippage guard (R29) and the quality of order flow (G24)."""

    max_spread_of_mid: Annotated[Ratio, Meta(description="largest spread as a share of mid")] = 0.15
    max_spread_floor: Annotated[
        float, Meta(ge=0.0, le=5.0, description="a spread up to so many points always passes")
    ] = 0.10
    cheap_below: Annotated[
        float, Meta(ge=0.0, le=5.0, description="mids below are cheap, points")
    ] = 0.50
    cheap_spread_of_mid: Annotated[Ratio, Meta(description="largest spread of a cheap mid")] = 0.30
    walk_of_mid: Annotated[
        Ratio,
        Meta(
            description="the walk of exempt orders ends at this share of mid from the middle (R29)"
        ),
    ] = 0.50
    walk_floor: Annotated[
        float, Meta(gt=0.0, le=5.0, description="the walk may always go so many points (R29)")
    ] = 0.10
    open_close_minutes: Annotated[
        int, Meta(ge=0, le=60, description="no orders so long after the open and before the close")
    ] = 5
    disturbed_multiple: Annotated[
        float, Meta(gt=1.0, le=20.0, description="spread over its median that is disturbed (G24)")
    ] = 3.0
    disturbed_unquoted: Annotated[
        Ratio, Meta(description="share of needed lines without two sides that is disturbed (G24)")
    ] = 1.0 / 3.0
    median_sessions: Annotated[
        int, Meta(ge=1, le=100, description="sessions the spread median looks back (G24)")
    ] = 20


class FundPolicy(Value):
    """The cash-press fund and the emergency advance (R16)."""

    advance_of_nav: Annotated[
        float, Meta(ge=0.0, le=0.05, description="advance for D at stage 3, share of NAV")
    ] = 0.0025
    renew_sessions: Annotated[
        int, Meta(ge=1, le=1000, description="the advance is renewed after so many sessions")
    ] = 252


class TrustPolicy(Value):
    """Which data may be decided on (design.md section 6)."""

    index_max_age_seconds: Annotated[
        float, Meta(gt=0.0, le=3600.0, description="an older index line is stale")
    ] = 60.0
    future_max_age_seconds: Annotated[
        float, Meta(gt=0.0, le=3600.0, description="an older future line is stale")
    ] = 120.0
    option_refresh_seconds: Annotated[
        float,
        Meta(gt=0.0, le=3600.0, description="an older option quote is asked again before use"),
    ] = 30.0
    artefact_points: Annotated[
        float,
        Meta(ge=0.0, le=50.0, description="a spot VIX rise beyond it wants the future's word (G1)"),
    ] = 3.0
    artefact_future_share: Annotated[
        Ratio, Meta(description="share of the spot rise the same VX1 must show (G1)")
    ] = 0.25


class SignalsPolicy(Value):
    """Parameters of the indicators (G1-G7)."""

    rsi_period: Annotated[int, Meta(ge=2, le=100, description="Wilder RSI period, bars (G2)")] = 14
    macd_fast: Annotated[int, Meta(ge=2, le=100, description="fast EMA, bars (G3)")] = 12
    macd_slow: Annotated[int, Meta(ge=3, le=200, description="slow EMA, bars (G3)")] = 26
    macd_signal: Annotated[int, Meta(ge=2, le=100, description="signal EMA, bars (G3)")] = 9
    fresh_bars: Annotated[
        int, Meta(ge=0, le=20, description="a crossing up to so many bars old is fresh (G3)")
    ] = 3
    spike_points: Annotated[
        float, Meta(gt=0.0, le=50.0, description="5-session rise that is a spike, points (G1)")
    ] = 8.0
    divergence_bars: Annotated[
        int, Meta(ge=2, le=400, description="SPX at its high or low of so many bars (G4)")
    ] = 20
    pivot_bars: Annotated[
        int, Meta(ge=1, le=50, description="a pivot stands out from so many bars each side (G4)")
    ] = 3
    breadth_mean_bars: Annotated[
        int, Meta(ge=3, le=512, description="advance-decline line against its mean of bars (G5)")
    ] = 50
    breadth_high_bars: Annotated[
        int, Meta(ge=2, le=512, description="SPX is measured against its high of bars (G5)")
    ] = 20
    breadth_near_high: Annotated[
        Ratio, Meta(description="SPX this close to its high, as a share, is near it (G5)")
    ] = 0.01
    breadth_slope_bars: Annotated[
        int, Meta(ge=2, le=512, description="slope of the advance-decline line, bars (G5)")
    ] = 20
    move_sessions: Annotated[
        int, Meta(ge=3, le=512, description="MOVE is measured against so many sessions (G6)")
    ] = 252
    move_spike: Annotated[
        float,
        Meta(
            gt=0.0,
            le=10.0,
            extra={"unit": "deviations"},
            description="a z-score that is a spike (G6)",
        ),
    ] = 2.0
    rate: Annotated[
        float, Meta(ge=-0.05, le=0.25, description="risk-free rate a year used in option values")
    ] = 0.02


class Policy(Value):
    """A whole policy; its hash stands in every decision."""

    name: str = "articles"
    stages: StagesPolicy = StagesPolicy()
    confirmations: tuple[ConfirmationPolicy, ...] = DEFAULT_CONFIRMATIONS
    shares: SharesPolicy = SharesPolicy()
    sizing: SizingPolicy = SizingPolicy()
    initial: InitialPolicy = InitialPolicy()
    ladder: LadderPolicy = LadderPolicy()
    rolling: RollingPolicy = RollingPolicy()
    beta: BetaPolicy = BetaPolicy()
    slippage: SlippagePolicy = SlippagePolicy()
    fund: FundPolicy = FundPolicy()
    trust: TrustPolicy = TrustPolicy()
    signals: SignalsPolicy = SignalsPolicy()
