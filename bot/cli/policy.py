"""`alvh policy`: show and check the policy file."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.failure import told
from bot.cli.output import print_json
from bot.domain.canonical import content_hash, encode
from bot.domain.policy import Policy
from bot.settings.policy_file import load_policy
from bot.settings.policy_text import write_policy
from bot.strategy.catalog import RULES

app = typer.Typer(no_args_is_help=True, help="The policy: every number a rule uses.")

PolicyFile = Annotated[
    Path | None, typer.Argument(help="Policy file; without it the method's defaults.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]


@app.command()
@told
def show(
    file: PolicyFile = None,
    rules: Annotated[bool, typer.Option("--rules", help="Print the rules instead.")] = False,  # noqa: FBT002
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Print a policy with the meaning, unit and bounds of every key."""
    policy = Policy() if file is None else load_policy(file)
    if rules:
        _show_rules(as_json=as_json)
    elif as_json:
        print_json({"policy": policy, "hash": content_hash(encode(policy))})
    else:
        typer.echo(write_policy(policy), nl=False)


@app.command()
@told
def check(
    file: Annotated[Path, typer.Argument(help="Policy file.")],
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Check a policy file; all faults are named at once, exit code 2."""
    policy = load_policy(file)
    key = content_hash(encode(policy))
    if as_json:
        print_json({"name": policy.name, "hash": key})
    else:
        typer.echo(f"{file}: policy {policy.name!r} is sound, hash {key[:12]}")


def _show_rules(*, as_json: bool) -> None:
    rows = [
        {
            "rule": rule.id,
            "title": rule.title,
            "in_force": rule.in_force,
            "class": rule.rule_class,
            "reads": rule.reads,
            "source": rule.source,
        }
        for rule in RULES
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        word = "in force" if row["in_force"] else "declared"
        typer.echo(f"{row['rule']:<4} {word:<9} {row['title']}  [{row['source']}]")
