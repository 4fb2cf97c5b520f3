"""R29 as evaluations live it: who is stopped by a wide market, and who walks through it."""

from decimal import Decimal

from bot.domain.book import Book
from bot.domain.decision import Decision
from bot.domain.instruments import ConId
from bot.domain.orders import Intent, IntentId, Order, OrderState, Side
from bot.domain.quotes import Quote
from bot.domain.readings import Scalar
from bot.domain.rungs import RuleClass, Rung
from bot.domain.value import replace
from bot.strategy.decide import decide_on
from tests.support.strategy_days import lot, staged
from tests.support.strategy_world import ACCOUNT, call_id, inputs, moment, quote, readings

NOW = "2018-02-05 10:00"
PANIC: dict[str, Scalar] = {
    "vix.level": 37.0,
    "vix.macd": "bullish",
    "vix.rsi": 86.0,
    "vix.spike": True,
}
FULL = (
    *(lot(rung) for rung in (Rung.S1, Rung.S2)),
    *(lot(rung, strike=18) for rung in (Rung.S3, Rung.S4)),
    *(lot(r, month="apr", strike=20) for r in (Rung.M1, Rung.M2, Rung.M3, Rung.M4)),
)


def deep_call() -> ConId:
    """Return the call that D1 buys in an ordinary market."""
    decision = evaluate(Book(lots=FULL))
    return next(i.con_id for i in decision.intents if i.rung is Rung.D1)


def wide(con_id: ConId) -> Quote:
    """Return a market of 0.20 to 0.60, where R29 lets 0.12 pass."""
    return quote(con_id, moment(NOW), "0.20", "0.60")


def evaluate(book: Book, *quotes: Quote, nav: int = 1_000_000) -> Decision:
    account = replace(ACCOUNT, net_liquidation_usd=Decimal(nav))
    given = inputs(NOW, condors=1, book=book, quotes=quotes, account=account)
    return decide_on(given, staged(1, 2, 3), readings(PANIC))[0]


def working(con_id: ConId, limit: str) -> Book:
    intent = Intent(
        intent_id=IntentId("earlier/D1"),
        side=Side.BUY,
        con_id=con_id,
        quantity=1,
        limit=Decimal("0.46"),
        rung=Rung.D1,
        rule="R8",
        rule_class=RuleClass.EMERGENCY,
    )
    order = Order(intent=intent, state=OrderState.WORKING, limit=Decimal(limit))
    return Book(lots=FULL, orders=(order,))


def test_an_emergency_takes_the_ask_of_an_ordinary_market() -> None:
    decision = evaluate(Book(lots=FULL))
    given = inputs(NOW, condors=1)
    for intent in decision.intents:
        line = given.snapshot.quote(intent.con_id)
        assert line is not None
        assert intent.limit == line.ask


def test_in_a_wide_market_it_begins_near_the_middle() -> None:
    """0.40 and half of what R29 lets pass: 0.46, not the 0.60 that is asked."""
    call = deep_call()
    decision = evaluate(Book(lots=FULL), wide(call))
    (intent,) = (i for i in decision.intents if i.con_id == call)
    assert (intent.limit, intent.rule_class) == (Decimal("0.46"), RuleClass.EMERGENCY)


def test_it_walks_a_step_an_evaluation_to_its_hard_limit() -> None:
    """The middle is 0.40: 0.46, 0.52, 0.58 and 0.60, half as much again, where it also is asked."""
    call = deep_call()
    seen = []
    for limit in ("0.46", "0.52", "0.58", "0.60"):
        moves = evaluate(working(call, limit), wide(call)).reprices
        seen.append([str(move.limit) for move in moves])
    assert seen == [["0.52"], ["0.58"], ["0.60"], []]


def test_it_walks_no_farther_than_the_advance_pays() -> None:
    """NAV of 2,000 USD: an advance of 5, and each step costs 6."""
    call = deep_call()
    assert not evaluate(working(call, "0.46"), wide(call), nav=2_000).reprices
    assert evaluate(working(call, "0.46"), wide(call), nav=2_400).reprices


