"""Limits outside their bounds are refused when they are read."""

from decimal import Decimal

import msgspec
import pytest

from bot.risk.limits import RiskLimits


def test_defaults_are_within_their_own_bounds() -> None:
    assert msgspec.convert(msgspec.to_builtins(RiskLimits()), RiskLimits) == RiskLimits()


@pytest.mark.parametrize("premium", ["0", "-1", "1000.01"])
def test_premium_outside_its_bounds_is_refused(premium: str) -> None:
    with pytest.raises(ValueError, match="max_premium_points"):
        RiskLimits(max_premium_points=Decimal(premium))


@pytest.mark.parametrize(
    "field", [{"max_contracts_per_order": 0}, {"max_quote_age_seconds": 0.0}, {"max_orders": 3}]
)
def test_bad_field_is_refused(field: dict[str, float]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(field, RiskLimits)
