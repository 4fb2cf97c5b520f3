"""What the user decides about VIX calls the journal does not know: adopt, ignore, look again.

Adopted contracts belong to a rung from then on: they count, are rolled and sold as if the bot had
bought them. Rungs always add up to positions, so only what the broker holds and no rung has can be
adopted, and only where no order can change it at the same moment. A rung holds one contract.
"""

from datetime import datetime
from decimal import Decimal
from typing import NoReturn

from bot.domain.account import Position
from bot.domain.adoption import Adoption, CostSource
from bot.domain.book import ADOPTED
from bot.domain.events import Adopted, Ignored, IgnoringEnded
from bot.domain.instruments import ConId, Option, is_vix_call
from bot.domain.money import to_cents
from bot.domain.orders import IntentId, Label, Side
from bot.domain.rungs import Rung
from bot.domain.value import Value, replace
from bot.execution.draft import Draft
from bot.execution.reconcile import BrokerView, compare_positions
from bot.execution.state import ExecutionState
from bot.execution.stimuli import Step


class AdoptionRefusedError(Exception):
    """The contracts cannot be given to that rung, or left alone; the message says why."""


class AdoptionWish(Value):
    """Contracts of `con_id` for `rung`: all that are nobody's, or so many.

    `price` in points; without one the broker's average cost stands for it.
    """

    con_id: ConId
    rung: Rung
    label: Label
    quantity: int | None = None
    price: Decimal | None = None


def adopt(state: ExecutionState, view: BrokerView, wish: AdoptionWish, now: datetime) -> Step:
    """Give contracts that are nobody's to a rung.

    `view` is the broker's as `bot.execution.reconcile` has just compared it with `state`.

    Raises:
        AdoptionRefusedError: they cannot be given; nothing is changed.
    """
    call = _call(view, wish.con_id)
    if now >= call.settlement:
        _refuse(call, f"it settled on {call.settlement:%Y-%m-%d}")
    loose = _loose(state, view, call)
    quantity = loose if wish.quantity is None else wish.quantity
    if not 1 <= quantity <= loose:
        _refuse(call, f"{loose} of it can be adopted, not {quantity}")
    _stand_still(state, view, call)
    _fit(state, call, wish.rung)
    draft = Draft(state, now)
    if wish.con_id in state.ignored:
        draft.write(IgnoringEnded(con_id=wish.con_id, left=loose))
    adoption = _adoption(state, view, call, replace(wish, quantity=quantity), now)
    draft.write(Adopted(adoption=adoption, left=loose - quantity))
    compare_positions(draft, view, now)
    return draft.done()


def ignore(state: ExecutionState, view: BrokerView, con_id: ConId, now: datetime) -> Step:
    """Leave a call alone from now on, whatever its position does.

    Raises:
        AdoptionRefusedError: there is nothing to ignore; nothing is changed.
    """
    call = _call(view, con_id)
    if con_id in state.ignored:
        _refuse(call, "it is ignored already")
    if view.held(con_id) == state.contracts(con_id):
        _refuse(call, _all_known(state, call))
    draft = Draft(state, now)
    draft.write(Ignored(con_id=con_id))
    compare_positions(draft, view, now)
    return draft.done()


def look_again(state: ExecutionState, view: BrokerView, con_id: ConId, now: datetime) -> Step:
    """Ignore a call no longer: what no rung has of it is nobody's again.

    Raises:
        AdoptionRefusedError: it is not ignored; nothing is changed.
    """
    if con_id not in state.ignored:
        raise AdoptionRefusedError(f"contract {con_id} is not ignored")
    left = view.held(con_id) - state.contracts(con_id) if con_id in state.traded() else 0
    draft = Draft(state, now)
    draft.write(IgnoringEnded(con_id=con_id, left=max(left, 0)))
    compare_positions(draft, view, now)
    return draft.done()


def _call(view: BrokerView, con_id: ConId) -> Option:
    found = next((one for one in view.instruments if one.con_id == con_id), None)
    if found is None:
        raise AdoptionRefusedError(f"contract {con_id}: the account holds no such contract")
    if not isinstance(found, Option) or not is_vix_call(found):
        raise AdoptionRefusedError(f"contract {con_id}: {found.symbol} is no VIX call")
    return found


def _refuse(call: Option, reason: str) -> NoReturn:
    raise AdoptionRefusedError(f"{call.local_symbol} ({call.con_id}): {reason}")


