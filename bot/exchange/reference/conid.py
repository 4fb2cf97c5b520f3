"""Contract numbers that are the contract's identity, packed into an integer.

A number must be stable over listings, days and restarts, and unique. Packing class, settlement day,
right and strike gives both by construction, with no table to keep and no order of listing to depend
on; reading it back tells the contract. What has no settlement (indices, stocks) stands with its
number in `bot.exchange.reference.underlyings`.
"""

from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from bot.domain.instruments import ConId, Right

_EPOCH = date(2010, 1, 1)
_BASE = 1 << 29
_RIGHT_BITS, _STRIKE_BITS, _DAY_BITS, _CLASS_BITS = 1, 11, 14, 4


class UnknownContractError(LookupError):
    """No contract has this number."""


class ContractClass(Enum):
    """The trading classes of the exchange; value: (code, name, symbol of the underlying)."""

    VX = (1, "VX", "VIX")
    VIX = (2, "VIX", "VIX")
    SPX = (3, "SPX", "SPX")
    SPXW = (4, "SPXW", "SPX")
    VIXW = (5, "VIXW", "VIX")
    VXM = (6, "VXM", "VIX")
    ES = (7, "ES", "SPX")
    MES = (8, "MES", "SPX")

    @property
    def code(self) -> int:
        """The number of the class inside a contract number."""
        return self.value[0]

    @property
    def label(self) -> str:
        """The trading class as the broker names it."""
        return self.value[1]

    @property
    def underlying(self) -> str:
        """The symbol of the index it is derived from."""
        return self.value[2]

    @property
    def is_future(self) -> bool:
        """Whether it is a class of futures; the others are options."""
        return self in FUTURE_CLASSES

    @property
    def strike_step(self) -> Decimal:
        """The finest step between strikes, in points; strikes are stored as multiples of it."""
        return Decimal(5) if self in SPX_CLASSES else Decimal("0.5")


SPX_CLASSES = frozenset({ContractClass.SPX, ContractClass.SPXW})
"""Options on the S&P 500."""
VIX_CLASSES = frozenset({ContractClass.VIX, ContractClass.VIXW})
"""Options on VIX."""
VIX_FUTURE_CLASSES = frozenset({ContractClass.VX, ContractClass.VXM})
SPX_FUTURE_CLASSES = frozenset({ContractClass.ES, ContractClass.MES})
FUTURE_CLASSES = VIX_FUTURE_CLASSES | SPX_FUTURE_CLASSES
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
    if contract_class.is_future:
        if steps or is_call:
            raise UnknownContractError(f"no contract has the number {con_id}")
        return ContractKey(contract_class, settlement)
    strike = Decimal(steps) * 5 if contract_class in SPX_CLASSES else Decimal(steps) / 2
    return ContractKey(contract_class, settlement, strike, Right.CALL if is_call else Right.PUT)


def is_future(con_id: ConId) -> bool:
    """Tell whether a number is that of a future, which is settled to cash every day."""
    try:
        return key_of(con_id).contract_class.is_future
    except UnknownContractError:
        return False
