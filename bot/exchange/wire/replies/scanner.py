"""Replies about market scans."""

import msgspec


class ScannerParameters(msgspec.Struct, frozen=True, kw_only=True):
    """What can be scanned for, as one XML text."""

    xml: str


class ScannerData(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a scan that found nothing."""

    request_id: int
