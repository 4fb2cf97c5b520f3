"""Holds a trace against the codec: does it read and write every message as the trace has it?

Every message of a client must be read by our decoder. Every message of the server is read by our
tables and written again, and must come out the same, where numbers may be spelled differently
(`1.0` and `1`) and all ways to say "not set" count as one. Messages that our exchange never sends,
or that have no way back, are counted by name and passed over.

A trace of the broker's own software becomes a test by being replayed.
"""

import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from itertools import zip_longest

import msgspec
from typing_extensions import override

from bot.exchange.wire.decoding import decoder_of
from bot.exchange.wire.encoding import encoder_of
from bot.exchange.wire.errors import ProtocolError
from bot.exchange.wire.reply_decoding import UnknownReplyError, decode_reply
from bot.exchange.wire.trace import NO_ID, TraceLine
from bot.exchange.wire.versions import MAX_VERSION, MIN_VERSION, parse_offer

_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{0,40})?([eE][+-]?[0-9]{1,3})?", re.ASCII)
_UNSET = re.compile(r"|1\.797\d*[eE]\+?308|2147483647|9223372036854775807", re.ASCII)
_MISSING = "(nothing)"


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Where trace and codec part: line and field counted from 1, field 0 for the whole message."""

    line: int
    name: str
    field: int
    reason: str

    @override
    def __str__(self) -> str:
        """Say it in one line."""
        return f"line {self.line}, {self.name}, field {self.field}: {self.reason}"


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """What a replay found: how much was compared, what was passed over, the first difference."""

    requests: int
    replies: int
    passed_over: dict[str, int]
    difference: Difference | None


def replay(lines: Iterable[TraceLine]) -> Replay:
    """Compare a trace up to its first difference."""
    compared: Counter[str] = Counter()
    passed_over: Counter[str] = Counter()
    difference = None
    for number, line in enumerate(lines, start=1):
        try:
            difference = _compare(number, line)
        except UnknownReplyError:
            passed_over[line.name] += 1
            continue
        except ProtocolError as error:
            difference = Difference(line=number, name=line.name, field=0, reason=str(error))
        if difference is not None:
            break
        compared[line.way] += 1
    return Replay(
        requests=compared["in"],
        replies=compared["out"],
        passed_over=dict(passed_over),
        difference=difference,
    )


def _compare(number: int, line: TraceLine) -> Difference | None:
    if line.id == NO_ID and line.version == 0:
        return _compare_greeting(number, line)
    if not MIN_VERSION <= line.version <= MAX_VERSION:
        raise ProtocolError(f"version {line.version} is not spoken here")
    if line.way == "in":
        decoder_of(line.version).decode(_payload(line.fields))
        return None
    written = encoder_of(line.version).encode(decode_reply(line.fields, line.version))
    ours = written[4:].decode().removesuffix("\0").split("\0")
    return _first_difference(number, line, ours)


def _compare_greeting(number: int, line: TraceLine) -> Difference | None:
    """The client's first line must be an offer, the server's a version and a time."""
    if line.way == "in":
        parse_offer(line.fields[0])
        return None
    if len(line.fields) == 2 and line.fields[0].isdigit():  # noqa: PLR2004 - version and time
        return None
    return Difference(line=number, name=line.name, field=0, reason="not a version and a time")


def _first_difference(number: int, line: TraceLine, ours: list[str]) -> Difference | None:
    pairs = zip_longest(line.fields, ours, fillvalue=_MISSING)
    for place, (theirs, mine) in enumerate(pairs, start=1):
        if not _same(theirs, mine):
            reason = f"the trace has {theirs!r}, the codec writes {mine!r}"
            return Difference(line=number, name=line.name, field=place, reason=reason)
    return None


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    if _UNSET.fullmatch(one) and _UNSET.fullmatch(other):
        return True
    both_numbers = _NUMBER.fullmatch(one) and _NUMBER.fullmatch(other)
    return bool(both_numbers) and Decimal(one) == Decimal(other)


def _payload(fields: tuple[str, ...]) -> bytes:
    return "".join(f"{field}\0" for field in fields).encode()
