"""What the checks may look at: the market, the account and the book at the moment of the order."""

from datetime import datetime

from bot.domain.account import AccountId, Mode, Position
from bot.domain.book import Book
from bot.domain.inputs import Farm
from bot.domain.instruments import ConId, Contract, Universe
from bot.domain.orders import Order, Side
from bot.domain.quotes import Quote
from bot.domain.sessions import Session
from bot.domain.value import Value
from bot.risk.limits import RiskLimits

Reason = str | None
"""Why an order is refused, with its numbers; None where a check passes."""


class RiskContext(Value):
    """Everything a check reads; what is None is unknown and refuses.

    Attributes:
        mode: How the bot was started.
        account_id: The account that was proved, None before the proof.
        allowed_accounts: The allow-list.
        now: The moment of the order, not of the evaluation: quotes may have been asked again.
        session: The regular session of today, None when there is none or it is unknown.
        farm: State of the market data farms.
        quotes: One quote a line.
        positions: The broker's positions, complete; a contract not among them is held zero times.
        book: Our own lots, orders and breaks.
        universe: The instruments that can be traded.
        limits: Risk's own limits.
    """

    mode: Mode
    account_id: AccountId | None
    allowed_accounts: tuple[AccountId, ...]
    now: datetime
    session: Session | None
    farm: Farm
    quotes: tuple[Quote, ...]
    positions: tuple[Position, ...] | None
    book: Book
    universe: Universe
    limits: RiskLimits = RiskLimits()

    def instrument(self, con_id: ConId) -> Contract | None:
        """Return the instrument numbered `con_id`, None when it is unknown."""
        return next((i for i in self.universe.instruments if i.con_id == con_id), None)

    def quote(self, con_id: ConId) -> Quote | None:
        """Return the quote of `con_id`, None when its line said nothing."""
        return next((q for q in self.quotes if q.con_id == con_id), None)

    def held(self, con_id: ConId) -> int | None:
        """Return the broker's net position in contracts, None when positions are unknown."""
        if self.positions is None:
            return None
        return sum(p.quantity for p in self.positions if p.con_id == con_id)

    def working(self, side: Side, con_id: ConId | None = None) -> int:
        """Return the contracts that may still fill on `side`, in one contract or in all.

        Each leg of a roll counts; one that has traded ahead of the other still counts whole.
        """
        return sum(
            _may_fill(order)
            for order in self.book.orders
            for leg in order.intent.legs
            if leg.side is side and con_id in {None, leg.con_id}
        )


def _may_fill(order: Order) -> int:
    if order.state.is_terminal:
        return 0
    return max(order.intent.quantity - order.filled, 0)
