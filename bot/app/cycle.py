"""One evaluation: read, decide, journal, act.

Every cycle leaves a decision. Inputs and decision are stored in one transaction before anything
follows from them; intents then pass the risk checks one by one, and what is refused is stored with
its reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.app.desk import Desk
from bot.app.market import Market
from bot.app.ports import Broker, Clock, JournalPort
from bot.app.schedule import Slot, Task
from bot.domain.account import AccountId, Mode
from bot.domain.canonical import ContentHash
from bot.domain.decision import Decision, Reprice, next_link
from bot.domain.events import DecisionMade, InputsTaken, OrderRefused
from bot.domain.inputs import EvaluationKind, Inputs
from bot.domain.orders import Intent
from bot.domain.state import StrategyState
from bot.execution.stimuli import Wanted
from bot.risk.check import Refusal, check_all, check_change
from bot.risk.context import RiskContext
from bot.risk.limits import RiskLimits
from bot.strategy.decide import decide


@dataclass(frozen=True, kw_only=True)
class Fence:
    """What the risk checks hold an order against, fixed for a run."""

    mode: Mode
    account_id: AccountId
    allowed_accounts: tuple[AccountId, ...]
    limits: RiskLimits


@dataclass(frozen=True, kw_only=True)
class Ports:
    """The outside things a cycle touches."""

    broker: Broker
    journal: JournalPort
    clock: Clock


class Cycle:
    """Makes one decision at a time and hands on what it wants."""

    def __init__(
        self, ports: Ports, market: Market, desk: Desk, memory: StrategyState, link: ContentHash
    ) -> None:
        self._ports = ports
        self._market = market
        self._desk = desk
        self.memory = memory
        self.link = link
        self.last: Decision | None = None
        self.last_inputs: Inputs | None = None

    async def evaluate(self, slot: Slot, fence: Fence) -> Decision:
        """Evaluate one slot and carry out what was decided.

        Raises:
            BrokerError: the inputs could not be read; nothing was decided or sent.
            JournalError: the decision could not be stored; nothing was sent.
        """
        kind = EvaluationKind.CLOSE if slot.task is Task.CLOSE else EvaluationKind.INTRADAY
        inputs = await self._frozen(kind, slot)
        decision, memory = decide(inputs, self.memory)
        if await self._asked_again(inputs, decision):
            inputs = await self._frozen(kind, slot)
            decision, memory = decide(inputs, self.memory)
        self._store(inputs, decision, memory)
        self._act(inputs, decision, fence)
        return decision

    async def _frozen(self, kind: EvaluationKind, slot: Slot) -> Inputs:
        return await self._market.freeze(
            self._ports.clock.now, kind, slot.session, lambda: self._desk.book
        )

    async def _asked_again(self, inputs: Inputs, decision: Decision) -> bool:
        """Ask again for quotes that price an order, of a roll both, where they are old."""
        limit = inputs.policy.trust.option_refresh_seconds
        moved = {reprice.intent_id for reprice in decision.reprices}
        orders = (o.intent for o in inputs.book.orders if o.intent.intent_id in moved)
        priced = {con_id for one in (*decision.intents, *orders) for con_id in one.con_ids}
        old = [
            quote.con_id
            for quote in inputs.snapshot.quotes
            if quote.con_id in priced and quote.age_seconds(inputs.snapshot.now) > limit
        ]
        if old:
            await self._ports.broker.ask_again(old)
        return bool(old)

    def _store(self, inputs: Inputs, decision: Decision, memory: StrategyState) -> None:
        link = next_link(self.link, decision.digest())
        taken = InputsTaken(
            decision_id=decision.decision_id,
            snapshot=inputs.snapshot,
            book=inputs.book,
            blobs=inputs.blobs,
        )
        made = DecisionMade(decision=decision, state=memory, link=link)
        self._ports.journal.append([taken, made], inputs.snapshot.now)
        self.memory, self.link, self.last = memory, link, decision
        self.last_inputs = inputs

    def _act(self, inputs: Inputs, decision: Decision, fence: Fence) -> None:
        if not (decision.intents or decision.cancels or decision.reprices):
            return
        context = self._context(inputs, fence)
        accepted, refused = check_all(decision.intents, context)
        self._refuse(refused)
        self._desk.want(
            Wanted(
                decision_id=decision.decision_id,
                intents=accepted,
                cancels=decision.cancels,
                reprices=self._allowed(decision.reprices, context),
            )
        )

    def _allowed(self, reprices: Iterable[Reprice], context: RiskContext) -> tuple[Reprice, ...]:
        """Return the changes risk lets pass; a refused one leaves the order at its old limit."""
        orders = {order.intent.intent_id: order for order in context.book.orders}
        allowed: list[Reprice] = []
        refused: list[tuple[Intent, Refusal]] = []
        for reprice in reprices:
            order = orders[reprice.intent_id]
            refusal = check_change(order, reprice.limit, context)
            if refusal is None:
                allowed.append(reprice)
                continue
            reason = f"its limit stays at {order.limit}, not {reprice.limit}: {refusal.reason}"
            refused.append((order.intent, Refusal(check=refusal.check, reason=reason)))
        self._refuse(refused)
        return tuple(allowed)

    def _refuse(self, refused: Sequence[tuple[Intent, Refusal]]) -> None:
        if not refused:
            return
        events = [
            OrderRefused(intent=intent, check=refusal.check, reason=refusal.reason)
            for intent, refusal in refused
        ]
        self._ports.journal.append(events, self._ports.clock.now())

    def _context(self, inputs: Inputs, fence: Fence) -> RiskContext:
        snapshot = inputs.snapshot
        return RiskContext(
            mode=fence.mode,
            account_id=fence.account_id,
            allowed_accounts=fence.allowed_accounts,
            now=self._ports.clock.now(),
            session=inputs.sessions.get(snapshot.session.date),
            farm=snapshot.farm,
            quotes=snapshot.quotes,
            positions=snapshot.positions,
            book=inputs.book,
            universe=inputs.universe,
            limits=fence.limits,
        )
