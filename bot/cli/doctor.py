"""`alvh doctor`: find what is wrong before it hurts."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from bot.app.doctor.findings import Finding, Matter, Severity, worst_matter
from bot.bootstrap.doctor import run_doctor
from bot.cli.failure import told
from bot.cli.output import ExitCode, print_json, say

EXIT_OF = {
    None: ExitCode.DONE,
    Matter.CONFIGURATION: ExitCode.WRONG_USE,
    Matter.SAFETY: ExitCode.REFUSED,
    Matter.REACH: ExitCode.UNREACHABLE,
}


@told
def doctor(
    config: Annotated[
        Path | None, typer.Option("--config", help="Settings file, as for `run`.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON value.")] = False,  # noqa: FBT002
) -> None:
    """Look at settings, journal, gateway, account, clock, data and calendar; send no order.

    Exit codes: 0 all well, warnings allowed; 2 configuration; 3 wrong account or clock; 4 the
    gateway cannot be reached.
    """
    findings = run_doctor(config)
    matter = worst_matter(findings)
    if as_json:
        print_json({"well": matter is None, "findings": msgspec.to_builtins(findings)})
    else:
        for line in _lines(findings):
            say(line)
    raise typer.Exit(EXIT_OF[matter])


def _lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield the findings as a person reads them, and a count of what is to be mended."""
    width = max(len(finding.check) for finding in findings)
    for finding in findings:
        yield f"{finding.severity:<8} {finding.check:<{width}}  {finding.seen}"
        if finding.fix:
            yield f"{'':<8} {'':<{width}}  -> {finding.fix}"
    faults, warnings = (
        sum(finding.severity is severity for finding in findings)
        for severity in (Severity.FAULT, Severity.WARNING)
    )
    yield f"{faults} faults, {warnings} warnings" if faults or warnings else "all well"
