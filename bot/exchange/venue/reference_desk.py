"""Answers questions about contracts: details, chains, price rules, symbols."""

from bot.domain.instruments import ConId
from bot.exchange.reference.listing import Listing
from bot.exchange.reference.query import Query
from bot.exchange.reference.reference import UnknownRuleError
from bot.exchange.venue.contracts import KINDS, ConflictingFieldsError, find_contracts
from bot.exchange.venue.details import contract_details, market_rule, option_parameters
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.replies import (
    ContractDetails,
    ContractDetailsEnd,
    OptionParametersEnd,
    SymbolSample,
    SymbolSamples,
)
from bot.exchange.wire.requests import (
    RequestContractDetails,
    RequestMarketRule,
    RequestMatchingSymbols,
    RequestOptionParameters,
)

NO_DEFINITION = "No security definition has been found for the request"
AMBIGUOUS = "The contract description specified for {} is ambiguous."
# what can be derived from an index here, in the wire's words
_DERIVED = {"VIX": ("FUT", "OPT"), "SPX": ("OPT",)}


class ReferenceDesk:
    """Serves the requests that name contracts and ask nothing of the account."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def resolve(self, client: Client, request_id: int, pattern: WireContract) -> Listing | None:
        """Return the one contract that `pattern` means, or answer 200 or 478 and None."""
        found = self._find(client, request_id, pattern)
        if found is None:
            return None
        if len(found) == 1:
            return found[0]
        text = AMBIGUOUS.format(pattern.symbol) if found else NO_DEFINITION
        self._floor.fail(client, request_id, 200, text)
        return None

    def details(self, client: Client, request: RequestContractDetails) -> None:
        """Send every contract that matches, then the end mark; 200 if there is none."""
        found = self._find(client, request.request_id, request.contract)
        if found is None:
            return
        if not found:
            self._floor.fail(client, request.request_id, 200, NO_DEFINITION)
            return
        for listing in found:
            details = contract_details(listing, request.contract.exchange)
            reply = ContractDetails(request_id=request.request_id, details=details)
            self._floor.send(client, reply)
        self._floor.send(client, ContractDetailsEnd(request_id=request.request_id))

    def option_parameters(self, client: Client, request: RequestOptionParameters) -> None:
        """Send the chains of an underlying, then the end mark; futures here have no options."""
        if not request.future_option_exchange:
            chains = self._floor.reference.chains(ConId(request.con_id), self._floor.today)
            for chain in chains:
                self._floor.send(client, option_parameters(request.request_id, chain))
        self._floor.send(client, OptionParametersEnd(request_id=request.request_id))

    def market_rule(self, client: Client, request: RequestMarketRule) -> None:
        """Send a price-increment table, 321 if there is no such rule."""
        try:
            grid = self._floor.reference.rule(request.rule_id)
        except UnknownRuleError as error:
            self._floor.notify(client, 321, f"Error validating request: {error}")
            return
        self._floor.send(client, market_rule(request.rule_id, grid))

    def matching_symbols(self, client: Client, request: RequestMatchingSymbols) -> None:
        """Send the indices whose symbols begin as asked."""
        indices = self._floor.reference.find(Query(sec_type="IND"), self._floor.today)
        pattern = request.pattern.upper()
        samples = tuple(
            _sample(index) for index in indices if index.instrument.symbol.startswith(pattern)
        )
        self._floor.send(client, SymbolSamples(request_id=request.request_id, samples=samples))

    def _find(self, client: Client, request_id: int, pattern: WireContract) -> list[Listing] | None:
        if not pattern.con_id and pattern.sec_type not in KINDS:
            text = f"{NO_DEFINITION}: no security type '{pattern.sec_type}' is listed here"
            self._floor.fail(client, request_id, 200, text)
            return None
        try:
            return find_contracts(self._floor.reference, pattern, self._floor.today)
        except ConflictingFieldsError as error:
            self._floor.fail(client, request_id, 478, str(error))
            return None


def _sample(index: Listing) -> SymbolSample:
    symbol = index.instrument.symbol
    return SymbolSample(
        con_id=index.instrument.con_id,
        symbol=symbol,
        sec_type="IND",
        primary_exchange=index.instrument.exchange,
        currency="USD",
        derivative_sec_types=_DERIVED.get(symbol, ()),
        description=index.long_name,
    )
