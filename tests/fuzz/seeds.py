"""Real messages to begin with: every request of the real client library, in several versions.

`python -m tests.fuzz.seeds FOLDER` writes one file for each.
"""

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ib_insync import (
    ComboLeg,
    Contract,
    ExecutionFilter,
    Order,
    PriceCondition,
    TagValue,
)
from ib_insync.client import Client
from ib_insync.contract import DeltaNeutralContract
from ib_insync.objects import ScannerSubscription, WshEventData

from bot.exchange.wire.framing import frame
from bot.exchange.wire.versions import MIN_VERSION
from tests.fuzz.conversation import VERSIONS
from tests.support.wire_peer import CapturingClient

_BAG = Contract(
    secType="BAG",
    symbol="SPX",
    exchange="SMART",
    comboLegs=[ComboLeg(conId=1, ratio=1, action="BUY", exchange="SMART")],
    deltaNeutralContract=DeltaNeutralContract(1, 0.5, 20.0),
)
_ORDER = Order(
    orderType="PEG BENCH",
    action="BUY",
    totalQuantity=1,
    lmtPrice=1.05,
    algoStrategy="Adaptive",
    algoParams=[TagValue("adaptivePriority", "Normal")],
    hedgeType="D",
    scalePriceIncrement=0.1,
    deltaNeutralOrderType="LMT",
    smartComboRoutingParams=[TagValue("NonGuaranteed", "1")],
    conditions=[PriceCondition(conId=1, exch="CBOE", price=20.0)],
)
_BY_NAME: dict[str, object] = {
    "contract": _BAG,
    "order": _ORDER,
    "execFilter": ExecutionFilter(),
    "subscription": ScannerSubscription(),
    "data": WshEventData(),
    "cxml": "<x/>",
}
_VERSIONS = (157, 163, 170, 176)


def seeds() -> Iterator[bytes]:
    """Yield inputs for `converse`, each one message in its frame."""
    for version in _VERSIONS:
        for name, method in inspect.getmembers(Client, inspect.isfunction):
            if _is_request(name, method):
                client = CapturingClient(version)
                getattr(client, name)(*map(_argument, _parameters(method)))
                yield bytes([version - MIN_VERSION, 255]) + client.sent
    yield bytes([VERSIONS - 1, 0]) + b"API\0" + frame(b"v100..203 +PACEAPI")


def _is_request(name: str, method: Any) -> bool:
    return "self.send(" in inspect.getsource(method) and name != "send"


def _parameters(method: Any) -> list[str]:
    return list(inspect.signature(method).parameters)[1:]


def _argument(name: str) -> object:
    if name in _BY_NAME:
        return _BY_NAME[name]
    if "Options" in name:
        return [TagValue("a", "b")]
    return 1


def main() -> None:
    """Write the seeds into a folder."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds()):
        (folder / f"seed-{number:04}").write_bytes(seed)


if __name__ == "__main__":
    main()
