"""`alvh policy`: show, check and compare policies.

Wherever a policy is wanted, a preset's name does as well as a file.
"""

from typing import Annotated, Any

import typer

from bot.cli.failure import told
from bot.cli.output import print_json, say
from bot.domain.canonical import content_hash, encode
from bot.domain.conditions import comparisons, describe
from bot.domain.policy import Policy
from bot.domain.policy_keys import PolicyKey, policy_keys
from bot.review.phrases import listed
from bot.review.policy_diff import policy_changes
from bot.settings.policy_file import load_policy
from bot.settings.policy_text import write_policy
from bot.settings.presets import ARTICLES, PRESETS
from bot.signals.catalog import SIGNALS
from bot.strategy.catalog import RULES
from bot.strategy.rule import Rule

app = typer.Typer(no_args_is_help=True, help="The policy: every number a rule uses.")

NAMED = f"A policy file, or a preset: {', '.join(PRESETS)}."
PolicyArgument = Annotated[str, typer.Argument(metavar="POLICY", help=NAMED)]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]


@app.command()
@told
def show(
    policy: PolicyArgument = ARTICLES,
    rules: Annotated[  # noqa: FBT002
        bool, typer.Option("--rules", help="Print the rules with their triggers instead.")
    ] = False,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Print a policy with the meaning, unit, bounds and source of every key."""
    found = load_policy(policy)
    if rules:
        _show_rules(found, as_json=as_json)
    elif as_json:
        keys = [_row(key) for key in policy_keys(found)]
        print_json({"policy": found, "hash": _hash(found), "keys": keys})
    else:
        typer.echo(write_policy(found), nl=False)


@app.command()
@told
def check(policy: PolicyArgument, as_json: AsJson = False) -> None:  # noqa: FBT002
    """Check a policy file; all faults are named at once, exit code 2."""
    found = load_policy(policy)
    blind = _blind(found)
    if as_json:
        print_json({"name": found.name, "hash": _hash(found), "blind": blind})
        return
    say(f"{policy}: policy {found.name!r} is sound, hash {_hash(found)[:12]}")
    for place, signals in blind.items():
        verb = "is" if len(signals) == 1 else "are"
        say(f"  {place}: {listed(signals)} {verb} declared, not in force: unknown until then")


@app.command()
@told
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help=NAMED)],
    after: Annotated[str, typer.Argument(metavar="B", help=NAMED)],
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Say in words what B does differently from A."""
    old, new = load_policy(before), load_policy(after)
    changes = policy_changes(old, new)
    if as_json:
        print_json({"before": _hash(old), "after": _hash(new), "changes": changes})
        return
    for change in changes:
        say(change.words + (f"  [{change.source}]" if change.source else ""))
    if not changes:
        say(f"{before} and {after} are the same policy, hash {_hash(old)[:12]}")


@app.command("hash")
@told
def hash_policy(policy: PolicyArgument = ARTICLES, as_json: AsJson = False) -> None:  # noqa: FBT002
    """Print the hash by which decisions name a policy: of what it says, not of its file."""
    found = load_policy(policy)
    if as_json:
        print_json({"name": found.name, "hash": _hash(found)})
    else:
        say(_hash(found))


def _blind(policy: Policy) -> dict[str, list[str]]:
    """Return the triggers that name readings of signals nobody computes yet, and these."""
    declared = {name for signal in SIGNALS if not signal.in_force for name in signal.outputs}
    asked = {
        key.place: dict.fromkeys(leaf.signal for leaf in comparisons(key.value))
        for key in policy_keys(policy)
        if key.is_trigger
    }
    found = {place: [n for n in names if n in declared] for place, names in asked.items()}
    return {place: names for place, names in found.items() if names}


def _hash(policy: Policy) -> str:
    return content_hash(encode(policy))


def _row(key: PolicyKey) -> dict[str, Any]:
    return {
        "key": key.place,
        "value": describe(key.value) if key.is_trigger else key.value,
        "meaning": key.meaning,
        "unit": key.unit,
        "bounds": key.bounds,
        "source": key.source,
    }


def _show_rules(policy: Policy, *, as_json: bool) -> None:
    rows = [_rule_row(rule, policy) for rule in RULES]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        word = "in force" if row["in_force"] else "declared"
        say(f"{row['rule']:<4} {word:<9} {row['title']}  [{', '.join(row['source'])}]")
        for place, trigger in row["triggers"].items():
            say(f"       {place}: {trigger}")
        if row["keys"]:
            say(f"       {', '.join(f'{place} = {value}' for place, value in row['keys'].items())}")


def _rule_row(rule: Rule, policy: Policy) -> dict[str, Any]:
    used = [key for key in policy_keys(policy) if f"R{rule.number}" in key.rules]
    return {
        "rule": rule.id,
        "title": rule.title,
        "in_force": rule.in_force,
        "class": rule.rule_class,
        "reads": rule.reads,
        "source": rule.source,
        "triggers": {key.place: describe(key.value) for key in used if key.is_trigger},
        "keys": {key.place: key.value for key in used if not key.is_trigger},
    }
