"""What a new process recalls."""

from bot.app.memory import recall
from bot.domain.decision import GENESIS
from bot.domain.events import AccountProved, DecisionMade
from bot.domain.state import StrategyState
from bot.execution.state import ExecutionState
from tests.support.app_world import ACCOUNT, AppWorld, bought, only, pumping
from tests.support.story import MORNING, STRESS, account_proved, decision_made, quiet_decision


def test_an_empty_journal_is_a_first_start(app: AppWorld) -> None:
    recalled = recall(app.journal)
    assert recalled.strategy == StrategyState()
    assert recalled.execution == ExecutionState()
    assert (recalled.link, recalled.account_id, recalled.decisions) == (GENESIS, None, 0)


def test_the_last_decision_gives_memory_and_link(app: AppWorld) -> None:
    first = decision_made(quiet_decision(MORNING, 1))
    second = decision_made(quiet_decision(STRESS, 2), first.link)
    app.journal.append([first, second], STRESS)
    recalled = recall(app.journal)
    assert recalled.strategy == second.state
    assert recalled.link == second.link
    assert recalled.decisions == 2


def test_the_account_is_the_one_proved(app: AppWorld) -> None:
    app.journal.append([account_proved()], MORNING)
    assert recall(app.journal).account_id == account_proved().account_id


async def test_orders_and_lots_come_back_from_the_events_alone(app: AppWorld) -> None:
    engine = app.engine()
    async with pumping(engine):
        await bought(app, engine)
    recalled = recall(app.journal)
    assert recalled.execution.lots == engine.desk.state.lots
    assert recalled.execution.lots
    assert not recalled.execution.ready
    assert recalled.strategy == only(app.told(), DecisionMade)[-1].state
    assert recalled.account_id == only(app.told(), AccountProved)[-1].account_id == ACCOUNT
