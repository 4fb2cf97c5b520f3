"""A few evaluations lived through by the whole application on a fake broker, journalled.

A level of VIX for each five minutes from 10:00 on 2018-02-05, in a curve that confirms it: calm,
two evaluations above 18 in which stage 1 comes on, a climb, and stage 2 with what it buys.
"""

import asyncio
from pathlib import Path

from bot.domain.policy import Policy
from tests.support.app_world import (
    ONLY_STAGES_BUY,
    STORM_CURVE,
    AppWorld,
    caught_up,
    pumping,
    quotes_at,
    slot,
)

LEVELS = (12.5, 18.4, 19.1, 21.0, 25.0, 25.5)
POLICY: Policy = ONLY_STAGES_BUY
"""In force; as a file, `[initial]` with `share_min = 0.0` and `share_max = 0.0`."""


def live(path: Path) -> None:
    """Write the journal of `LEVELS` to `path`, closed."""
    asyncio.run(_live(AppWorld(path=path, policy=POLICY)))


async def _live(app: AppWorld) -> None:
    engine = app.engine()
    engine.begin()
    async with pumping(engine):
        await engine.open()
        for number, level in enumerate(LEVELS):
            if number:
                app.clock.advance(300)
                app.broker.move(quotes_at(app.clock.now(), STORM_CURVE, level).values())
            await engine.run_slot(slot(f"2018-02-05 10:{5 * number:02d}"))
            await caught_up(app)
    app.journal.close()
