"""The numbers the pre-trade checks hold an order against.

They are risk's own: the strategy neither reads nor sets them, so that a wrong policy cannot widen
the fence around itself. The bounds here are what a limits file is checked against; reading that
file is the settings' job.
"""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from bot.domain.value import Value


class RiskLimits(Value):
    """Limits of a single order; the defaults suit the ten-rung ladder with room to spare."""

    max_contracts_per_order: Annotated[
        int, Meta(ge=1, le=1000, description="contracts in one order")
    ] = 20
    max_contracts_held: Annotated[
        int, Meta(ge=1, le=10_000, description="VIX calls held plus working buys, all contracts")
    ] = 200
    max_quote_age_seconds: Annotated[
        float,
        Meta(gt=0.0, le=600.0, description="an older quote prices no order; it is asked again"),
    ] = 30.0
    max_ticks_through: Annotated[
        int, Meta(ge=0, le=100, description="ticks a buy may stand above the ask, a sell below bid")
    ] = 5
    max_premium_points: Annotated[
        Decimal, Meta(description="dearest call bought, in points; x 100 USD per contract")
    ] = Decimal(25)

    def __post_init__(self) -> None:
        """Check what a number's bounds cannot say: a decimal one."""
        if not 0 < self.max_premium_points <= 1000:  # noqa: PLR2004 - no call costs more
            raise ValueError(
                f"max_premium_points must be in (0, 1000], not {self.max_premium_points}"
            )
