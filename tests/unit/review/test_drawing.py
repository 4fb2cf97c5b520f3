"""A drawing stands alone: all it needs is in its file."""

from pathlib import Path

import pytest

from bot.domain.inputs import EvaluationKind
from bot.domain.policy import Policy
from bot.domain.rungs import Tier
from bot.review.drawing import draw
from bot.review.study import Course, Varied, told_along
from bot.settings.policy_file import load_policy
from tests.support.cases import outcome, storm

VALUES = (14.0, 20.0, 30.0)


def course(name: str, *, closes: bool) -> Course:
    policy = load_policy(name)
    decisions = tuple(outcome(storm(vix=vix), policy).decision for vix in VALUES)
    if not closes:
        return Course(policy, VALUES, decisions)
    ends = tuple(outcome(storm(vix=vix, close=True), policy).decision for vix in VALUES)
    return Course(policy, VALUES, decisions, ends, (dict.fromkeys(Tier, 1),) * len(VALUES))


@pytest.fixture(scope="module", params=[False, True], ids=["varied", "walked"])
def found(request: pytest.FixtureRequest) -> Varied:
    mine = course("articles", closes=request.param)
    return told_along("storm.json", "vix", mine, course("long-tenors", closes=request.param))


def test_a_path_has_a_row_for_the_close_of_each_session(found: Varied) -> None:
    kinds = [row.kind for row in found.rows]
    assert kinds.count(EvaluationKind.CLOSE) == (len(VALUES) if found.is_path else 0)
    assert found.policy == Policy().name
    assert found.other_policy == "long-tenors"
    assert found.turns


def test_html_needs_no_network(found: Varied, tmp_path: Path) -> None:
    path = tmp_path / "storm.html"
    draw(found, path)
    page = path.read_text(encoding="utf-8")
    assert "storm.json" in page
    assert 'src="http' not in page
    assert "vegaEmbed" in page


def test_png_is_an_image(found: Varied, tmp_path: Path) -> None:
    path = tmp_path / "storm.png"
    draw(found, path)
    assert path.read_bytes().startswith(b"\x89PNG\r\n")
