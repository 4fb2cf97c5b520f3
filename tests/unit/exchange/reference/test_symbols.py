"""The search box: symbols first, then names."""

import pytest

from bot.exchange.reference.symbols import MOST_MATCHES, match_symbols


@pytest.mark.parametrize(
    ("pattern", "symbols"),
    [
        ("sp", ["SPX", "SPY"]),
        ("SPX", ["SPX"]),
        ("s&p", ["SPX", "SPY"]),
        ("treasury", ["IRX", "TNX"]),
        (" vix9 ", ["VIX9D"]),
        ("VOLATILITY IND", ["VIX", "VIX3M", "VIX6M", "VIX9D", "VIXMO", "VVIX"]),
        ("ETF", ["SPY"]),
        ("", []),
        ("   ", []),
        ("NASDAQ", []),
    ],
)
def test_a_search_finds_symbols_and_words_of_names(pattern: str, symbols: list[str]) -> None:
    """Whatever the case; inside a word nothing is found."""
    assert [match.symbol for match in match_symbols(pattern)] == symbols


def test_matches_by_symbol_come_before_matches_by_name() -> None:
    """`S` begins SKEW, SPX and SPY, and a word of other names."""
    found = [match.symbol for match in match_symbols("s")]
    assert found[:3] == ["SKEW", "SPX", "SPY"]
    assert found[3:] == sorted(found[3:])


def test_there_are_never_more_than_the_broker_sends() -> None:
    """Sixteen at most."""
    assert len(match_symbols("c")) <= MOST_MATCHES
