"""A short day in the life of the bot, told by hand as journal events.

2018-02-05: quiet in the morning, three stages at 15:35 New York, a deep call bought. Numbers are
chosen to be read, not computed; nothing here comes from the strategy.
"""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from bot.app.ports import JournalPort
from bot.domain.account import Account, AccountId, Mode, Position
from bot.domain.book import Book
from bot.domain.canonical import ContentHash, encode
from bot.domain.decision import (
    GENESIS,
    Check,
    Decision,
    DecisionId,
    Ladder,
    Override,
    RuleResult,
    RuleStatus,
    TierTarget,
    next_link,
)
from bot.domain.events import (
    AccountProved,
    CommissionReceived,
    DecisionMade,
    FillReceived,
    InputsTaken,
    JournalEvent,
    OrderChanged,
    OrderIntended,
    OrderRefused,
    OrderSent,
    RunId,
    RunStarted,
)
from bot.domain.inputs import EvaluationKind, Farm, InputBlobs, Snapshot
from bot.domain.instruments import ConId, Index, Option, Right, Universe
from bot.domain.money import price_grid
from bot.domain.orders import ExecId, Fill, Intent, IntentId, OrderState, Side
from bot.domain.policy import Policy
from bot.domain.quotes import DataType, Quote
from bot.domain.readings import Reading, ReadingState, Scalar
from bot.domain.rungs import LADDER, RuleClass, Rung, Tier
from bot.domain.sessions import Session, at_new_york, settlement_instant
from bot.domain.state import StageEntry, StrategyState
from bot.domain.truth import Truth
from bot.domain.value import replace

DAY = date(2018, 2, 5)
MORNING = datetime(2018, 2, 5, 15, 0, tzinfo=UTC)
STRESS = datetime(2018, 2, 5, 20, 35, tzinfo=UTC)
ACCOUNT = AccountId("SIM000001")
VIX = Index(con_id=ConId(13455763), symbol="VIX", exchange="CBOE")
VIX_GRID = price_grid(("0", "0.01"))


def vix_call(con_id: int, strike: str, day: date, settlement: date) -> Option:
    """Return a monthly VIX call."""
    return Option(
        con_id=ConId(con_id),
        symbol="VIX",
        trading_class="VIX",
        exchange="CBOE",
        multiplier=100,
        right=Right.CALL,
        strike=Decimal(strike),
        last_trading_day=day,
        settlement=settlement_instant(settlement),
        grid=VIX_GRID,
        local_symbol=f"VIX {settlement:%y%m%d}C{strike}",
    )


S_CALL = vix_call(300001, "20", date(2018, 3, 20), date(2018, 3, 21))
D_CALL = vix_call(300002, "35", date(2018, 6, 19), date(2018, 6, 20))
UNIVERSE = Universe(instruments=(VIX, S_CALL, D_CALL))
"""What the universe blob of every InputsTaken here holds."""


def snapshot(at: datetime, lines: int = 75) -> Snapshot:
    """Return a snapshot with `lines` quotes: as large as a real one."""
    quotes = tuple(
        Quote(
            con_id=ConId(300001 + n),
            as_of=at - timedelta(seconds=1, milliseconds=n),
            data_type=DataType.LIVE,
            bid=Decimal("1.15") + n,
            ask=Decimal("1.20") + n,
            bid_size=20 + n,
            ask_size=31,
            last=Decimal("1.18") + n,
        )
        for n in range(lines)
    )
    session = Session(
        date=DAY, open_at=at_new_york(DAY, time(9, 30)), close_at=at_new_york(DAY, time(16, 15))
    )
    return Snapshot(
        now=at,
        kind=EvaluationKind.INTRADAY,
        session=session,
        farm=Farm.OK,
        quotes=quotes,
        positions=(Position(con_id=S_CALL.con_id, quantity=4, average_cost_usd=Decimal("118.65")),),
        account=account(at),
    )


