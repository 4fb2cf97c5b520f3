"""The rules on money, R16 to R21, declared, and the part of R16 that is in force: the advance.

R8 is paid by an advance of 0.25 % of NAV, renewed after 252 sessions. What a purchase may cost at
most is booked when it is wanted and corrected to what it did cost once its order is dead, so that
neither a restart nor a lot sold later can make the same dollar spendable twice.
"""

from datetime import date
from decimal import Decimal

from bot.domain.book import Book
from bot.domain.orders import IntentId, Order
from bot.domain.policy import FundPolicy
from bot.domain.sessions import SessionTable
from bot.domain.state import Advance, Commitment
from bot.domain.value import replace
from bot.strategy.rule import Rule, Step
from bot.strategy.valuation import Market

CASH_PRESS = Rule(
    id="R16",
    title="Cash-press fund",
    source=("A0", "A1"),
    step=Step.CAP,
    reads=("G22",),
)

BIG_TOP = Rule(
    id="R17",
    title="Big Top",
    source=("A1",),
    step=Step.CAP,
    reads=("G21",),
)

DRAG_BUDGET = Rule(
    id="R18",
    title="Drag budget",
    source=("A1",),
    step=Step.CAP,
    reads=("G8", "G13"),
)

MONETISE = Rule(
    id="R19",
    title="Monetise",
    source=("A1", "A4"),
    step=Step.EXIT,
    rule_class=RuleClass.CLOSE,
    reads=("G1", "G2", "G3"),
)

PEEL = Rule(
    id="R20",
    title="Peel",
    source=("A2",),
    step=Step.EXIT,
    rule_class=RuleClass.CLOSE,
)

PARITY_ROUTE = Rule(
    id="R21",
    title="Parity route",
    source=("A0", "A1", "A2", "A3", "A4"),
    step=Step.ADVICE,
    reads=("G23",),
)


def settle_advance(
    advance: Advance, book: Book, market: Market, day: date, terms: AdvanceTerms
) -> Advance:
    ...
