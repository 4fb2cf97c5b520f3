"""Finds the instruments a decision may speak of.

The indices, the monthly VX curve, the VIX calls and puts of every monthly expiry a tier may buy,
what is held, and the legs of the SPX positions. Read each morning and when a position names a
contract that is not known yet: strikes are listed while VIX rises.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.app.ports import Broker
from bot.domain.instruments import ConId, Contract, Future, Index, Universe
from bot.domain.policy import LadderPolicy
from bot.domain.sessions import NEW_YORK
from bot.domain.value import Value

VIX_MONTHLY = "VIX"


class Listings(Value):
    """What the broker lists today: `futures` includes expired ones, for the history."""

    vix: Index
    spx: Index
    futures: tuple[Future, ...]
    universe: Universe


class UniverseFinder:
    """Asks the broker what there is."""

    def __init__(self, broker: Broker, ladder: LadderPolicy) -> None:
        self._broker = broker
        self._ladder = ladder

    async def find(self, now: datetime, held: Sequence[ConId]) -> Listings:
        """Return today's listings, with the instruments of `held` positions among them."""
        vix = await self._broker.index("VIX")
        spx = await self._broker.index("SPX")
        futures = await self._broker.vix_futures(include_expired=True)
        found: dict[ConId, Contract] = {vix.con_id: vix, spx.con_id: spx}
        found |= {f.con_id: f for f in futures if f.settlement > now}
        for day in await self._purchasable_days(now.astimezone(NEW_YORK).date()):
            found |= {o.con_id: o for o in await self._broker.options("VIX", VIX_MONTHLY, day)}
        unknown = [con_id for con_id in held if con_id not in found]
        if unknown:
            found |= {i.con_id: i for i in await self._broker.instruments(unknown)}
        return Listings(
            vix=vix,
            spx=spx,
            futures=futures,
            universe=Universe(instruments=tuple(found[key] for key in sorted(found))),
        )

    async def _purchasable_days(self, today: date) -> list[date]:
        # a last trading day stands one business day before its settlement, at most four days
        first = today + timedelta(days=min(t.min_dte for t in self._ladder.tiers) - 4)
        last = today + timedelta(days=max(t.max_dte for t in self._ladder.tiers))
        days = await self._broker.option_days("VIX", VIX_MONTHLY)
        return [day for day in days if first <= day <= last]
