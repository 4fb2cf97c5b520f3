"""What cash earns and what debt costs.

The broker pays the benchmark less a spread on a credit and charges the benchmark plus a spread on a
debit, in tiers, by the calendar day over 360 (its published interest schedule for USD, and "How
interest is calculated": accrued daily, posted monthly, the commodity and the security segment each
for itself). The first 10,000 USD earn nothing, and an account worth less than 100,000 USD earns in
proportion to what it is worth. The benchmark here is the scenario's rate.
"""

from decimal import Decimal

from bot.domain.money import to_cents

_CREDIT_FREE_USD = Decimal(10_000)
_CREDIT_SPREAD = Decimal("0.005")
_FULL_CREDIT_USD = Decimal(100_000)
_DEBIT_TIERS = (
    (Decimal(100_000), Decimal("0.015")),
    (Decimal(1_000_000), Decimal("0.010")),
    (Decimal(50_000_000), Decimal("0.0075")),
    (Decimal("Infinity"), Decimal("0.005")),
)
"""Up to which debt each spread holds."""
_DAYS_PER_YEAR = 360


def night_interest_usd(balance_usd: Decimal, benchmark: Decimal, worth_usd: Decimal) -> Decimal:
    """Return what one night adds for a balance, in USD to the cent; negative for a debt.

    `benchmark` is a yearly fraction, `worth_usd` the net liquidation of the account.
    """
    if balance_usd < 0:
        return to_cents(-_yearly_debit_usd(-balance_usd, benchmark) / _DAYS_PER_YEAR)
    earning = max(balance_usd - _CREDIT_FREE_USD, Decimal(0))
    rate = max(benchmark - _CREDIT_SPREAD, Decimal(0))
    share = min(max(worth_usd, Decimal(0)) / _FULL_CREDIT_USD, Decimal(1))
    return to_cents(earning * rate * share / _DAYS_PER_YEAR)


def _yearly_debit_usd(debt_usd: Decimal, benchmark: Decimal) -> Decimal:
    yearly, below = Decimal(0), Decimal(0)
    for limit, spread in _DEBIT_TIERS:
        part = max(min(debt_usd, limit) - below, Decimal(0))
        yearly += part * max(benchmark + spread, Decimal(0))
        below = limit
    return yearly
