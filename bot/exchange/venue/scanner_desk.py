"""Answers market scans: what is listed here is named in the parameters, and scans find nothing.

A scan ranks securities by what a whole market does; a dozen indices and their derivatives are no
such market. A subscription gets its empty result at once, and never changes.
"""

from bot.exchange.venue.floor import Client, Floor
from bot.exchange.wire.replies import ScannerData, ScannerParameters
from bot.exchange.wire.requests import CancelScanner, RequestScanner, RequestScannerParameters

_PARAMETERS = """<?xml version="1.0" encoding="UTF-8"?>
<ScanParameterResponse>
<InstrumentList varName="instrumentList">
<Instrument><name>US Stocks</name><type>STK</type></Instrument>
<Instrument><name>US Futures</name><type>FUT.US</type></Instrument>
<Instrument><name>US Indices</name><type>IND.US</type></Instrument>
</InstrumentList>
<LocationTree varName="locationTree"></LocationTree>
<ScanTypeList varName="scanTypeList"></ScanTypeList>
</ScanParameterResponse>
"""
MAX_SCANS = 10
"""How many scans one client may have open, as at the broker."""


class ScannerDesk:
    """Serves the requests about scans."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def parameters(self, client: Client, _request: RequestScannerParameters) -> None:
        """Send what can be asked for."""
        self._floor.send(client, ScannerParameters(xml=_PARAMETERS))

    def subscribe(self, client: Client, request: RequestScanner) -> None:
        """Send an empty result; 102 for an id in use, 162 for one scan too many."""
        if request.request_id in client.scans:
            self._floor.fail(client, request.request_id, 102, "Duplicate ticker ID.")
        elif len(client.scans) >= MAX_SCANS:
            text = f"only {MAX_SCANS} simultaneous API scanner subscriptions are allowed"
            self._refuse(client, request.request_id, text)
        else:
            client.scans.add(request.request_id)
            self._floor.send(client, ScannerData(request_id=request.request_id))

    def cancel(self, client: Client, request: CancelScanner) -> None:
        """Confirm with 162, as the broker does; 365 if there is no such scan."""
        request_id = request.request_id
        if request_id in client.scans:
            client.scans.remove(request_id)
            self._refuse(client, request_id, f"API scanner subscription cancelled: {request_id}")
        else:
            text = f"No scanner subscription found for ticker id:{request_id}"
            self._floor.fail(client, request_id, 365, text)

    def _refuse(self, client: Client, request_id: int, cause: str) -> None:
        text = f"Historical Market Data Service error message:{cause}"
        self._floor.fail(client, request_id, 162, text)
