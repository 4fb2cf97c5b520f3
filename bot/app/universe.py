"""Finds the instruments a decision may speak of.

The indices, as far as the broker offers them, the monthly VX curve, the VIX calls and puts of every
monthly expiry a tier may buy, what is held, and the legs of the SPX positions. Read each morning
and when a position names a contract that is not known yet: strikes are listed while VIX rises.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

from bot.app.ports import Broker, BrokerRefusedError, BrokerTimeoutError
from bot.domain.instruments import BREADTH, VIX3M, ConId, Contract, Future, Index, Universe
from bot.domain.policy import LadderPolicy
from bot.domain.sessions import NEW_YORK
from bot.domain.value import Value

VIX_MONTHLY = "VIX"


SISTERS = (VIX3M, BREADTH)
"""Indices that signals read where the broker offers them; without one they are missing.

MOVE is not asked for: that the broker has it is unproven, and another index of that name would be
believed (domain.md section 2).
"""


class Listings(Value):
    """What the broker lists today.

    `futures` includes expired ones, for the history; `sisters` are those of `SISTERS` it offers.
    """

    vix: Index
    spx: Index
    futures: tuple[Future, ...]
    universe: Universe
    sisters: tuple[Index, ...] = ()


class UniverseFinder:
    """Asks the broker what there is."""

    def __init__(self, broker: Broker, ladder: LadderPolicy) -> None:
        self._broker = broker
        self._ladder = ladder

    async def find(self, now: datetime, held: Sequence[ConId]) -> Listings:
        """Return today's listings, with the instruments of `held` positions among them."""
        vix = await self._broker.index("VIX")
        spx = await self._broker.index("SPX")
        sisters = await self._sisters()
        futures = await self._broker.vix_futures(include_expired=True)
        found: dict[ConId, Contract] = {index.con_id: index for index in (vix, spx, *sisters)}
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
            sisters=sisters,
        )

    async def _sisters(self) -> tuple[Index, ...]:
        """Look up what may be there; whatever keeps it away leaves a signal without a source."""
        found = []
        for symbol in SISTERS:
            with suppress(BrokerRefusedError, BrokerTimeoutError):
                found.append(await self._broker.index(symbol))
        return tuple(found)

    async def _purchasable_days(self, today: date) -> list[date]:
        # a last trading day stands one business day before its settlement, at most four days
        first = today + timedelta(days=min(t.min_dte for t in self._ladder.tiers) - 4)
        last = today + timedelta(days=max(t.max_dte for t in self._ladder.tiers))
        days = await self._broker.option_days("VIX", VIX_MONTHLY)
        return [day for day in days if first <= day <= last]
