"""Replies about news."""

import msgspec


class NewsProvider(msgspec.Struct, frozen=True, kw_only=True):
    """One source of news."""

    code: str
    name: str


class NewsProviders(msgspec.Struct, frozen=True, kw_only=True):
    """All sources the account may read."""

    providers: tuple[NewsProvider, ...] = ()


class HistoricalNewsEnd(msgspec.Struct, frozen=True, kw_only=True):
    """No more headlines, or (`has_more`) none in this answer."""

    request_id: int
    has_more: bool = False
