"""From fills to lots: which contracts belong to which rung, and what they cost.

The lots are a function of the *set* of fills: they are computed anew from all of them in order of
execution, so the order of hearing, repetitions and corrections leave no trace. A sale takes from
its own rung first, of the label it names before others, stage contracts before others and the
newest first (methodology.md section 1). A roll is both: its bought leg makes a lot that carries the
label handed on, its sold leg is a sale of that label.
Whatever happens, the lots of a contract add up to bought less sold: a sale of more than is held
leaves a negative lot, which is then a break against the broker instead of a fill that vanished.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from bot.domain.book import Lot
from bot.domain.orders import Fill, Intent, IntentId, Order, Side
from bot.domain.rungs import RuleClass
from bot.domain.value import replace


def lots_of(fills: Iterable[Fill], orders: Mapping[IntentId, Order]) -> tuple[Lot, ...]:
    """Return the open lots that `fills` leave, oldest first; a price is its fills' average.

    Raises:
        KeyError: if a fill belongs to no order.
    """
    lots: list[Lot] = []
    for fill in in_order(fills):
        intent = orders[fill.intent_id].intent
        lots = _bought(lots, fill, intent) if fill.side is Side.BUY else _sold(lots, fill, intent)
    return tuple(lots)


def in_order(fills: Iterable[Fill]) -> list[Fill]:
    """Return the fills in order of execution, whatever the order of hearing.

    The broker's times have whole seconds: within one, a purchase comes before the sale of it.
    """
    return sorted(fills, key=lambda f: (f.executed_at, f.side is Side.SELL, f.exec_id))


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
