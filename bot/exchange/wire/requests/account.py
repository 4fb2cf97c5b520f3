"""Requests about: positions, values, profit and loss."""

import msgspec


class RequestPositions(msgspec.Struct, frozen=True, kw_only=True):
    """Subscribes to positions of all accounts."""


class CancelPositions(msgspec.Struct, frozen=True, kw_only=True):
    """Ends the positions subscription."""


class RequestPositionsMulti(msgspec.Struct, frozen=True, kw_only=True):
    """Subscribes to positions of one account or model."""

    request_id: int
    account: str
    model_code: str = ""


class CancelPositionsMulti(msgspec.Struct, frozen=True, kw_only=True):
    """Ends one positions subscription."""

    request_id: int


class RequestAccountUpdates(msgspec.Struct, frozen=True, kw_only=True):
    """Starts or (with `subscribe` false) ends account values and portfolio lines."""

    subscribe: bool
    account: str


class RequestAccountUpdatesMulti(msgspec.Struct, frozen=True, kw_only=True):
    """Subscribes to values of one account or model."""

    request_id: int
    account: str
    model_code: str
    ledger_and_nlv: bool


class CancelAccountUpdatesMulti(msgspec.Struct, frozen=True, kw_only=True):
    """Ends one account-values subscription."""

    request_id: int


class RequestAccountSummary(msgspec.Struct, frozen=True, kw_only=True):
    """Subscribes to chosen account values; `tags` is comma separated."""

    request_id: int
    group: str
    tags: str


class CancelAccountSummary(msgspec.Struct, frozen=True, kw_only=True):
    """Ends an account summary."""

    request_id: int


class RequestPnL(msgspec.Struct, frozen=True, kw_only=True):
    """Subscribes to an account's profit and loss."""

    request_id: int
    account: str
    model_code: str


class CancelPnL(msgspec.Struct, frozen=True, kw_only=True):
    """Ends a profit-and-loss subscription."""

    request_id: int


class RequestPnLSingle(msgspec.Struct, frozen=True, kw_only=True):
    """Subscribes to one position's profit and loss."""

    request_id: int
    account: str
    model_code: str
    con_id: int


class CancelPnLSingle(msgspec.Struct, frozen=True, kw_only=True):
    """Ends a position's profit-and-loss subscription."""

    request_id: int


class RequestFamilyCodes(msgspec.Struct, frozen=True, kw_only=True):
    """Asks to which families the accounts belong."""


class RequestSoftDollarTiers(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for the account's soft-dollar tiers."""

    request_id: int


class RequestAdvisorConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for an adviser's groups (1), profiles (2) or aliases (3)."""

    data_type: int


class ReplaceAdvisorConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """Replaces an adviser's groups, profiles or aliases."""

    request_id: int
    data_type: int
    xml: str
