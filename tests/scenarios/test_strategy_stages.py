"""Hand-worked days of the stage machine: what is entered, left, frozen and re-entered, and when."""

from bot.domain.readings import Scalar
from bot.domain.rungs import Rung
from tests.support.strategy_days import Desk, Row, bought, line_of, play, staged

QUIET: dict[str, Scalar] = {"vix.level": 11.0}
RISE: dict[str, Scalar] = {"vix.level": 19.0, "vix.macd": "bullish"}
STORM: dict[str, Scalar] = {"vix.level": 25.0, "vix.macd": "bullish", "vix.rsi": 70.0}
PANIC: dict[str, Scalar] = {
    "vix.level": 37.0,
    "vix.macd": "bullish",
    "vix.rsi": 86.0,
    "vix.spike": True,
}
CALMED: dict[str, Scalar] = {"vix.level": 15.0}


def test_stage_one_wants_two_evaluations_in_a_row() -> None:
    decisions = play(
        [
            Row("2018-02-05 09:35", QUIET),
            Row("2018-02-05 09:40", RISE),
            Row("2018-02-05 09:45", QUIET),
            Row("2018-02-05 09:50", RISE),
            Row("2018-02-05 09:55", RISE, stage=1, entered=(1,)),
            Row("2018-02-05 10:00", RISE, stage=1),
        ]
    )
    assert decisions[0].summary == "Buys 1 S1 at 1.36."
    assert decisions[2].summary == "Nothing to do: vix.level 11.00 is not above 18.0."
    assert line_of(decisions[3], "R5").followed == "1 of 2 evaluations in a row"
    assert decisions[4].summary.startswith("Stage 1 entered; buys 1 S2 at 1.36")
    assert decisions[5].summary == "Nothing to do: stage 1 holds what it asks for."


def test_an_unknown_vix_neither_counts_nor_breaks_the_row() -> None:
    decisions = play(
        [
            Row("2018-02-05 09:35", RISE),
            Row("2018-02-05 09:40", RISE, stale=("vix.level",)),
            Row("2018-02-05 09:45", RISE, missing=("vix.macd",)),
            Row("2018-02-05 09:50", RISE, stage=1, entered=(1,)),
        ]
    )
    assert decisions[1].summary == "Nothing to do: vix.level is stale."
    assert line_of(decisions[2], "R5").blind == ("vix.macd",)


def test_the_row_goes_on_over_the_night() -> None:
    play(
        [
            Row("2018-02-05 16:10", RISE),
            Row("2018-02-05 16:20", RISE, stage=1, entered=(1,)),
        ]
    )


def test_a_start_at_twenty_five_enters_one_and_two_together() -> None:
    decisions = play(
        [
            Row("2018-02-05 10:00", STORM),
            Row("2018-02-05 10:05", STORM, stage=2, entered=(1, 2)),
        ]
    )
    assert "stage 1 on" in {c.what for c in line_of(decisions[0], "R7").checks}
    assert decisions[1].summary.startswith("Stages 1 and 2 entered")


def test_a_jump_over_two_stages_is_one_decision_in_order() -> None:
    decisions = play(
        [
            Row("2018-02-05 10:00", QUIET),
            Row("2018-02-05 10:05", PANIC),
            Row("2018-02-05 10:10", PANIC, stage=3, entered=(1, 2, 3)),
        ]
    )
    assert {rung.tier.value for rung in bought(decisions[2])} == {"S", "D"}


def test_stage_two_without_confirmation_waits_for_stage_one() -> None:
    """VIX above 23 with a bearish MACD, and nothing newly true since the session before."""
    high: dict[str, Scalar] = {"vix.level": 24.0, "vix.macd": "bearish"}
    decisions = play(
        [
            Row("2018-02-02 16:20", high),
            Row("2018-02-05 10:00", high),
            Row("2018-02-05 10:05", high),
        ]
    )
    assert line_of(decisions[2], "R7").truth.value == "false"


