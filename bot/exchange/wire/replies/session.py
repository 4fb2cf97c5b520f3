"""Replies about: opening, errors and small talk of a connection."""

import msgspec

NO_REQUEST = -1


class Hello(msgspec.Struct, frozen=True, kw_only=True):
    """Ends the handshake: the negotiated version and the connection time as text."""

    connection_time: str


class ManagedAccounts(msgspec.Struct, frozen=True, kw_only=True):
    """The accounts this login may trade."""

    accounts: tuple[str, ...]


class NextValidId(msgspec.Struct, frozen=True, kw_only=True):
    """The lowest order id not yet used."""

    order_id: int


class ErrorMessage(msgspec.Struct, frozen=True, kw_only=True):
    """An error or notice; `request_id` is the request or order it belongs to, -1 for none."""

    request_id: int = NO_REQUEST
    code: int
    text: str
    advanced_reject_json: str = ""


class CurrentTime(msgspec.Struct, frozen=True, kw_only=True):
    """The server's time in epoch seconds."""

    epoch_seconds: int


class UserInfo(msgspec.Struct, frozen=True, kw_only=True):
    """The brand under which the user is served, empty for the broker's own."""

    request_id: int
    white_branding_id: str


class VerifyCompleted(msgspec.Struct, frozen=True, kw_only=True):
    """How the proof of a registered client ended."""

    successful: bool
    error_text: str


class VerifyAndAuthCompleted(msgspec.Struct, frozen=True, kw_only=True):
    """How the proof with a vendor's key ended."""

    successful: bool
    error_text: str
