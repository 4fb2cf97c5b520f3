"""Which programs are run, and how their users would start them.

They come from the package index as they are, at the versions of `deploy/foreign/*.txt`, and differ
in library and style. Neither knows that its broker is a paper exchange.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec

from tests.foreign.days import after_the_storm

CONFIGS = Path(__file__).parents[2] / "deploy" / "foreign"
ACCOUNT = "DU0000000"


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """A program: its name is also the name of its lock and of its command.

    `arguments` are made of the exchange's port, which is in the environment as IB_PORT as well, and
    `market` says what the exchange plays and when; both programs count days to expiry from the
    computer's date, so it is always about today. `says` is for readers of the output.
    """

    name: str
    says: str
    client_id: int
    arguments: Callable[[int], list[str]]
    market: Callable[[], list[str]]

    @property
    def lock(self) -> Path:
        """The packages it runs with."""
        return CONFIGS / f"{self.name}.txt"


PROGRAMS = (
    Program(
        name="thetagang",
        says="a bot on ib_async: reads account and chain, buys 30-delta VIX calls by their greeks",
        client_id=7,
        arguments=lambda _port: [
            "--config",
            str(CONFIGS / "thetagang.toml"),
            "--without-ibc",
            "-v",
            "INFO",
        ],
        # It bids between the sides and waits: VIX must fall to bring it a seller.
        market=after_the_storm,
    ),
    Program(
        name="ibkrbox",
        says="a command on ib_insync: finds expiry and strikes, lends by a box of four SPX options",
        client_id=19,
        arguments=lambda port: [
            *("--ip", "127.0.0.1", "--port", str(port), "--acc", ACCOUNT),
            *("--months", "3", "--amount", "10000", "--limit", "110", "--execute"),
        ],
        market=lambda: ["--on", "today"],
    ),
)