def test_a_confirmation_newly_true_enters_two_and_implies_one() -> None:
    """The SPX MACD turned bearish since the last session; it was known not to be so."""
    before: dict[str, Scalar] = {"vix.level": 22.0, "spx.macd": "bullish"}
    turned: dict[str, Scalar] = {"vix.level": 24.0, "spx.macd": "bearish"}
    decisions = play(
        [
            Row("2018-02-02 16:20", before),
            Row("2018-02-05 10:00", turned, stage=2, entered=(1, 2)),
        ]
    )
    assert line_of(decisions[1], "R7").followed == "stage 2 entered, implying 1"


def test_a_confirmation_that_was_unknown_before_is_not_newly_true() -> None:
    before: dict[str, Scalar] = {"vix.level": 22.0}
    turned: dict[str, Scalar] = {"vix.level": 24.0, "spx.macd": "bearish"}
    play(
        [
            Row("2018-02-02 16:20", before, missing=("spx.macd",)),
            Row("2018-02-05 10:00", turned),
        ]
    )


def test_a_confirmation_known_false_stays_so_through_an_unknown_close() -> None:
    turned: dict[str, Scalar] = {"vix.level": 24.0, "spx.macd": "bearish"}
    play(
        [
            Row("2018-02-02 16:10", {"vix.level": 22.0}),
            Row("2018-02-02 16:20", {"vix.level": 22.0}, stale=("spx.macd",)),
            Row("2018-02-05 10:00", turned, stage=2, entered=(1, 2)),
        ]
    )


def test_after_a_gap_of_sessions_no_confirmation_is_newly_true() -> None:
    turned: dict[str, Scalar] = {"vix.level": 24.0, "spx.macd": "bearish"}
    play([Row("2018-01-31 16:20", {"vix.level": 22.0}), Row("2018-02-05 10:00", turned)])


def test_stage_three_needs_stage_two() -> None:
    hot: dict[str, Scalar] = {"vix.level": 20.0, "vix.rsi": 90.0}
    decisions = play([Row("2018-02-05 10:00", hot, stage=1)], Desk(state=staged(1)))
    assert line_of(decisions[0], "R8").truth.value == "false"


def test_stages_leave_one_a_close_after_three_closes_each() -> None:
    decisions = play(
        [
            Row("2018-02-05 16:20", CALMED, stage=3, closes={1: 1, 2: 1, 3: 1}),
            Row("2018-02-06 10:00", CALMED, stage=3, closes={1: 1, 2: 1, 3: 1}),
            Row("2018-02-06 16:20", CALMED, stage=3, closes={1: 2, 2: 2, 3: 2}),
            Row("2018-02-07 16:20", CALMED, stage=2, left=3, closes={1: 3, 2: 3}),
            Row("2018-02-08 16:20", CALMED, stage=1, left=2, closes={1: 4}),
            Row("2018-02-09 16:20", CALMED, stage=0, left=1, closes={}),
        ],
        Desk(state=staged(1, 2, 3)),
    )
    assert "wacc.rising" in decisions[3].blind
    assert "move.z" in line_of(decisions[3], "R12").blind
    assert decisions[3].summary.startswith("Stage 3 left")
    assert not decisions[3].intents


def test_a_close_without_the_exit_starts_the_count_anew() -> None:
    play(
        [
            Row("2018-02-05 16:20", CALMED, stage=1, closes={1: 1}),
            Row("2018-02-06 16:20", {"vix.level": 16.0}, stage=1, closes={1: 0}),
            Row("2018-02-07 16:20", CALMED, stage=1, closes={1: 1}),
        ],
        Desk(state=staged(1)),
    )


def test_an_unknown_exit_freezes_the_counter() -> None:
    play(
        [
            Row("2018-02-05 16:20", CALMED, stage=1, closes={1: 1}),
            Row("2018-02-06 16:20", CALMED, stale=("vix.level",), stage=1, closes={1: 1}),
            Row("2018-02-07 16:20", CALMED, missing=("vix.level",), stage=1, closes={1: 1}),
            Row("2018-02-08 16:20", CALMED, stage=1, closes={1: 2}),
            Row("2018-02-09 16:20", CALMED, left=1, closes={}),
        ],
        Desk(state=staged(1)),
    )


