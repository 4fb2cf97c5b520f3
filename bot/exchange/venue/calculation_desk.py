"""Answers what an option would be worth at a volatility, and at which volatility it has a price."""

from bot.domain.instruments import Option
from bot.exchange.venue.computations import Computation, implied_volatility, option_price
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.reference_desk import ReferenceDesk
from bot.exchange.venue.ticks import computation_tick
from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.requests import CalculateImpliedVolatility, CalculateOptionPrice

CUSTOM = 53
"""The tick type of a client's own calculation."""


class CalculationDesk:
    """Serves calculations; each is answered at once, so that none is left to cancel."""

    def __init__(self, floor: Floor, reference: ReferenceDesk) -> None:
        self._floor = floor
        self._reference = reference

    def volatility(self, client: Client, request: CalculateImpliedVolatility) -> None:
        """Send the volatility behind a price, or 321 for what is no option."""
        option = self._option(client, request.request_id, request.contract)
        if option is not None:
            price, underlying = request.option_price, request.under_price
            rates = self._floor.market.rates(self._floor.now)
            told = implied_volatility(option, price, underlying, rates, self._floor.now)
            self._send(client, request.request_id, told)

    def price(self, client: Client, request: CalculateOptionPrice) -> None:
        """Send the price at a volatility, or 321 for what is no option."""
        option = self._option(client, request.request_id, request.contract)
        if option is not None:
            volatility, underlying = request.volatility, request.under_price
            rates = self._floor.market.rates(self._floor.now)
            told = option_price(option, volatility, underlying, rates, self._floor.now)
            self._send(client, request.request_id, told)

    def _option(self, client: Client, request_id: int, contract: WireContract) -> Option | None:
        listing = self._reference.resolve(client, request_id, contract)
        if listing is None:
            return None
        if isinstance(listing.instrument, Option):
            return listing.instrument
        text = "Error validating request.-'bQ' : cause - The contract is not an option."
        self._floor.fail(client, request_id, 321, text)
        return None

    def _send(self, client: Client, request_id: int, told: Computation) -> None:
        self._floor.send(client, computation_tick(request_id, CUSTOM, told))
