"""Replies about display groups."""

import msgspec


class DisplayGroups(msgspec.Struct, frozen=True, kw_only=True):
    """The ids of the display groups."""

    request_id: int
    groups: tuple[int, ...]


class DisplayGroupUpdated(msgspec.Struct, frozen=True, kw_only=True):
    """Which contract a group shows: `none`, `conId@exchange` or `combo`."""

    request_id: int
    contract_info: str
