"""What is stored is decided again: the same under its own policy, and what another would change."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.domain.canonical import ContentHash, content_hash, encode
from bot.domain.conditions import AllOf, above, says
from bot.domain.decision import Decision, DecisionId
from bot.domain.events import DecisionMade
from bot.domain.policy import Policy
from bot.domain.sessions import NEW_YORK
from bot.domain.state import StrategyState
from bot.domain.value import replace
from bot.review.departure import first_departure
from bot.review.replay import (
    REPLAYED,
    Step,
    Turn,
    prove,
    rebuilt,
    stored_steps,
    under,
)
from bot.review.shelf import RecordError, Shelf
from tests.support.lived import LEVELS, POLICY


@pytest.fixture
def journal(lived: Path) -> ReadOnlyJournal:
    return ReadOnlyJournal(lived)


@pytest.fixture
def steps(journal: ReadOnlyJournal) -> list[Step]:
    return list(stored_steps(journal.events(kinds=REPLAYED)))


@pytest.fixture
def shelf(journal: ReadOnlyJournal) -> Shelf:
    return Shelf(journal.blob)


def with_made(step: Step, change: Callable[[Decision], Decision]) -> Step:
    return step._replace(made=replace(step.made, decision=change(step.made.decision)))


def minute(decision: Decision) -> str:
    return f"{decision.at.astimezone(NEW_YORK):%H:%M}"


class TestSteps:
    def test_each_begins_with_the_memory_the_one_before_left(self, steps: list[Step]) -> None:
        assert len(steps) == len(LEVELS)
        assert steps[0].before == StrategyState()
        for one, after in pairwise(steps):
            assert after.before == one.made.state

    def test_other_events_are_passed_over(
        self, journal: ReadOnlyJournal, steps: list[Step]
    ) -> None:
        assert list(stored_steps(journal.events())) == steps

    def test_a_decision_without_its_inputs_is_named(self, journal: ReadOnlyJournal) -> None:
        events = journal.events(kinds=["decision_made"])
        with pytest.raises(RecordError, match=r"event \d+: decision 20180205T1500-\w+ has no sto"):
            next(stored_steps(events))

    def test_the_inputs_of_another_decision_do_not_do(self, journal: ReadOnlyJournal) -> None:
        taken, made, *_ = journal.events(kinds=REPLAYED)
        assert isinstance(made.event, DecisionMade)
        other = replace(made.event.decision, decision_id=DecisionId("other"))
        changed = replace(made, event=replace(made.event, decision=other))
        with pytest.raises(RecordError, match="decision other has no stored inputs"):
            list(stored_steps([taken, changed]))


class TestShelf:
    def test_a_slow_part_stays_the_same_object(self, steps: list[Step], shelf: Shelf) -> None:
        first, second = (rebuilt(step.taken, shelf) for step in steps[:2])
        assert first.history is second.history
        assert first.policy is second.policy

    def test_what_was_not_wanted_lately_is_read_again(self) -> None:
        read: list[ContentHash] = []
        blobs = {
            content_hash(data): data
            for data in (encode(Policy(name=f"policy{number}")) for number in range(13))
        }

        def reader(key: ContentHash) -> bytes:
            read.append(key)
            return blobs[key]

        shelf = Shelf(reader)
        keys = list(blobs)
        for key in [*keys[:12], keys[0], keys[12]]:
            assert shelf.take(Policy, key).name in {f"policy{number}" for number in range(13)}
        assert read == keys
        shelf.take(Policy, keys[0])
        shelf.take(Policy, keys[1])
        assert read == [*keys, keys[1]]

    def test_a_missing_blob_is_named(self, steps: list[Step]) -> None:
        nothing: dict[ContentHash, bytes] = {}
        with pytest.raises(RecordError, match=r"the History \w{12} is not stored"):
            rebuilt(steps[0].taken, Shelf(nothing.__getitem__))

    def test_a_blob_of_another_form_is_named_with_the_reason(self, steps: list[Step]) -> None:
        with pytest.raises(RecordError, match=r"stored History \w{12} cannot be read by this ver"):
            rebuilt(steps[0].taken, Shelf(lambda _: b'{"dates":[],"moon":1}'))


class TestProof:
    def test_every_decision_comes_out_as_stored(self, steps: list[Step], shelf: Shelf) -> None:
        assert [prove(step, shelf) for step in steps] == [None] * len(LEVELS)

    def test_identity_and_the_last_digits_do_not_count(
        self, steps: list[Step], shelf: Shelf
    ) -> None:
        """An older build names its inputs, hence its decisions, otherwise."""

        def renamed(decision: Decision) -> Decision:
            return replace(
                decision,
                decision_id=DecisionId("20180205T1510-older"),
                inputs_hash=ContentHash("0" * 64),
                intents=tuple(
                    replace(one, intent_id=one.intent_id.replace(decision.decision_id, "older"))
                    for one in decision.intents
                ),
            )

        assert prove(with_made(steps[2], renamed), shelf) is None
        scale = steps[2].made.state.scale
        assert scale is not None
        nearly = replace(steps[2].made.state, scale=replace(scale, u=scale.u * (1 + 1e-13)))
        assert prove(steps[2]._replace(made=replace(steps[2].made, state=nearly)), shelf) is None

    def test_another_decision_is_a_mismatch_with_its_place(
        self, steps: list[Step], shelf: Shelf
    ) -> None:
        changed = with_made(steps[2], lambda one: replace(one, entered=(), stage=0))
        found = prove(changed, shelf)
        assert found is not None
        assert (found.departure.place, found.departure.before) == ("entered", "[]")
        assert found.departure.after == "[1]"
        assert found.difference.acts

    def test_another_memory_is_a_mismatch_too(self, steps: list[Step], shelf: Shelf) -> None:
        state = replace(steps[1].made.state, enter_streak=7)
        found = prove(steps[1]._replace(made=replace(steps[1].made, state=state)), shelf)
        assert found is not None
        assert (found.departure.place, found.departure.before) == ("enter_streak", "7")
        assert not found.difference.acts

    def test_names_of_orders_in_a_memory_follow_the_stored_decision(
        self, steps: list[Step], shelf: Shelf
    ) -> None:
        """The emergency purchase is remembered by its name, which holds the decision's."""
        (bought,) = (step for step in steps if 3 in step.made.decision.entered)
        decision, state = bought.made.decision, bought.made.state
        assert state.advance.pending
        older = DecisionId("20180205T1520-older")
        pending = tuple(
            replace(one, intent_id=one.intent_id.replace(decision.decision_id, older))
            for one in state.advance.pending
        )
        made = replace(
            bought.made,
            decision=replace(decision, decision_id=older),
            state=replace(state, advance=replace(state.advance, pending=pending)),
        )
        assert prove(bought._replace(made=made), shelf) is None


