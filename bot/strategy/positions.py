"""The SPX positions understood: iron condors, what stays unexplained, and their vega.

A condor is found, never assumed (methodology.md section 1). Here only the plain case: among the SPX
positions of one expiry and class, exactly four of one size that make long put < short put < short
call < long call. What stays is unexplained: it is shown and still counts in R1, as one group per
expiry and class, but it is not a condor that R31 could stand on. The rules on condors stand in
`bot.strategy.condors`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from bot.domain.account import Position
from bot.domain.instruments import ConId, Contract, Option, Right, is_spx_option
from bot.strategy.valuation import Market, Series, days_to, new_york_day, series_of


class Leg(NamedTuple):
    """One position in an SPX option; signed contracts."""

    option: Option
    quantity: int


class Group(NamedTuple):
    """SPX legs that count as one term of V*: a condor, or what stays of an expiry.

    `key` names the legs without their number; `quantity` is the number of condors, 1 for a rest.
    """

    key: str
    expiry: str
    dte: int
    quantity: int
    legs: tuple[Leg, ...]

    @property
    def strikes(self) -> tuple[Decimal, ...]:
        """The strikes of the legs, ascending."""
        return tuple(sorted(leg.option.strike for leg in self.legs))


class Condors(NamedTuple):
    """What the SPX positions are: condors, and groups that are none."""

    found: tuple[Group, ...]
    rest: tuple[Group, ...]

    @property
    def all(self) -> tuple[Group, ...]:
        """Every group that counts in R1."""
        return (*self.found, *self.rest)


def find_condors(
    positions: Iterable[Position], instruments: Mapping[ConId, Contract], now: datetime
) -> Condors:
    """Group the SPX options held into condors and what stays; settled ones are gone."""
    found: list[Group] = []
    rest: list[Group] = []
    for series, legs in sorted(_by_series(positions, instruments, now).items()):
        sizes = list(_by_size(legs))
        found.extend(_condor(series, of_size, now) for of_size in sizes if _is_condor(of_size))
        left = [leg for of_size in sizes if not _is_condor(of_size) for leg in of_size]
        if left:
            rest.append(_rest(series, left, now))
    return Condors(tuple(found), tuple(rest))


def vega_usd(group: Group, market: Market) -> float | None:
    """Return |summed leg vega| in USD per volatility point, None when a leg's is unknown."""
    total = 0.0
    for leg in group.legs:
        line = market.lines.get(leg.option.con_id)
        if line is None or line.vega_per_point is None:
            return None
        total += line.vega_per_point * leg.quantity
    return abs(total)


def notional_usd(condor: Group) -> Decimal:
    """Return the capital at risk before credit: the wider spread of each condor (section 1)."""
    lowest, short_put, short_call, highest = condor.strikes
    width = max(short_put - lowest, highest - short_call)
    return width * condor.legs[0].option.multiplier * condor.quantity


def _by_series(
    positions: Iterable[Position], instruments: Mapping[ConId, Contract], now: datetime
) -> dict[Series, list[Leg]]:
    groups: dict[Series, list[Leg]] = {}
    for position in positions:
        option = instruments.get(position.con_id)
        if (
            isinstance(option, Option)
            and is_spx_option(option)
            and position.quantity != 0
            and option.settlement > now
        ):
            groups.setdefault(series_of(option), []).append(Leg(option, position.quantity))
    return groups


def _by_size(legs: list[Leg]) -> Iterator[list[Leg]]:
    for size in sorted({abs(leg.quantity) for leg in legs}):
        of_size = [leg for leg in legs if abs(leg.quantity) == size]
        yield sorted(of_size, key=lambda leg: (leg.option.strike, leg.option.right))


_SHAPE = ((Right.PUT, 1), (Right.PUT, -1), (Right.CALL, -1), (Right.CALL, 1))


def _is_condor(legs: list[Leg]) -> bool:
    """Tell whether legs of one size, in order of strike, are the plain iron condor."""
    strikes = [leg.option.strike for leg in legs]
    shape = tuple((leg.option.right, 1 if leg.quantity > 0 else -1) for leg in legs)
    return shape == _SHAPE and len(set(strikes)) == len(strikes)


def _condor(series: Series, legs: list[Leg], now: datetime) -> Group:
    strikes = "/".join(f"{leg.option.strike.normalize():f}" for leg in legs)
    expiry = new_york_day(series.settlement).isoformat()
    return Group(
        key=f"{series.trading_class} {expiry} {strikes}",
        expiry=expiry,
        dte=days_to(series.settlement, now),
        quantity=abs(legs[0].quantity),
        legs=tuple(legs),
    )


def _rest(series: Series, legs: list[Leg], now: datetime) -> Group:
    ordered = sorted(legs, key=lambda leg: (leg.option.strike, leg.option.right))
    parts = " ".join(
        f"{leg.quantity:+d}{leg.option.right}{leg.option.strike.normalize():f}" for leg in ordered
    )
    expiry = new_york_day(series.settlement).isoformat()
    return Group(
        key=f"{series.trading_class} {expiry} {parts}",
        expiry=expiry,
        dte=days_to(series.settlement, now),
        quantity=1,
        legs=tuple(ordered),
    )
