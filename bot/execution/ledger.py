"""The bot's own cash book, from its fills and adoptions; compared with the broker's to the cent.

Exact rounding, so that two books kept apart agree:

- A fill moves quantity x multiplier x price, which is exact, and its commission as reported.
- A contract's cost is kept as a total, commissions of its purchases included, never as an average.
- A partial close releases cost x closed / held, rounded half-even to cents; the rest stays. Closing
  all releases all, so nothing is lost between the cents.
- Adopted contracts come in at the cost of their adoption, as if that had been paid here.
- Realised profit is what came in, less commission, less the cost released.
- Cash + cost of what is held - realised profit is zero after every fill.

Which rung a contract belongs to is not asked here: that is `bot.execution.attribution`.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from bot.domain.adoption import Adoption
from bot.domain.instruments import ConId
from bot.domain.money import to_cents
from bot.domain.orders import ExecId, Fill
from bot.domain.value import Value, replace
from bot.execution.attribution import Change, in_order

ZERO = Decimal(0)


class Entry(Value):
    """One contract in the book; `multiplier` in USD per point, amounts in USD.

    `cost_usd` is what is in it now, negative for a short; `realized_usd` what its closed part
    earned, net of commissions.
    """

    con_id: ConId
    multiplier: int
    quantity: int = 0
    cost_usd: Decimal = ZERO
    realized_usd: Decimal = ZERO


class HedgeLedger(Value):
    """Cash flow and profit of the hedge since the journal began, in USD.

    `uncosted` are executions whose commission was not heard yet: until there are none, cash and
    profit are not final.
    """

    cash_usd: Decimal
    commissions_usd: Decimal
    entries: tuple[Entry, ...]
    uncosted: tuple[ExecId, ...]

    @property
    def realized_usd(self) -> Decimal:
        """Profit of everything closed, net of commissions."""
        return sum((e.realized_usd for e in self.entries), ZERO)

    @property
    def cost_usd(self) -> Decimal:
        """What was paid for everything held, commissions included."""
        return sum((e.cost_usd for e in self.entries), ZERO)

    def positions(self) -> dict[ConId, int]:
        """Return the contracts held, by number; flat ones are left out."""
        return {e.con_id: e.quantity for e in self.entries if e.quantity}

    def value_usd(self, marks: Mapping[ConId, Decimal]) -> Decimal | None:
        """Return what the holdings are worth at `marks` (points); None if one has no mark."""
        held = [e for e in self.entries if e.quantity]
        if any(e.con_id not in marks for e in held):
            return None
        return sum((e.quantity * e.multiplier * marks[e.con_id] for e in held), ZERO)

    def unrealized_usd(self, marks: Mapping[ConId, Decimal]) -> Decimal | None:
        """Return the profit of what is held at `marks` (points); None if one has no mark."""
        value = self.value_usd(marks)
        return None if value is None else value - self.cost_usd


def ledger_of(
    fills: Iterable[Fill],
    multipliers: Mapping[ConId, int],
    settlements: Mapping[ConId, Decimal] | None = None,
    adoptions: Iterable[Adoption] = (),
) -> HedgeLedger:
    """Keep the book over `fills` and `adoptions` in order of their time.

    Args:
        fills: The executions, each once, with the commissions heard so far.
        multipliers: USD per point of each traded contract.
        settlements: What held contracts were settled at, in points; after all their fills.
        adoptions: What the user gave to rungs, at its cost.

    Raises:
        KeyError: if the multiplier of a traded contract is missing.
    """
    entries: dict[ConId, Entry] = {}
    heard = tuple(fills)
    changes: list[Change] = [*adoptions, *heard]
    for change in in_order(changes):
        entry = entries.get(change.con_id) or _new_entry(change.con_id, multipliers)
        entries[change.con_id] = _changed(entry, change)
    for con_id, points in (settlements or {}).items():
        entries[con_id] = _settled(entries[con_id], points)
    done = tuple(entries[con_id] for con_id in sorted(entries))
    return HedgeLedger(
        cash_usd=sum((e.realized_usd - e.cost_usd for e in done), ZERO),
        commissions_usd=sum((f.commission_usd or ZERO for f in heard), ZERO),
        entries=done,
        uncosted=tuple(f.exec_id for f in in_order(heard) if f.commission_usd is None),
    )


def _new_entry(con_id: ConId, multipliers: Mapping[ConId, int]) -> Entry:
    return Entry(con_id=con_id, multiplier=multipliers[con_id])


def _changed(entry: Entry, change: Change) -> Entry:
    if isinstance(change, Adoption):
        return replace(
            entry,
            quantity=entry.quantity + change.quantity,
            cost_usd=entry.cost_usd + change.cost_usd,
        )
    signed = change.side.sign * change.quantity
    return _traded(entry, signed, change.price, change.commission_usd or ZERO)


def _traded(entry: Entry, signed: int, price: Decimal, commission: Decimal) -> Entry:
    """Close first what the trade can close, then open with the rest."""
    closing = min(abs(signed), abs(entry.quantity)) if entry.quantity * signed < 0 else 0
    opening = abs(signed) - closing
    sign = 1 if signed > 0 else -1
    share = to_cents(commission * closing / abs(signed))
    if closing:
        entry = _closed(entry, sign * closing, price, share)
    if not opening:
        return entry
    paid = sign * opening * price * entry.multiplier + commission - share
    quantity = entry.quantity + sign * opening
    return replace(entry, quantity=quantity, cost_usd=entry.cost_usd + paid)


def _closed(entry: Entry, signed: int, price: Decimal, commission: Decimal) -> Entry:
    left = entry.quantity + signed
    released = entry.cost_usd
    if left:
        released = to_cents(entry.cost_usd * -signed / entry.quantity)
    received = -signed * price * entry.multiplier - commission
    return replace(
        entry,
        quantity=left,
        cost_usd=entry.cost_usd - released,
        realized_usd=entry.realized_usd + received - released,
    )


def _settled(entry: Entry, points: Decimal) -> Entry:
    return _closed(entry, -entry.quantity, points, ZERO) if entry.quantity else entry