def test_a_stale_part_keeps_stage_three_while_a_missing_one_drops_out() -> None:
    decisions = play(
        [
            Row("2018-02-05 16:20", {"move.z": 1.0}, stale=("move.z",), stage=3, closes={3: 0}),
            Row("2018-02-06 16:20", {}, stage=3, closes={3: 1}),
        ],
        Desk(state=staged(3)),
    )
    assert line_of(decisions[0], "R12").truth.value == "unknown"


def test_a_second_close_evaluation_of_a_day_counts_nothing() -> None:
    play(
        [
            Row("2018-02-05 16:20", CALMED, stage=1, closes={1: 1}),
            Row("2018-02-05 16:20", CALMED, stage=1, closes={1: 1}),
        ],
        Desk(state=staged(1)),
    )


def test_a_stage_entered_at_the_close_does_not_count_that_close() -> None:
    play(
        [
            Row("2018-02-05 16:10", RISE),
            Row("2018-02-05 16:20", RISE, stage=1, entered=(1,), closes={1: 0}),
            Row("2018-02-05 16:20", CALMED, stage=1, closes={1: 0}),
            Row("2018-02-06 16:20", CALMED, stage=1, closes={1: 1}),
        ]
    )


LEFT = [
    Row("2018-02-05 16:20", CALMED, stage=1, closes={1: 1}),
    Row("2018-02-06 16:20", CALMED, stage=1, closes={1: 2}),
    Row("2018-02-07 16:20", CALMED, left=1, closes={}),
]


def test_a_stage_left_today_is_not_entered_again_today() -> None:
    decisions = play(
        [
            *LEFT,
            Row("2018-02-07 16:20", RISE),
            Row("2018-02-07 16:20", RISE),
            Row("2018-02-08 09:35", RISE, stage=1, entered=(1,)),
        ],
        Desk(state=staged(1)),
    )
    assert line_of(decisions[4], "R5").followed.startswith("stage 1 was left in this session")


def test_a_new_high_lifts_the_bar_at_once() -> None:
    spike: dict[str, Scalar] = RISE | {"vix.new_high": True}
    play(
        [
            *LEFT,
            Row("2018-02-07 16:20", spike),
            Row("2018-02-07 16:20", spike, stage=1, entered=(1,)),
        ],
        Desk(state=staged(1)),
    )


def test_a_higher_stage_left_today_is_barred_too() -> None:
    two = [
        Row("2018-02-05 16:20", {"vix.level": 20.0}, stage=2),
        Row("2018-02-06 16:20", {"vix.level": 20.0}, stage=2),
        Row("2018-02-07 16:20", {"vix.level": 20.0}, stage=1, left=2),
    ]
    high: dict[str, Scalar] = {"vix.level": 24.0}
    decisions = play(
        [
            *two,
            Row("2018-02-07 16:20", high, stage=1),
            Row("2018-02-08 09:35", high, stage=2, entered=(2,)),
        ],
        Desk(state=staged(1, 2)),
    )
    assert line_of(decisions[3], "R7").followed.startswith("stage 2 was left in this session")


def test_leaving_sells_nothing() -> None:
    """Run-off: what is held stays until its roll; only what is still to be bought goes away."""
    desk = Desk(state=staged(1))
    held = desk.evaluate(Row("2018-02-05 10:00", RISE))
    assert bought(held) == {Rung.S1: 1, Rung.S2: 1}
    closes = [desk.evaluate(Row(f"2018-02-{day} 16:20", CALMED)) for day in ("05", "06", "07")]
    assert closes[-1].left == 1
    after = desk.evaluate(Row("2018-02-08 10:00", CALMED))
    assert not after.intents
    assert after.ladder is not None
    assert [row.target for row in after.ladder.tiers] == [1, 0, 0]  # R3's own
    assert desk.book.in_rung(Rung.S1) == 1
