"""Whose figures a client asks for: there is one account here, without groups and models."""

from bot.exchange.venue.floor import Client, Floor
from bot.exchange.wire.replies import NO_REQUEST

ALL_ACCOUNTS = "All"
"""The group that every login has."""
_INVALID = "Error validating request.-'cq' : cause - "


def is_ours(
    floor: Floor, client: Client, account: str, *, model: str = "", request_id: int = NO_REQUEST
) -> bool:
    """Tell whether `account` (empty: the only one) and `model` are kept here, 321 if not."""
    if account not in ("", floor.books.account):
        floor.fail(client, request_id, 321, f"{_INVALID}Invalid account code '{account}'.")
        return False
    if model:
        floor.fail(client, request_id, 321, f"{_INVALID}Unknown model code '{model}'.")
        return False
    return True


def is_group(floor: Floor, client: Client, group: str, request_id: int) -> bool:
    """Tell whether `group` exists, 321 if not."""
    if group == ALL_ACCOUNTS:
        return True
    floor.fail(client, request_id, 321, f"{_INVALID}Unknown account group '{group}'.")
    return False
