"""The rungs' bookkeeping: which contract belongs to which rung, and why it was bought.

The broker knows net positions by contract only. Each fill is attributed through its order
reference to a lot; lots of a rung add up to the rung, rungs of a contract add up to the position,
and a difference is a break (design.md section 5). Stage contracts leave first, newest first.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from bot.domain.account import Position
from bot.domain.instruments import ConId
from bot.domain.money import PriceGrid, price_grid
from bot.domain.orders import IntentId, Label, Order
from bot.domain.rungs import RuleClass, Rung, Tier
from bot.domain.value import Value

ROLL_GRID = price_grid(("0", "0.01"))
"""The exchange's rule: a net price moves by 0.01 at any price and ratio (domain.md section 1.1)."""

COARSE_ROLL_GRID = price_grid(("0", "0.05"))
"""What the broker may ask for instead, as for a single leg; it says so by refusing (110)."""


ADOPTED = "adopted/"
"""What the id of an adoption begins with; no id of an order does."""


class Lot(Value):
    """Contracts of one rung bought by one intent; `price` in points, average of its fills.

    Of adopted contracts `intent_id` is the adoption's id, `opened_at` the moment of it.
    """

    intent_id: IntentId
    rung: Rung
    con_id: ConId
    quantity: int
    price: Decimal
    rule: str
    rule_class: RuleClass
    opened_at: datetime

    @property
    def is_adopted(self) -> bool:
        """Whether the user gave it to its rung."""
        return self.intent_id.startswith(ADOPTED)

    @property
    def label(self) -> Label:
        """Which rule bought these contracts, as every roll hands it on."""
        return Label(rule=self.rule, rule_class=self.rule_class)


class Break(Value):
    """Our rungs and the broker's position of one VIX call differ: the contract is locked.

    `aside` contracts of the position were left to nobody when others of it were adopted.
    """

    con_id: ConId
    ours: int
    brokers: int
    aside: int = 0


class Aside(Value, array_like=True):
    """Contracts of a call that stayed nobody's when others of it were adopted."""

    con_id: ConId
    quantity: int


class Book(Value):
    """Everything we hold and work, by our own records.

    `unadopted` are VIX calls the journal does not know: not counted, not traded. `ignored` are
    calls the user wants left alone: never bought; what a rung holds of one may still be sold.
    `aside` counts what stayed nobody's of a call when others of it were adopted.
    `failed_rolls` are the rolls that the broker rejected as combinations and whose sold contract is
    still held: there the way is to buy first and then to sell no more than is held (methodology.md
    R14). `roll_grid` are the legal net prices of a roll, of any sign. No request tells them before
    an order does: contract details do not know combinations, and the increment of their data is not
    that of their orders (domain.md section 1.1). So it is the exchange's until the broker has
    refused it.
    """

    lots: tuple[Lot, ...] = ()
    orders: tuple[Order, ...] = ()
    breaks: tuple[Break, ...] = ()
    unadopted: tuple[ConId, ...] = ()
    ignored: tuple[ConId, ...] = ()
    aside: tuple[Aside, ...] = ()
    failed_rolls: tuple[Order, ...] = ()
    roll_grid: PriceGrid = ROLL_GRID

    def contracts(self, con_id: ConId) -> int:
        """Return the contracts held in `con_id` over all rungs."""
        return sum(lot.quantity for lot in self.lots if lot.con_id == con_id)

    def nobodys(self, positions: Iterable[Position]) -> dict[ConId, int]:
        """Return the contracts that no rung has of each VIX call, by number; negative when short.

        Those are the unadopted ones, what was left aside, and what a break has found on top. What
        is ignored is not among them.
        """
        held = {position.con_id: position.quantity for position in positions}
        found = {con_id: held[con_id] for con_id in self.unadopted if con_id in held}
        aside = {one.con_id: one.quantity for one in self.aside}
        on_top = {b.con_id: b.brokers - b.ours for b in self.breaks if b.brokers > b.ours}
        return {
            con_id: quantity
            for con_id, quantity in (found | aside | on_top).items()
            if con_id not in self.ignored
        }

    def in_rung(self, rung: Rung) -> int:
        """Return the contracts held in `rung`."""
        return sum(lot.quantity for lot in self.lots if lot.rung is rung)

    def in_tier(self, tier: Tier) -> int:
        """Return the contracts held in `tier`."""
        return sum(lot.quantity for lot in self.lots if lot.rung.tier is tier)

    def contract_of(self, rung: Rung) -> ConId | None:
        """Return the one contract `rung` holds, None when it is empty."""
        return next((lot.con_id for lot in self.lots if lot.rung is rung), None)

    def live_orders(self) -> tuple[Order, ...]:
        """Return the orders that may still fill."""
        return tuple(order for order in self.orders if not order.state.is_terminal)

    def is_locked(self, con_id: ConId) -> bool:
        """Tell whether a break locks `con_id`."""
        return any(b.con_id == con_id for b in self.breaks)
