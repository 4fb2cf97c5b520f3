"""Contracts of a rung that the bot did not buy: VIX calls the user gave to it.

The broker knows net positions only, and what the journal does not know belongs to nobody until the
user adopts it (methodology.md section 1). An adoption stands where a purchase would: it makes a
lot, with a cost and a label.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.domain.instruments import ConId
from bot.domain.orders import IntentId, Label
from bot.domain.rungs import Rung
from bot.domain.value import Value


class CostSource(StrEnum):
    """Who said what adopted contracts cost."""

    USER = "user"
    BROKER = "broker"


class Adoption(Value):
    """So many contracts, given to one rung.

    `adoption_id` stands in the lot where a purchase has its intent's id. `price` is in points;
    `cost_usd` is the cost of all of them, and by the broker's word it includes commissions, as its
    average cost does. `adopted_at` has whole seconds, as the broker's times of executions have.
    """

    adoption_id: IntentId
    con_id: ConId
    rung: Rung
    quantity: int
    price: Decimal
    cost_usd: Decimal
    source: CostSource
    label: Label
    adopted_at: datetime
