"""Contract details as of a day: by number, by partial description, and as chains.

Prices of these contracts are the market's job (`bot.exchange.market`).
"""

from datetime import date
from decimal import Decimal

import msgspec

from bot.domain.instruments import ConId, Right
from bot.domain.money import PriceGrid
from bot.domain.sessions import SessionTable
from bot.exchange.reference.conid import (
    ContractClass,
    ContractKey,
    UnknownContractError,
    con_id_of,
    key_of,
)
from bot.exchange.reference.contracts import OPTION_MULTIPLIER, instrument_of
from bot.exchange.reference.hours import Hours, hours_of
from bot.exchange.reference.listed import Listed
from bot.exchange.reference.listing import Listing, last_trade_date, listing_of
from bot.exchange.reference.products import Product
from bot.exchange.reference.query import Query
from bot.exchange.reference.rules import RULES
from bot.exchange.reference.underlyings import INDICES, SPX_ID, STOCKS, VIX_ID
from bot.exchange.scenarios.scenario import Scenario

_CLASSES_ON = {
    VIX_ID: (ContractClass.VIX,),
    SPX_ID: (ContractClass.SPX, ContractClass.SPXW),
}
_INDEX_IDS = {"VIX": VIX_ID, "SPX": SPX_ID}
_UNDATED = INDICES.keys() | STOCKS.keys()


class UnknownRuleError(LookupError):
    """No market rule has this number."""


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """The option chain of one class on one exchange; expirations are last trading days YYYYMMDD."""

    underlying_con_id: ConId
    exchange: str
    trading_class: str
    multiplier: int
    expirations: tuple[str, ...]
    strikes: tuple[Decimal, ...]


class Reference:
    """The contracts of the exchange over one scenario.

    `sessions` must hold `scenario.sessions_from` to `scenario.sessions_until`.
    """

    def __init__(self, scenario: Scenario, sessions: SessionTable) -> None:
        self._sessions = sessions
        self._listed = Listed(scenario, sessions)
        self._instruments: dict[ConId, Product] = {**INDICES, **STOCKS}
        self._hours: dict[tuple[type, str, date], Hours] = {}

    def instrument(self, con_id: ConId) -> Product:
        """Return the instrument with this number, whether it is listed or not.

        Raises:
            UnknownContractError: No contract has this number.
        """
        found = self._instruments.get(con_id)
        if found is None:
            found = self._instruments[con_id] = instrument_of(con_id, self._sessions)
        return found

    def by_id(self, con_id: ConId, day: date) -> Listing:
        """Return the details of a contract that is listed on `day` or was before.

        Raises:
            UnknownContractError: No contract known on `day` has this number.
        """
        if con_id not in _UNDATED and not self._listed.knows(key_of(con_id), day):
            raise UnknownContractError(f"no contract known on {day} has the number {con_id}")
        return self._listing(self.instrument(con_id), day)

    def find(self, query: Query, day: date) -> list[Listing]:
        """Return the contracts that fit a description on `day`, indices first, by settlement."""
        ids = [*INDICES, *STOCKS, *(con_id_of(key) for key in self._listed.keys(query, day))]
        instruments = [self.instrument(con_id) for con_id in ids]
        listings = [self._listing(each, day) for each in instruments if query.fits(each)]
        return [each for each in listings if query.exchange in {"", *each.valid_exchanges}]

    def chains(self, underlying: str | ConId, day: date) -> list[Chain]:
        """Return the option chains on an index, named by symbol or number; empty for others."""
        con_id = _INDEX_IDS.get(underlying) if isinstance(underlying, str) else underlying
        if con_id is None:
            return []
        return [self._chain(con_id, each, day) for each in _CLASSES_ON.get(con_id, ())]

    def rule(self, rule_id: int) -> PriceGrid:
        """Return the price grid of a market rule.

        Raises:
            UnknownRuleError: There is no such rule.
        """
        if rule_id not in RULES:
            raise UnknownRuleError(f"no market rule {rule_id}; known: {sorted(RULES)}")
        return RULES[rule_id]

    def _listing(self, instrument: Product, day: date) -> Listing:
        # hours depend on the kind alone, and a chain asks for thousands of one kind
        kind = (type(instrument), instrument.symbol, day)
        hours = self._hours.get(kind)
        if hours is None:
            hours = self._hours[kind] = hours_of(instrument, day, self._sessions)
        return listing_of(instrument, hours)

    def _chain(self, underlying: ConId, contract_class: ContractClass, day: date) -> Chain:
        strikes = self._listed.strikes(contract_class, day)
        settlements = self._listed.settlements(contract_class, day)
        keys = [ContractKey(contract_class, each, strikes[0], Right.CALL) for each in settlements]
        return Chain(
            underlying_con_id=underlying,
            exchange="SMART",
            trading_class=contract_class.label,
            multiplier=OPTION_MULTIPLIER,
            expirations=tuple(last_trade_date(self.instrument(con_id_of(key))) for key in keys),
            strikes=strikes,
        )