def _loose(state: ExecutionState, view: BrokerView, call: Option) -> int:
    """Return the contracts the broker holds and no rung has: at least one, or it is refused."""
    brokers, ours = view.held(call.con_id), state.contracts(call.con_id)
    if brokers < 0:
        _refuse(call, f"the position is short {-brokers}, a rung holds bought calls only")
    if brokers == 0:
        _refuse(call, "the broker holds none of it")
    if brokers < ours:
        _refuse(call, f"the broker holds {brokers}, fewer than the {ours} of the rungs")
    if brokers == ours:
        _refuse(call, _all_known(state, call))
    return brokers - ours


def _all_known(state: ExecutionState, call: Option) -> str:
    held = {lot.rung for lot in state.lots if lot.con_id == call.con_id}
    rungs = ", ".join(rung for rung in Rung if rung in held)
    return f"nothing of it is nobody's: all {state.contracts(call.con_id)} are in {rungs or 'none'}"


def _stand_still(state: ExecutionState, view: BrokerView, call: Option) -> None:
    """Refuse where an order, ours or a stranger's, may change the position at any moment."""
    ours = [o for o in state.live_orders() if call.con_id in o.intent.con_ids]
    if ours:
        _refuse(call, f"order {ours[0].intent.intent_id} in it is at work, try again when it ended")
    others = [o for o in view.open_orders if call.con_id in {o.con_id, *(x.con_id for x in o.legs)}]
    if others:
        name = others[0].order_ref or f"number {others[0].order_id}"
        _refuse(call, f"an order in it is open at the broker ({name}), try again when it ended")


def _fit(state: ExecutionState, call: Option, rung: Rung) -> None:
    """Refuse a rung that holds another contract, or is about to buy one."""
    other = next((x for x in state.lots if x.rung is rung and x.con_id != call.con_id), None)
    if other is not None:
        _refuse(call, f"{rung} holds contract {other.con_id}, and a rung holds one contract")
    buying = next(
        (
            order.intent
            for order in state.live_orders()
            if order.intent.rung is rung and order.intent.side is Side.BUY
        ),
        None,
    )
    if buying is not None:
        _refuse(call, f"{rung} is buying contract {buying.con_id}, and a rung holds one contract")


def _adoption(
    state: ExecutionState, view: BrokerView, call: Option, wish: AdoptionWish, now: datetime
) -> Adoption:
    earlier = sum(adoption.con_id == wish.con_id for adoption in state.adoptions)
    quantity = wish.quantity or 0
    source = CostSource.BROKER if wish.price is None else CostSource.USER
    if wish.price is None:
        average = _average_cost_usd(state, view, call)
        price = average / call.multiplier
        cost = _share_usd(average, _loose(state, view, call), quantity)
    else:
        price = wish.price
        cost = to_cents(price * call.multiplier * quantity)
    if price <= 0:
        _refuse(call, f"a price above zero is expected, got {price}")
    return Adoption(
        adoption_id=IntentId(f"{ADOPTED}{wish.con_id}/{earlier + 1}"),
        con_id=wish.con_id,
        rung=wish.rung,
        quantity=quantity,
        price=price,
        cost_usd=cost,
        source=source,
        label=wish.label,
        adopted_at=now.replace(microsecond=0),
    )


def _share_usd(average_usd: Decimal, loose: int, quantity: int) -> Decimal:
    """Return the cost of `quantity` of `loose` contracts to the cent.

    It is what is left of the cost of all when the others are paid for, so that the parts of a
    position add up to its cost however they are cut.
    """
    return to_cents(average_usd * loose) - to_cents(average_usd * (loose - quantity))


def _average_cost_usd(state: ExecutionState, view: BrokerView, call: Option) -> Decimal:
    """Return the broker's average cost of one contract where it speaks of nothing else.

    Beside contracts that the bot bought it is blended with what those cost.
    """
    held: Position = next(p for p in view.positions if p.con_id == call.con_id)
    price = held.average_cost_usd / call.multiplier
    bought = [x for x in state.lots if x.con_id == call.con_id and not x.is_adopted]
    if any(lot.price != price for lot in bought):
        _refuse(call, "the broker's average cost is blended with that of the rungs: give a price")
    if price <= 0:
        _refuse(call, "the broker tells no cost of it: give a price")
    return held.average_cost_usd
