"""What a new process recalls from the journal.

Start-up and recovery are one path (design.md section 1): the execution state is the fold of all
events, the strategy's memory is the state stored with the last decision, and the chain of decisions
goes on from its link.
"""

from collections.abc import Sequence

from bot.domain.account import AccountId
from bot.domain.canonical import ContentHash
from bot.domain.decision import GENESIS
from bot.domain.events import AccountProved, DecisionMade, StoredEvent
from bot.domain.state import StrategyState
from bot.domain.value import Value
from bot.execution.restore import restore
from bot.execution.state import ExecutionState


class Recalled(Value):
    """Everything an earlier process left; of an empty journal, a first start."""

    execution: ExecutionState
    strategy: StrategyState
    link: ContentHash
    account_id: AccountId | None
    decisions: int


def recall(events: Sequence[StoredEvent]) -> Recalled:
    """Return what the journal's events leave."""
    strategy, link = StrategyState(), GENESIS
    account_id: AccountId | None = None
    decisions = 0
    for stored in events:
        match stored.event:
            case DecisionMade(state=state, link=reached):
                strategy, link = state, reached
                decisions += 1
            case AccountProved(account_id=proved):
                account_id = proved
            case _:
                continue
    return Recalled(
        execution=restore(events),
        strategy=strategy,
        link=link,
        account_id=account_id,
        decisions=decisions,
    )
