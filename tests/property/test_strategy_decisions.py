"""What holds of every decision, whatever the market, the readings and the book look like."""

from collections.abc import Mapping
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.book import Book, Break, Lot
from bot.domain.decision import Decision
from bot.domain.inputs import EvaluationKind, Farm
from bot.domain.orders import Intent, IntentId, Order, OrderState, Side
from bot.domain.policy import SharesPolicy
from bot.domain.readings import Scalar
from bot.domain.rungs import LADDER, RuleClass, rungs_of
from bot.domain.state import StageEntry, StrategyState
from bot.domain.value import replace
from bot.signals.catalog import OUTPUTS
from bot.strategy.decide import decide_on
from bot.strategy.ladder import confirmation_size, rung_counts, stage_one_share, step_size
from tests.support.strategy_days import Desk, Row, lot, sized
from tests.support.strategy_world import condor_positions, inputs, moment, readings

FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
TIMES = ("2018-02-05 09:31", "2018-02-05 10:00", "2018-02-12 12:00", "2018-02-13 16:12")

seen = st.fixed_dictionaries(
    {
        "vix.level": st.floats(9, 80),
        "vix.macd": st.sampled_from(["bullish", "bearish"]),
        "vix.rsi": st.floats(5, 99),
        "vix.spike": st.booleans(),
        "vix.new_high": st.booleans(),
        "spx.macd": st.sampled_from(["bullish", "bearish"]),
        "breadth.divergence": st.booleans(),
        "term.ratio": st.floats(0.7, 1.4),
        "flow.disturbed": st.booleans(),
        "event.fomc_sessions": st.integers(0, 40),
    }
)
unknown = st.sets(st.sampled_from(OUTPUTS), max_size=4)
day = moment("2018-02-01 10:00").date()
stages = st.sampled_from([(), (1,), (1, 2), (1, 2, 3)]).map(
    lambda on: tuple(StageEntry(stage=n, entered_on=day) for n in on)
)
memories = st.builds(
    lambda u, on, streak: replace(
        sized(u, StrategyState(session=day, stages=on)), enter_streak=streak
    ),
    st.floats(0.0, 12.0),
    stages,
    st.integers(0, 3),
)
lots = st.lists(
    st.builds(
        lambda rung, quantity, month, strike: lot(rung, quantity, month=month, strike=strike),
        st.sampled_from(LADDER),
        st.integers(1, 6),
        st.sampled_from(["feb", "mar", "apr", "jun"]),
        st.integers(12, 30),
    ),
    max_size=8,
    unique_by=lambda one: one.rung,
)


def _order(held: Lot, side: Side, quantity: int, state: OrderState) -> Order:
    intent = Intent(
        intent_id=IntentId(f"{side}/{held.rung}"),
        side=side,
        con_id=held.con_id,
        quantity=quantity,
        limit=Decimal("0.50"),
        rung=held.rung,
        rule="R5",
        rule_class=RuleClass.STAGE,
    )
    return Order(intent=intent, state=state, limit=intent.limit)


@st.composite
def books(draw: st.DrawFn) -> Book:
    held = draw(lots)
    orders = []
    for one in held:
        if draw(st.booleans()):
            side = draw(st.sampled_from(list(Side)))
            quantity = draw(st.integers(1, one.quantity))
            orders.append(_order(one, side, quantity, draw(st.sampled_from(list(OrderState)))))
    locked = draw(st.sets(st.sampled_from([one.con_id for one in held]))) if held else set()
    breaks = tuple(Break(con_id=con_id, ours=1, brokers=0) for con_id in sorted(locked))
    return Book(lots=tuple(held), orders=tuple(orders), breaks=breaks)


def decided(
    state: StrategyState,
    book: Book,
    sees: Mapping[str, Scalar],
    dark: set[str],
    at: str = TIMES[1],
) -> Decision:
    return decide_on(inputs(at, condors=1, book=book), state, readings(sees, stale=dark, at=at))[0]


@FEW
@given(st.floats(0.0, 60.0))
def test_rungs_add_up_to_the_ladder(u: float) -> None:
    counts = rung_counts(u)
    assert sum(counts.values()) == int(round(10 * u, 9) + 0.5)
    assert max(counts.values()) - min(counts.values()) <= 1


