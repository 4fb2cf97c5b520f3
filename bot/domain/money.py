"""Prices on a grid.

The broker's `minTick` is only the smallest increment anywhere; the true grid is the market rule:
rows of (low edge, increment), of which the one with the highest low edge at or below the price
holds (domain.md section 1.1). Prices are decimals: 0.1 + 0.2 must not become an illegal price.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from bot.domain.value import Value

CENT = Decimal("0.01")


def to_cents(amount: Decimal) -> Decimal:
    """Return `amount` in USD rounded half-even to whole cents."""
    return amount.quantize(CENT, rounding=ROUND_HALF_EVEN)


class GridStep(Value):
    """One row of a market rule: from `low_edge` on, prices move by `increment`."""

    low_edge: Decimal
    increment: Decimal

    def __post_init__(self) -> None:
        """Check that the row can describe a grid."""
        if self.increment <= 0 or self.low_edge < 0:
            raise ValueError(f"grid step {self.low_edge}/{self.increment}: increment must be > 0")


class PriceGrid(Value):
    """The legal prices of an instrument, in its price units."""

    steps: tuple[GridStep, ...]

    def __post_init__(self) -> None:
        """Check that the rows start at zero and ascend."""
        edges = [step.low_edge for step in self.steps]
        if not edges or edges[0] != 0 or edges != sorted(set(edges)):
            raise ValueError(f"a price grid starts at 0 and ascends, got low edges {edges}")

    def increment_at(self, price: Decimal) -> Decimal:
        """Return the increment that holds at `price` (the first row's for a negative one)."""
        size = abs(price)  # a credit combination has the grid of its mirrored debit
        return next(s.increment for s in reversed(self.steps) if s.low_edge <= size)

    def is_legal(self, price: Decimal) -> bool:
        """Tell whether `price` lies on the grid."""
        return price % self.increment_at(price) == 0

    def floor(self, price: Decimal) -> Decimal:
        """Return the highest legal price at or below `price`: how a passive buy rounds."""
        increment = self.increment_at(price)
        return (price / increment).to_integral_value(ROUND_FLOOR) * increment

    def ceil(self, price: Decimal) -> Decimal:
        """Return the lowest legal price at or above `price`: how a passive sell rounds."""
        increment = self.increment_at(price)
        return (price / increment).to_integral_value(ROUND_CEILING) * increment


def price_grid(*rows: tuple[str, str]) -> PriceGrid:
    """Build a grid from (low edge, increment) pairs written as decimal text."""
    return PriceGrid(
        steps=tuple(GridStep(low_edge=Decimal(low), increment=Decimal(inc)) for low, inc in rows)
    )
