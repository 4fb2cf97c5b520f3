"""Requests about display groups, by which windows and clients share a contract."""

import msgspec


class QueryDisplayGroups(msgspec.Struct, frozen=True, kw_only=True):
    """Asks which display groups there are."""

    request_id: int


class SubscribeToDisplayGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Asks to be told which contract a group shows."""

    request_id: int
    group_id: int


class UpdateDisplayGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Lets the group of a subscription show a contract.

    `contract_info` is `none`, or `conId@exchange`, or `combo`.
    """

    request_id: int
    contract_info: str


class UnsubscribeFromDisplayGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Ends such a subscription."""

    request_id: int
