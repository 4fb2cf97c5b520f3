"""Decides whether a market-data line may be opened, and makes it.

Checked in this order: generic ticks, contract, rights, a free id, room. The codes are the broker's
(domain.md section 3.6).
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

from bot.domain.instruments import Option
from bot.exchange.reference.listing import Listing
from bot.exchange.reference.products import Stock
from bot.exchange.venue.contracts import BAG, BAG_CON_ID, LegsError, resolve_legs
from bot.exchange.venue.data_rules import DELAYED, Access, Admission, admit, partial_notice
from bot.exchange.venue.floor import Client, Floor
from bot.exchange.venue.generic_ticks import IncorrectGenericTicksError, parse_generics
from bot.exchange.venue.lines import Line
from bot.exchange.venue.reference_desk import ReferenceDesk
from bot.exchange.wire.replies import TickRequestParameters
from bot.exchange.wire.requests import RequestMarketData

SNAPSHOT_WAIT = timedelta(seconds=11)
"""An incomplete snapshot ends after this time, as at the broker (domain.md section 2)."""

_SNAPSHOTS_ALLOWED = 3
_COMBO_TICK = Decimal("0.01")
_INVALID = "Error validating request.-'bW' : cause -"

Opened: TypeAlias = tuple[Line, TickRequestParameters]
"""A line, and what is told of it before its ticks."""


class LineRefusedError(Exception):
    """A line cannot be opened; `code` is the broker's."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class LineOpener:
    """Makes lines for requests, or answers why not."""

    def __init__(self, floor: Floor, reference: ReferenceDesk) -> None:
        self._floor = floor
        self._reference = reference

    def open(self, client: Client, request: RequestMarketData) -> Opened | None:
        """Return the line asked for; where there can be none, answer with a code and return None.

        Notices that come with a line (10090, 10091, 10167) are sent from here.
        """
        try:
            opened = self._make(client, request)
            self._check_room(client, request)
        except LineRefusedError as error:
            self._floor.fail(client, request.request_id, error.code, str(error))
            return None
        return opened

    def _make(self, client: Client, request: RequestMarketData) -> Opened | None:
        generics, has_top = self._generics(request)
        if request.contract.sec_type == BAG:
            return self._combination(client, request, generics)
        listing = self._reference.resolve(client, request.request_id, request.contract)
        if listing is None:
            return None
        admission = self._admit(client, request, listing)
        product = listing.instrument
        line = Line(
            request_id=request.request_id,
            con_id=product.con_id,
            product=product,
            data_type=client.data_type,
            is_delayed=admission.is_delayed,
            ends_at=self._ends_at(request),
            has_top=has_top,
            has_computations=self._has_computations(client, request, listing),
            generics=generics,
        )
        snapshots = isinstance(product, Option | Stock)
        return line, TickRequestParameters(
            request_id=request.request_id,
            min_tick=listing.min_tick,
            bbo_exchange=listing.valid_exchanges[0],
            snapshot_permissions=_SNAPSHOTS_ALLOWED if snapshots else 0,
        )

    def _combination(
        self, client: Client, request: RequestMarketData, generics: frozenset[int]
    ) -> Opened:
        try:
            legs = resolve_legs(self._floor.reference, request.contract, self._floor.today)
        except LegsError as error:
            raise LineRefusedError(error.code, str(error)) from error
        rights = self._floor.data_rules.entitlements
        worst = max((rights.of(leg.product) for leg in legs), key=lambda access: access.value)
        admission = self._checked(client, request, worst, f"{request.contract.symbol} combination")
        line = Line(
            request_id=request.request_id,
            con_id=BAG_CON_ID,
            legs=legs,
            data_type=client.data_type,
            is_delayed=admission.is_delayed,
            ends_at=self._ends_at(request),
            generics=generics,
        )
        return line, TickRequestParameters(
            request_id=request.request_id,
            min_tick=_COMBO_TICK,
            bbo_exchange="",
            snapshot_permissions=0,
        )

    def _generics(self, request: RequestMarketData) -> tuple[frozenset[int], bool]:
        snapshot = request.snapshot or request.regulatory_snapshot
        if snapshot and request.generic_ticks:
            raise LineRefusedError(
                321,
                f"{_INVALID} Snapshot market data subscription is not applicable to generic ticks",
            )
        try:
            return parse_generics(request.generic_ticks, request.contract.sec_type)
        except IncorrectGenericTicksError as error:
            raise LineRefusedError(321, f"{_INVALID} {error}") from error

    def _check_room(self, client: Client, request: RequestMarketData) -> None:
        if request.request_id in client.lines or request.request_id in client.snapshots:
            raise LineRefusedError(102, "Duplicate ticker ID.")
        if request.snapshot or request.regulatory_snapshot:
            return
        taken = sum(len(each.lines) for each in self._floor.clients.values())
        if taken >= self._floor.data_rules.max_lines:
            raise LineRefusedError(101, "Max number of tickers has been reached.")

    def _admit(self, client: Client, request: RequestMarketData, listing: Listing) -> Admission:
        access = self._floor.data_rules.entitlements.of(listing.instrument)
        name = f"{listing.instrument.symbol} {listing.long_name}"
        return self._checked(client, request, access, name)

    def _checked(
        self, client: Client, request: RequestMarketData, access: Access, name: str
    ) -> Admission:
        enabled = self._floor.data_rules.delayed_enabled
        admission = admit(access, client.data_type, delayed_enabled=enabled, name=name)
        if not admission.is_shown:
            raise LineRefusedError(admission.code, admission.text)
        if admission.code:
            self._floor.fail(client, request.request_id, admission.code, admission.text)
        return admission

    def _has_computations(
        self, client: Client, request: RequestMarketData, listing: Listing
    ) -> bool:
        """Tell whether computations can be shown; a live option without its index has none."""
        if not isinstance(listing.instrument, Option):
            return False
        rights = self._floor.data_rules.entitlements
        if rights.of(listing.instrument) is not Access.LIVE or client.data_type >= DELAYED:
            return True
        of_index = rights.of_index(listing.instrument.symbol)
        notice = partial_notice(of_index, f"{listing.instrument.symbol} {listing.long_name}")
        if notice is not None:
            self._floor.fail(client, request.request_id, *notice)
        return notice is None

    def _ends_at(self, request: RequestMarketData) -> datetime | None:
        if request.snapshot or request.regulatory_snapshot:
            return self._floor.now + SNAPSHOT_WAIT
        return None
