"""Reads a policy file over the method's defaults.

The definition of every key (type, bounds, meaning) is `bot.domain.policy`; this module walks it, so
a new parameter needs no line here. A file names only what it changes. Four shapes differ from the
plain nesting, because people write them: triggers are text, rungs are one delta each, tiers and
confirmations are named. Naming confirmations replaces the whole list of them.
"""

import re
import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any, get_type_hints

import msgspec

from bot.domain.conditions import Condition
from bot.domain.policy import ConfirmationPolicy, Policy, RungPolicy, TierPolicy
from bot.domain.policy_keys import bare
from bot.domain.rungs import LADDER, Tier
from bot.domain.value import Value, ValueT, replace
from bot.settings.condition_text import ConditionReader
from bot.settings.contradictions import contradictions
from bot.settings.presets import PRESETS, preset_text
from bot.settings.problems import ConfigurationError, Problem, meant, unknown_key
from bot.signals.catalog import ANSWERS

NAME = re.compile(r"[a-z][a-z0-9_]*")


def load_policy(source: Path | str) -> Policy:
    """Return the preset of that name, else read the policy file at that path.

    Raises:
        ConfigurationError: it cannot be read, or anything in it is wrong; all faults are named.
    """
    name = str(source)
    if name in PRESETS:
        return parse_policy(preset_text(name), f"preset {name}")
    try:
        text = Path(source).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        hint = meant(name, PRESETS) or f"; presets: {', '.join(PRESETS)}"
        problem = Problem(place="", text=f"No such file, and no preset of that name{hint}")
        raise ConfigurationError(source, [problem]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(source, [Problem(place="", text=str(error))]) from error
    return parse_policy(text, source)


def parse_policy(text: str, source: Path | str) -> Policy:
    """Read a policy from TOML text; raises `ConfigurationError` naming `source`."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(source, [Problem(place="", text=f"not TOML: {error}")]) from error
    reader = _PolicyReader()
    policy = reader.struct(Policy(), table, "")
    problems = reader.problems or contradictions(policy)
    if problems:
        raise ConfigurationError(source, problems)
    return policy


class _PolicyReader:
    """Walks a table along a policy, keeping the policy's value wherever the table has a fault."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._conditions = ConditionReader(ANSWERS, self._complain)

    def struct(self, default: ValueT, node: object, place: str) -> ValueT:
        """Return `default` with what the table at `place` changes."""
        hints = get_type_hints(type(default), include_extras=True)
        changes = {}
        for key, inner in self._table(node, hints, place).items():
            at = _join(place, key)
            changes[key] = self._field(hints[key], getattr(default, key), inner, at)
        return replace(default, **changes)

    def _field(self, hint: object, default: object, node: object, place: str) -> object:
        if bare(hint) == Condition:
            return self._conditions.read(node, place) or default
        if hint == tuple[RungPolicy, ...]:
            return self._rungs(default, node, place)
        if hint == tuple[TierPolicy, ...]:
            return self._tiers(default, node, place)
        if hint == tuple[ConfirmationPolicy, ...]:
            return self._confirmations(default, node, place)
        if isinstance(default, Value):
            return self.struct(default, node, place)
        return self._scalar(hint, default, node, place)

    def _scalar(self, hint: object, default: object, node: object, place: str) -> object:
        try:
            return msgspec.convert(node, hint)
        except msgspec.ValidationError as error:
            wanted = str(error).partition(", got")[0].replace("`", "")
            self._complain(place, f"{wanted[0].lower()}{wanted[1:]}, got {node!r}")
            return default

    def _rungs(self, default: Any, node: object, place: str) -> tuple[RungPolicy, ...]:
        hint = get_type_hints(RungPolicy, include_extras=True)["delta"]
        table = self._table(node, [rung.value for rung in LADDER], place)
        return tuple(
            replace(
                rung,
                delta=self._scalar(hint, rung.delta, table[rung.rung], _join(place, rung.rung)),
            )
            if rung.rung in table
            else rung
            for rung in default
        )

    def _tiers(self, default: Any, node: object, place: str) -> tuple[TierPolicy, ...]:
        table = self._table(node, [tier.value for tier in Tier], place)
        return tuple(
            self.struct(tier, table.get(tier.tier, {}), _join(place, tier.tier)) for tier in default
        )

    def _confirmations(
        self, default: Any, node: object, place: str
    ) -> tuple[ConfirmationPolicy, ...]:
        read = []
        table = self._table(node, None, place)
        for name, inner in table.items():
            at = _join(place, name)
            if not NAME.fullmatch(name):
                self._complain(at, "expected a name of small letters, digits and _")
            when = self._conditions.read(inner, at)
            if when is not None:
                read.append(ConfirmationPolicy(name=name, when=when))
        return tuple(read) if isinstance(node, dict) and len(read) == len(table) else default

    def _table(self, node: object, known: Collection[str] | None, place: str) -> dict[str, Any]:
        """Return the known part of a table, telling of all else."""
        if not isinstance(node, dict):
            self._complain(place, f"expected a table, got {node!r}")
            return {}
        for key in node:
            if known is not None and key not in known:
                self._complain(_join(place, key), unknown_key(key, known))
        return {key: inner for key, inner in node.items() if known is None or key in known}

    def _complain(self, place: str, text: str) -> None:
        self.problems.append(Problem(place=place, text=text))


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key
