"""Walks a case through session after session: the history grows, memory and book are carried.

Each value of the path is a session of its own: one evaluation at the case's time of day, whose
orders fill at their limits, then the one at the official close, where exits are counted. As in a
daily back-test stage 1 is entered in the first evaluation that asks for it. A condor is
laid anew at the same strikes for as many days on the day it would expire, so that there is
something to hedge all the way.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from bot.app.cases.case import Case, CondorCase, HistoryCase
from bot.app.cases.evaluation import Raw, ReadCase, Sweep, with_value
from bot.app.cases.situation import moment, session_of, situation
from bot.domain.book import Book
from bot.domain.decision import Decision
from bot.domain.inputs import Inputs
from bot.domain.instruments import Option
from bot.domain.orders import ExecId, Fill, Intent, IntentId, Order, OrderState, Side
from bot.domain.policy import Policy
from bot.domain.rungs import Tier
from bot.domain.sessions import NEW_YORK, Session, SessionTable, at_new_york
from bot.domain.state import StrategyState
from bot.domain.value import replace
from bot.execution.attribution import lots_of
from bot.strategy.decide import decide_on

BEFORE_CLOSE = timedelta(minutes=30)
"""On a day that closes early the evaluation is so long before the close."""


class Stop(NamedTuple):
    """One session of a path: its decision while trading and the one at the close.

    `held` are the contracts by tier after the session.
    """

    value: float
    day: date
    decision: Decision
    close: Decision
    held: dict[Tier, int]


def there_and_back(sweep: Sweep) -> Sweep:
    """Return the way there and the same way back; the far end is visited once."""
    return sweep._replace(values=(*sweep.values, *sweep.values[-2::-1]))


def walk(
    raw: Raw, sweep: Sweep, read: ReadCase, policy: Policy, sessions: SessionTable
) -> Iterator[Stop]:
    """Decide session by session along the values.

    Args:
        raw: The case as written, the first session's.
        sweep: What moves, and the values it takes.
        read: Checks a case as written.
        policy: The policy; stage 1 is confirmed by one evaluation.
        sessions: Trading days up to the last session and past its farthest settlement.

    Raises:
        KeyError: the case has nothing of that name.
        CaseError: a value makes a case that does not hold together.
    """
    daily = replace(policy, stages=replace(policy.stages, confirm_evaluations=1))
    start = read(with_value(raw, sweep.name, sweep.values[0]))
    journey = _Journey(start, session_of(start, sessions).date)
    for step, value in enumerate(sweep.values):
        case = read(with_value(raw, sweep.name, value))
        day = sessions.shift(journey.first_day, step).date
        yield journey.stop(value, case, day, daily, sessions)


class _Journey:
    """What is carried from session to session."""

    def __init__(self, start: Case, first_day: date) -> None:
        self.first_day = first_day
        self._clock = moment(start).astimezone(NEW_YORK).time()
        self._memory: StrategyState | None = start.memory
        self._history = start.history
        self._tenors = [_tenor(condor, first_day) for condor in start.condors]
        self._expiries = [first_day + tenor for tenor in self._tenors]
        self._orders: dict[IntentId, Order] = {}
        self._fills: list[Fill] = []
        self._book: Book | None = None

    def stop(
        self, value: float, case: Case, day: date, policy: Policy, sessions: SessionTable
    ) -> Stop:
        today = self._today(case, sessions.on_or_after(day))
        decision, inputs = self._decided(today, policy, sessions)
        self._fill(decision, inputs)
        close, inputs = self._decided(replace(today, close=True), policy, sessions)
        self._history = _grown(self._history, case)
        held = {tier: inputs.book.in_tier(tier) for tier in Tier}
        return Stop(value, day, decision, close, held)

    def _today(self, case: Case, session: Session) -> Case:
        day = session.date
        for place, expiry in enumerate(self._expiries):
            if expiry <= day:
                self._expiries[place] = day + self._tenors[place]
        condors = tuple(
            replace(condor, expiry=expiry, days=None)
            for condor, expiry in zip(case.condors, self._expiries, strict=True)
        )
        last = session.close_at - BEFORE_CLOSE
        at = min(at_new_york(day, self._clock), last).astimezone(NEW_YORK)
        return replace(case, at=at.isoformat(), history=self._history, condors=condors, memory=None)

    def _decided(
        self, case: Case, policy: Policy, sessions: SessionTable
    ) -> tuple[Decision, Inputs]:
        faced = situation(replace(case, memory=self._memory), policy, sessions, self._book)
        if self._book is None:
            self._take_over(faced.inputs.book)
        decision, self._memory = decide_on(faced.inputs, faced.state, faced.readings())
        return decision, faced.inputs

    def _take_over(self, book: Book) -> None:
        """Make orders and fills of what the case holds at the start."""
        for lot in book.lots:
            intent = Intent(
                intent_id=lot.intent_id,
                side=Side.BUY,
                con_id=lot.con_id,
                quantity=lot.quantity,
                limit=lot.price,
                rung=lot.rung,
                rule=lot.rule,
                rule_class=lot.rule_class,
            )
            self._record(intent, lot.opened_at, lot.price)
        self._book = book

    def _fill(self, decision: Decision, inputs: Inputs) -> None:
        """Fill every order at its limit, and drop what has settled."""
        for intent in decision.intents:
            quote = inputs.snapshot.quote(intent.con_id)
            ask = intent.limit if quote is None or quote.ask is None else quote.ask
            self._record(intent, decision.at, ask if intent.is_roll else intent.limit)
        instruments = inputs.universe.by_id()
        self._book = Book(
            lots=tuple(
                lot
                for lot in lots_of(self._fills, self._orders)
                if isinstance(option := instruments.get(lot.con_id), Option)
                and option.settlement > decision.at
            )
        )

    def _record(self, intent: Intent, at: datetime, price: Decimal) -> None:
        """Write down the fills of an order; of a roll the sold leg brings the net price home."""
        self._orders[intent.intent_id] = Order(
            intent=intent, state=OrderState.FILLED, limit=intent.limit, filled=intent.quantity
        )
        for leg in intent.legs:
            self._fills.append(
                Fill(
                    exec_id=ExecId(f"case.{len(self._fills):06d}.01"),
                    intent_id=intent.intent_id,
                    con_id=leg.con_id,
                    side=leg.side,
                    quantity=intent.quantity,
                    price=price if leg.con_id == intent.con_id else price - intent.limit,
                    executed_at=at,
                )
            )


def _grown(history: HistoryCase, case: Case) -> HistoryCase:
    """Return the history with the session's own levels as its newest closes."""
    levels = case.other_indices()
    symbols = dict.fromkeys([*history.indices, *levels])
    return HistoryCase(
        vix=(*history.vix, case.vix),
        spx=(*history.spx, case.spx),
        indices={s: (*history.indices.get(s, ()), levels.get(s)) for s in symbols},
    )


def _tenor(condor: CondorCase, day: date) -> timedelta:
    if condor.expiry is None:
        return timedelta(days=condor.days or 0)
    return condor.expiry - day
