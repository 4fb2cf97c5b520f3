"""Whether something at the broker's address answers, and as a gateway would.

A gateway drops a program of an address it does not trust at once and without a word, and holds one
while it asks its user in a dialog, so that both look like a network fault (domain.md section 3.1).
"""

from collections.abc import Sequence
from enum import StrEnum

from bot.app.doctor.findings import Finding, Matter, fault, well
from bot.domain.value import Value

CHECK = "gateway"
USUAL_PORTS = {
    4001: "Gateway, live",
    4002: "Gateway, paper",
    7496: "TWS, live",
    7497: "TWS, paper",
}
"""Where the broker's programs listen unless told otherwise; which account is behind proves none."""


class Reach(StrEnum):
    """What became of a greeting."""

    ABSENT = "absent"
    """Nothing accepts a connection."""
    DROPPED = "dropped"
    """It accepted and closed the connection without a word."""
    SILENT = "silent"
    """It accepted and said nothing."""
    STRANGE = "strange"
    """What it said is no gateway's greeting."""
    GREETED = "greeted"


class Probe(Value):
    """One try to greet; `detail` is the system's own word, or what was said."""

    host: str
    port: int
    reach: Reach
    detail: str = ""

    @property
    def place(self) -> str:
        """Where it was tried."""
        return f"{self.host}:{self.port}"


def gateway_finding(probe: Probe, others: Sequence[Probe] = ()) -> Finding:
    """Return what a probe shows; `others` were made at the other usual ports."""
    place = probe.place
    match probe.reach:
        case Reach.GREETED:
            return well(CHECK, f"{place} greets as a gateway does ({probe.detail})")
        case Reach.DROPPED:
            return fault(
                Matter.REACH,
                CHECK,
                f"{place} accepts the connection and closes it at once",
                "In the gateway's API settings add this host's address to the trusted IPs, or "
                "allow connections from other hosts than localhost.",
            )
        case Reach.SILENT:
            return fault(
                Matter.REACH,
                CHECK,
                f"{place} accepts the connection and says nothing ({probe.detail})",
                "Confirm the dialog that the gateway may show for a new program, turn on socket "
                "clients in its API settings, or restart it if it hangs.",
            )
        case Reach.STRANGE:
            return fault(
                Matter.REACH,
                CHECK,
                f"what answers at {place} is no gateway: {probe.detail}",
                "Set broker.host and broker.port to the API socket of TWS or Gateway.",
            )
        case Reach.ABSENT:
            return _absent(probe, [other for other in others if other.reach is not Reach.ABSENT])


def _absent(probe: Probe, answering: Sequence[Probe]) -> Finding:
    seen = f"nothing listens at {probe.place} ({probe.detail})"
    if not answering:
        return fault(
            Matter.REACH,
            CHECK,
            f"{seen}, nor at another usual port",
            "Start TWS or Gateway, log in, and enable socket clients in its API settings.",
        )
    found = ", ".join(f"{other.port} ({USUAL_PORTS[other.port]})" for other in answering)
    return fault(
        Matter.REACH,
        CHECK,
        f"{seen}; but something does at port {found}",
        f"Set broker.port = {answering[0].port} if that is the login you mean, or change the "
        f"socket port in the gateway's API settings to {probe.port}.",
    )
