"""What a new process recalls from the journal.

Start-up and recovery are one path (design.md section 1): the execution state is the fold of the
events, streamed from the journal; the strategy's memory is the state stored with the last decision,
and the chain of decisions goes on from its link.
"""

from bot.app.ports import JournalPort
from bot.domain.account import AccountId
from bot.domain.canonical import ContentHash
from bot.domain.decision import GENESIS
from bot.domain.events import AccountProved, DecisionMade
from bot.domain.state import StrategyState
from bot.domain.value import Value
from bot.execution.restore import KINDS, restore
from bot.execution.state import ExecutionState

_DECISION, _ACCOUNT = (str(kind.__struct_config__.tag) for kind in (DecisionMade, AccountProved))


class Recalled(Value):
    """Everything an earlier process left; of an empty journal, a first start."""

    execution: ExecutionState
    strategy: StrategyState
    link: ContentHash
    account_id: AccountId | None
    decisions: int


def recall(journal: JournalPort) -> Recalled:
    """Return what the journal leaves to a new process.

    Of the decisions, which are most of a journal, only the last is read.

    Raises:
        JournalError: something of it cannot be read.
    """
    strategy, link = _last_decision(journal)
    return Recalled(
        execution=restore(journal.events(kinds=KINDS)),
        strategy=strategy,
        link=link,
        account_id=_account(journal),
        decisions=journal.count(_DECISION),
    )


def _last_decision(journal: JournalPort) -> tuple[StrategyState, ContentHash]:
    last = journal.last(_DECISION)
    if last is None:
        return StrategyState(), GENESIS
    assert isinstance(last.event, DecisionMade), "an event is of its kind"
    return last.event.state, last.event.link


def _account(journal: JournalPort) -> AccountId | None:
    last = journal.last(_ACCOUNT)
    return last.event.account_id if last and isinstance(last.event, AccountProved) else None
