"""What holds of R3 and R6 whatever the market shows and the book holds."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.book import Book
from bot.domain.decision import Decision
from bot.domain.orders import Side
from bot.domain.policy import Policy
from bot.domain.readings import Scalar
from bot.domain.rungs import RuleClass, Tier
from bot.domain.state import Counted, StrategyState
from bot.domain.value import replace
from bot.strategy.decide import decide_on
from bot.strategy.ladder import rung_counts, tier_count
from tests.support.strategy_days import Desk, Row, sized, staged
from tests.support.strategy_world import CURVE, inputs, moment, readings

FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
NAMES = [confirmation.name for confirmation in Policy().confirmations]
signs = st.fixed_dictionaries(
    {
        "vix.level": st.floats(16.5, 22.5),  # stage 1 stays as it is
        "vix.macd": st.sampled_from(["bullish", "bearish"]),
        "vix.macd_fresh": st.booleans(),
        "vix.rsi": st.floats(5, 79),
        "vix.rsi_rising": st.booleans(),
        "spx.macd": st.sampled_from(["bullish", "bearish"]),
        "breadth.divergence": st.booleans(),
        "breadth.z": st.floats(-4, 4),
        "divergence.bearish": st.booleans(),
        "curve.inverted": st.booleans(),
        "term.ratio": st.floats(0.7, 1.4),
    }
)
dark = st.sets(st.sampled_from(["spx.macd", "vix.rsi", "breadth.z", "term.ratio"]), max_size=2)


def short_target(decision: Decision) -> int:
    assert decision.ladder is not None
    return next(row.target for row in decision.ladder.tiers if row.tier is Tier.S)


@FEW
@given(st.floats(0.0, 100.0), st.integers(1, 60), st.floats(0.0, 8.0), st.integers(9, 60))
def test_the_initial_allocation_stays_within_its_bounds(
    rsi: float, condors: int, u: float, forward: int
) -> None:
    """Ten to fifteen per cent, to half a contract; at least one; never beyond the S rungs."""
    state = sized(u)
    known = replace(state.condors[0], quantity=condors)
    curve = CURVE | {"mar": float(forward)}
    given_ = inputs(condors=condors, curve=curve)
    decision, after = decide_on(
        given_, replace(state, condors=(known,)), readings({"vix.rsi": rsi, "vix.level": 12.0})
    )
    contract_usd = 100.0 * forward
    low, high = (share * condors * 5_000.0 / contract_usd for share in (0.10, 0.15))
    assert max(low - 0.5, 1.0) - 1e-6 <= after.initial <= max(high + 0.5, 1.0) + 1e-6
    room = tier_count(rung_counts(u), Tier.S)
    assert short_target(decision) == min(after.initial, room)
    bought = [i for i in decision.intents if i.side is Side.BUY]
    assert sum(i.quantity for i in bought) <= min(after.initial, room)
    assert {i.rule_class for i in bought} <= {RuleClass.INITIAL}


@FEW
@given(st.lists(st.tuples(signs, dark), min_size=2, max_size=4), st.integers(0, 4))
def test_confirmations_never_sell_and_none_counts_twice(
    days: list[tuple[dict[str, Scalar], set[str]]], initial: int
) -> None:
    """Whatever comes and goes over sessions of a stage run: targets only rise, nothing is sold."""
    desk = Desk(state=replace(staged(1), initial=initial))
    seen: tuple[Counted, ...] = ()
    target = 0
    for day, (sees, gone) in enumerate(days):
        row = Row(f"2018-02-{5 + day:02d} 10:00", sees, stale=tuple(gone))
        decision = desk.evaluate(row)
        assert not [i for i in decision.intents if i.side is Side.SELL]
        assert short_target(decision) >= target
        counted = desk.state.counted
        assert counted[: len(seen)] == seen
        assert len(counted) <= len(seen) + 1
        names = [one.name for one in counted]
        assert len(set(names)) == len(names)
        assert set(names) <= set(NAMES)
        seen, target = counted, short_target(decision)
    assert desk.book.in_tier(Tier.S) <= 4


@FEW
@given(signs, st.integers(1, 8), st.integers(0, 6), st.sets(st.sampled_from(NAMES), max_size=8))
def test_the_target_of_s_is_the_larger_of_the_share_and_the_sum(
    sees: dict[str, Scalar], tens: int, initial: int, names: set[str]
) -> None:
    """R27 told with plain numbers: max(20 % up, R3 + 10 % each half up), never above R2's count."""
    day = moment("2018-02-05 10:00").date()
    counted = tuple(Counted(name=name, session=day) for name in sorted(names))
    state: StrategyState = replace(staged(1, u=float(tens)), initial=initial, counted=counted)
    state = replace(state, session=day)
    decision, after = decide_on(inputs(condors=1, book=Book()), state, readings(sees))
    added = len(after.counted)
    assert added == len(counted) if counted else added <= 1
    assert short_target(decision) == min(4 * tens, max(2 * tens, initial + added * tens))
