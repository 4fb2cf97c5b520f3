"""The trading session of one account: connect, prove, compare, then evaluate slot by slot.

It does not know whether time is real or virtual. `open` is start-up and recovery alike; `pump`
takes what the broker says; `run_slot` does what is due. Between losing the line and having compared
with the broker again nothing is sent (design.md sections 1 and 5).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.app.adoption import Request, choice_of, told
from bot.app.blobs import BlobStore
from bot.app.cycle import Cycle, Fence, Ports
from bot.app.desk import Desk
from bot.app.market import Market, SlowParts
from bot.app.memory import Recalled, recall
from bot.app.ports import AccountRefusedError, BrokerError, BrokerUnreachableError
from bot.app.schedule import Slot, Task
from bot.domain.account import AccountId, Mode
from bot.domain.broker import LinkChanged
from bot.domain.decision import Decision
from bot.domain.events import AccountProved, CycleMissed, RunEnded, RunId, RunStarted
from bot.domain.inputs import EvaluationKind, Inputs
from bot.domain.sessions import NEW_YORK, SessionTable
from bot.risk.limits import RiskLimits
from bot.risk.mode import AccountRefusal, prove_account
from bot.strategy.adoption import known_counts

SOCKET = "socket"


@dataclass(frozen=True, kw_only=True)
class Run:
    """What distinguishes this run: fixed when the process starts."""

    run_id: RunId
    mode: Mode
    version: str
    allowed_accounts: tuple[AccountId, ...] = ()
    limits: RiskLimits = field(default_factory=RiskLimits)
    scenario: str = ""
    seed: int | None = None


class Engine:
    """Trades one account over one broker connection, journalling into one journal."""

    def __init__(self, ports: Ports, run: Run, slow: SlowParts) -> None:
        self._ports = ports
        self._run = run
        self._slow = slow
        recalled = recall(ports.journal)
        self._known_account = recalled.account_id
        self.decisions = recalled.decisions
        blobs = BlobStore(ports.journal)
        self.market = Market(ports.broker, blobs, slow)
        self.desk = Desk(ports.broker, ports.journal, ports.clock, recalled.execution)
        self.cycle = self._cycle(recalled)
        self._policy_hash = blobs.keep(slow.policy)
        self._fence: Fence | None = None
        self._has_begun = False

    @property
    def account_id(self) -> AccountId | None:
        """The account that was proved, None before."""
        return None if self._fence is None else self._fence.account_id

    @property
    def mode(self) -> Mode:
        """How orders and quotes are connected."""
        return self._run.mode

    @property
    def sessions(self) -> SessionTable:
        """The sessions this engine trades in."""
        return self._slow.sessions

    @property
    def is_ready(self) -> bool:
        """Whether the line stands and the broker's lists were compared since it does."""
        return self.desk.state.ready and not self.desk.state.links_down

    def begin(self) -> None:
        """Write down, once, that this process works on the journal."""
        if self._has_begun:
            return
        self._has_begun = True
        run = self._run
        self._write(
            RunStarted(
                run_id=run.run_id,
                mode=run.mode,
                account_id=self._known_account,
                version=run.version,
                policy=self._policy_hash,
                scenario=run.scenario,
                seed=run.seed,
            )
        )

    async def open(self, follow: Callable[[datetime], None] | None = None) -> None:
        """Connect, prove account and mode, compare with the broker, read the market.

        `follow` is told the broker's time before the clock is asked for anything.

        Raises:
            AccountRefusedError: the account is not the one mode and allow-list ask for; the
                connection was ended before anything that could trade.
            BrokerError: the broker could not be reached or did not answer; the connection was
                given up.
        """
        greeting = await self._ports.broker.connect()
        try:
            if follow is not None:
                follow(greeting.server_time)
            self.begin()
            await self._prove(greeting.accounts)
            await self._take_up()
        except BrokerError as error:
            await self.lose(str(error))
            raise
        except BaseException:
            await self._ports.broker.disconnect()
            raise

    async def _take_up(self) -> None:
        self.desk.hear(LinkChanged(what=SOCKET, up=True))
        await self.desk.reconcile()
        self.market.forget_lines()
        now = self._ports.clock.now()
        session = self.sessions.on_or_after(now.astimezone(NEW_YORK).date())
        await self.market.refresh(now, session, self.desk.book)

    async def pump(self) -> None:
        """Take what the broker says, one thing at a time, for ever."""
        broker = self._ports.broker
        while True:
            event = await broker.next_event()
            try:
                self.desk.hear(event)
            finally:
                broker.event_done()

    async def run_slot(self, slot: Slot) -> Decision | None:
        """Do what a slot asks for; a decision for evaluations, None for housekeeping."""
        if slot.task is Task.HOUSEKEEPING:
            await self._keep_house(slot)
            return None
        if self._fence is None:
            raise RuntimeError("an evaluation was asked for before the account was proved")
        self.desk.doubt_overdue()
        await self.desk.settle_doubts()
        decision = await self.cycle.evaluate(slot, self._fence)
        self.decisions += 1
        return decision

    async def look(self) -> Inputs:
        """Return the market, the account and the book of this moment, without deciding on them.

        Raises:
            BrokerError: the broker is not connected, or did not answer.
        """
        if not self.desk.state.ready:
            raise BrokerUnreachableError("the broker is not connected, or not compared with yet")
        day = self.market.known.day
        session = self.sessions.on_or_after(day)
        now = self._ports.clock.now
        return await self.market.freeze(
            now, EvaluationKind.INTRADAY, session, lambda: self.desk.book
        )

    async def adopt(self, request: Request) -> tuple[str, ...]:
        """Carry out what the user chose about calls that nobody bought; tell it in sentences.

        Raises:
            AdoptionRefusedError: it cannot be done; nothing was.
            BrokerError: the broker is not connected, or did not answer; nothing was done.
        """
        seen = await self.look()
        before = len(self.desk.state.adoptions)
        last, scale = self.cycle.last, self.cycle.memory.scale
        counts = known_counts(None if last is None else last.ladder, scale)
        await self.desk.choose(choice_of(request, seen, counts))
        return told(request, self.desk.state.adoptions[before:], seen)

    def miss(self, slot: Slot, reason: str) -> None:
        """Write down that a slot was not evaluated."""
        self._write(CycleMissed(due_at=slot.due_at, reason=reason))

    async def close(self, reason: str) -> None:
        """End the connection and write down that the run ended; working orders are left alone.

        A run that never reached the broker did not begin, and may not know the time.
        """
        await self._ports.broker.disconnect()
        if self._has_begun:
            self._write(RunEnded(run_id=self._run.run_id, reason=reason))

    async def lose(self, reason: str) -> None:
        """Give a dead connection up, so that `open` can make another."""
        self.desk.hear(LinkChanged(what=SOCKET, up=False, detail=reason))
        await self._ports.broker.disconnect()

    async def _prove(self, reported: tuple[AccountId, ...]) -> None:
        run = self._run
        proved = prove_account(run.mode, reported, run.allowed_accounts)
        if isinstance(proved, AccountRefusal):
            raise AccountRefusedError(proved.reason)
        if self._known_account not in {None, proved}:
            raise AccountRefusedError(
                f"the journal belongs to account {self._known_account}, the broker reports {proved}"
            )
        if self._fence is None:
            await self._take_account(proved)

    async def _take_account(self, proved: AccountId) -> None:
        """Trade for this account from now on, once it stands in the journal."""
        opening = await self._ports.broker.account()
        positions = await self._ports.broker.positions()
        mode = self._run.mode
        self._write(
            AccountProved(account_id=proved, mode=mode, opening=opening, positions=positions)
        )
        self._known_account = proved
        self._fence = Fence(
            mode=mode,
            account_id=proved,
            allowed_accounts=self._run.allowed_accounts,
            limits=self._run.limits,
        )
        self.desk.open_for(proved)

    async def _keep_house(self, slot: Slot) -> None:
        await self.desk.reconcile()
        await self.market.refresh(self._ports.clock.now(), slot.session, self.desk.book)

    def _cycle(self, recalled: Recalled) -> Cycle:
        return Cycle(self._ports, self.market, self.desk, recalled.strategy, recalled.link)

    def _write(self, *events: RunStarted | RunEnded | AccountProved | CycleMissed) -> None:
        self._ports.journal.append(events, self._now())

    def _now(self) -> datetime:
        return self._ports.clock.now()
