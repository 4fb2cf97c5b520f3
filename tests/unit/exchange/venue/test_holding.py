"""Positions: average cost with commissions, realized profit, and nothing lost in between."""

from decimal import Decimal

from bot.domain.instruments import ConId
from bot.exchange.venue.holding import Holding, Trade, Traded, settle_daily, trade

EMPTY = Holding(con_id=ConId(1), multiplier=100)
FUTURE = Holding(con_id=ConId(2), multiplier=1000, is_future=True)


def usd(*amounts: int) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, amounts))


def deal(quantity: int, price: str, commission: str = "0") -> Trade:
    return Trade(quantity=quantity, price=Decimal(price), commission_usd=Decimal(commission))


def played(*deals: Trade) -> Traded:
    done = trade(EMPTY, deals[0])
    for each in deals[1:]:
        done = trade(done.holding, each)
    return done


def test_commissions_are_part_of_the_cost() -> None:
    bought = trade(EMPTY, deal(2, "1.50", "1.30"))
    assert bought.holding.cost_usd == Decimal("301.30")
    assert bought.holding.average_cost_usd == Decimal("150.65")
    assert (bought.cash_usd, bought.realized_usd) == (Decimal("-301.30"), None)


def test_a_closed_trade_realizes_its_profit_after_both_commissions() -> None:
    sold = played(deal(2, "1.50", "1.30"), deal(-2, "2.00", "1.30"))
    assert sold.realized_usd == Decimal("97.40")
    assert (sold.holding.quantity, sold.holding.cost_usd) == (0, Decimal(0))
    assert sold.holding.average_cost_usd == 0


def test_what_does_not_divide_evenly_stays_with_the_rest() -> None:
    bought = trade(EMPTY, deal(3, "1.00", "1.00"))
    sold = trade(bought.holding, deal(-1, "1.00", "0"))
    assert sold.realized_usd == Decimal("100.00") - Decimal("100.33")
    assert sold.holding.cost_usd == Decimal("200.67")


def test_a_short_is_received_and_bought_back() -> None:
    short = trade(EMPTY, deal(-1, "7.20", "1.00"))
    assert (short.holding.cost_usd, short.cash_usd) == (Decimal("-719.00"), Decimal("719.00"))
    back = trade(short.holding, deal(1, "5.00", "1.00"))
    assert back.realized_usd == Decimal("218.00")


def test_a_trade_through_zero_closes_and_opens() -> None:
    bought = trade(EMPTY, deal(2, "1.00", "0"))
    turned = trade(bought.holding, deal(-3, "2.00", "3.00"))
    assert turned.realized_usd == Decimal("198.00")
    assert (turned.holding.quantity, turned.holding.cost_usd) == (-1, Decimal("-199.00"))
    assert turned.cash_usd == Decimal("597.00")


def test_a_future_takes_no_cash_but_shows_its_full_cost() -> None:
    bought = trade(FUTURE, deal(2, "20.00", "4.72"))
    assert bought.cash_usd == Decimal("-4.72")
    assert bought.holding.average_cost_usd == Decimal("20002.36")
    assert bought.holding.invested_usd == Decimal("4.72")


def test_settlements_pay_each_days_move_and_a_close_the_rest() -> None:
    """Bought at 20, settled at 21 and 19, sold at 22: -4.72, +2000, -4000, then 6000 - 4.72."""
    held, cash = trade(FUTURE, deal(2, "20.00", "4.72")).holding, []
    for price in ("21.00", "19.00"):
        settled = settle_daily(held, Decimal(price))
        assert settled.realized_usd is None
        assert settled.holding.average_cost_usd == held.average_cost_usd
        held = settled.holding
        cash.append(settled.cash_usd)
    assert cash == [2000, -4000]
    sold = trade(held, deal(-2, "22.00", "4.72"))
    assert sold.cash_usd == Decimal("5995.28")
    assert sold.realized_usd == Decimal("3990.56")
    assert (sold.holding.cost_usd, sold.holding.settled_usd) == usd(0, 0)


def test_a_part_of_a_future_leaves_its_share_of_the_settlement() -> None:
    held = settle_daily(trade(FUTURE, deal(3, "20.00")).holding, Decimal("21.00")).holding
    sold = trade(held, deal(-1, "22.00"))
    assert (sold.cash_usd, sold.realized_usd) == (Decimal(1000), Decimal(2000))
    assert (sold.holding.settled_usd, sold.holding.cost_usd) == usd(42_000, 40_000)


def test_a_short_future_earns_when_the_price_falls() -> None:
    short = settle_daily(trade(FUTURE, deal(-1, "20.00")).holding, Decimal("18.00"))
    assert short.cash_usd == 2000
    turned = trade(short.holding, deal(2, "17.00"))
    assert (turned.cash_usd, turned.realized_usd) == (Decimal(1000), Decimal(3000))
    assert (turned.holding.quantity, turned.holding.settled_usd) == (1, Decimal(17_000))
