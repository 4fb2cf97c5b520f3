"""Whatever is held, traded and settled: the figures keep their identities, the books balance."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.instruments import ConId, Index, Right
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of, is_future
from bot.exchange.reference.underlyings import SPY_ID
from bot.exchange.venue.account_values import account_values
from bot.exchange.venue.books import Books
from bot.exchange.venue.holding import Holding, Trade, Traded, settle_daily, trade
from bot.exchange.venue.records import AccountOpened, PositionSettled, VariationSettled
from bot.exchange.venue.valuation import day_profit_usd
from bot.exchange.wire.contract import WireContract
from tests.support.venue_rig import (
    ACCOUNT,
    CALL_15,
    FEBRUARY,
    Rig,
    at,
    order,
    place,
    quote,
    rig_reference,
    spx_option,
    vix_option,
)

VX = con_id_of(ContractKey(ContractClass.VX, FEBRUARY))
MES = con_id_of(ContractKey(ContractClass.MES, FEBRUARY.replace(month=3, day=16)))
PUT_2600 = spx_option("2600", Right.PUT)
HELD = (CALL_15, vix_option("20"), PUT_2600, SPY_ID, VX, MES)
START = at("2018-01-16T10:00")

cents = st.integers(1, 400_000).map(lambda n: Decimal(n) / 100)
positions = st.dictionaries(st.sampled_from(HELD), st.integers(-20, 20), max_size=len(HELD))
prices = st.dictionaries(st.sampled_from(HELD), cents, max_size=len(HELD))
cash = st.integers(-5_000_000, 50_000_000).map(lambda n: Decimal(n) / 100)


def multiplier(con_id: ConId) -> int:
    product = rig_reference().instrument(con_id)
    assert not isinstance(product, Index)
    return product.multiplier


def holding(con_id: ConId, quantity: int, price: Decimal) -> Holding:
    opened = Trade(quantity=quantity, price=price, commission_usd=Decimal("1.17"))
    empty = Holding(con_id=con_id, multiplier=multiplier(con_id), is_future=is_future(con_id))
    return trade(empty, opened).holding


def stage(quantities: dict[ConId, int], marks: dict[ConId, Decimal], money: Decimal) -> Rig:
    """Set up an account that bought at 20 and is marked elsewhere."""
    held = [holding(c, quantity, Decimal(20)) for c, quantity in quantities.items() if quantity]
    lines = [quote(con_id, str(price), str(price)) for con_id, price in marks.items()]
    return Rig(holdings=held, lines=lines, cash=money, benchmark=Decimal("0.02"))


def told(rig: Rig) -> dict[str, Decimal]:
    """Return the amounts told in USD, and the ratios."""
    statement = rig.venue.account.statements.make()
    rows = [v for v in account_values(statement) if v.currency in ("", "USD")]
    return {v.key: Decimal(v.text) for v in rows if v.text.lstrip("-").replace(".", "").isdigit()}


@settings(max_examples=60, deadline=None)
@given(positions, prices, cash)
def test_the_values_told_keep_their_identities(
    quantities: dict[ConId, int], marks: dict[ConId, Decimal], money: Decimal
) -> None:
    rig = stage(quantities, marks, money)
    rig.step("2018-01-17T10:00")
    value = told(rig)
    assert value["NetLiquidation"] == (
        value["CashBalance"]
        + value["StockMarketValue"]
        + value["OptionMarketValue"]
        + value["FuturesPNL"]
        + value["AccruedCash"]
    )
    assert value["TotalCashValue"] == value["CashBalance"] + value["FuturesPNL"]
    for prefix in ("", "Full", "LookAhead"):
        for suffix in ("", "-C", "-S"):
            equity = value[f"EquityWithLoanValue{suffix}"]
            funds = value[f"{prefix}AvailableFunds{suffix}"]
            excess = value[f"{prefix}ExcessLiquidity{suffix}"]
            assert funds == equity - value[f"{prefix}InitMarginReq{suffix}"]
            assert excess == equity - value[f"{prefix}MaintMarginReq{suffix}"]
    for key in [key[:-2] for key in value if key.endswith("-C")]:
        assert value[key] == value[f"{key}-C"] + value[f"{key}-S"], key
    worth = value["NetLiquidation"]
    if worth > 0:
        assert value["Cushion"] == round(value["ExcessLiquidity"] / worth, 6)
        assert value["Leverage"] == round(value["GrossPositionValue"] / worth, 2)


@settings(max_examples=60, deadline=None)
@given(positions, prices, prices, cash)
def test_the_days_profits_add_up_to_what_the_account_gained(
    quantities: dict[ConId, int],
    before: dict[ConId, Decimal],
    after: dict[ConId, Decimal],
    money: Decimal,
) -> None:
    """Net liquidation less interest moves by the sum of the positions' daily profits."""
    rig = stage(quantities, before, money)
    start = rig.venue.account.figures().total.net_liquidation_usd
    for con_id, price in after.items():
        rig.market.show(quote(con_id, str(price), str(price)))
    rig.step("2018-01-16T16:30")
    figures = rig.venue.account.figures()
    assert figures.daily_usd == figures.total.net_liquidation_usd - start
    parts = [day_profit_usd(rig.books, c, rig.floor.marks) for c in rig.books.holdings]
    assert figures.daily_usd == sum((part for part in parts if part is not None), Decimal(0))


ticks = st.integers(1, 800).map(lambda n: Decimal(n) / 20)
TRADED = st.tuples(st.just("trade"), st.integers(-7, 7).filter(bool), ticks)
SETTLED = st.tuples(st.just("settle"), st.just(0), ticks)
DEALS = st.lists(st.one_of(TRADED, TRADED, SETTLED), max_size=30)


