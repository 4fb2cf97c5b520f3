"""Positions: average cost with commissions, realized profit, and nothing lost in between."""

from decimal import Decimal

from bot.domain.instruments import ConId
from bot.exchange.venue.holding import Holding, Trade, Traded, trade

EMPTY = Holding(con_id=ConId(1), multiplier=100)


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
