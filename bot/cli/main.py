"""The console script `alvh`: mounts the commands."""

import sys
from collections.abc import Sequence

import typer

from bot.cli import decisions, policy
from bot.cli.demo import demo
from bot.cli.exchange import exchange
from bot.cli.run import run
from bot.cli.status import health, status

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="The ALVH bot: an adaptive layered VIX hedge kept alive against SPX iron condors.",
)
app.command()(demo)
app.command()(run)
app.command()(exchange)
app.command()(status)
app.command()(health)
app.add_typer(policy.app, name="policy")
app.add_typer(decisions.app, name="decisions")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; exit codes are those of design.md section 4."""
    app(args=list(sys.argv[1:] if arguments is None else arguments), prog_name="alvh")