def account(at: datetime) -> Account:
    """Return the balances of the simulated account."""
    return Account(
        account_id=ACCOUNT,
        as_of=at,
        net_liquidation_usd=Decimal("1000250.40"),
        cash_usd=Decimal("1004100.00"),
        available_funds_usd=Decimal("941000.15"),
    )


def ok(signal: str, name: str, value: Scalar, at: datetime) -> Reading:
    """Return a usable reading, one second old."""
    return Reading(
        signal=signal,
        name=name,
        state=ReadingState.OK,
        value=value,
        as_of=at - timedelta(seconds=1),
    )


def readings(at: datetime, vix: float, change: float, rsi: float) -> tuple[Reading, ...]:
    """Return the readings of one evaluation; the MOVE index has no source."""
    return (
        ok("G1", "vix.level", vix, at),
        ok("G1", "vix.change_1d", change * 0.7, at),
        ok("G1", "vix.change_5d", change, at),
        ok("G1", "vix.spike", change > 8.0, at),
        ok("G2", "vix.rsi", rsi, at),
        ok("G2", "vix.rsi_rising", value=True, at=at),
        ok("G3", "vix.macd", "bullish", at),
        ok("G3", "vix.macd_age", 17, at),
        ok("G7", "curve.slope", -2.15, at),
        ok("G7", "curve.inverted", value=True, at=at),
        Reading(
            signal="G24",
            name="flow.disturbed",
            state=ReadingState.STALE,
            value=False,
            as_of=at - timedelta(minutes=7),
            note="the last two-sided quote is old",
        ),
        Reading(signal="G6", name="move.z", state=ReadingState.MISSING, note="no source"),
    )


def compared(what: str, value: Scalar, operator: str, threshold: Scalar, *, holds: bool) -> Check:
    """Return a comparison that could be made."""
    return Check(
        what=what,
        truth=Truth.of(holds),
        value=value,
        operator=operator,
        threshold=threshold,
        age_seconds=1.0,
    )


MOVE_UNKNOWN = Check(
    what="move.z",
    truth=Truth.UNKNOWN,
    operator=">=",
    threshold=2.5,
    state=ReadingState.MISSING,
)


def rules(vix: float, change: float, rsi: float) -> tuple[RuleResult, ...]:
    """Return what each rule said, the declared ones included."""
    spike = change > 8.0
    return (
        RuleResult(
            rule="R5",
            title="Stage 1",
            status=RuleStatus.IN_FORCE,
            truth=Truth.of(vix > 18.0),
            checks=(
                compared("vix.level", vix, ">", 18.0, holds=vix > 18.0),
                compared("vix.macd", "bullish", "is", "bullish", holds=True),
            ),
            followed="stage 1 was entered" if vix > 18.0 else "",
        ),
        RuleResult(
            rule="R7",
            title="Stage 2",
            status=RuleStatus.IN_FORCE,
            truth=Truth.of(vix >= 23.0),
            checks=(compared("vix.level", vix, ">=", 23.0, holds=vix >= 23.0),),
            followed="stage 2 was entered; S and M are wanted in full" if vix >= 23.0 else "",
        ),
        RuleResult(
            rule="R8",
            title="Stage 3, the Second Engine",
            status=RuleStatus.IN_FORCE,
            truth=Truth.TRUE if rsi >= 80.0 or spike else Truth.UNKNOWN,
            checks=(
                compared("vix.rsi", rsi, ">=", 80.0, holds=rsi >= 80.0),
                compared("vix.spike", spike, "is", threshold=True, holds=spike),
                MOVE_UNKNOWN,
            ),
            followed="stage 3 was entered; D1 and D2 are wanted" if spike else "",
            blind=("move.z",),
        ),
        RuleResult(
            rule="R12",
            title="Leaving",
            status=RuleStatus.IN_FORCE,
            truth=Truth.FALSE,
            checks=(compared("vix.level", vix, "<", 16.0, holds=vix < 16.0),),
        ),
        RuleResult(
            rule="R6", title="Confirmations", status=RuleStatus.DECLARED, truth=Truth.UNKNOWN
        ),
        RuleResult(rule="R19", title="Monetise", status=RuleStatus.DECLARED, truth=Truth.UNKNOWN),
    )


