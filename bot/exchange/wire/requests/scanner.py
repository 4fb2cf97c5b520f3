"""Requests about market scans."""

import msgspec


class RequestScannerParameters(msgspec.Struct, frozen=True, kw_only=True):
    """Asks what can be scanned for, as one XML text."""


class RequestScanner(msgspec.Struct, frozen=True, kw_only=True):
    """Subscribes to a market scan.

    `bounds` are the seventeen limits and exclusions as texts in the order of the wire, empty where
    not given.
    """

    request_id: int
    row_count: int | None
    instrument: str
    location: str
    scan_code: str
    bounds: tuple[str, ...]
    filters: str = ""
    options: str = ""


class CancelScanner(msgspec.Struct, frozen=True, kw_only=True):
    """Ends a market scan."""

    request_id: int
