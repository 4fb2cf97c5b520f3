"""What a check finds: how bad it is, what was seen, and what mends it in one sentence."""

from collections.abc import Sequence
from enum import StrEnum

from bot.domain.value import Value


class Severity(StrEnum):
    """How bad a finding is: a warning does not keep the bot from trading, a fault does."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


class Matter(StrEnum):
    """Which kind of fault it is; each ends the command its own way (design.md section 4)."""

    CONFIGURATION = "configuration"
    SAFETY = "safety"
    REACH = "reach"


class Finding(Value):
    """One thing that was looked at; `matter` is told of faults only, `fix` of all but the well."""

    check: str
    severity: Severity
    seen: str
    fix: str = ""
    matter: Matter | None = None


def well(check: str, seen: str) -> Finding:
    """Return a finding that all is as it should be."""
    return Finding(check=check, severity=Severity.OK, seen=seen)


def warning(check: str, seen: str, fix: str) -> Finding:
    """Return a finding that should be mended and keeps nothing from running."""
    return Finding(check=check, severity=Severity.WARNING, seen=seen, fix=fix)


def fault(matter: Matter, check: str, seen: str, fix: str) -> Finding:
    """Return a finding that keeps the bot from trading."""
    return Finding(check=check, severity=Severity.FAULT, seen=seen, fix=fix, matter=matter)


def worst_matter(findings: Sequence[Finding]) -> Matter | None:
    """Return what the faults amount to, None without one: safety, then configuration, then reach.

    What is not safe must not be taken for a broker that is merely away.
    """
    found = {finding.matter for finding in findings}
    order = (Matter.SAFETY, Matter.CONFIGURATION, Matter.REACH)
    return next((matter for matter in order if matter in found), None)