def lived(is_daily: bool, deals: list[tuple[str, int, Decimal]]) -> tuple[Holding, Decimal]:  # noqa: FBT001
    """Return what is held after `deals`, and the cash that they moved."""
    held, moved = Holding(con_id=ConId(1), multiplier=1000, is_future=is_daily), Decimal(0)
    for what, quantity, price in deals:
        done: Traded | None = None
        if what == "trade":
            deal = Trade(quantity=quantity, price=price, commission_usd=Decimal("2.36"))
            done = trade(held, deal)
        elif is_daily:
            done = settle_daily(held, price)
        if done is not None:
            held, moved = done.holding, moved + done.cash_usd
    return held, moved


@settings(max_examples=200, deadline=None)
@given(st.booleans(), DEALS)
def test_cash_cost_and_profit_balance_to_the_cent(
    is_daily: bool,  # noqa: FBT001
    deals: list[tuple[str, int, Decimal]],
) -> None:
    held, moved = lived(is_daily, deals)
    assert moved + held.invested_usd - held.realized_usd == 0
    traded = [(quantity, price) for what, quantity, price in deals if what == "trade"]
    assert held.quantity == sum(quantity for quantity, _ in traded)
    if held.quantity == 0:
        spent = sum((quantity * price * 1000 for quantity, price in traded), Decimal(0))
        assert moved == held.realized_usd == -spent - Decimal("2.36") * len(traded)


@settings(max_examples=100, deadline=None)
@given(DEALS)
def test_daily_settlement_changes_when_cash_moves_and_nothing_else(
    deals: list[tuple[str, int, Decimal]],
) -> None:
    """A future and a share-like thing of the same trades show the same cost and profit."""
    daily, once = lived(True, deals)[0], lived(False, deals)[0]  # noqa: FBT003
    assert (daily.quantity, daily.cost_usd) == (once.quantity, once.cost_usd)
    assert daily.realized_usd == once.realized_usd


@settings(max_examples=30, deadline=None)
@given(positions, st.lists(prices, max_size=6), cash)
def test_the_books_balance_through_settlement_interest_and_expiry(
    quantities: dict[ConId, int], days: list[dict[ConId, Decimal]], money: Decimal
) -> None:
    rig = stage(quantities, {}, money)
    books = rig.books

    def balance() -> Decimal:
        accrued = books.interest.unpaid().total_usd
        invested = books.cost_of_positions_usd()
        return books.cash_usd + invested + accrued - books.realized_usd - books.interest.earned_usd

    began, now = balance(), START
    for day in days:
        for con_id, price in day.items():
            rig.market.show(quote(con_id, str(price), str(price)))
        now += timedelta(days=4, hours=6)
        rig.keep(rig.venue.advance(now))
        assert balance() == began
    rig.market.settled = {c: Decimal("12.34") for c in HELD if c != SPY_ID}
    rig.keep(rig.venue.advance(now + timedelta(hours=1)))
    assert balance() == began
    assert {h.con_id for h in books.positions()} <= {SPY_ID}
    again = Books()
    opened = AccountOpened(
        account=ACCOUNT,
        at=START,
        cash_usd=money,
        holdings=tuple(holding(c, q, Decimal(20)) for c, q in quantities.items() if q),
    )
    again.apply(opened)
    for record in rig.records:
        again.apply(record)
    assert (again.cash_usd, again.holdings) == (books.cash_usd, books.holdings)
    kinds = {type(record) for record in rig.records}
    futures = {c for c, quantity in quantities.items() if quantity and is_future(c)}
    assert (VariationSettled in kinds) == bool(futures and days)
    dated = {c for c, quantity in quantities.items() if quantity and c != SPY_ID}
    assert (PositionSettled in kinds) == bool(dated)


ROUTES = {CALL_15: "SMART", SPY_ID: "SMART", VX: "CFE"}
placed = st.tuples(st.sampled_from(sorted(ROUTES)), st.sampled_from(["BUY", "SELL"]))
lots = st.integers(1, 9)
moves = st.lists(st.tuples(placed, lots, st.integers(1, 40), st.integers(1, 40)), max_size=12)


@settings(max_examples=40, deadline=None)
@given(moves)
def test_orders_in_every_kind_of_product_keep_the_account_in_balance(
    story: list[tuple[tuple[ConId, str], int, int, int]],
) -> None:
    """Each step trades at the market, moves it, and passes a daily settlement now and then."""
    rig = stage({}, {}, Decimal(500_000))
    session, now, books = rig.connect(), START, rig.books
    for number, ((con_id, side), quantity, before, after) in enumerate(story, start=1):
        rig.market.show(quote(con_id, str(before), str(before)))
        rig.keep(rig.venue.advance(now))
        contract = WireContract(con_id=con_id, exchange=ROUTES[con_id])
        rig.say(session, place(order(number, side, quantity, str(before)), con_id, contract))
        rig.market.show(quote(con_id, str(after), str(after)))
        now += timedelta(hours=24)
        rig.keep(rig.venue.advance(now))
    invested = books.cost_of_positions_usd() + books.interest.unpaid().total_usd
    earned = books.realized_usd + books.interest.earned_usd
    assert books.cash_usd + invested - earned == 500_000
    figures = rig.venue.account.figures()
    gained = books.realized_usd + figures.unrealized_usd + books.interest.earned_usd
    assert figures.total.net_liquidation_usd == 500_000 + gained
    value = told(rig)
    assert value["NetLiquidation"] == value["NetLiquidation-C"] + value["NetLiquidation-S"]
