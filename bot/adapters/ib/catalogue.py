"""Looking contracts up, and remembering what was found.

A contract's facts do not change while a process runs, so each contract and each market rule is
asked for once. Library objects are translated on arrival and never kept: the library writes into
those it is handed (domain.md section 4).
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import TypeVar

from bot.adapters.ib.client_library import Contract, ContractDetails
from bot.adapters.ib.contracts import (
    SMART,
    VIX_FUTURE_CLASS,
    con_id_pattern,
    day_of,
    exchange_of,
    future_of,
    grid_of,
    index_of,
    index_pattern,
    is_ours,
    kind_of,
    option_of,
    option_pattern,
    other_of,
    refused,
    rule_id_of,
    vix_future_pattern,
)
from bot.adapters.ib.conversation import Conversation
from bot.adapters.ib.listener import market_rule
from bot.domain.instruments import ConId, Future, Index, Instrument, Option, Other
from bot.domain.money import PriceGrid

InstrumentT = TypeVar("InstrumentT", Index, Future, Option, Other, Instrument | Other)


class Catalogue:
    """The contracts this process has seen."""

    def __init__(self) -> None:
        self._known: dict[ConId, Instrument | Other] = {}
        self._indices: dict[str, Index] = {}
        self._grids: dict[int, PriceGrid] = {}

    def known(self, con_id: ConId) -> Instrument | Other | None:
        """Return a contract looked up before, None otherwise."""
        return self._known.get(con_id)

    async def index(self, talk: Conversation, symbol: str) -> Index:
        """Look an index up by symbol; exactly one contract must match."""
        if symbol not in self._indices:
            found = await self._details(talk, index_pattern(symbol))
            if len(found) != 1 or kind_of(found[0]) != "IND":
                raise refused(f"index {symbol}: {len(found)} contracts match, not one")
            self._indices[symbol] = self._keep(index_of(found[0]))
        return self._indices[symbol]

    async def vix_futures(self, talk: Conversation, *, include_expired: bool) -> tuple[Future, ...]:
        """Look the monthly VX futures up, by settlement."""
        found = await self._details(talk, vix_future_pattern(include_expired=include_expired))
        futures = [
            self._keep(future_of(details, await self._grid(talk, details))) for details in found
        ]
        strange = [f.local_symbol for f in futures if f.trading_class != VIX_FUTURE_CLASS]
        if strange:
            raise refused(f"VX futures of other classes were sent: {', '.join(strange)}")
        return tuple(sorted(_distinct(futures), key=lambda future: future.settlement))

    async def option_days(
        self, talk: Conversation, symbol: str, trading_class: str
    ) -> tuple[date, ...]:
        """Look the last trading days of a class up, ascending."""
        underlying = await self.index(talk, symbol)
        rows = await talk.ask(
            lambda client, number: client.reqSecDefOptParams(
                number, symbol, "", "IND", underlying.con_id
            ),
            talk.limits.list,
        )
        of_class = [(exchange, days) for exchange, name, days in rows if name == trading_class]
        smart = [(exchange, days) for exchange, days in of_class if exchange == SMART]
        if not of_class:
            raise refused(f"{symbol} options of class {trading_class}: none are listed")
        listed = {day_of(day) for _, days in smart or of_class for day in days}
        return tuple(sorted(listed))

    async def options(
        self, talk: Conversation, symbol: str, trading_class: str, last_trading_day: date
    ) -> tuple[Option, ...]:
        """Look all options of one expiry up, by strike, calls first."""
        found = await self._details(talk, option_pattern(symbol, trading_class, last_trading_day))
        options = [
            self._keep(option_of(details, await self._grid(talk, details)))
            for details in found
            if kind_of(details) == "OPT"
        ]
        asked = (symbol, trading_class, last_trading_day)
        strange = [
            o.local_symbol
            for o in options
            if (o.symbol, o.trading_class, o.last_trading_day) != asked
        ]
        if strange or not options:
            raise refused(f"options {asked}: {len(options)} found, of another kind: {strange}")
        return tuple(sorted(_distinct(options), key=lambda o: (o.strike, o.right)))

    async def instruments(
        self, talk: Conversation, con_ids: Collection[ConId]
    ) -> tuple[Instrument | Other, ...]:
        """Look contracts up by number, in the order given."""
        return tuple([await self._instrument(talk, con_id) for con_id in con_ids])

    async def _instrument(self, talk: Conversation, con_id: ConId) -> Instrument | Other:
        if con_id not in self._known:
            found = await self._details(talk, con_id_pattern(con_id))
            numbers = {d.contract.conId for d in found if d.contract is not None}
            if numbers != {con_id}:
                raise refused(f"contract {con_id}: the broker names {sorted(numbers)}")
            chosen = next((d for d in found if exchange_of(d) == SMART), found[0])
            self._keep(await self._translate(talk, chosen))
        return self._known[con_id]

    async def _translate(self, talk: Conversation, details: ContractDetails) -> Instrument | Other:
        if not is_ours(details):
            return other_of(details)
        kind = kind_of(details)
        if kind == "IND":
            return index_of(details)
        grid = await self._grid(talk, details)
        return future_of(details, grid) if kind == "FUT" else option_of(details, grid)

    async def _grid(self, talk: Conversation, details: ContractDetails) -> PriceGrid:
        rule_id = rule_id_of(details)
        if rule_id not in self._grids:
            rows = await talk.ask_by_word(
                market_rule(rule_id), lambda client: client.reqMarketRule(rule_id)
            )
            self._grids[rule_id] = grid_of(rows)
        return self._grids[rule_id]

    async def _details(self, talk: Conversation, pattern: Contract) -> list[ContractDetails]:
        return await talk.ask(
            lambda client, number: client.reqContractDetails(number, pattern), talk.limits.list
        )

    def _keep(self, instrument: InstrumentT) -> InstrumentT:
        self._known[instrument.con_id] = instrument
        return instrument


def _distinct(instruments: Iterable[InstrumentT]) -> list[InstrumentT]:
    """Return each contract once: the broker may list one per exchange."""
    return list({instrument.con_id: instrument for instrument in instruments}.values())