def quiet_decision(at: datetime, number: int) -> Decision:
    """Return a decision in which nothing happens."""
    return Decision(
        decision_id=DecisionId(f"20180205-{number:04d}-quiet"),
        at=at,
        kind=EvaluationKind.INTRADAY,
        inputs_hash=ContentHash("1" * 64),
        policy_hash=ContentHash("2" * 64),
        stage_before=0,
        stage=0,
        readings=readings(at, 17.31, 2.06, 61.2),
        rules=rules(17.31, 2.06, 61.2),
        ladder=ladder(0, 0),
        blind=("move.z: no source",),
        summary="nothing to do",
    )


def ladder(s_target: int, d_target: int) -> Ladder:
    """Return a 4/4/2 at scale one."""
    return Ladder(
        u=1.0,
        contracts=10,
        rungs=dict.fromkeys(LADDER, 1),
        tiers=(
            TierTarget(tier=Tier.S, full=4, target=s_target, filled=0, working=0),
            TierTarget(tier=Tier.M, full=4, target=0, filled=0, working=0),
            TierTarget(tier=Tier.D, full=2, target=d_target, filled=0, working=0),
        ),
        v_star_usd=5210.0,
        h_star_usd=1823.5,
        hedge_vega_usd=0.0,
        cover_ratio=0.0,
    )


def intent(name: str, call: Option, quantity: int, limit: str, rung: Rung) -> Intent:
    """Return a wanted purchase of a stage."""
    deep = rung.tier is Tier.D
    return Intent(
        intent_id=IntentId(name),
        side=Side.BUY,
        con_id=call.con_id,
        quantity=quantity,
        limit=Decimal(limit),
        rung=rung,
        rule="R8" if deep else "R5",
        rule_class=RuleClass.EMERGENCY if deep else RuleClass.STAGE,
    )


BUY_S = intent("20180205-0100-stress-1", S_CALL, 1, "2.35", Rung.S1)
BUY_D = intent("20180205-0100-stress-2", D_CALL, 2, "1.10", Rung.D1)
BUY_D2 = intent("20180205-0100-stress-3", D_CALL, 900, "1.10", Rung.D2)


def stress_decision() -> Decision:
    """Return the decision that enters three stages and wants three orders."""
    return Decision(
        decision_id=DecisionId("20180205-0100-stress"),
        at=STRESS,
        kind=EvaluationKind.INTRADAY,
        inputs_hash=ContentHash("3" * 64),
        policy_hash=ContentHash("2" * 64),
        stage_before=0,
        stage=3,
        entered=(1, 2, 3),
        readings=readings(STRESS, 32.5, 18.96, 83.4),
        rules=rules(32.5, 18.96, 83.4),
        overrides=(
            Override(
                winner="R29", loser="R7", reason="the spread of S2's strike is 31% of its mid"
            ),
        ),
        ladder=ladder(4, 2),
        intents=(BUY_S, BUY_D, BUY_D2),
        blind=("move.z: no source",),
        summary="stages 1, 2 and 3 entered; buy 1 S, 902 D",
    )


def run_started() -> RunStarted:
    """Return the start of a demo run."""
    return RunStarted(
        run_id=RunId("run-1"),
        mode=Mode.DEMO,
        account_id=None,
        version="0.1.0",
        policy=ContentHash("2" * 64),
        scenario="volmageddon-2018",
        seed=1,
    )


def account_proved() -> AccountProved:
    """Return the broker's word about the account."""
    return AccountProved(account_id=ACCOUNT, mode=Mode.DEMO, opening=account(MORNING), positions=())


