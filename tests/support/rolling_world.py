"""A few weeks of 2018 around a roll, played against a broker whose answers a test chooses.

The books are kept by the program's own attribution from single executions, so that what the
strategy believes of its rungs is what fills of any order and size leave behind.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import count

from bot.domain.book import Book
from bot.domain.decision import Decision
from bot.domain.inputs import Inputs
from bot.domain.orders import ExecId, Fill, Intent, IntentId, Order, OrderState, Side
from bot.domain.readings import Scalar
from bot.domain.state import StrategyState
from bot.domain.value import replace
from bot.execution.attribution import lots_of
from bot.execution.counting import counted
from bot.strategy.decide import decide_on
from tests.support.strategy_world import inputs, moment, readings

DAYS = (
    *("2018-02-01", "2018-02-02", "2018-02-05", "2018-02-06", "2018-02-09"),
    *("2018-02-12", "2018-02-13", "2018-02-14", "2018-02-21"),
)
"""February's calls are at their roll from the 5th on, at their final close on the 12th and 13th."""

TIMES = tuple(f"{day} {clock}" for day in DAYS for clock in ("10:00", "10:05"))

FINAL_DAYS = ("2018-02-12", "2018-02-13")


@cache
def _market(at: str) -> Inputs:
    return inputs(at, condors=1)


@dataclass
class RollingWorld:
    """The memory, the orders and the fills between evaluations."""

    state: StrategyState
    orders: dict[IntentId, Order] = field(default_factory=dict)
    fills: list[Fill] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=count)

    @property
    def book(self) -> Book:
        """What is held and worked, and the rolls that were rejected."""
        lots = lots_of(self.fills, self.orders)
        held = {lot.con_id for lot in lots}
        return Book(
            lots=lots,
            orders=tuple(o for o in self.orders.values() if not o.state.is_terminal),
            failed_rolls=tuple(
                o
                for o in self.orders.values()
                if o.state is OrderState.REJECTED and o.intent.closes in held
            ),
        )

    def evaluate(self, at: str, sees: dict[str, Scalar], dark: Iterable[str] = ()) -> Decision:
        """Decide, and put what is wanted to work."""
        given = replace(_market(at), book=self.book)
        decision, self.state = decide_on(given, self.state, readings(sees, stale=dark, at=at))
        for cancel in decision.cancels:
            order = self.orders[cancel.intent_id]
            self.orders[cancel.intent_id] = replace(order, state=OrderState.CANCELLING)
        for reprice in decision.reprices:
            order = self.orders[reprice.intent_id]
            self.orders[reprice.intent_id] = replace(order, limit=reprice.limit)
        for intent in decision.intents:
            self.orders[intent.intent_id] = Order(
                intent=intent, state=OrderState.WORKING, limit=intent.limit
            )
        return decision

    def fill(self, order: Order, quantity: int, at: str) -> None:
        """Execute `quantity` units of an order: of a roll both legs, in one second."""
        for leg in order.intent.legs:
            self.fills.append(
                Fill(
                    exec_id=ExecId(f"{next(self.numbers):06d}.01"),
                    intent_id=order.intent.intent_id,
                    con_id=leg.con_id,
                    side=leg.side,
                    quantity=quantity,
                    price=max(order.limit, Decimal("0.01")),
                    executed_at=moment(at),
                )
            )
        done = counted(order, self.fills)
        is_full = done.filled == order.intent.quantity
        state = OrderState.FILLED if is_full else order.state
        self.orders[order.intent.intent_id] = replace(done, state=state)

    def end(self, order: Order, state: OrderState) -> None:
        """Let an order end without filling further."""
        self.orders[order.intent.intent_id] = replace(order, state=state)

    def hold(self, intents: Iterable[Intent]) -> None:
        """Begin with these purchases filled."""
        for intent in intents:
            order = Order(intent=intent, state=OrderState.WORKING, limit=intent.limit)
            self.orders[intent.intent_id] = order
            self.fill(order, intent.quantity, "2018-01-30 10:00")

    def live(self) -> list[Order]:
        """Return the orders that may still fill."""
        return [order for order in self.orders.values() if not order.state.is_terminal]


def still_to_sell(book: Book) -> dict[int, int]:
    """Return by contract what orders at work may still sell."""
    found: dict[int, int] = {}
    for order in book.orders:
        for leg in order.intent.legs:
            if leg.side is Side.SELL:
                found[leg.con_id] = found.get(leg.con_id, 0) + order.remaining
    return found
