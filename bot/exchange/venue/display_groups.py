"""Display groups: by which several clients (at the broker also windows) look at the same contract.

A client subscribes to a group, is told what the group shows, and may make it show something else,
which all its subscribers are told. The groups belong to the running exchange, not to the account.
"""

from bot.exchange.venue.floor import Client, Floor
from bot.exchange.wire.replies import DisplayGroups, DisplayGroupUpdated
from bot.exchange.wire.requests import (
    QueryDisplayGroups,
    SubscribeToDisplayGroup,
    UnsubscribeFromDisplayGroup,
    UpdateDisplayGroup,
)

GROUPS = (1, 2, 3, 4, 5, 6, 7)
"""The coloured groups of the broker's own desktop."""
_NOTHING = "none"


class DisplayGroupDesk:
    """Serves the requests about display groups."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._shown = dict.fromkeys(GROUPS, _NOTHING)

    def query(self, client: Client, request: QueryDisplayGroups) -> None:
        """Send the ids of all groups."""
        self._floor.send(client, DisplayGroups(request_id=request.request_id, groups=GROUPS))

    def subscribe(self, client: Client, request: SubscribeToDisplayGroup) -> None:
        """Send what the group shows, now and whenever it changes; 321 for a strange group."""
        if request.group_id not in GROUPS:
            text = f"Error validating request: no display group {request.group_id}"
            self._floor.fail(client, request.request_id, 321, text)
            return
        client.display_groups[request.request_id] = request.group_id
        self._tell(client, request.request_id, request.group_id)

    def update(self, client: Client, request: UpdateDisplayGroup) -> None:
        """Let the subscribed group show something else; 321 without a subscription."""
        group_id = client.display_groups.get(request.request_id)
        if group_id is None:
            text = "Error validating request: no subscription to a display group"
            self._floor.fail(client, request.request_id, 321, text)
            return
        self._shown[group_id] = request.contract_info or _NOTHING
        for other in self._floor.clients.values():
            for request_id, watched in other.display_groups.items():
                if watched == group_id:
                    self._tell(other, request_id, group_id)

    def unsubscribe(self, client: Client, request: UnsubscribeFromDisplayGroup) -> None:
        """End a subscription; nothing is said, and nothing if there was none."""
        client.display_groups.pop(request.request_id, None)

    def _tell(self, client: Client, request_id: int, group_id: int) -> None:
        info = self._shown[group_id]
        self._floor.send(client, DisplayGroupUpdated(request_id=request_id, contract_info=info))
