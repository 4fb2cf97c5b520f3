"""From fills and adoptions to lots: which contracts belong to which rung, and what they cost.

The lots are a function of the *set* of fills: they are computed anew from all of them in order of
execution, so the order of hearing, repetitions and corrections leave no trace. A sale takes from
its own rung first, of the label it names before others, stage contracts before others and the
newest first (methodology.md section 1). A roll is both: its bought leg makes a lot that carries the
label handed on, its sold leg is a sale of that label.
Whatever happens, the lots of a contract add up to bought less sold: a sale of more than is held
leaves a negative lot, which is then a break against the broker instead of a fill that vanished.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from bot.domain.adoption import Adoption
from bot.domain.book import Lot
from bot.domain.orders import Fill, Intent, IntentId, Order, Side
from bot.domain.rungs import RuleClass
from bot.domain.value import replace

Change = Fill | Adoption
"""What adds to a lot or takes from it."""


def lots_of(
    fills: Iterable[Fill],
    orders: Mapping[IntentId, Order],
    adoptions: Iterable[Adoption] = (),
) -> tuple[Lot, ...]:
    """Return the open lots that `fills` and `adoptions` leave, oldest first.

    A price is the average of a lot's fills. An adoption counts from its moment on, before what was
    sold within the same second.

    Raises:
        KeyError: if a fill belongs to no order.
    """
    lots: list[Lot] = []
    changes: list[Change] = [*adoptions, *fills]
    for change in in_order(changes):
        if isinstance(change, Adoption):
            lots = [*lots, _adopted_lot(change)]
            continue
        intent = orders[change.intent_id].intent
        is_buy = change.side is Side.BUY
        lots = _bought(lots, change, intent) if is_buy else _sold(lots, change, intent)
    return tuple(lots)


def _adopted_lot(adoption: Adoption) -> Lot:
    return Lot(
        intent_id=adoption.adoption_id,
        rung=adoption.rung,
        con_id=adoption.con_id,
        quantity=adoption.quantity,
        price=adoption.price,
        rule=adoption.label.rule,
        rule_class=adoption.label.rule_class,
        opened_at=adoption.adopted_at,
    )


C = TypeVar("C", bound=Change)


def in_order(changes: Iterable[C]) -> list[C]:
    """Return fills and adoptions in order of their time, whatever the order of hearing.

    The broker's times have whole seconds: within one, a purchase comes before the sale of it.
    """
    return sorted(changes, key=_place)


def _place(change: Change) -> tuple[datetime, bool, str]:
    if isinstance(change, Adoption):
        return change.adopted_at, False, change.adoption_id
    return change.executed_at, change.side is Side.SELL, change.exec_id


def _bought(lots: list[Lot], fill: Fill, intent: Intent) -> list[Lot]:
    for place, lot in enumerate(lots):
        if (lot.intent_id, lot.con_id) == (fill.intent_id, fill.con_id) and lot.quantity > 0:
            return [*lots[:place], _grown(lot, fill), *lots[place + 1 :]]
    return [*lots, _new_lot(fill, intent, fill.quantity)]


def _grown(lot: Lot, fill: Fill) -> Lot:
    quantity = lot.quantity + fill.quantity
    price = (lot.price * lot.quantity + fill.price * fill.quantity) / Decimal(quantity)
    return replace(lot, quantity=quantity, price=price)


def _sold(lots: list[Lot], fill: Fill, intent: Intent) -> list[Lot]:
    left = fill.quantity
    kept = {id(lot): lot for lot in lots}
    newest_first = lots[::-1]
    for lot in sorted(newest_first, key=lambda lot: _leaving_order(lot, intent)):
        if lot.con_id != fill.con_id or lot.quantity <= 0:
            continue
        taken = min(lot.quantity, left)
        kept[id(lot)] = replace(lot, quantity=lot.quantity - taken)
        left -= taken
    remaining = [lot for lot in kept.values() if lot.quantity != 0]
    return [*remaining, _new_lot(fill, intent, -left)] if left else remaining


def _leaving_order(lot: Lot, intent: Intent) -> tuple[bool, bool, bool]:
    is_other = intent.keeps is not None and lot.label != intent.keeps
    return lot.rung is not intent.rung, is_other, lot.rule_class is not RuleClass.STAGE


def _new_lot(fill: Fill, intent: Intent, quantity: int) -> Lot:
    return Lot(
        intent_id=fill.intent_id,
        rung=intent.rung,
        con_id=fill.con_id,
        quantity=quantity,
        price=fill.price,
        rule=intent.label.rule,
        rule_class=intent.label.rule_class,
        opened_at=fill.executed_at,
    )
