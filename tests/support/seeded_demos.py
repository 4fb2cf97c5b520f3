"""Several demos in one process, one after the other: what differs is the seed.

`python -m tests.support.seeded_demos FOLDER FROM UNTIL SEED...` prints one report a line.
"""

import asyncio
import sys
from pathlib import Path

import msgspec

from bot.app.schedule import Slot
from bot.bootstrap.demo import DemoOptions, run_demo
from bot.domain.decision import Decision


class Silence:
    """Watches a demo and says nothing."""

    def expect(self, slots: int) -> None:
        """Learn how many slots there will be."""

    def __call__(self, slot: Slot, decision: Decision | None) -> None:
        """Learn of one slot."""


def main(folder: Path, start: str, until: str, seeds: list[int]) -> None:
    """Play the window once for each seed."""
    for seed in seeds:
        options = DemoOptions(
            scenario="volmageddon-2018",
            start=start,
            until=until,
            seed=seed,
            journal=folder / f"{seed}.sqlite",
        )
        report = asyncio.run(run_demo(options, Silence()))
        sys.stdout.write(msgspec.json.encode(report.to_json()).decode() + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], [int(seed) for seed in sys.argv[4:]])
