"""What lies behind the socket: the upstream line and the data farms (domain.md section 3.6).

The socket may be healthy while upstream is dead, so both are tracked, each by the broker's own
notices. Of a farm nothing is known until it was named once.
"""

from bot.domain.broker import LinkChanged
from bot.domain.inputs import Farm

WARNINGS = range(2100, 2200)
"""Codes that fail nothing, whatever number they come with."""

UPSTREAM_LOST = frozenset({1100, 2110})
RESTORED_DATA_LOST = 1101
RESTORED_DATA_KEPT = 1102
_UPSTREAM_BACK = frozenset({RESTORED_DATA_LOST, RESTORED_DATA_KEPT})
_FARM_DOWN = frozenset({2103, 2105, 2157})
# 2107 and 2108: idle, and connected again on demand.
_FARM_UP = frozenset({2104, 2106, 2107, 2108, 2158})

SOCKET = "socket"
UPSTREAM = "upstream"
FARM = "farm"


class LinkState:
    """The state behind one connection, which begins with upstream taken to be up.

    The farms are told as one part of the link: it is up when all are that were named.
    """

    def __init__(self) -> None:
        self.upstream_up = True
        self._farms: dict[str, bool] = {}

    def hear(self, code: int, text: str) -> LinkChanged | None:
        """Take in a notice and return what it says about the link, None if nothing."""
        detail = f"{code}: {text}"
        if code in UPSTREAM_LOST | _UPSTREAM_BACK:
            self.upstream_up = code in _UPSTREAM_BACK
            return LinkChanged(what=UPSTREAM, up=self.upstream_up, detail=detail)
        if code in _FARM_DOWN | _FARM_UP:
            self._farms[_farm_name(text)] = code in _FARM_UP
            return LinkChanged(what=FARM, up=all(self._farms.values()), detail=detail)
        return None

    def farm(self) -> Farm:
        """Return the state of all farms together: one that is down speaks for all."""
        if not self.upstream_up or not all(self._farms.values()):
            return Farm.DOWN
        return Farm.OK if self._farms else Farm.UNKNOWN


def _farm_name(text: str) -> str:
    """Return the name after the last colon, as in "... farm connection is OK:usopt"."""
    return text.rpartition(":")[2].strip()
