"""Answers about news, company reports and the corporate calendar: the account subscribes to none.

Each request still gets the answer a client waits for - an empty list, an end mark or the broker's
refusal - so that no start-up hangs on a service that is not there.
"""

from bot.exchange.venue.floor import Client, Floor
from bot.exchange.wire.replies import HistoricalNewsEnd, NewsProviders
from bot.exchange.wire.requests import (
    RequestFundamentalData,
    RequestHistoricalNews,
    RequestNewsArticle,
    RequestNewsProviders,
    RequestWshEventData,
    RequestWshMetaData,
)

_NO_REPORT = "The fundamentals data for the security specified is not available."
_NO_ARTICLE = "Failed to request news article: No data available"
_NO_FEED = "News feed is not allowed."


class NewsDesk:
    """Serves the requests about what is written about companies."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def providers(self, client: Client, _request: RequestNewsProviders) -> None:
        """Send an empty list."""
        self._floor.send(client, NewsProviders())

    def headlines(self, client: Client, request: RequestHistoricalNews) -> None:
        """Send the end mark alone."""
        self._floor.send(client, HistoricalNewsEnd(request_id=request.request_id))

    def article(self, client: Client, request: RequestNewsArticle) -> None:
        """Refuse with 10172."""
        self._floor.fail(client, request.request_id, 10172, _NO_ARTICLE)

    def report(self, client: Client, request: RequestFundamentalData) -> None:
        """Refuse with 430: indices, their derivatives and funds have no company report."""
        self._floor.fail(client, request.request_id, 430, _NO_REPORT)

    def calendar(self, client: Client, request: RequestWshMetaData | RequestWshEventData) -> None:
        """Refuse with 10276."""
        self._floor.fail(client, request.request_id, 10276, _NO_FEED)
