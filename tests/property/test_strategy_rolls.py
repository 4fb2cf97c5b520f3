"""What holds of every sequence of rolls, whatever the market says and the broker answers."""

from collections.abc import Iterator
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.book import Book
from bot.domain.decision import Decision
from bot.domain.orders import Intent, IntentId, OrderState, Side
from bot.domain.readings import Scalar
from bot.domain.rungs import LADDER, RuleClass, Rung
from tests.support.rolling_world import FINAL_DAYS, TIMES, RollingWorld, still_to_sell
from tests.support.strategy_days import CLASS_OF, staged
from tests.support.strategy_world import call_id

FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))

READINGS: dict[str, dict[str, Scalar]] = {
    "entry true": {"vix.level": 24.0, "vix.macd": "bullish"},
    "entry false": {"vix.level": 19.0, "vix.macd": "bearish"},
    "turn": {"vix.level": 24.0, "vix.macd_inflection": True, "vix.macd_slope": -0.1},
    "calm": {"vix.level": 12.0},
    "disturbed": {"vix.level": 24.0, "vix.macd": "bullish", "flow.disturbed": True},
}
Held = list[tuple[Rung, str, int]]
"""What is held at first: rung, the rule that bought it, contracts."""

Day = tuple[str, bool, list[str]]
"""What is seen, whether VIX is dark, and what the broker answers."""

ANSWERS = ("fill", "part", "rest", "cancel", "reject")

held = st.lists(
    st.builds(
        lambda rung, rule, quantity: (rung, rule, quantity),
        st.sampled_from([Rung.S1, Rung.S2, Rung.S3, Rung.M1]),
        st.sampled_from(["R3", "R5", "R7"]),
        st.integers(1, 3),
    ),
    max_size=5,
    unique_by=lambda one: one[:2],
)
step = st.tuples(
    st.sampled_from(list(READINGS)), st.booleans(), st.lists(st.sampled_from(ANSWERS), max_size=6)
)
days = st.lists(step, min_size=len(TIMES), max_size=len(TIMES))


def bought_before(held: Held) -> list[Intent]:
    """Return the purchases that made what is held: February calls of S, March ones of M."""
    return [
        Intent(
            intent_id=IntentId(f"before/{rung}/{rule}"),
            side=Side.BUY,
            con_id=call_id("mar", 18) if rung is Rung.M1 else call_id("feb", 15),
            quantity=quantity,
            limit=Decimal(1),
            rung=rung,
            rule=rule,
            rule_class=CLASS_OF.get(rule, RuleClass.STAGE),
        )
        for rung, rule, quantity in held
    ]


def answer(world: RollingWorld, at: str, answers: list[str], *, rejects: bool) -> None:
    """Let the broker answer each order at work; on final days everything is done at once."""
    for number, order in enumerate(world.live()):
        said = answers[number % len(answers)] if answers else "fill"
        is_cancelling = order.state is OrderState.CANCELLING
        if is_cancelling and said != "fill":
            world.end(order, OrderState.CANCELLED)
        elif said == "reject" and rejects and order.intent.is_roll and order.filled == 0:
            world.end(order, OrderState.REJECTED)
        elif said == "part" and order.remaining > 1 and rejects:
            world.fill(order, 1, at)
        elif said == "cancel":
            world.end(order, OrderState.CANCELLED)
        elif said != "rest" or at[:10] in FINAL_DAYS:
            world.fill(order, order.remaining, at)


def check_books(book: Book, at: str) -> None:
    assert all(lot.quantity > 0 for lot in book.lots), at
    for con_id, selling in still_to_sell(book).items():
        assert selling <= sum(lot.quantity for lot in book.lots if lot.con_id == con_id), at


def check_tiers(decision: Decision, at: str) -> None:
    """What is bought beyond rolls stays within the target, spent contracts counted."""
    assert decision.ladder is not None
    for row in decision.ladder.tiers:
        buys = sum(
            intent.quantity
            for intent in decision.intents
            if intent.side is Side.BUY
            and intent.rule_class is not RuleClass.ROLL
            and intent.rung.tier is row.tier
        )
        assert buys == 0 or row.filled + row.working + row.spent + buys <= row.target, at


def contracts_of(book: Book, rung: Rung) -> set[int]:
    return {lot.con_id for lot in book.lots if lot.rung is rung}


def played(held: Held, days: list[Day], *, rejects: bool) -> Iterator[tuple[str, RollingWorld]]:
    """Play the days, check after each event; `rejects` lets the broker be difficult."""
    world = RollingWorld(state=staged(1, 2, u=2.0, entered="2018-01-31"))
    world.hold(bought_before(held))
    for at, (sees, is_dark, answers) in zip(TIMES, days, strict=True):
        decision = world.evaluate(at, READINGS[sees], ("vix.level",) if is_dark else ())
        check_tiers(decision, at)
        check_books(world.book, at)
        answer(world, at, answers, rejects=rejects)
        check_books(world.book, at)
        yield at, world


@FEW
@given(held, days, st.booleans())
def test_never_more_is_sold_than_held(
    held: Held,
    days: list[Day],
    rejects: bool,  # noqa: FBT001 - drawn
) -> None:
    """Combinations are rejected, orders fill in parts, rest or are cancelled."""
    for _ in played(held, days, rejects=rejects):
        pass


@FEW
@given(held, st.sampled_from(list(READINGS)))
def test_a_rung_holds_one_contract_and_nothing_is_held_to_settlement(held: Held, sees: str) -> None:
    days: list[Day] = [(sees, False, [])] * len(TIMES)
    for at, world in played(held, days, rejects=False):
        assert max(len(contracts_of(world.book, rung)) for rung in LADDER) <= 1, at
        if at > "2018-02-13 10:05":
            assert not any(lot.con_id == call_id("feb", 15) for lot in world.book.lots)


@FEW
@given(held, st.sampled_from(list(READINGS)))
def test_a_rung_holds_two_contracts_between_two_steps_only(held: Held, sees: str) -> None:
    """Every combination is rejected: the rolls go in two steps, one after another."""
    days: list[Day] = [(sees, False, ["reject"])] * len(TIMES)
    for at, world in played(held, days, rejects=True):
        for rung in LADDER:
            between = any(swap.rung is rung for swap in world.state.swaps)
            assert between or len(contracts_of(world.book, rung)) <= 1, (at, rung)
