"""The board asks the market once per step and keeps what did not change."""

from bot.exchange.venue.board import Board
from tests.support.venue_rig import CALL_15, TapeMarket, at, quote, vix_option

NOW = at("2018-01-16T10:00")


def test_an_unchanged_line_stays_the_same_object() -> None:
    market = TapeMarket()
    market.show(quote(CALL_15, "1.00", "1.10"))
    board = Board(market, NOW)
    first = board.quote(CALL_15)
    market.show(quote(CALL_15, "1.00", "1.10"))
    board.step([CALL_15], NOW)
    assert board.quote(CALL_15) is first
    market.show(quote(CALL_15, "1.00", "1.20"))
    assert board.quote(CALL_15) is first
    board.step([CALL_15, CALL_15], NOW)
    assert board.quote(CALL_15) == quote(CALL_15, "1.00", "1.20")


def test_a_line_nobody_watched_is_looked_up_when_asked() -> None:
    market = TapeMarket()
    other = vix_option("20")
    market.show(quote(other, "0.50", "0.60"))
    board = Board(market, NOW)
    board.step([CALL_15], NOW)
    assert board.quote(other) == quote(other, "0.50", "0.60")