@FEW
@given(memories, books(), seen, unknown, st.sampled_from(TIMES))
def test_sells_never_exceed_what_is_held(
    state: StrategyState, book: Book, sees: dict[str, Scalar], dark: set[str], at: str
) -> None:
    decision = decided(state, book, sees, dark, at)
    for con_id in {one.con_id for one in book.lots}:
        sale = (Side.SELL, con_id)
        mine = [i for i in decision.intents if sale in {(x.side, x.con_id) for x in i.legs}]
        live = [
            o.remaining
            for o in book.live_orders()
            if (o.intent.side, o.intent.con_id) == (Side.SELL, con_id)
        ]
        assert sum(i.quantity for i in mine) + sum(live) <= book.contracts(con_id)


@FEW
@given(memories, books(), seen, unknown, st.sampled_from(TIMES))
def test_shares_never_exceed_the_ladder(
    state: StrategyState, book: Book, sees: dict[str, Scalar], dark: set[str], at: str
) -> None:
    """What a tier holds, works and buys stays within its count unless it was beyond it before."""
    decision = decided(state, book, sees, dark, at)
    assert decision.ladder is not None
    for row in decision.ladder.tiers:
        buys = sum(
            i.quantity for i in decision.intents if i.side is Side.BUY and i.rung.tier is row.tier
        )
        assert row.target <= row.full
        assert buys == 0 or row.filled + row.working + buys <= row.target


@FEW
@given(memories, books(), seen, unknown)
def test_an_evaluation_buys_at_most_stage_one_a_confirmation_and_a_step(
    state: StrategyState, book: Book, sees: dict[str, Scalar], dark: set[str]
) -> None:
    decision = decided(state, book, sees, dark)
    assert decision.ladder is not None
    counts = decision.ladder.rungs
    shares = SharesPolicy()
    most = {
        "R5": stage_one_share(counts, shares),
        "R6": confirmation_size(counts, shares),
        "R7": step_size(counts, shares),
    }
    for rule, limit in most.items():
        assert sum(i.quantity for i in decision.intents if i.rule == rule) <= limit


@FEW
@given(memories, books(), seen, unknown)
def test_the_same_inputs_give_the_same_digest(
    state: StrategyState, book: Book, sees: dict[str, Scalar], dark: set[str]
) -> None:
    first, second = (decided(state, book, sees, dark) for _ in range(2))
    assert first.digest() == second.digest()


@FEW
@given(memories, books(), st.sampled_from(TIMES))
def test_unknown_readings_open_nothing(state: StrategyState, book: Book, at: str) -> None:
    """Everything stale: no stage is entered or left; without a stage nothing is bought."""
    decision = decided(state, book, {}, set(OUTPUTS), at)
    assert (decision.entered, decision.left) == ((), None)
    assert decision.stage == state.stage
    staged = [i for i in decision.intents if i.rule_class is RuleClass.STAGE]
    assert not staged


@FEW
@given(memories, books(), seen, unknown, st.sampled_from(list(Farm)))
def test_no_order_at_the_close_or_without_the_farm(
    state: StrategyState, book: Book, sees: dict[str, Scalar], dark: set[str], farm: Farm
) -> None:
    at, kind = "2018-02-05 16:20", EvaluationKind.CLOSE
    if farm is not Farm.OK:
        at, kind = TIMES[2], EvaluationKind.INTRADAY
    frozen = inputs(at, condors=1, book=book, kind=kind, farm=farm)
    decision, _ = decide_on(frozen, state, readings(sees, stale=dark))
    assert (decision.intents, decision.cancels, decision.reprices) == ((), (), ())


@FEW
@given(memories, books(), seen, unknown)
def test_a_locked_contract_and_an_unpriced_one_are_never_traded(
    state: StrategyState, book: Book, sees: dict[str, Scalar], dark: set[str]
) -> None:
    decision = decided(state, book, sees, dark, TIMES[2])
    for intent in decision.intents:
        assert not any(book.is_locked(con_id) for con_id in intent.con_ids)
        assert intent.limit > 0 or intent.is_roll
    assert len({i.intent_id for i in decision.intents}) == len(decision.intents)


@FEW
@given(st.lists(seen, min_size=6, max_size=6), st.floats(0.0, 4.0))
def test_a_day_of_any_readings_never_overfills_a_tier(
    days: list[dict[str, Scalar]], u: float
) -> None:
    desk = Desk(state=sized(u), positions=condor_positions(1))
    for minute, sees in enumerate(days):
        decision = desk.evaluate(Row(f"2018-02-05 10:{minute:02d}", sees))
        assert decision.ladder is not None
        # what a larger scale bought is kept when the scale is reset to less: R27 never sells
        for rung in {intent.rung for intent in decision.intents}:
            full = sum(decision.ladder.rungs[other] for other in rungs_of(rung.tier))
            assert desk.book.in_tier(rung.tier) <= full
            assert desk.book.in_rung(rung) <= decision.ladder.rungs[rung]
