"""The service that dies, without warning, at the moment its journal has stored a kind of event.

`python -m tests.support.dying_bot CONFIG KIND`: the same service as `alvh run`, with one reader
more. What the event should lead to has not happened yet when it dies.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from bot.bootstrap.service import serve
from bot.domain.events import StoredEvent
from bot.settings.run import load_settings


def main(config: Path, kind: str) -> None:
    """Serve until an event of `kind` is stored."""

    def die(stored: StoredEvent) -> None:
        if stored.kind == kind:
            os.kill(os.getpid(), signal.SIGKILL)

    asyncio.run(serve(load_settings(config), [die]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
