"""What a case holds: the legs of its condors, and the calls of its rungs."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from bot.app.cases import contracts
from bot.app.cases.case import Case, CaseError, CondorCase, RungCase
from bot.domain.account import Position
from bot.domain.book import Book, Lot
from bot.domain.instruments import Option, Right
from bot.domain.orders import IntentId
from bot.domain.rungs import RuleClass


class Holding(NamedTuple):
    """What is held: condor legs and the contracts of the book."""

    legs: tuple[tuple[Option, int], ...]
    book: Book
    calls: tuple[Option, ...]

    @classmethod
    def of(cls, case: Case, day: date, now: datetime, book: Book | None) -> "Holding":
        """Return what a case holds on its day; `book` stands in place of its rungs."""
        legs = tuple(leg for number, c in enumerate(case.condors) for leg in _legs(c, day, number))
        held = _book(case, now) if book is None else book
        return cls(legs, held, tuple(contracts.vix_option_of(lot.con_id) for lot in held.lots))

    @property
    def positions(self) -> tuple[Position, ...]:
        """The positions as a broker would report them, one a contract."""
        sizes: dict[int, int] = {}
        for option, quantity in self.legs:
            sizes[option.con_id] = sizes.get(option.con_id, 0) + quantity
        for lot in self.book.lots:
            sizes[lot.con_id] = sizes.get(lot.con_id, 0) + lot.quantity
        return tuple(
            Position(con_id=con_id, quantity=size, average_cost_usd=Decimal(0))  # type: ignore[arg-type]
            for con_id, size in sizes.items()
            if size
        )


def exact(number: float) -> Decimal:
    """Return a number of the case as the decimal it was written as."""
    return Decimal(int(number)) if float(number).is_integer() else Decimal(repr(number))


def _legs(condor: CondorCase, day: date, number: int) -> Iterable[tuple[Option, int]]:
    place = f"condors[{number}]"
    if (condor.expiry is None) == (condor.days is None):
        raise CaseError(place, "expected one of expiry and days")
    if list(condor.strikes) != sorted(set(condor.strikes)):
        raise CaseError(f"{place}.strikes", f"expected four ascending, got {condor.strikes}")
    expiry = condor.expiry or day + timedelta(days=condor.days or 0)
    if expiry < day:
        raise CaseError(f"{place}.expiry", f"expected {day} or later, got {expiry}")
    shape = ((Right.PUT, 1), (Right.PUT, -1), (Right.CALL, -1), (Right.CALL, 1))
    for strike, (right, sign) in zip(condor.strikes, shape, strict=True):
        option = contracts.spx_option(expiry, exact(strike), right)
        yield option, sign * condor.quantity


def _book(case: Case, now: datetime) -> Book:
    def call(held: RungCase) -> Option:
        return contracts.vix_option(held.expiry, exact(held.strike), Right.CALL)

    return Book(
        lots=tuple(
            Lot(
                intent_id=IntentId(f"case/{rung}"),
                rung=rung,
                con_id=call(held).con_id,
                quantity=held.quantity,
                price=exact(held.price),
                rule=held.rule,
                rule_class=RuleClass.STAGE,
                opened_at=now,
            )
            for rung, held in case.rungs.items()
        )
    )
