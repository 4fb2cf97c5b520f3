"""What SIGTERM means before a command has made its own arrangements.

Loading a service takes a second or two. Asked to end in that time it has nothing to close, so it
has ended in order. As the first process of a container it must say so itself: the kernel delivers
to that process no signal that it has no handler for, and it would be killed when patience ends.
"""

import signal
from types import FrameType

from bot.cli.output import ExitCode

SERVICES = frozenset({"run", "exchange"})
"""The commands that run until they are told to end."""


def end_on_sigterm(command: str) -> None:
    """Let SIGTERM end this process from now on: a service with 0, a command as the shell says."""

    def end(number: int, at: FrameType | None) -> None:
        del at
        raise SystemExit(ExitCode.DONE if command in SERVICES else 128 + number)

    signal.signal(signal.SIGTERM, end)
