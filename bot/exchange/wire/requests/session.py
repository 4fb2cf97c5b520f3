"""Requests about: opening, naming and small talk of a connection."""

import msgspec


class Handshake(msgspec.Struct, frozen=True, kw_only=True):
    """The client's opening line; the version is already negotiated when this arrives."""

    min_version: int
    max_version: int
    options: str = ""


class StartApi(msgspec.Struct, frozen=True, kw_only=True):
    """The client names itself; from here on other requests are allowed."""

    client_id: int
    optional_capabilities: str = ""


class RequestCurrentTime(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for the server's time."""


class RequestIds(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for the next valid order id."""

    count: int


class RequestManagedAccounts(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for the account list."""


class SetServerLogLevel(msgspec.Struct, frozen=True, kw_only=True):
    """Sets how much the server logs; the exchange takes note and does nothing."""

    level: int


class RequestUserInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for the brand under which the user is served."""

    request_id: int


class VerifyRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Begins to prove that the client program is a registered one."""

    api_name: str
    api_version: str


class VerifyMessage(msgspec.Struct, frozen=True, kw_only=True):
    """Goes on with such a proof."""

    data: str


class VerifyAndAuthRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Begins a proof that carries a vendor's key."""

    api_name: str
    api_version: str
    opaque_key: str


class VerifyAndAuthMessage(msgspec.Struct, frozen=True, kw_only=True):
    """Goes on with a proof that carries a vendor's key."""

    data: str
    response: str
