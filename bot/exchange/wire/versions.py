"""Which protocol versions we speak, and how a field says in which of them it exists.

All that differs between versions is data: a span on a field in the tables of `request_fields`,
`order_fields`, `reply_fields` and `order_reply_fields`. The differences were read from the clients'
own codecs, since the broker publishes none.
"""

import re

import msgspec

from bot.exchange.wire.errors import VersionError

MIN_VERSION = 157
MAX_VERSION = 178
"""The best we offer. Clients with newer ranges stay on this text protocol below version 201."""

_OFFER = re.compile(r"v(\d{1,6})(?:\.\.(\d{1,6}))?(?: (.*))?", re.ASCII | re.DOTALL)


class Span(msgspec.Struct, frozen=True):
    """The versions from `since` up to, not including, `until`."""

    since: int = 0
    until: int = MAX_VERSION + 1

    def covers(self, version: int) -> bool:
        """Whether `version` lies in the span."""
        return self.since <= version < self.until


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """The span of versions a client offers, both ends included."""

    min_version: int
    max_version: int
    options: str = ""


def parse_offer(line: str) -> Offer:
    """Read a client's version line, such as `v157..176` or `v157..176 +PACEAPI`.

    Raises:
        VersionError: The line has another form.
    """
    match = _OFFER.fullmatch(line.removesuffix("\0"))
    if match is None:
        raise VersionError(f"not a version line: {line[:40]!r}")
    low, high, options = match.groups()
    return Offer(min_version=int(low), max_version=int(high or low), options=options or "")


def negotiate(offer: Offer, max_version: int) -> int:
    """Return the best common version, the lower of the two maxima.

    Raises:
        VersionError: There is none.
    """
    if offer.max_version < MIN_VERSION or offer.min_version > max_version:
        raise VersionError(
            f"the client speaks versions {offer.min_version}..{offer.max_version}, "
            f"this server {MIN_VERSION}..{max_version}",
        )
    return min(max_version, offer.max_version)
