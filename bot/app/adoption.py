"""The user's choices about calls that nobody bought, as the bot is asked for them.

A request names contracts and rungs in words; here the words become what `bot.execution.adoption`
can carry out, against the positions and the market of this moment.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import assert_never

from bot.app.desk import Choice
from bot.domain.adoption import Adoption
from bot.domain.events import JournalEvent
from bot.domain.inputs import Inputs
from bot.domain.instruments import ConId, Option, Right
from bot.domain.orders import Label
from bot.domain.rungs import Rung
from bot.domain.value import Value
from bot.execution.adoption import (
    AdoptionRefusedError,
    AdoptionWish,
    adopt,
    ignore,
    look_again,
)
from bot.execution.reconcile import BrokerView
from bot.execution.state import ExecutionState
from bot.execution.stimuli import Step
from bot.strategy.adoption import Stranger, default_label, label_of, place
from bot.strategy.valuation import Market, days_to, value_market


class Adopt(Value, tag="adopt"):
    """Give contracts to a rung; all that are nobody's where no quantity is said.

    `contract` is a contract number or the broker's local symbol; `price` in points.
    """

    contract: str
    rung: str
    quantity: int | None = None
    price: Decimal | None = None
    label: str = ""


class AdoptAll(Value, tag="adopt_all"):
    """Give every call that has a suggested rung to it."""

    label: str = ""


class Ignore(Value, tag="ignore"):
    """Leave a call alone from now on."""

    contract: str


class LookAgain(Value, tag="look_again"):
    """Ignore a call no longer."""

    contract: str


Request = Adopt | AdoptAll | Ignore | LookAgain


def choice_of(request: Request, seen: Inputs, counts: Mapping[Rung, int]) -> Choice:
    """Return what a request asks for, ready to be carried out: all of it, or nothing.

    Args:
        request: What the user chose.
        seen: The account and the market, by which contracts are named and rungs suggested.
        counts: Contracts of each rung at the present scale, empty while it is unknown.

    Raises:
        AdoptionRefusedError: something in it is not known; the choice itself raises it too.
    """
    match request:
        case Adopt():
            return _adoptions([wish_of(request, seen)])
        case AdoptAll():
            return _adoptions(wishes_of_all(request, seen, counts))
        case Ignore(contract=contract):
            con_id = call_named(contract, seen)
            return lambda state, view, now: ignore(state, view, con_id, now)
        case LookAgain(contract=contract):
            con_id = call_named(contract, seen)
            return lambda state, view, now: look_again(state, view, con_id, now)
        case _:
            assert_never(request)


def _adoptions(wishes: Iterable[AdoptionWish]) -> Choice:
    def carry_out(state: ExecutionState, view: BrokerView, now: datetime) -> Step:
        journal: tuple[JournalEvent, ...] = ()
        for wish in wishes:
            made = adopt(state, view, wish, now)
            state, journal = made.state, (*journal, *made.journal)
        return Step(state=state, journal=journal)

    return carry_out


def call_named(text: str, inputs: Inputs) -> ConId:
    """Return the contract called by its number or its local symbol.

    Raises:
        AdoptionRefusedError: no VIX call the account holds is called so.
    """
    if text.isdecimal():
        return ConId(int(text))
    wanted = "".join(text.split()).upper()
    held = {position.con_id for position in inputs.snapshot.positions}
    for call in inputs.universe.options("VIX", Right.CALL):
        if call.con_id in held and "".join(call.local_symbol.split()).upper() == wanted:
            return call.con_id
    raise AdoptionRefusedError(f"no VIX call the account holds is called {text!r}")


def wish_of(request: Adopt, inputs: Inputs) -> AdoptionWish:
    """Return what a request asks for.

    Raises:
        AdoptionRefusedError: its contract, rung or label is not known.
    """
    if request.rung not in set(Rung):
        known = ", ".join(Rung)
        raise AdoptionRefusedError(f"expected a rung of {known}, got {request.rung!r}")
    rung = Rung(request.rung)
    return AdoptionWish(
        con_id=call_named(request.contract, inputs),
        rung=rung,
        label=_label(request.label, rung),
        quantity=request.quantity,
        price=request.price,
    )


def wishes_of_all(
    request: AdoptAll, inputs: Inputs, counts: Mapping[Rung, int]
) -> tuple[AdoptionWish, ...]:
    """Return an adoption for every call that has a rung suggested, in the order of the ladder.

    Raises:
        AdoptionRefusedError: there is none, or the label is not known.
    """
    market = value_market(
        inputs.snapshot, inputs.universe, inputs.policy, [lot.con_id for lot in inputs.book.lots]
    )
    placements = place(_strangers(inputs, market), inputs.book, inputs.policy.ladder, counts)
    if not placements:
        raise AdoptionRefusedError("no VIX call is nobody's and has a free rung in its tier")
    return tuple(
        AdoptionWish(
            con_id=one.con_id,
            rung=one.rung,
            label=_label(request.label, one.rung),
            quantity=one.quantity,
        )
        for one in placements
    )


def _label(text: str, rung: Rung) -> Label:
    try:
        return label_of(text) if text else default_label(rung)
    except ValueError as error:
        raise AdoptionRefusedError(f"label: {error}") from error


def _strangers(inputs: Inputs, market: Market) -> Iterator[Stranger]:
    nobodys = inputs.book.nobodys(inputs.snapshot.positions)
    for con_id, quantity in sorted(nobodys.items()):
        call = market.option(con_id)
        if call is not None and quantity > 0:
            days = days_to(call.settlement, inputs.snapshot.now)
            yield Stranger(con_id, quantity, days, market.delta(con_id))


def told(request: Request, adoptions: Iterable[Adoption], seen: Inputs) -> tuple[str, ...]:
    """Return what was done, a sentence each, with what follows at once."""
    match request:
        case Adopt() | AdoptAll():
            return tuple(_sentence(adoption, seen) for adoption in adoptions)
        case Ignore(contract=contract):
            return (f"{contract} is ignored from now on",)
        case LookAgain(contract=contract):
            return (f"{contract} is no longer ignored",)
        case _:
            assert_never(request)


def _sentence(adoption: Adoption, inputs: Inputs) -> str:
    call = inputs.universe.by_id().get(adoption.con_id)
    name = call.local_symbol if isinstance(call, Option) else "contract"
    words = (
        f"{adoption.quantity} of {name} ({adoption.con_id}) belong to {adoption.rung} as "
        f"{adoption.label.rule}, at {adoption.price:.2f} by the {adoption.source}'s word"
    )
    if isinstance(call, Option):
        days = days_to(call.settlement, inputs.snapshot.now)
        roll = inputs.policy.ladder.tier(adoption.rung.tier).roll_dte
        if days <= roll:
            words += f"; {days} days left, and {adoption.rung.tier} rolls at {roll}"
    return words