def blobs(
    universe: ContentHash, other: ContentHash, policy: ContentHash | None = None
) -> InputBlobs:
    """Return blob names; the slow parts that are not told are one blob here."""
    return InputBlobs(
        history=other, calendar=other, sessions=other, universe=universe, policy=policy or other
    )


def inputs_taken(decision: Decision, named: InputBlobs, lines: int = 75) -> InputsTaken:
    """Return the inputs stored with `decision`."""
    return InputsTaken(
        decision_id=decision.decision_id,
        snapshot=snapshot(decision.at, lines),
        book=Book(),
        blobs=named,
    )


def decision_made(decision: Decision, previous: ContentHash = GENESIS) -> DecisionMade:
    """Return the decision linked to the one before."""
    entered = tuple(StageEntry(stage=stage, entered_on=DAY) for stage in decision.entered)
    return DecisionMade(
        decision=decision,
        state=StrategyState(session=DAY, stages=entered),
        link=next_link(previous, decision.digest()),
    )


def order_events() -> tuple[JournalEvent, ...]:
    """Return what became of the three orders: filled, half filled, refused."""
    decision_id = stress_decision().decision_id
    return (
        OrderRefused(intent=BUY_D2, check="contracts", reason="900 contracts pass the limit of 50"),
        OrderIntended(intent=BUY_S, decision_id=decision_id),
        OrderIntended(intent=BUY_D, decision_id=decision_id),
        OrderSent(intent_id=BUY_S.intent_id, order_id=11),
        OrderSent(intent_id=BUY_D.intent_id, order_id=12),
        changed(BUY_S, OrderState.WORKING, 0),
        changed(BUY_D, OrderState.WORKING, 0),
        FillReceived(fill=fill(BUY_S, "0001.01.01", 1, "2.30")),
        changed(BUY_S, OrderState.FILLED, 1),
        CommissionReceived(exec_id="0001.01.01", commission_usd=Decimal("0.65")),
        FillReceived(fill=fill(BUY_D, "0002.01.01", 1, "1.10")),
    )


def changed(one: Intent, state: OrderState, filled: int) -> OrderChanged:
    """Return the broker's word about an order."""
    return OrderChanged(
        intent_id=one.intent_id, state=state, limit=one.limit, filled=filled, perm_id=77
    )


def fill(one: Intent, exec_id: str, quantity: int, price: str) -> Fill:
    """Return an execution ten seconds after the decision."""
    return Fill(
        exec_id=ExecId(exec_id),
        intent_id=one.intent_id,
        con_id=one.con_id,
        side=one.side,
        quantity=quantity,
        price=Decimal(price),
        executed_at=STRESS + timedelta(seconds=10),
    )


def corrected(one: Fill, price: str) -> Fill:
    """Return the broker's correction of an execution."""
    return replace(one, exec_id=ExecId(f"{one.root}.02"), price=Decimal(price))


def tell(journal: JournalPort) -> None:
    """Write the whole story: a start, three quiet cycles, the stress and what followed."""
    named = blobs(
        journal.put_blob(encode(UNIVERSE)),
        journal.put_blob(b"an older closing"),
        journal.put_blob(encode(Policy())),
    )
    journal.append([run_started(), account_proved()], MORNING)
    link = GENESIS
    for number in (1, 2, 3):
        decision = quiet_decision(MORNING + timedelta(minutes=5 * number), number)
        made = decision_made(decision, link)
        journal.append([inputs_taken(decision, named, 5), made], decision.at)
        link = made.link
    stress = stress_decision()
    made = decision_made(stress, link)
    journal.append([inputs_taken(stress, named, 5), made], STRESS)
    for number, one in enumerate(order_events()):
        journal.append([one], STRESS + timedelta(seconds=number))
    last = quiet_decision(STRESS + timedelta(minutes=5), 101)
    made = decision_made(replace(last, stage_before=3, stage=3), made.link)
    journal.append([inputs_taken(last, named, 5), made], last.at)