class TestFinalClose:
    """February calls last trade on Tuesday the 13th: on Monday what is held is sold."""

    AT = "2018-02-12 10:00"
    CALL = call_id("feb", 15)
    HELD = (lot(Rung.S1, 2, month="feb", strike=15),)

    def decide(self, bid: str, ask: str, limit: str = "") -> Decision:
        """Decide on a market of the call; `limit` is where a sale of it works already."""
        intent = Intent(
            intent_id=IntentId("earlier/S1"),
            side=Side.SELL,
            con_id=self.CALL,
            quantity=2,
            limit=Decimal(limit or "1"),
            rung=Rung.S1,
            rule="R14",
            rule_class=RuleClass.CLOSE,
        )
        order = Order(intent=intent, state=OrderState.WORKING, limit=intent.limit)
        book = Book(lots=self.HELD, orders=(order,) if limit else ())
        line = quote(self.CALL, moment(self.AT), bid, ask)
        given = inputs(self.AT, condors=1, book=book, quotes=[line])
        return decide_on(given, staged(1), readings())[0]

    def sold(self, decision: Decision) -> list[Decimal]:
        return [i.limit for i in decision.intents if i.side is Side.SELL]

    def test_an_ordinary_market_is_hit_at_once(self) -> None:
        assert self.sold(self.decide("0.55", "0.65")) == [Decimal("0.55")]

    def test_a_wide_one_is_met_near_the_middle_and_walked_down(self) -> None:
        """0.60 less half of the 0.10 that R29 lets pass; then 0.05 an evaluation to the bid."""
        assert self.sold(self.decide("0.40", "0.80")) == [Decimal("0.55")]
        seen = []
        for limit in ("0.55", "0.50", "0.45", "0.40"):
            moves = self.decide("0.40", "0.80", limit).reprices
            seen.append([str(move.limit) for move in moves])
        assert seen == [["0.50"], ["0.45"], ["0.40"], []]

    def test_a_bid_behind_the_hard_limit_is_not_hit_and_a_person_hears_of_it(self) -> None:
        """A middle of 0.60: half of it is the least that is taken, whatever the hurry."""
        decision = self.decide("0.10", "1.10", "0.32")
        assert [move.limit for move in decision.reprices] == [Decimal("0.30")]
        assert not self.decide("0.10", "1.10", "0.30").reprices
        (said,) = decision.critical
        assert said.endswith("the bid of 0.10 lies behind the hard limit 0.30")

    def test_a_bid_that_nobody_answers_has_no_middle_to_walk_from(self) -> None:
        """The strategy asks for the bid; the pre-trade checks want two sides."""
        line = replace(quote(self.CALL, moment(self.AT), "0.40", "0.80"), ask=None, ask_size=None)
        given = inputs(self.AT, condors=1, book=Book(lots=self.HELD), quotes=[line])
        decision, _ = decide_on(given, staged(1), readings())
        assert self.sold(decision) == [Decimal("0.40")]
        assert not decision.critical

    def test_nor_does_the_first_minute_or_a_disturbed_market_stop_it(self) -> None:
        early = inputs("2018-02-12 09:31", condors=1, book=Book(lots=self.HELD))
        seen = readings({"flow.disturbed": True})
        assert self.sold(decide_on(early, staged(1), seen)[0])


def test_others_buy_nothing_in_a_wide_market() -> None:
    book = Book(lots=FULL[1:])  # S1 lacks its contract
    lines = [quote(call_id("mar", strike), moment(NOW), "0.90", "1.60") for strike in range(10, 41)]
    decision = evaluate(book, *lines)
    assert {i.rung for i in decision.intents} <= {Rung.D1, Rung.D2}
    assert any(o.winner == "R29" and o.reason.startswith("S1: ") for o in decision.overrides)
