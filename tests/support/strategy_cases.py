"""An opened evaluation, as the rules see it, from a few words."""

from typing import Any

from bot.domain.book import Book, Lot
from bot.domain.canonical import ContentHash
from bot.domain.decision import DecisionId
from bot.domain.readings import Readings
from bot.domain.state import StrategyState
from bot.strategy.draft import Case
from bot.strategy.positions import find_condors
from bot.strategy.trust import assess
from bot.strategy.valuation import value_market
from tests.support.strategy_world import inputs, readings


def case_of(
    at: str = "2018-02-05 10:00",
    *,
    state: StrategyState | None = None,
    sees: Readings | None = None,
    lots: tuple[Lot, ...] = (),
    **given: Any,
) -> Case:
    """Return the case of one evaluation with one condor."""
    book = given.pop("book", Book(lots=lots))
    whole = inputs(at, **({"condors": 1, "book": book} | given))
    snapshot = whole.snapshot
    held = [lot.con_id for lot in book.lots] + [o.intent.con_id for o in book.orders]
    market = value_market(snapshot, whole.universe, whole.policy, held)
    return Case(
        decision_id=DecisionId("d"),
        digest=ContentHash("0" * 64),
        inputs=whole,
        state=state or StrategyState(session=snapshot.session.date),
        readings=sees or readings(),
        trust=assess(snapshot),
        market=market,
        condors=find_condors(snapshot.positions, market.instruments, snapshot.now),
    )
