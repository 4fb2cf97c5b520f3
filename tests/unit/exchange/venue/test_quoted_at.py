"""The code of a line's exchanges leads to the letters of its exchange ticks."""

import pytest

from bot.domain.instruments import ConId
from bot.exchange.reference.underlyings import SPY_ID, VIX_ID
from bot.exchange.venue.quoted_at import COMPONENTS, best_quote_code, exchange_letters
from tests.support.venue_rig import CALL_15, rig_reference


@pytest.mark.parametrize(("con_id", "letters"), [(CALL_15, "C"), (SPY_ID, "P"), (VIX_ID, "")])
def test_letters_are_those_of_the_code(con_id: ConId, letters: str) -> None:
    product = rig_reference().instrument(con_id)
    assert exchange_letters(product) == letters
    known = {each.letter for each in COMPONENTS.get(best_quote_code(product), ())}
    assert known == set(letters)
