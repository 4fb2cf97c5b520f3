"""A running bot previews on the quotes of now, and nothing is ordered by it."""

from bot.app.preview import preview_now
from tests.support.app_world import AppWorld, bought, pumping


async def test_before_the_first_evaluation_there_is_nothing_to_preview(app: AppWorld) -> None:
    assert preview_now(app.engine(), app.broker, app.clock) is None


async def test_the_ladder_is_that_of_the_moment_and_orders_nothing(app: AppWorld) -> None:
    engine = app.engine()
    async with pumping(engine):
        await bought(app, engine)
        before = app.journal.events()
        found = preview_now(engine, app.broker, app.clock)
        after = app.journal.events()
    assert found is not None
    assert found.at == app.clock.now()
    assert found.stage == 3
    assert sum(one.held for one in found.rungs) > 0
    assert found.premium_usd > 0
    assert list(after) == list(before)
