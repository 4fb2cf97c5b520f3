"""Deterministic bytes and content hashes.

`encode` keeps every float exactly: what is stored decodes to what was decided on. `canonical` cuts
floats to nine significant digits, so that the last bits of another BLAS or compiler change no
digest; the cut is idempotent. Both sort keys and know neither platform nor locale.
"""

import hashlib
import math
from typing import NewType

import msgspec

ContentHash = NewType("ContentHash", str)
"""Lower-case hex SHA-256 of deterministic bytes."""

SIGNIFICANT_DIGITS = 9

_encoder = msgspec.json.Encoder(order="sorted")


def encode(value: object) -> bytes:
    """Return the exact, deterministic JSON bytes of `value`."""
    return _encoder.encode(value)


def canonical(value: object) -> bytes:
    """Return the JSON bytes of `value` with floats cut to nine significant digits.

    Raises:
        ValueError: if a float in it is not finite; an unknown number must be `None`.
    """
    return _encoder.encode(_rounded(msgspec.to_builtins(value, str_keys=True)))


def content_hash(data: bytes) -> ContentHash:
    """Return the SHA-256 of `data` in hex."""
    return ContentHash(hashlib.sha256(data).hexdigest())


def _rounded(node: object) -> object:
    if isinstance(node, str):  # most nodes of a decision are words
        return node
    if isinstance(node, float):
        return _cut(node)
    if isinstance(node, dict):
        return {key: _rounded(child) for key, child in node.items()}
    if isinstance(node, (list, tuple)):
        return [_rounded(child) for child in node]
    return node


def _cut(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError(f"a canonical number must be finite, got {number}")
    return float(f"{number:.{SIGNIFICANT_DIGITS}g}") + 0.0  # -0.0 becomes 0.0
