"""Interest by the broker's published tiers, worked by hand."""

from decimal import Decimal

import pytest

from bot.exchange.venue.interest import night_interest_usd

RICH = Decimal(1_000_000)


@pytest.mark.parametrize(
    ("balance", "rate", "worth", "interest"),
    [
        # (210,000 - 10,000) x (1.30 % - 0.50 %) / 360
        ("210000", "0.013", "1000000", "4.44"),
        # half of that: the account is worth half of 100,000
        ("210000", "0.013", "50000", "2.22"),
        ("10000", "0.05", "1000000", "0"),
        ("0", "0.05", "1000000", "0"),
        # the benchmark does not reach the spread: nothing is paid, nothing taken
        ("210000", "0.004", "1000000", "0"),
        ("210000", "0.013", "-5000", "0"),
        # 36,000 x (4 % + 1.5 %) / 360
        ("-36000", "0.04", "1000000", "-5.50"),
        # 100,000 x 5.5 % + 80,000 x 5 % = 9,500 a year
        ("-180000", "0.04", "1000000", "-26.39"),
        # a benchmark so low that borrowing would be paid for costs nothing
        ("-36000", "-0.03", "1000000", "0"),
    ],
)
def test_a_night_costs_or_earns(balance: str, rate: str, worth: str, interest: str) -> None:
    found = night_interest_usd(Decimal(balance), Decimal(rate), Decimal(worth))
    assert found == Decimal(interest)


def test_a_huge_debt_passes_all_tiers() -> None:
    """At a benchmark of 0: 1,500 + 9,000 + 49m x 0.75 % + 50m x 0.5 % a year."""
    yearly = 1_500 + 9_000 + 367_500 + 250_000
    found = night_interest_usd(Decimal(-100_000_000), Decimal(0), RICH)
    assert float(found) == pytest.approx(-yearly / 360, abs=0.01)
