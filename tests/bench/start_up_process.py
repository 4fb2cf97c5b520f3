"""Recalls a journal, or holds it whole, and says what that took; a process of its own."""

import json
import sys
from pathlib import Path
from time import perf_counter

from bot.adapters.journal.store import Journal
from bot.app.memory import recall


def main() -> None:
    """Take the path and `recall` or `whole`; print the seconds."""
    path, how = Path(sys.argv[1]), sys.argv[2]
    with Journal.open(path) as journal:
        began = perf_counter()
        kept = recall(journal) if how == "recall" else tuple(journal.events())
        seconds = perf_counter() - began
        assert kept
    sys.stdout.write(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main()
