"""Stored bytes keep everything; hashed bytes ignore what another machine may round otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.canonical import canonical, content_hash, encode
from bot.domain.value import Value


class Sample(Value):
    b: float
    a: tuple[int, ...] = ()


def test_encode_is_exact_and_sorts_keys() -> None:
    assert encode({"b": 0.1 + 0.2, "a": 1}) == b'{"a":1,"b":0.30000000000000004}'


def test_canonical_cuts_to_nine_significant_digits() -> None:
    assert canonical(Sample(b=0.1 + 0.2, a=(1, 2))) == b'{"a":[1,2],"b":0.3}'
    assert canonical([1234567894.4, 1.0000000001]) == b"[1234567890.0,1.0]"


def test_canonical_keeps_integers_and_words_and_turns_keys_into_text() -> None:
    assert canonical({2: [12345678901, "x", None, True]}) == b'{"2":[12345678901,"x",null,true]}'


def test_minus_zero_is_zero() -> None:
    assert canonical(-0.0) == canonical(0.0) == b"0.0"


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_an_unknown_number_has_no_canonical_form(number: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        canonical({"x": [number]})


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_cut_is_idempotent(number: float) -> None:
    once = canonical(number)
    assert canonical(float(once)) == once


def test_the_hash_is_sha256() -> None:
    """The published digest of "abc" (FIPS 180-2, appendix B.1)."""
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert content_hash(b"abc") == expected
