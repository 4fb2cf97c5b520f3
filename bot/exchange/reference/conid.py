"""Contract numbers that are the contract's identity, packed into an integer.

A number must be stable over listings, days and restarts, and unique. Packing class, settlement day,
right and strike gives both by construction, with no table to keep and no order of listing to depend
on; reading it back tells the contract. The two indices keep the numbers they have at the broker.
"""

from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from bot.domain.instruments import ConId, Right

VIX_ID = ConId(13455763)
SPX_ID = ConId(416904)

_EPOCH = date(2010, 1, 1)
_BASE = 1 << 29
_RIGHT_BITS, _STRIKE_BITS, _DAY_BITS, _CLASS_BITS = 1, 11, 14, 3


class UnknownContractError(LookupError):
    """No contract has this number."""


class ContractClass(Enum):
    """The trading classes of the exchange; value: (code, name)."""

    VX = (1, "VX")
    VIX = (2, "VIX")
    SPX = (3, "SPX")
    SPXW = (4, "SPXW")

    @property
    def code(self) -> int:
        """The number of the class inside a contract number."""
        return self.value[0]

    @property
    def label(self) -> str:
        """The trading class as the broker names it."""
        return self.value[1]

    @property
    def strike_step(self) -> Decimal:
        """The finest step between strikes, in points; strikes are stored as multiples of it."""
        return Decimal(5) if self in SPX_CLASSES else Decimal("0.5")


SPX_CLASSES = frozenset({ContractClass.SPX, ContractClass.SPXW})
_CLASS_BY_CODE = {each.code: each for each in ContractClass}


class ContractKey(NamedTuple):
    """What makes a contract: a future has neither strike nor right."""

    contract_class: ContractClass
    settlement: date
    strike: Decimal | None = None
    right: Right | None = None


def con_id_of(key: ContractKey) -> ConId:
    """Return the contract number of `key`.

    Raises:
        ValueError: The strike is off the class's steps, or a part is out of range.
    """
    steps = Decimal(0) if key.strike is None else key.strike / key.contract_class.strike_step
    days = (key.settlement - _EPOCH).days
    if steps != int(steps) or not 0 <= steps < 1 << _STRIKE_BITS or not 0 <= days < 1 << _DAY_BITS:
        raise ValueError(f"no contract number can be given to {key}")
    packed = key.contract_class.code
    packed = packed << _DAY_BITS | days
    packed = packed << _STRIKE_BITS | int(steps)
    packed = packed << _RIGHT_BITS | (key.right is Right.CALL)
    return ConId(_BASE + packed)


def key_of(con_id: ConId) -> ContractKey:
    """Return the contract a number stands for.

    Raises:
        UnknownContractError: It is not the number of a future or option.
    """
    packed = con_id - _BASE
    code = packed >> (_DAY_BITS + _STRIKE_BITS + _RIGHT_BITS)
    if packed < 0 or code not in _CLASS_BY_CODE:
        raise UnknownContractError(f"no contract has the number {con_id}")
    contract_class = _CLASS_BY_CODE[code]
    is_call = packed & 1
    steps = packed >> _RIGHT_BITS & ((1 << _STRIKE_BITS) - 1)
    days = packed >> (_STRIKE_BITS + _RIGHT_BITS) & ((1 << _DAY_BITS) - 1)
    settlement = _EPOCH + timedelta(days=days)
    if contract_class is ContractClass.VX:
        if steps or is_call:
            raise UnknownContractError(f"no contract has the number {con_id}")
        return ContractKey(contract_class, settlement)
    strike = Decimal(steps) * 5 if contract_class in SPX_CLASSES else Decimal(steps) / 2
    return ContractKey(contract_class, settlement, strike, Right.CALL if is_call else Right.PUT)
