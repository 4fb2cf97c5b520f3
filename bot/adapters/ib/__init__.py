"""Interactive Brokers, and whatever speaks its socket protocol, behind the `Broker` port.

`IbBroker` is the door. The client library is named in `library` alone.
"""

from bot.adapters.ib.broker import IbBroker
from bot.adapters.ib.conversation import Address, Limits

__all__ = ["Address", "IbBroker", "Limits"]
