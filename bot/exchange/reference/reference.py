"""Contract details as of a day: by number, by partial description, and as chains.

Prices of these contracts are the market's job (`bot.exchange.market`).
"""

from datetime import date, datetime
from decimal import Decimal

import msgspec

from bot.domain.instruments import ConId, Index
from bot.domain.money import PriceGrid
from bot.domain.sessions import SessionTable
from bot.exchange.reference.conid import ContractClass, UnknownContractError, con_id_of, key_of
from bot.exchange.reference.contracts import OPTION_MULTIPLIER, instrument_of, last_trading_day
from bot.exchange.reference.listed import Listed
from bot.exchange.reference.listing import Listing, Series, series_of
from bot.exchange.reference.products import Product, Stock
from bot.exchange.reference.query import Query
from bot.exchange.reference.rules import RULES
from bot.exchange.reference.sheets import SHEETS, sheet_of
from bot.exchange.reference.underlyings import INDICES, SPX_ID, STOCKS, VIX_ID
from bot.exchange.scenarios.scenario import Scenario

_CLASSES_ON = {
    VIX_ID: (ContractClass.VIX, ContractClass.VIXW),
    SPX_ID: (ContractClass.SPX, ContractClass.SPXW),
}
_INDEX_IDS = {"VIX": VIX_ID, "SPX": SPX_ID}
_UNDATED: dict[ConId, Index | Stock] = {**INDICES, **STOCKS}


_SeriesKey = tuple[str, datetime | None, date]
"""Class (or symbol), settlement and day."""


class UnknownRuleError(LookupError):
    """No market rule has this number."""


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """The option chain of one class on one exchange.

    `expirations` are last trading days YYYYMMDD; `strikes` are those of any of them, in points.
    """

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
        self._instruments: dict[ConId, Product] = {**_UNDATED}
        self._series: dict[_SeriesKey, Series] = {}

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
        undated = (each for each in _UNDATED.values() if query.fits(each))
        found: list[Product] = [each for each in undated if query.may_be_at(sheet_of(each))]
        found += [
            self.instrument(con_id_of(key))
            for key in self._listed.keys(query, day)
            if query.may_be_at(SHEETS[key.contract_class.label])
        ]
        return [self._listing(each, day) for each in found]

    def chains(self, underlying: str | ConId, day: date) -> list[Chain]:
        """Return the option chains on an index, one for each class at each of its exchanges.

        The index is named by symbol or number; there are none on anything else.
        """
        con_id = _INDEX_IDS.get(underlying) if isinstance(underlying, str) else underlying
        if con_id is None:
            return []
        return [
            self._chain(con_id, contract_class, exchange, day)
            for contract_class in _CLASSES_ON.get(con_id, ())
            for exchange in SHEETS[contract_class.label].exchanges
        ]

    def rule(self, rule_id: int) -> PriceGrid:
        """Return the price grid of a market rule.

        Raises:
            UnknownRuleError: There is no such rule.
        """
        if rule_id not in RULES:
            raise UnknownRuleError(f"no market rule {rule_id}; known: {sorted(RULES)}")
        return RULES[rule_id]

    def _listing(self, instrument: Product, day: date) -> Listing:
        # a chain asks for thousands of contracts that share all but strike and right
        key = _series_key(instrument, day)
        series = self._series.get(key)
        if series is None:
            series = self._series[key] = series_of(instrument, day, self._sessions)
        return Listing(instrument=instrument, series=series)

    def _chain(
        self, underlying: ConId, contract_class: ContractClass, exchange: str, day: date
    ) -> Chain:
        settlements = self._listed.settlements(contract_class, day)
        last = (last_trading_day(contract_class, each, self._sessions) for each in settlements)
        return Chain(
            underlying_con_id=underlying,
            exchange=exchange,
            trading_class=contract_class.label,
            multiplier=OPTION_MULTIPLIER,
            expirations=tuple(f"{each:%Y%m%d}" for each in last),
            strikes=self._listed.all_strikes(contract_class, day),
        )


def _series_key(instrument: Product, day: date) -> _SeriesKey:
    if isinstance(instrument, Index | Stock):
        return instrument.symbol, None, day
    return instrument.trading_class, instrument.settlement, day
