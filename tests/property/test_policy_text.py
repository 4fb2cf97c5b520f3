"""A policy survives being written and read, whatever legal numbers and triggers it holds."""

from typing import Any, get_type_hints

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conditions import AllOf, AnyOf, Compare, Condition, Negation, Operator
from bot.domain.policy import ConfirmationPolicy, Policy, StagePolicy
from bot.domain.policy_keys import policy_keys
from bot.domain.value import Value, replace
from bot.settings.contradictions import contradictions
from bot.settings.policy_file import parse_policy
from bot.settings.policy_text import write_policy
from bot.settings.problems import ConfigurationError
from bot.signals.catalog import ANSWERS

ORDERS = [operator for operator in Operator if operator is not Operator.IS]
NUMBERS = [name for name, answers in ANSWERS.items() if not answers]
WORDS = [(name, answer) for name, answers in ANSWERS.items() for answer in answers]

comparisons = st.one_of(
    st.builds(
        Compare,
        signal=st.sampled_from(NUMBERS),
        operator=st.sampled_from(ORDERS),
        threshold=st.floats(-1e6, 1e6),
    ),
    st.sampled_from(WORDS).map(
        lambda pair: Compare(signal=pair[0], operator=Operator.IS, threshold=pair[1])
    ),
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.builds(Negation, part=inner),
        st.builds(AllOf, parts=st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, parts=st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)
names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    confirmations = draw(st.dictionaries(names, conditions, max_size=3))
    stages = Policy().stages
    one = StagePolicy(enter=draw(conditions), exit=draw(conditions))
    return replace(
        Policy(),
        name=draw(st.text(max_size=12)),
        stages=replace(stages, one=one, exit_closes=draw(st.integers(1, 20))),
        confirmations=tuple(ConfirmationPolicy(name=n, when=w) for n, w in confirmations.items()),
        shares=replace(
            Policy().shares, stage_one=draw(st.floats(0.0, 1.0, exclude_min=True, width=64))
        ),
    )


@given(policies())
def test_what_is_written_is_read_back_or_refused_for_contradiction(policy: Policy) -> None:
    text = write_policy(policy)
    if contradictions(policy):
        with pytest.raises(ConfigurationError) as caught:
            parse_policy(text, "written")
        assert list(caught.value.problems) == contradictions(policy)
    else:
        assert parse_policy(text, "written") == policy


def test_every_default_lies_within_its_bounds() -> None:
    """The definition is checked against itself: no default is out of its own range."""

    def check(value: Value) -> int:
        hints = get_type_hints(type(value), include_extras=True)
        seen = 0
        for name, hint in hints.items():
            inner: Any = getattr(value, name)
            msgspec.convert(msgspec.to_builtins(inner), hint)
            items = inner if isinstance(inner, tuple) else (inner,)
            seen += 1 + sum(check(item) for item in items if isinstance(item, Value))
        return seen

    assert check(Policy()) > len(policy_keys(Policy()))
