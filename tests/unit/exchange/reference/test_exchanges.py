"""Exchanges and the letters of shared feeds."""

from bot.exchange.reference.exchanges import (
    EXCHANGES,
    SMART,
    SMART_GROUPS,
    smart_components,
)
from bot.exchange.reference.products import Product
from bot.exchange.reference.sheets import SHEETS, sheet_of
from bot.exchange.reference.underlyings import INDICES, SPY


def test_every_exchange_a_product_names_is_known() -> None:
    """SMART is a router, not an exchange."""
    undated: tuple[Product, ...] = (*INDICES.values(), SPY)
    sheets = [*SHEETS.values(), *map(sheet_of, undated)]
    named = {exchange for sheet in sheets for exchange in sheet.exchanges}
    assert named - {SMART} == set(EXCHANGES)
    assert all(sheet.exchanges.count(each) == 1 for sheet in sheets for each in sheet.exchanges)


def test_a_group_gives_each_exchange_one_letter() -> None:
    """Bits count from zero; two exchanges of one group never share a letter."""
    for group in SMART_GROUPS:
        components = smart_components(group)
        assert [each.bit for each in components] == list(range(len(components)))
        letters = [each.letter for each in components]
        assert "" not in letters
        assert len(set(letters)) == len(letters)


def test_an_unknown_group_is_empty() -> None:
    """A client that asks for a group that does not exist gets an empty table."""
    assert smart_components("ffffff") == ()
