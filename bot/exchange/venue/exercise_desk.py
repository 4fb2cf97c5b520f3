"""Answers the wish to exercise an option: the index options listed here are European.

They can be exercised at their expiry only, and then are without being asked for (domain.md section
1.1), so every such wish is refused with its reason.
"""

from bot.domain.instruments import Option
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.reference_desk import ReferenceDesk
from bot.exchange.wire.requests import ExerciseOptions

_EXERCISE, _LAPSE = 1, 2


class ExerciseDesk:
    """Serves the requests to exercise options or to let them lapse."""

    def __init__(self, floor: Floor, reference: ReferenceDesk) -> None:
        self._floor = floor
        self._reference = reference

    def exercise(self, client: Client, request: ExerciseOptions) -> None:
        """Refuse: 200 for no contract, 321 for all else."""
        listing = self._reference.resolve(client, request.request_id, request.contract)
        if listing is not None:
            reason = self._reason(request, listing.instrument)
            text = f"Error validating request: cause - {reason}"
            self._floor.fail(client, request.request_id, 321, text)

    def _reason(self, request: ExerciseOptions, instrument: object) -> str:
        if not isinstance(instrument, Option):
            return "Only options can be exercised"
        if request.action not in {_EXERCISE, _LAPSE}:
            return f"Invalid exercise action {request.action}"
        held = self._floor.books.quantity(instrument.con_id)
        if not 0 < request.quantity <= held:
            return f"No long position of {request.quantity} to exercise"
        return "European-style options cannot be exercised before their expiry"
