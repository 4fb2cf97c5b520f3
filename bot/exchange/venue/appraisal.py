"""Appraises the account: keeps the marks and tells the figures that all account desks spell."""

from decimal import Decimal

from bot.domain.instruments import ConId, Future
from bot.exchange.venue.floor import Floor
from bot.exchange.venue.margin import HeldPosition, Requirement, requirement
from bot.exchange.venue.valuation import (
    AccountFigures,
    Requirements,
    mark_points,
    value_account,
)


class Appraisal:
    """What the account is worth at the marks of the floor."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def mark_all(self) -> None:
        """Mark the positions to the market as it stands; where nobody quotes the mark stays."""
        for holding in self._floor.books.positions():
            self.mark(holding.con_id)

    def mark(self, con_id: ConId) -> None:
        """Mark one contract."""
        mark = mark_points(self._floor.board.quote(con_id))
        if mark is not None:
            self._floor.marks[con_id] = mark

    def marks_held(self) -> dict[ConId, Decimal]:
        """Return the marks of what is held."""
        marks = self._floor.marks
        held = (holding.con_id for holding in self._floor.books.positions())
        return {con_id: marks[con_id] for con_id in held if con_id in marks}

    def figures(self) -> AccountFigures:
        """Return what the account is worth."""
        floor = self._floor
        held = floor.held_positions()
        futures = [position for position in held if isinstance(position.product, Future)]
        others = [position for position in held if not isinstance(position.product, Future)]
        tied = Requirements(securities=self._tied(others), commodities=self._tied(futures))
        return value_account(floor.books, held, floor.marks, tied)

    def _tied(self, held: list[HeldPosition]) -> Requirement:
        tied = requirement(held, self._floor.levels(), naked_calls=True)
        assert tied is not None  # every position has a mark, and naked calls have a charge
        return tied
