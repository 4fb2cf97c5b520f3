"""A contract number is the contract: stable, unique, and readable back."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from bot.domain.instruments import ConId, Right
from bot.exchange.reference.conid import (
    ContractClass,
    ContractKey,
    UnknownContractError,
    con_id_of,
    is_future,
    key_of,
)
from bot.exchange.reference.underlyings import SPX_ID, VIX_ID

DAY = date(2018, 3, 21)


def test_the_indices_keep_the_numbers_of_the_broker() -> None:
    """VIX is 13455763 and SPX 416904 (domain.md section 1.1)."""
    assert (VIX_ID, SPX_ID) == (13455763, 416904)


def test_a_number_tells_its_contract() -> None:
    """Every class, right and strike comes back, in the shortest writing of the strike."""
    strikes = {ContractClass.VIX: ("14.5", "20"), ContractClass.SPX: ("2650", "4000")}
    for contract_class, texts in strikes.items():
        for text, right in product(texts, Right):
            key = ContractKey(contract_class, DAY, Decimal(text), right)
            assert key_of(con_id_of(key)) == key
            assert str(key_of(con_id_of(key)).strike) == text
    assert key_of(con_id_of(ContractKey(ContractClass.VX, DAY))) == (
        ContractClass.VX,
        DAY,
        *[None] * 2,
    )


def test_futures_are_told_by_their_number() -> None:
    """Nothing else is a future: no option, index or stranger."""
    for contract_class in ContractClass:
        key = ContractKey(contract_class, DAY)
        if not contract_class.is_future:
            key = key._replace(strike=Decimal(20), right=Right.CALL)
        assert is_future(con_id_of(key)) is contract_class.is_future
    assert not is_future(VIX_ID)
    assert not is_future(ConId(1))


def test_no_two_contracts_share_a_number() -> None:
    """Classes, days, strikes and rights never collide, nor reach the sign bit of 32."""
    keys = [
        ContractKey(contract_class, date(2018, month, 16), Decimal(strike), right)
        for contract_class in (ContractClass.SPX, ContractClass.SPXW, ContractClass.VIX)
        for month, strike, right in product(range(1, 13), range(5, 500, 5), Right)
    ]
    numbers = [con_id_of(key) for key in keys]
    assert len(set(numbers)) == len(keys)
    assert max(numbers) < 2**31
    assert min(numbers) > VIX_ID


@pytest.mark.parametrize(
    "key",
    [
        ContractKey(ContractClass.SPX, DAY, Decimal(2652), Right.PUT),
        ContractKey(ContractClass.VIX, DAY, Decimal("14.25"), Right.PUT),
        ContractKey(ContractClass.SPX, DAY, Decimal(20_000), Right.PUT),
        ContractKey(ContractClass.SPX, DAY, Decimal(-5), Right.PUT),
        ContractKey(ContractClass.VX, date(2009, 1, 21)),
        ContractKey(ContractClass.VX, date(2080, 1, 21)),
    ],
)
def test_what_cannot_be_numbered_is_refused(key: ContractKey) -> None:
    """A strike off its steps or a part out of range gets no number rather than a wrong one."""
    with pytest.raises(ValueError, match="no contract number"):
        con_id_of(key)


@pytest.mark.parametrize(
    "number", [0, 42, (1 << 29) + 5, 2**31 - 1, con_id_of(ContractKey(ContractClass.VX, DAY)) + 1]
)
def test_a_number_without_a_contract_is_unknown(number: int) -> None:
    """Foreign numbers, empty classes and a future with a strike are not contracts."""
    with pytest.raises(UnknownContractError, match=str(number)):
        key_of(ConId(number))
