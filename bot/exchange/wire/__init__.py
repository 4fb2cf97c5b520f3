"""The TWS socket protocol, server side, without I/O.

`ServerConnection` is the door; requests and replies are the structs of `requests` and `replies`.
"""

from bot.exchange.wire.connection import (
    NEED_DATA,
    Event,
    NeedData,
    Phase,
    ProtocolViolation,
    ServerConnection,
)
from bot.exchange.wire.errors import (
    FrameError,
    ProtocolError,
    SendError,
    VersionError,
    WireError,
)

__all__ = [
    "NEED_DATA",
    "Event",
    "FrameError",
    "NeedData",
    "Phase",
    "ProtocolError",
    "ProtocolViolation",
    "SendError",
    "ServerConnection",
    "VersionError",
    "WireError",
]
