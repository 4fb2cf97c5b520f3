"""Iron condors among the positions, and what stays unexplained."""

from datetime import date
from decimal import Decimal

import pytest

from bot.domain.account import Position
from bot.domain.instruments import ConId, Option
from bot.strategy.positions import find_condors
from tests.support.strategy_world import (
    SPX_ID,
    UNIVERSE,
    call_id,
    condor_positions,
    moment,
    spx_id,
    spx_option,
)

NOW = moment("2018-02-05 10:00")
KEY = "SPXW 2018-03-02 2500/2550/2850/2900"


def legs(text: str) -> tuple[Position, ...]:
    """Read `+1P2500 -1P2550 ...` as positions."""
    return tuple(
        Position(
            con_id=spx_id(part[2], int(part[3:])),
            quantity=int(part[:2]),
            average_cost_usd=Decimal(1),
        )
        for part in text.split()
    )


@pytest.mark.parametrize(
    ("held", "found", "rest"),
    [
        ("", [], []),
        ("+1P2500 -1P2550 -1C2850 +1C2900", [(KEY, 1)], []),
        ("-3C2850 +3C2900 +3P2500 -3P2550", [(KEY, 3)], []),
        ("+1P2500 -1P2550", [], ["SPXW 2018-03-02 +1P2500 -1P2550"]),
        (
            "+1P2500 -1P2550 -1C2850 +1C2900 +2P2450",
            [(KEY, 1)],
            ["SPXW 2018-03-02 +2P2450"],
        ),
        (
            "+1P2500 -1P2550 -2C2850 +2C2900",
            [],
            ["SPXW 2018-03-02 +1P2500 -1P2550 -2C2850 +2C2900"],
        ),
        (
            "-1P2500 +1P2550 +1C2850 -1C2900",
            [],
            ["SPXW 2018-03-02 -1P2500 +1P2550 +1C2850 -1C2900"],
        ),
        (
            "+1P2500 -1P2600 -1C2600 +1C2900",
            [],
            ["SPXW 2018-03-02 +1P2500 -1C2600 -1P2600 +1C2900"],
        ),
        (
            "+1P2500 -1P2600 -1C2550 +1C2900",
            [],
            ["SPXW 2018-03-02 +1P2500 -1C2550 -1P2600 +1C2900"],
        ),
    ],
)
def test_shapes(held: str, found: list[tuple[str, int]], rest: list[str]) -> None:
    condors = find_condors(legs(held), UNIVERSE.by_id(), NOW)
    assert [(group.key, group.quantity) for group in condors.found] == found
    assert [group.key for group in condors.rest] == rest


def test_legs_of_two_expiries_make_no_condor() -> None:
    later = spx_option("C", 2900, date(2018, 3, 9))
    known: dict[ConId, object] = {**UNIVERSE.by_id(), later.con_id: later}
    held = (
        *legs("+1P2500 -1P2550 -1C2850"),
        Position(con_id=later.con_id, quantity=1, average_cost_usd=Decimal(1)),
    )
    condors = find_condors(held, known, NOW)  # type: ignore[arg-type]
    assert condors.found == ()
    assert [group.expiry for group in condors.rest] == ["2018-03-02", "2018-03-09"]
    assert len(condors.all) == 2


def test_what_is_no_spx_option_or_gone_does_not_count() -> None:
    others = (SPX_ID, call_id("mar", 16), ConId(77))
    held = [Position(con_id=c, quantity=1, average_cost_usd=Decimal(1)) for c in others]
    flat = Position(con_id=spx_id("P", 2500), quantity=0, average_cost_usd=Decimal(0))
    condors = find_condors([*held, flat], UNIVERSE.by_id(), NOW)
    assert condors.all == ()


def test_a_settled_condor_is_gone() -> None:
    assert find_condors(condor_positions(), UNIVERSE.by_id(), moment("2018-03-02 16:00")).all == ()


def test_days_and_strikes_of_a_condor() -> None:
    (condor,) = find_condors(condor_positions(), UNIVERSE.by_id(), NOW).found
    assert condor.dte == 25
    assert condor.strikes == (Decimal(2500), Decimal(2550), Decimal(2850), Decimal(2900))
    assert all(isinstance(leg.option, Option) for leg in condor.legs)
