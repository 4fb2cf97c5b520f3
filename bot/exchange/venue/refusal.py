"""Why an order does not stand, in the broker's codes (domain.md section 3.6)."""

import msgspec

REJECTED = 201
"""The account, the venue or its rules cannot take the order: final, and kept on record."""


class Refusal(msgspec.Struct, frozen=True):
    """A code of the broker and its words."""

    code: int
    text: str


def invalid(cause: str) -> Refusal:
    """Return a refusal of what the request says (321): nothing was tried."""
    return Refusal(321, f"Error validating request:-'bN' : cause - {cause}")


def incomplete(missing: str) -> Refusal:
    """Return a refusal of an order that does not say all its kind has to (107)."""
    return Refusal(107, f"Cannot transmit incomplete order: {missing} is missing.")


def rejected(reason: str) -> Refusal:
    """Return a final refusal (201)."""
    return Refusal(REJECTED, f"Order rejected - reason:{reason}")
