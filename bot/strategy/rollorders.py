"""Verdicts become orders: one combination a rung and label, sales of what runs off, and their care.

What is at work counts first: a roll or sale still wanted is kept and moved to the far side, one no
longer wanted is cancelled, and only what neither holds is ordered anew, so that never more is sold
than held. A combination pays the ask of the new contract less the bid of the old one. Where the
broker rejected it, the new contract is bought alone, and the old one is sold once it has been.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from bot.domain.decision import Cancel, Reprice
from bot.domain.instruments import ConId, Option
from bot.domain.orders import Intent, IntentId, Order, Side
from bot.domain.rungs import RuleClass, Rung
from bot.domain.state import Swap
from bot.strategy.afoot import CANCELLABLE, live_rolls, live_sells, may_move
from bot.strategy.closing import sale_price
from bot.strategy.contracts import Choice, Refusal, far_side
from bot.strategy.draft import Case, Draft
from bot.strategy.finality import is_final
from bot.strategy.holdings import Key, holdings
from bot.strategy.replacement import buyable, net_price, obstacle_to, replacement
from bot.strategy.rollover import ROLLING_ID, Verdict
from bot.strategy.swaps import halves, old_key, owed_by_key


class Stop(NamedTuple):
    """Why a wanted roll or sale is not ordered now."""

    rung: Rung
    reason: str


class _Unit(NamedTuple):
    """One holding, what is wanted of it, and what is at work on it; `taken` may be sold already."""

    key: Key
    option: Option
    held: int
    roll: int
    close: int
    rule: str
    sales: tuple[Order, ...]
    rolls: tuple[Order, ...]
    taken: int

    @property
    def rolling(self) -> int:
        """Contracts whose replacement is at work."""
        return sum(order.remaining for order in self.rolls)

    @property
    def selling(self) -> int:
        """Contracts on sale."""
        return sum(order.remaining for order in self.sales)


class Rolled(NamedTuple):
    """A roll that was ordered: what of which holding is replaced by what."""

    key: Key
    con_id: ConId


class RollOrders:
    """The orders of one evaluation's rolls, as they are collected.

    Attributes:
        intents, cancels, reprices: What the decision adds.
        stops: What was wanted and is not ordered.
        swaps: The rolls in two steps that go on after this evaluation.
        rolled: What each new order rolls, and into what.
    """

    def __init__(self, case: Case, draft: Draft, bar: str) -> None:
        self._case = case
        self._bar = bar
        self._rungs = [intent.rung for intent in draft.intents]
        self.intents: list[Intent] = []
        self.cancels: list[Cancel] = []
        self.reprices: list[Reprice] = []
        self.stops: list[Stop] = []
        self.swaps: list[Swap] = list(draft.swaps)
        self.rolled: list[Rolled] = []

    def carry_out(self, verdicts: Iterable[Verdict]) -> None:
        """Order what the verdicts ask for, and care for what is at work already."""
        known: set[IntentId] = set()
        for unit in _units(self._case, self.swaps, verdicts):
            known |= {order.intent.intent_id for order in unit.rolls}
            sold = self._sell(unit)
            self._roll(unit, unit.held - unit.taken - sold)
        for order in live_rolls(self._case.inputs.book):
            if order.intent.intent_id not in known:
                self._cancel(order, "what it replaces is not held any more")

    # ---------------------------------------------------------------- sales

    def _sell(self, unit: _Unit) -> int:
        """Return the contracts put on sale now."""
        if unit.selling > unit.close:
            for order in unit.sales:
                self._cancel(order, "the contract is to be kept")
        return self._offer(unit) if unit.close >= max(unit.selling, 1) else 0

    def _offer(self, unit: _Unit) -> int:
        """Sell, and walk down to the bid: a sale that closes is not bound by R29's spread."""
        price = sale_price(self._case, unit.option)
        if isinstance(price, str):
            self.stops.append(Stop(unit.key.rung, f"{unit.option.local_symbol}: {price}"))
            return 0
        for order in unit.sales:
            lower = sale_price(self._case, unit.option, order.limit)
            if isinstance(lower, Decimal) and lower < order.limit:
                self._move(order, lower, "bid")
        quantity = max(min(unit.close - unit.selling, unit.held - unit.taken), 0)
        if quantity:
            self.intents.append(
                Intent(
                    intent_id=self._next_id(unit.key.rung),
                    side=Side.SELL,
                    con_id=unit.key.con_id,
                    quantity=quantity,
                    limit=price,
                    rung=unit.key.rung,
                    rule=unit.rule,
                    rule_class=RuleClass.CLOSE,
                    keeps=unit.key.label,
                )
            )
        return quantity

    # ---------------------------------------------------------------- rolls

    def _roll(self, unit: _Unit, free: int) -> None:
        self._care(unit)
        missing = unit.roll - unit.rolling
        if missing <= 0:
            return
        choice: Choice | Refusal = Refusal(self._bar)
        if not self._bar:
            choice = replacement(self._case, unit.key.rung, unit.option)
        if isinstance(choice, Refusal):
            self.stops.append(Stop(unit.key.rung, choice.reason))
        elif _was_rejected(self._case, unit.key):
            self._buy_first(unit, missing, choice)
        else:
            self._combine(unit, min(missing, free), choice)

    def _care(self, unit: _Unit) -> None:
        """Cancel the rolls at work that are not wanted any more, move the others."""
        for order in unit.rolls:
            reason = obstacle_to(self._case, unit.key.rung, order.intent.con_id)
            if unit.rolling > unit.roll:
                reason = "the roll is not wanted any more"
            if reason:
                self._cancel(order, reason)
            elif not self._bar:
                self._chase(unit, order)

    def _chase(self, unit: _Unit, order: Order) -> None:
        """Move a roll that the market has left behind to the far side, within R29."""
        line = buyable(self._case, order.intent.con_id)
        if isinstance(line, str):
            return
        limit: Decimal | str = far_side(line)
        if order.intent.closes is not None:
            limit = net_price(self._case, far_side(line), unit.option)
        if isinstance(limit, Decimal) and limit > order.limit:
            self._move(order, limit, "far side")

    def _combine(self, unit: _Unit, quantity: int, choice: Choice) -> None:
        net = net_price(self._case, choice.limit, unit.option)
        if isinstance(net, str):
            self.stops.append(Stop(unit.key.rung, net))
        elif quantity > 0:
            self._replace(unit, quantity, choice.option.con_id, net, unit.key.con_id)

    def _buy_first(self, unit: _Unit, quantity: int, choice: Choice) -> None:
        """Buy the new contract alone; only what somebody would buy from us is replaced."""
        price = sale_price(self._case, unit.option)
        if isinstance(price, str):
            self.stops.append(Stop(unit.key.rung, f"{unit.option.local_symbol}: {price}"))
            return
        key, con_id = unit.key, choice.option.con_id
        if not any(old_key(swap) == key and swap.con_id == con_id for swap in self.swaps):
            bought = Key(key.rung, con_id, key.label)
            whole = unit.held + holdings(self._case.inputs.book).get(bought, 0)
            self.swaps.append(
                Swap(rung=key.rung, closes=key.con_id, con_id=con_id, label=key.label, whole=whole)
            )
        self._replace(unit, quantity, con_id, choice.limit, None)

    # ---------------------------------------------------------------- what all need

    def _replace(
        self, unit: _Unit, quantity: int, con_id: ConId, limit: Decimal, closes: ConId | None
    ) -> None:
        self.intents.append(
            Intent(
                intent_id=self._next_id(unit.key.rung),
                side=Side.BUY,
                con_id=con_id,
                quantity=quantity,
                limit=limit,
                rung=unit.key.rung,
                rule=ROLLING_ID,
                rule_class=RuleClass.ROLL,
                closes=closes,
                keeps=unit.key.label,
            )
        )
        self.rolled.append(Rolled(unit.key, con_id))

    def _next_id(self, rung: Rung) -> IntentId:
        earlier = self._rungs.count(rung)
        self._rungs.append(rung)
        return self._case.intent_id(rung, earlier)

    def _cancel(self, order: Order, reason: str) -> None:
        if order.state in CANCELLABLE:
            self.cancels.append(Cancel(intent_id=order.intent.intent_id, reason=reason))

    def _move(self, order: Order, limit: Decimal, side: str) -> None:
        if may_move(order):
            reason = f"the {side} moved from {order.limit:.2f} to {limit:.2f}"
            self.reprices.append(
                Reprice(intent_id=order.intent.intent_id, limit=limit, reason=reason)
            )


