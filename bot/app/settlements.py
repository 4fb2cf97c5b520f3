"""What calls paid that were held to their settlement.

The broker reports no execution for it and no price; the position is gone, and the cash has changed.
A call that ended out of the money paid nothing, and that can be told: VIX stood below its strike at
the first evaluation after the settlement. What one in the money paid is not known from here, and
unknown is not zero.
"""

from decimal import Decimal

from bot.domain.decision import Decision
from bot.domain.events import DecisionMade, JournalEvent, PositionSettled
from bot.domain.instruments import ConId

VIX_LEVEL = "vix.level"


class Settlements:
    """Reads the journal: `points` are what each settled call paid, None where unknown."""

    def __init__(self) -> None:
        self.points: dict[ConId, Decimal | None] = {}
        self._strikes: dict[ConId, Decimal] = {}

    def add(self, event: JournalEvent) -> None:
        """Take in the next event."""
        match event:
            case PositionSettled(con_id=con_id, strike=strike):
                self.points[con_id] = None
                if strike is not None:
                    self._strikes[con_id] = strike
            case DecisionMade(decision=decision) if self._strikes:
                self._judge(decision)
            case _:
                pass

    def _judge(self, decision: Decision) -> None:
        level = next((r.usable for r in decision.readings if r.name == VIX_LEVEL), None)
        if not isinstance(level, float | int):
            return  # the next one may know it
        worthless = {con_id for con_id, strike in self._strikes.items() if level < strike}
        self.points |= dict.fromkeys(worthless, Decimal(0))
        self._strikes.clear()
