"""Writes a policy as a commented TOML file that `policy_file` reads back.

`config/policies/articles.toml` is this text of the defaults, and `alvh policy show` prints it, so
that the meaning, unit, bounds and source of every key are said in one place: `bot.domain.policy`.
"""

import json
from collections.abc import Iterator
from itertools import groupby

from bot.domain.policy import Policy
from bot.domain.policy_keys import PolicyKey, policy_keys
from bot.settings.condition_text import write_condition

HEADER = """\
# An ALVH policy. Every key may be left out: the method's default then holds.
# A comment says what a key means, (who uses it or where it comes from), [its unit and bounds].
# A trigger is text ("vix.level > 18", "vix.macd is bullish") or a table with one of all, any, not.
"""
CONFIRMATIONS = "each newly true one adds its share in a stage (R6) or lets stage 2 begin (R7)"


def write_policy(policy: Policy) -> str:
    """Return `policy` as commented TOML."""
    lines = [HEADER]
    for table, keys in groupby(policy_keys(policy), key=lambda key: key.table):
        if table:
            lines += ["", f"[{table}]"]
        lines += _table(list(keys))
    if not policy.confirmations:
        lines += ["", "[confirmations]"]
    return "\n".join(lines) + "\n"


def comment(key: PolicyKey) -> str:
    """Return what is said of a key above it: meaning, source, unit and bounds."""
    if key.table == "confirmations":
        return CONFIRMATIONS
    if not key.meaning:
        return ""
    source = f" ({key.source})" if key.source else ""
    limits = ", ".join(filter(None, (key.unit, *key.bounds)))
    return f"{key.meaning}{source}" + (f" [{limits}]" if limits else "")


def write_value(value: object) -> str:
    """Return a number, word or trigger as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return _quoted(value)
    return write_condition(value)  # type: ignore[arg-type]


def _table(keys: list[PolicyKey]) -> Iterator[str]:
    """Yield the lines of one table; what is said of several keys in a row is said once."""
    for said, together in groupby(keys, key=comment):
        if said:
            yield f"# {said}"
        for key in together:
            yield f"{key.name} = {write_value(key.value)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