def _units(case: Case, swaps: Iterable[Swap], verdicts: Iterable[Verdict]) -> list[_Unit]:
    """Return every holding that is due, between the steps of a roll, or has orders at work."""
    book = case.inputs.book
    known = {verdict.due.key: verdict for verdict in verdicts}
    replaced = owed_by_key(book, swaps)
    units = []
    for key, held in holdings(book).items():
        option, verdict = case.market.option(key.con_id), known.get(key)
        if option is None:
            continue
        combinations = _combinations_of(case, key)
        coming = [
            order
            for swap in swaps
            if old_key(swap) == key
            for order in halves(book, key.rung, swap.con_id, key.label)
        ]
        unit = _Unit(
            key=key,
            option=option,
            held=held,
            roll=0 if verdict is None else verdict.roll,
            close=replaced[key] + (0 if verdict is None else verdict.close),
            rule=ROLLING_ID if verdict is None else verdict.rule,
            sales=() if is_final(case, option) else _sales_of(case, key),
            rolls=(*combinations, *coming),
            taken=sum(o.remaining for o in (*_sold_from(case, key), *combinations)),
        )
        units.append(unit)
    return units


def _sales_of(case: Case, key: Key) -> tuple[Order, ...]:
    return tuple(o for o in _sold_from(case, key) if o.intent.keeps == key.label)


def _sold_from(case: Case, key: Key) -> tuple[Order, ...]:
    """Return the sales at work that may take contracts of `key`: also those that name no label."""
    return tuple(
        order
        for order in live_sells(case.inputs.book)
        if (order.intent.rung, order.intent.con_id) == (key.rung, key.con_id)
        and order.intent.keeps in {None, key.label}
    )


def _combinations_of(case: Case, key: Key) -> tuple[Order, ...]:
    return tuple(
        order
        for order in live_rolls(case.inputs.book)
        if (order.intent.rung, order.intent.closes, order.intent.label)
        == (key.rung, key.con_id, key.label)
    )


def _was_rejected(case: Case, key: Key) -> bool:
    """Tell whether the broker has rejected a combination out of this contract."""
    return any(
        (order.intent.rung, order.intent.closes) == (key.rung, key.con_id)
        for order in case.inputs.book.failed_rolls
    )
