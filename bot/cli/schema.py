"""`alvh schema`: the definition of what a person may hand in, as JSON schema."""

import json

import typer

from bot.settings.case_file import case_schema

app = typer.Typer(no_args_is_help=True, help="The definition of an input file, as JSON schema.")


@app.callback()
def schema() -> None:
    """The definition of an input file, as JSON schema."""


@app.command()
def case() -> None:
    """Print the JSON schema of a case for `alvh evaluate`."""
    typer.echo(json.dumps(case_schema(), indent=2))
