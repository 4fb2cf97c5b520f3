"""What can go wrong on the wire, and whose fault it is.

WireError
    ProtocolError           the peer sent something that cannot be understood; the stream goes on
        FrameError          ... and the stream itself is lost: the connection must end
        VersionError        no common version: the connection must end
    SendError               our own side asked for something that has no place on the wire
"""


class WireError(Exception):
    """Anything that this package raises."""


class ProtocolError(WireError):
    """The peer broke the protocol in one message."""


class FrameError(ProtocolError):
    """The peer broke the framing, so later bytes have no meaning."""


class VersionError(ProtocolError):
    """The peer's versions and ours do not overlap."""


class SendError(WireError):
    """Our own side tried to send what cannot be sent."""
