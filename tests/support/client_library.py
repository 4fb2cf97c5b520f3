"""The client library that is installed, whole: ib_insync, or its successor ib_async.

The bot uses the lower half of the library only (`bot.adapters.ib.client_library`); tests drive the
paper exchange with the upper half too, as other people's programs do. Both offer the same names
there.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from bot.adapters.ib.client_library import NAME

if TYPE_CHECKING:
    import ib_insync as api
    from ib_insync.client import Client
    from ib_insync.decoder import Decoder
    from ib_insync.wrapper import Wrapper
else:
    api = import_module(NAME)
    Client, Decoder = api.client.Client, api.decoder.Decoder
    Wrapper = api.wrapper.Wrapper

IS_SUCCESSOR = NAME == "ib_async"
VERSIONS = range(157, 179 if IS_SUCCESSOR else 177)
"""The protocol versions the library offers."""

__all__ = ["IS_SUCCESSOR", "NAME", "VERSIONS", "Client", "Decoder", "Wrapper", "api"]
