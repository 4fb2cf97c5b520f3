"""Requests about news, company reports and the corporate calendar."""

import msgspec

from bot.exchange.wire.contract import WireContract


class RequestNewsBulletins(msgspec.Struct, frozen=True, kw_only=True):
    """Subscribes to bulletins of the broker, past ones included if `all_messages`."""

    all_messages: bool


class CancelNewsBulletins(msgspec.Struct, frozen=True, kw_only=True):
    """Ends the bulletins."""


class RequestNewsProviders(msgspec.Struct, frozen=True, kw_only=True):
    """Asks whose news the account may read."""


class RequestNewsArticle(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for the text of an article."""

    request_id: int
    provider: str
    article_id: str
    options: str = ""


class RequestHistoricalNews(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for headlines between two times; `providers` are joined by a plus sign."""

    request_id: int
    con_id: int
    providers: str
    start: str
    end: str
    total_results: int
    options: str = ""


class RequestFundamentalData(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for a report about a company."""

    request_id: int
    contract: WireContract
    report_type: str
    options: str = ""


class CancelFundamentalData(msgspec.Struct, frozen=True, kw_only=True):
    """Withdraws such a request."""

    request_id: int


class RequestWshMetaData(msgspec.Struct, frozen=True, kw_only=True):
    """Asks which events the corporate calendar knows."""

    request_id: int


class CancelWshMetaData(msgspec.Struct, frozen=True, kw_only=True):
    """Withdraws such a request."""

    request_id: int


class RequestWshEventData(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for events of the corporate calendar.

    The filter came with version 171, dates and limit with 173.
    """

    request_id: int
    con_id: int | None
    filter: str = ""
    fill_watchlist: bool = False
    fill_portfolio: bool = False
    fill_competitors: bool = False
    start_date: str = ""
    end_date: str = ""
    total_limit: int | None = None


class CancelWshEventData(msgspec.Struct, frozen=True, kw_only=True):
    """Withdraws such a request."""

    request_id: int
