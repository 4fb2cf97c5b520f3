"""What the whole demo did with its contracts at their roll, told from its journal alone (R14)."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.domain.decision import Decision
from bot.domain.events import (
    DecisionMade,
    FillReceived,
    InputsTaken,
    OrderIntended,
    PositionSettled,
    StoredEvent,
)
from bot.domain.instruments import ConId, Option, Universe
from bot.domain.orders import Fill, Intent, IntentId, Side
from bot.domain.rungs import Rung, Tier
from bot.domain.sessions import NEW_YORK
from bot.domain.truth import Truth
from bot.execution.state import ExecutionState, apply
from tests.support.processes import Demo

ROLL_DTE = {Tier.S: 10, Tier.M: 30, Tier.D: 45}
Asked = tuple[str, str, object]
"""A comparison: what, how, with what."""

ONE: set[Asked] = {("vix.level", ">", 18.0), ("vix.macd", "is", "bullish")}
TWO: set[Asked] = {("vix.level", ">=", 23.0)}
ENTRIES = {"R5": ONE, "R6": ONE, "R7": TWO}
"""The entry triggers of the stages, by the rules that buy for them."""


class Ordered(NamedTuple):
    """An order, the decision that wanted it, and what it was filled with."""

    intent: Intent
    decision: Decision
    fills: tuple[Fill, ...]

    @property
    def day(self) -> date:
        """The session of the decision."""
        return self.decision.at.astimezone(NEW_YORK).date()

    def asked(self, entry: set[Asked]) -> list[Truth]:
        """Return how R14's rolling found these parts of an entry trigger."""
        (line,) = (one for one in self.decision.rules if one.rule == "R14.roll")
        return [c.truth for c in line.checks if (c.what, c.operator, c.threshold) in entry]


class Story(NamedTuple):
    """The whole run: every event, every order, and the calls by contract."""

    events: tuple[StoredEvent, ...]
    orders: tuple[Ordered, ...]
    calls: dict[ConId, Option]

    def days_left(self, con_id: ConId, day: date) -> int:
        """Return calendar days from `day` to the settlement date."""
        return (self.calls[con_id].settlement.astimezone(NEW_YORK).date() - day).days


@pytest.fixture(scope="module")
def story(whole_demo: Demo) -> Story:
    journal = ReadOnlyJournal(Path(str(whole_demo.report["journal"])))
    events = tuple(journal.events())
    decisions = {
        one.event.decision.decision_id: one.event.decision
        for one in events
        if isinstance(one.event, DecisionMade)
    }
    fills = [one.event.fill for one in events if isinstance(one.event, FillReceived)]
    intended = [one.event for one in events if isinstance(one.event, OrderIntended)]
    orders = tuple(
        Ordered(one.intent, decisions[one.decision_id], _of(one.intent.intent_id, fills))
        for one in intended
    )
    keys = {one.event.blobs.universe for one in events if isinstance(one.event, InputsTaken)}
    universes = [msgspec.json.decode(journal.blob(key), type=Universe) for key in sorted(keys)]
    calls = {
        call.con_id: call
        for universe in universes
        for call in universe.instruments
        if isinstance(call, Option)
    }
    return Story(events, orders, calls)


def _of(intent_id: IntentId, fills: list[Fill]) -> tuple[Fill, ...]:
    return tuple(fill for fill in fills if fill.intent_id == intent_id)


def test_a_short_contract_is_rolled_as_one_combination_in_time(story: Story) -> None:
    """Its first session with ten days or fewer: both legs are filled, in equal numbers."""
    rolls = [o for o in story.orders if o.intent.is_roll and o.intent.rung.tier is Tier.S]
    assert rolls
    for order in rolls:
        closes = order.intent.closes
        assert closes is not None
        traded = Counter[tuple[ConId, Side]]()
        for fill in order.fills:
            traded[fill.con_id, fill.side] += fill.quantity
        assert set(traded) <= {(order.intent.con_id, Side.BUY), (closes, Side.SELL)}
        assert len(set(traded.values())) <= 1
        bought, left = story.calls[order.intent.con_id], story.calls[closes]
        assert bought.settlement > left.settlement
    first = next(order for order in rolls if order.fills)
    assert first.intent.closes is not None
    assert story.days_left(first.intent.closes, first.day) <= ROLL_DTE[Tier.S]
    sessions = sorted({o.event.snapshot.session.date for o in story.events
                       if isinstance(o.event, InputsTaken)})  # fmt: skip
    before = max(day for day in sessions if day < first.day)
    assert story.days_left(first.intent.closes, before) > ROLL_DTE[Tier.S]


@pytest.mark.parametrize("tier", [Tier.S, Tier.M])
def test_what_a_stage_bought_is_closed_where_its_entry_is_not_true(
    story: Story, tier: Tier
) -> None:
    closed = [
        order
        for order in story.orders
        if order.intent.rung.tier is tier
        and order.intent.side is Side.SELL
        and order.intent.label.rule in ENTRIES
        and order.intent.rule != "R14"
        and order.fills
    ]
    assert closed
    for order in closed:
        assert story.days_left(order.intent.con_id, order.day) <= ROLL_DTE[tier]
    stopped = [o for o in closed if Truth.FALSE in o.asked(ENTRIES[o.intent.label.rule])]
    assert stopped


def test_the_deep_rungs_run_off_after_all_stages_were_left(story: Story) -> None:
    run_off = [
        order
        for order in story.orders
        if order.intent.rung.tier is Tier.D and order.intent.side is Side.SELL and order.fills
    ]
    assert run_off
    for order in run_off:
        assert order.decision.stage == 0
        assert order.intent.rule == "R12"
        assert story.days_left(order.intent.con_id, order.day) <= ROLL_DTE[Tier.D]


def test_rungs_add_up_to_what_was_bought_and_sold_after_every_event(story: Story) -> None:
    """The lots against a running total of the fills alone; a rung never holds less than nothing."""
    state = ExecutionState()
    held = Counter[ConId]()
    for one in story.events:
        state = apply(state, one.event, one.at)
        if isinstance(one.event, FillReceived):
            fill = one.event.fill
            held[fill.con_id] += fill.side.sign * fill.quantity
            lots = Counter[ConId]()
            for lot in state.lots:
                lots[lot.con_id] += lot.quantity
                assert lot.quantity > 0
            assert lots == +held


def test_a_rung_holds_one_contract_whenever_it_decides(story: Story) -> None:
    for one in story.events:
        if isinstance(one.event, InputsTaken):
            rungs: dict[Rung, set[ConId]] = {}
            for lot in one.event.book.lots:
                rungs.setdefault(lot.rung, set()).add(lot.con_id)
            assert all(len(contracts) == 1 for contracts in rungs.values()), one.at


def test_nothing_is_held_to_settlement(story: Story) -> None:
    assert not [one for one in story.events if isinstance(one.event, PositionSettled)]
    for one in story.events:
        if isinstance(one.event, InputsTaken):
            day = one.event.snapshot.session.date
            assert all(story.days_left(lot.con_id, day) > 0 for lot in one.event.book.lots), day
