"""Which requests exist: struct and fields of each; every one of the protocol is served."""

from bot.exchange.wire.request_fields import (
    account,
    display_groups,
    history,
    market_data,
    news,
    orders,
    reference,
    scanner,
    session,
    streams,
)
from bot.exchange.wire.request_fields.form import ServedRequest

SERVED: dict[int, ServedRequest] = (
    session.TABLE
    | reference.TABLE
    | market_data.TABLE
    | streams.TABLE
    | history.TABLE
    | account.TABLE
    | orders.TABLE
    | news.TABLE
    | scanner.TABLE
    | display_groups.TABLE
)

MESSAGE_NAMES: dict[int, str] = {key: one.make.__name__ for key, one in SERVED.items()}
"""What each message is called, for those who read a trace."""