class TestOtherPolicy:
    """Stage 1 comes on at 10:10: VIX was 18.4 at 10:05 and 19.1 at 10:10, then 21 and more."""

    @staticmethod
    def entering_above(threshold: float) -> Policy:
        enter = AllOf(parts=(above("vix.level", threshold), says("vix.macd", "bullish")))
        one = replace(POLICY.stages.one, enter=enter)
        return replace(POLICY, stages=replace(POLICY.stages, one=one))

    def turns(self, threshold: float, steps: list[Step], shelf: Shelf) -> dict[str, Turn]:
        policy = self.entering_above(threshold)
        found = {minute(step.made.decision): under(policy, step, shelf) for step in steps}
        return {at: turn for at, turn in found.items() if turn is not None}

    def test_the_same_thresholds_change_nothing(self, steps: list[Step], shelf: Shelf) -> None:
        assert self.turns(18.0, steps, shelf) == {}

    def test_an_entry_at_19_5_does_not_enter_at_10_10(
        self, steps: list[Step], shelf: Shelf
    ) -> None:
        turns = self.turns(19.5, steps, shelf)
        assert set(turns) == {"10:05", "10:10"}
        entry = turns["10:10"].difference
        assert (entry.before.entered, entry.after.entered) == ((1,), ())
        assert entry.acts
        (first, *_) = entry.tipped
        assert (first.rule, [one.what for one in first.checks]) == ("R5", ["vix.level"])
        assert not any(turn.departs for turn in turns.values())

    def test_the_evaluation_before_it_only_remembers_otherwise(
        self, steps: list[Step], shelf: Shelf
    ) -> None:
        turn = self.turns(19.5, steps, shelf)["10:05"]
        assert (turn.difference.acts, turn.remembers) == (False, True)

    def test_each_step_begins_with_the_stored_memory(self, steps: list[Step], shelf: Shelf) -> None:
        """At 18.8 the streak would begin a step later, but 10:10 still finds the stored one."""
        assert set(self.turns(18.8, steps, shelf)) == {"10:05"}

    def test_while_a_stage_is_on_its_entry_is_only_judged(
        self, steps: list[Step], shelf: Shelf
    ) -> None:
        turn = self.turns(22.0, steps, shelf)["10:15"]
        assert (turn.difference.acts, turn.remembers) == (False, False)
        assert [one.rule for one in turn.difference.rules] == ["R5"]

    def test_a_decision_that_departs_by_itself_is_marked(
        self, steps: list[Step], shelf: Shelf
    ) -> None:
        changed = with_made(steps[0], lambda one: replace(one, summary="told otherwise", left=3))
        turn = under(self.entering_above(18.0), changed, shelf)
        assert turn is not None
        assert turn.departs


class TestDeparture:
    @pytest.mark.parametrize(
        ("before", "after", "place", "values"),
        [
            ({"a": 1}, {"a": 2}, "a", ("1", "2")),
            ({"a": 1}, {"b": 1}, "a", ("1", "null")),
            ({"a": [1, {"b": "x"}]}, {"a": [1, {"b": "y"}]}, "a[1].b", ('"x"', '"y"')),
            ({"a": [1]}, {"a": [1, 2]}, "a", ("[1]", "[1,2]")),
            ({"a": True}, {"a": 1}, "a", ("true", "1")),
            ({"a": "x" * 200}, {"a": 1}, "a", ('"' + "x" * 119 + " and more", "1")),
        ],
    )
    def test_it_names_the_first_place(
        self, before: object, after: object, place: str, values: tuple[str, str]
    ) -> None:
        found = first_departure(before, after)
        assert found is not None
        assert (found.place, (found.before, found.after)) == (place, values)

    def test_nine_digits_are_equal_enough(self) -> None:
        assert first_departure({"a": [1.0, 2]}, {"a": [1.0 + 1e-12, 2]}) is None
