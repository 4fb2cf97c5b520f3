from datetime import date

import numpy as np

from bot.domain.history import History
from bot.domain.instruments import BREADTH, MOVE
from bot.domain.readings import ReadingState
from bot.domain.value import replace
from bot.signals.line import Line
from bot.signals.past import past_closes
from tests.support.signal_inputs import DAY, HISTORY, SESSIONS, VX1, completed, session_table


def holed(history: History, back: int) -> History:
    vix = list(history.vix)
    vix[-back] = None
    return replace(history, vix=tuple(vix))


def test_the_last_row_is_the_session_before_the_running_one() -> None:
    past = past_closes(HISTORY, SESSIONS, DAY)
    assert past.state is ReadingState.OK
    assert past.close_before(1) == HISTORY.vix[-1]
    assert past.close_before(5) == HISTORY.vix[-5]
    assert past.as_of == SESSIONS.shift(DAY, -1).close_at
    assert past.settlements[VX1] == HISTORY.futures[0].closes[-1]


def test_rows_of_the_running_session_and_later_are_not_seen() -> None:
    longer = completed(520, SESSIONS.shift(DAY, 8).date)
    assert longer.dates[-8] == DAY
    past = past_closes(longer, SESSIONS, DAY)
    assert list(past.vix) == list(longer.vix[:-8])
    assert past.settlements[VX1] == longer.futures[0].closes[-9]


def test_only_the_window_is_looked_back_on() -> None:
    past = past_closes(completed(600), SESSIONS, DAY)
    assert (len(past.vix), len(past.spx), len(past.front)) == (512, 512, 512)


def test_the_past_of_other_indices_is_cut_alike() -> None:
    longer = completed(520, SESSIONS.shift(DAY, 8).date)
    past = past_closes(longer, SESSIONS, DAY)
    assert past.indices.keys() == {BREADTH, MOVE}
    assert list(past.indices[BREADTH]) == list(longer.indices[0].closes[:-8])


def test_an_unknown_close_stays_unknown() -> None:
    past = past_closes(holed(HISTORY, 2), SESSIONS, DAY)
    assert past.close_before(2) is None
    assert past.close_before(1) == HISTORY.vix[-1]
    assert np.isnan(past.vix[-2])


def test_a_close_before_the_history_is_unknown() -> None:
    assert past_closes(completed(3), SESSIONS, DAY).close_before(4) is None


def test_no_history_is_missing() -> None:
    past = past_closes(completed(0), SESSIONS, DAY)
    assert (past.state, past.close_before(1)) == (ReadingState.MISSING, None)
    assert past.settlements[VX1] is None


def test_a_history_that_ends_too_early_is_stale_and_gives_no_close() -> None:
    past = past_closes(completed(512, date(2018, 2, 2)), SESSIONS, DAY)
    assert (past.state, past.close_before(1), past.as_of) == (ReadingState.STALE, None, None)
    assert "ends on 2018-02-01, not on 2018-02-02" in past.note


def test_a_table_that_starts_today_cannot_vouch_for_the_history() -> None:
    today_on = session_table([s.date for s in SESSIONS.sessions if s.date >= DAY])
    past = past_closes(HISTORY, today_on, DAY)
    assert past.state is ReadingState.STALE
    assert "not in the table" in past.note


def test_a_number_needs_both_its_line_and_the_past() -> None:
    past = past_closes(completed(0), SESSIONS, DAY)
    assert past.under(Line(1.0, ReadingState.OK)).state is ReadingState.MISSING
    good = past_closes(HISTORY, SESSIONS, DAY)
    assert good.under(Line(1.0, ReadingState.STALE, None, "old")).note == "old"
