"""Answers which exchanges make up a best quote, and which of them show an order book."""

from bot.exchange.reference.exchanges import EXCHANGES, competing
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.wire.replies import (
    DepthExchange,
    MarketDepthExchanges,
    SmartComponent,
    SmartComponents,
)
from bot.exchange.wire.requests import RequestMarketDepthExchanges, RequestSmartComponents

_DEPTH = MarketDepthExchanges(
    exchanges=tuple(
        DepthExchange(exchange=exchange.name, sec_type=sec_type)
        for exchange in EXCHANGES
        for sec_type in exchange.depth
    )
)


class ExchangesDesk:
    """Serves the requests about exchanges."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def depth_exchanges(self, client: Client, _request: RequestMarketDepthExchanges) -> None:
        """Send every exchange with a book and what it shows there."""
        self._floor.send(client, _DEPTH)

    def smart_components(self, client: Client, request: RequestSmartComponents) -> None:
        """Send the exchanges of a best quote in the order of their bits; none for a strange one."""
        found = enumerate(competing(request.bbo_exchange))
        components = tuple(
            SmartComponent(bit_number=bit, exchange=one.name, letter=one.letter)
            for bit, one in found
        )
        self._floor.send(
            client, SmartComponents(request_id=request.request_id, components=components)
        )
