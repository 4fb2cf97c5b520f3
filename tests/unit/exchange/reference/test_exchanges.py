"""Exchanges and the letters of shared feeds."""

from bot.exchange.reference.exchanges import EXCHANGES, SMART, competing
from bot.exchange.reference.products import Product
from bot.exchange.reference.sheets import SHEETS, sheet_of
from bot.exchange.reference.underlyings import INDICES, SPY


def test_every_exchange_a_product_names_is_known() -> None:
    """SMART is a router, not an exchange."""
    undated: tuple[Product, ...] = (*INDICES.values(), SPY)
    sheets = [*SHEETS.values(), *map(sheet_of, undated)]
    named = {exchange for sheet in sheets for exchange in sheet.exchanges}
    assert named - {SMART} == {exchange.name for exchange in EXCHANGES}
    assert all(sheet.exchanges.count(each) == 1 for sheet in sheets for each in sheet.exchanges)


def test_no_two_exchanges_share_a_letter() -> None:
    """A mask of letters means one set of exchanges."""
    letters = [exchange.letter for exchange in competing(SMART)]
    assert "" not in letters
    assert len(set(letters)) == len(letters) > 10


def test_an_exchange_competes_with_itself_alone() -> None:
    """A line routed to one exchange shows that one; where nothing competes there is no letter."""
    assert [each.name for each in competing("ARCA")] == ["ARCA"]
    assert competing("CFE") == competing("NOWHERE") == ()
