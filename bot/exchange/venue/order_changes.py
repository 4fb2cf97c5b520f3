"""What a change of a working order may say.

Price, size, and DAY to IOC; a held order may also be sent (domain.md section 3.4). Everything else
is fixed: a client that wants it otherwise cancels and enters anew. A refused change leaves the
order as it was.
"""

import msgspec

from bot.exchange.venue.orders import BookedOrder, Status, Tif
from bot.exchange.venue.refusal import Refusal, invalid
from bot.exchange.wire.order import WireOrder

_FIXED = (
    "con_id",
    "legs",
    "side",
    "order_type",
    "outside_rth",
    "order_ref",
    "guaranteed",
    "all_or_none",
    "good_after_time",
    "parent_id",
    "trigger_method",
)


def check_change(old: BookedOrder, draft: BookedOrder, wire: WireOrder) -> Refusal | None:
    """Refuse what may not change.

    Args:
        old: The order as it stands.
        draft: What the change says, read as a new order.
        wire: The change itself.
    """
    if draft.priority != old.priority:
        return Refusal(440, "The order modify failed. Algorithm cannot be modified.")
    same = all(getattr(old, name) == getattr(draft, name) for name in _FIXED)
    if not (same and _keeps_tif(old, wire) and _keeps_group(old, wire)):
        return Refusal(105, "Order being modified does not match original order")
    traded = zip(old.parts, old.leg_fills, strict=False)  # none before the first fill
    least = max((fill.quantity // leg.ratio for leg, fill in traded), default=0)
    if draft.quantity <= old.filled or draft.quantity < least:
        return invalid(f"{least} are filled already")
    return None


def changed_order(old: BookedOrder, draft: BookedOrder, wire: WireOrder) -> BookedOrder:
    """Return `old` with what the change says; its status is still to be worked out."""
    is_sent = wire.transmit and old.status is Status.PENDING_SUBMIT
    return msgspec.structs.replace(
        old,
        quantity=draft.quantity,
        limit=draft.limit,
        leg_limits=draft.leg_limits,
        stop=draft.stop,
        tif=draft.tif if wire.tif else old.tif,
        trigger_hits=0,
        walked_to=None,
        status=Status.PRE_SUBMITTED if is_sent else old.status,
    )


def _keeps_tif(old: BookedOrder, wire: WireOrder) -> bool:
    if wire.tif == Tif.GTD and wire.good_till_date != old.good_till_date:
        return False
    return wire.tif in ("", old.tif) or (old.tif, wire.tif) == (Tif.DAY, Tif.IOC)


def _keeps_group(old: BookedOrder, wire: WireOrder) -> bool:
    """A client may say back the group that it was told, or the one it gave."""
    return wire.oca_group in (old.oca_group, old.group)
