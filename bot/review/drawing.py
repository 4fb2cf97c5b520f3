"""Draws a what-if: the stage and the ladder along what was varied, with the turns marked.

The only home of the chart library, which is an extra: the command line loads this module when a
drawing is asked for. The HTML holds its own scripts and needs no network.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import altair as alt

from bot.domain.rungs import Tier
from bot.domain.sessions import NEW_YORK
from bot.review.outcomes import Row, Turn
from bot.review.study import Varied

WIDTH = 900


def draw(found: Varied, path: Path) -> None:
    """Write the drawing to `path`, as HTML that stands alone or as PNG by its suffix.

    Raises:
        OSError: it cannot be written.
    """
    chart = _chart(found)
    if path.suffix == ".html":
        chart.save(path, format="html", inline=True)
    else:
        chart.save(path, format="png", scale_factor=2)


def _chart(found: Varied) -> Any:
    panels = [_stages(found), _targets(found)]
    if found.is_path:
        panels.insert(0, _walked(found))
    return (
        alt.vconcat(*panels)
        .resolve_scale(x="shared", color="independent")
        .properties(title=found.case)
        .configure_view(strokeOpacity=0.2)
    )


def _x(found: Varied) -> Any:
    if found.is_path:
        return alt.X("day:T", title="session")
    return alt.X("value:Q", title=found.name, scale=alt.Scale(zero=False))


def _data(records: Sequence[dict[str, Any]]) -> Any:
    return alt.InlineData(values=list(records))


def _place(row: Row | Turn) -> dict[str, Any]:
    return {"value": row.value, "day": f"{row.at.astimezone(NEW_YORK):%Y-%m-%dT%H:%M:%S}"}


def _walked(found: Varied) -> Any:
    records = [_place(row) for row in found.rows]
    line = alt.Chart(_data(records)).mark_line(color="#555555")
    y = alt.Y("value:Q", title=found.name, scale=alt.Scale(zero=False))
    return (line.encode(x=_x(found), y=y) + _marks(found)).properties(width=WIDTH, height=160)


def _stages(found: Varied) -> Any:
    named = ((found.policy, found.rows), (found.other_policy, found.other_rows))
    records = [
        {**_place(row), "stage": row.stage, "policy": word, "action": row.action}
        for word, rows in named
        for row in rows
    ]
    steps = alt.Chart(_data(records)).mark_line(interpolate="step-after", strokeWidth=2)
    encoded = steps.encode(
        x=_x(found),
        y=alt.Y("stage:Q", title="stage", axis=alt.Axis(values=[0, 1, 2, 3], format="d")),
        color=alt.Color("policy:N", title=None) if found.other_rows else alt.value("#b2182b"),
        tooltip=["value:Q", "stage:Q", "action:N"],
    )
    return (encoded + _marks(found)).properties(width=WIDTH, height=120)


def _targets(found: Varied) -> Any:
    records = [
        {**_place(row), "tier": tier.value, "contracts": row.targets.get(tier, 0)}
        for row in found.rows
        for tier in Tier
    ]
    bars = alt.Chart(_data(records)).mark_area(interpolate="step-after", opacity=0.75)
    return bars.encode(
        x=_x(found),
        y=alt.Y("contracts:Q", title="contracts wanted", stack=True),
        color=alt.Color("tier:N", title="tier", sort=[tier.value for tier in Tier]),
        tooltip=["value:Q", "tier:N", "contracts:Q"],
    ).properties(width=WIDTH, height=180)


def _marks(found: Varied) -> Any:
    """Return a thin line at each turn that says what tipped it."""
    records = [
        {**_place(turn), "turn": turn.after, "why": " ".join(turn.words)} for turn in found.turns
    ]
    rules = alt.Chart(_data(records)).mark_rule(strokeDash=[3, 3], color="#888888")
    return rules.encode(x=_x(found), tooltip=["value:Q", "turn:N", "why:N"])
