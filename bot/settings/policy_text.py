"""Writes a policy as a commented TOML file that `policy_file` reads back.

`config/policies/articles.toml` is this text of the defaults, and `alvh policy show` prints it, so
that the meaning, unit and bounds of every key are said in one place: `bot.domain.policy`.
"""

from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from msgspec import Meta

from bot.domain.conditions import Condition
from bot.domain.policy import ConfirmationPolicy, Policy, RungPolicy, TierPolicy
from bot.domain.value import Value
from bot.settings.condition_text import write_condition

HEADER = """\
# An ALVH policy. Every key may be left out: the method's default then holds.
# A trigger is text ("vix.level > 18", "vix.macd is bullish") or a table with one of all, any, not.
"""


def write_policy(policy: Policy) -> str:
    """Return `policy` as commented TOML."""
    lines = [HEADER, *_keys(policy)]
    for key, value in _tables(policy):
        lines += ["", f"[{key}]", *_keys(value)]
        for inner_key, inner in _tables(value):
            lines += ["", f"[{key}.{inner_key}]", *_keys(inner)]
        lines += _collections(key, value)
        if key == "stages":
            lines += _confirmations(policy)
    return "\n".join(lines) + "\n"


def _tables(value: Value) -> Iterator[tuple[str, Value]]:
    for key, hint in _hints(value).items():
        inner = getattr(value, key)
        if isinstance(inner, Value) and hint != Condition:
            yield key, inner


def _keys(value: Value) -> Iterator[str]:
    for key, hint in _hints(value).items():
        inner = getattr(value, key)
        if hint == Condition:
            yield f"{key} = {write_condition(inner)}"
        elif isinstance(inner, int | float | str):
            yield from _scalar(key, inner, hint)


def _scalar(key: str, value: float | str, hint: object) -> Iterator[str]:
    meaning = _meaning(hint)
    if meaning:
        yield f"# {meaning}"
    yield f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value!r}"


def _collections(place: str, value: Value) -> Iterator[str]:
    for key in _hints(value):
        items = getattr(value, key)
        if isinstance(items, tuple) and items and isinstance(items[0], RungPolicy):
            yield from ("", f"[{place}.{key}]", f"# {_meaning(_hints(items[0])['delta'])}")
            yield from (f"{item.rung} = {item.delta!r}" for item in items)
        if isinstance(items, tuple) and items and isinstance(items[0], TierPolicy):
            for item in items:
                yield from ("", f"[{place}.{key}.{item.tier}]")
                yield from (line for k in list(_hints(item))[1:] for line in _one(item, k))


def _one(value: Value, key: str) -> Iterator[str]:
    return _scalar(key, getattr(value, key), _hints(value)[key])


def _confirmations(policy: Policy) -> Iterator[str]:
    def line(confirmation: ConfirmationPolicy) -> str:
        return f"{confirmation.name} = {write_condition(confirmation.when)}"

    yield from ("", "[confirmations]")
    yield "# each newly true one adds its share in a stage (R6) or lets stage 2 begin (R7)"
    yield from (line(confirmation) for confirmation in policy.confirmations)


def _hints(value: Value) -> dict[str, Any]:
    return get_type_hints(type(value), include_extras=True)


def _meaning(hint: object) -> str:
    """Return the description of an annotated type with its bounds."""
    if get_origin(hint) is not Annotated:
        return ""
    metas = [meta for meta in get_args(hint)[1:] if isinstance(meta, Meta)]
    text = next((meta.description for meta in metas if meta.description), "")
    bounds = [
        f"{sign} {bound:g}"
        for meta in metas
        for sign, bound in ((">=", meta.ge), (">", meta.gt), ("<=", meta.le), ("<", meta.lt))
        if bound is not None
    ]
    return f"{text} [{', '.join(bounds)}]"
