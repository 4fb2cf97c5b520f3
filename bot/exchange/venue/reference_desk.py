"""Answers questions about contracts: details, chains, price rules, symbols."""

from bot.domain.instruments import ConId
from bot.exchange.reference.conid import UnknownContractError
from bot.exchange.reference.listing import Listing
from bot.exchange.reference.query import CONTINUOUS
from bot.exchange.reference.reference import UnknownRuleError
from bot.exchange.reference.symbols import match_symbols
from bot.exchange.venue.contracts import BAG, spell_contract
from bot.exchange.venue.details import (
    details_rows,
    market_rule,
    option_parameters,
    symbol_sample,
)
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.search import SECURITY_TYPES, ConflictingFieldsError, find_contracts
from bot.exchange.wire.contract import WireContract
from bot.exchange.wire.replies import (
    ContractDetails,
    ContractDetailsEnd,
    OptionParametersEnd,
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
_BAD_TYPE = "Error validating request.-'bI' : cause - {}Please enter a valid security type"
_NO_BAG = "'BAG' isn't supported for contract data request. "
_NOT_CONTINUOUS = "'CONTFUT' isn't supported for orders. "
_NO_NUMBER = "Error validating request.-'bO' : cause - Invalid contract id"


class ReferenceDesk:
    """Serves the requests that name contracts and ask nothing of the account."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def resolve(
        self, client: Client, request_id: int, pattern: WireContract, *, for_order: bool = False
    ) -> Listing | None:
        """Return the one contract that `pattern` means, or answer with an error and None.

        The error is 200 for none or several, 321 for no security type. A number beside fields of
        another contract is 478 in an order and 200 in a request for data; a continuous future
        (CONTFUT) has data and cannot be ordered.
        """
        if for_order and pattern.sec_type == CONTINUOUS:
            self._floor.fail(client, request_id, 321, _BAD_TYPE.format(_NOT_CONTINUOUS))
            return None
        try:
            found = self._find(client, request_id, pattern)
        except ConflictingFieldsError as error:
            code, text = (478, str(error)) if for_order else (200, NO_DEFINITION)
            self._floor.fail(client, request_id, code, text)
            return None
        if found is None:
            return None
        if len(found) == 1:
            return found[0]
        text = AMBIGUOUS.format(pattern.symbol) if found else NO_DEFINITION
        self._floor.fail(client, request_id, 200, text)
        return None

    def details(self, client: Client, request: RequestContractDetails) -> None:
        """Send every contract that matches, then the end mark; 200 if there is none."""
        pattern = request.contract
        try:
            found = self._find(client, request.request_id, pattern)
        except ConflictingFieldsError:
            found = []
        if found is None:
            return
        if not found:
            self._floor.fail(client, request.request_id, 200, NO_DEFINITION)
            return
        rows = details_rows(found, pattern)
        replies = (ContractDetails(request_id=request.request_id, details=row) for row in rows)
        self._floor.send_all(client, replies)
        self._floor.send(client, ContractDetailsEnd(request_id=request.request_id))

    def option_parameters(self, client: Client, request: RequestOptionParameters) -> None:
        """Send the chains of an underlying, then the end mark; futures here have no options.

        Number, symbol and type must name the same underlying, else there is nothing to send; a
        number that is none is answered with 321.
        """
        if request.con_id <= 0:
            self._floor.fail(client, request.request_id, 321, _NO_NUMBER)
            return
        if not request.future_option_exchange and self._is_underlying(request):
            chains = self._floor.reference.chains(ConId(request.con_id), self._floor.today)
            for chain in chains:
                self._floor.send(client, option_parameters(request.request_id, chain))
        self._floor.send(client, OptionParametersEnd(request_id=request.request_id))

    def _is_underlying(self, request: RequestOptionParameters) -> bool:
        try:
            instrument = self._floor.reference.instrument(ConId(request.con_id))
        except UnknownContractError:
            return False
        named = spell_contract(instrument, "")
        return request.symbol == named.symbol and request.sec_type == named.sec_type

    def market_rule(self, client: Client, request: RequestMarketRule) -> None:
        """Send a price-increment table, 321 if there is no such rule."""
        try:
            grid = self._floor.reference.rule(request.rule_id)
        except UnknownRuleError as error:
            self._floor.notify(client, 321, f"Error validating request: {error}")
            return
        self._floor.send(client, market_rule(request.rule_id, grid))

    def matching_symbols(self, client: Client, request: RequestMatchingSymbols) -> None:
        """Send the indices and shares found by symbol or name."""
        samples = tuple(symbol_sample(match) for match in match_symbols(request.pattern))
        self._floor.send(client, SymbolSamples(request_id=request.request_id, samples=samples))

    def _find(self, client: Client, request_id: int, pattern: WireContract) -> list[Listing] | None:
        """Return what matches, or answer that no such type of security can be asked for."""
        if pattern.sec_type == BAG or not (pattern.con_id or pattern.sec_type in SECURITY_TYPES):
            text = _BAD_TYPE.format(_NO_BAG if pattern.sec_type == BAG else "")
            self._floor.fail(client, request_id, 321, text)
            return None
        return find_contracts(self._floor.reference, pattern, self._floor.today)
