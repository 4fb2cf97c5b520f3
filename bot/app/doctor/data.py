"""Which market data the login has, line by line, of what the bot cannot do without or would use.

One line of each kind of subscription is opened and listened to: indices, the volatility futures,
VIX options, SPX options, breadth. A line that shows delayed or frozen data is no line to trade by.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from bot.app.doctor.findings import Finding, Matter, fault, warning, well
from bot.app.doctor.login import Overheard
from bot.app.ports import Broker, BrokerRefusedError, BrokerTimeoutError
from bot.app.universe import SISTERS, VIX_MONTHLY
from bot.domain.broker import NoticeHeard
from bot.domain.instruments import Instrument, Option
from bot.domain.quotes import DataType, Quote
from bot.domain.sessions import NEW_YORK
from bot.domain.value import Value

LISTEN_SECONDS = 5.0
NOTHING_WRONG = range(2100, 2200)
NO_LINES = 101
COMPETING = 10197
_SUBSCRIPTIONS = {
    "VIX": "the Cboe indices",
    "SPX": "the Cboe indices",
    "VIX3M": "the Cboe indices",
    "AD-NYSE": "NYSE market breadth",
    "VX future": "CFE futures",
    "VIX option": "OPRA options",
    "SPX option": "OPRA options",
}


_OPTIONS = (("VIX", VIX_MONTHLY, "VIX option"), ("SPX", "SPXW", "SPX option"))


class Need(Value):
    """One line: what it is called, and whether orders depend on it."""

    name: str
    instrument: Instrument
    is_vital: bool


async def needs_of(broker: Broker, now: datetime) -> tuple[Need, ...]:
    """Return a line of each kind that the bot reads.

    Raises:
        BrokerError: the broker does not list what the bot trades.
    """
    vix, spx = await broker.index("VIX"), await broker.index("SPX")
    needs = [
        Need(name="VIX", instrument=vix, is_vital=True),
        Need(name="SPX", instrument=spx, is_vital=True),
    ]
    futures = await broker.vix_futures(include_expired=False)
    living = [future for future in futures if future.settlement > now]
    needs += [Need(name="VX future", instrument=future, is_vital=True) for future in living[:1]]
    for symbol, trading_class, name in _OPTIONS:
        found = await _an_option(broker, symbol, trading_class, now)
        needs += [Need(name=name, instrument=one, is_vital=True) for one in found]
    for symbol in SISTERS:
        with suppress(BrokerRefusedError, BrokerTimeoutError):
            index = await broker.index(symbol)
            needs.append(Need(name=symbol, instrument=index, is_vital=False))
    return tuple(needs)


async def data_findings(
    broker: Broker,
    overheard: Overheard,
    needs: Sequence[Need],
    *,
    is_open: bool,
    listen_seconds: float = LISTEN_SECONDS,
) -> tuple[Finding, ...]:
    """Open the lines, listen until each has spoken or for so long, and return what each shows."""
    await broker.watch([need.instrument for need in needs])
    with suppress(TimeoutError):
        async with asyncio.timeout(listen_seconds):
            while not _all_answered(needs, broker, overheard):  # noqa: ASYNC110 - ticks wake nobody
                await asyncio.sleep(0.02)
    findings = tuple(_finding(need, broker, overheard, is_open=is_open) for need in needs)
    await broker.watch([])
    return findings


async def _an_option(
    broker: Broker, symbol: str, trading_class: str, now: datetime
) -> tuple[Option, ...]:
    """Return one option some weeks out, none where the class is not listed."""
    today = now.astimezone(NEW_YORK).date()
    days = [day for day in await broker.option_days(symbol, trading_class) if day > today]
    if not days:
        return ()
    listed = await broker.options(symbol, trading_class, days[min(1, len(days) - 1)])
    return (listed[len(listed) // 2],)


def _quote_of(need: Need, broker: Broker) -> Quote | None:
    return next((q for q in broker.quotes() if q.con_id == need.instrument.con_id), None)


def _refusal_of(need: Need, overheard: Overheard) -> NoticeHeard | None:
    mine = (notice for notice in overheard.notices if notice.con_id == need.instrument.con_id)
    return next((notice for notice in mine if notice.code not in NOTHING_WRONG), None)


def _all_answered(needs: Sequence[Need], broker: Broker, overheard: Overheard) -> bool:
    return all(_answered(need, broker, overheard) for need in needs)


def _answered(need: Need, broker: Broker, overheard: Overheard) -> bool:
    quote = _quote_of(need, broker)
    spoke = quote is not None and quote.data_type is not None
    return spoke or _refusal_of(need, overheard) is not None


def _finding(need: Need, broker: Broker, overheard: Overheard, *, is_open: bool) -> Finding:
    quote, refusal = _quote_of(need, broker), _refusal_of(need, overheard)
    if refusal is not None and (quote is None or quote.data_type is not DataType.LIVE):
        return _bad(
            need,
            f"none: the broker answers {refusal.code}: {refusal.text}",
            _fix(need, refusal.code),
        )
    match None if quote is None else quote.data_type:
        case DataType.LIVE:
            return well(_check(need), "live")
        case DataType.FROZEN if not is_open:
            return well(_check(need), "frozen, as the market is closed")
        case DataType.DELAYED | DataType.DELAYED_FROZEN | DataType.FROZEN as kind:
            return _bad(
                need, f"{kind.name.lower().replace('_', ' ')} instead of live", _fix(need, 0)
            )
        case _:
            why = "while the market is open" if is_open else "the market is closed"
            return warning(
                _check(need),
                f"said nothing, {why}",
                "Ask again in regular hours, and look at the same line in the broker's window.",
            )


def _bad(need: Need, seen: str, fix: str) -> Finding:
    if need.is_vital:
        return fault(Matter.CONFIGURATION, _check(need), seen, fix)
    return warning(_check(need), seen, f"{fix} Without it the signals that read it stay unknown.")


def _check(need: Need) -> str:
    return f"data {need.name}"


def _fix(need: Need, code: int) -> str:
    if code == COMPETING:
        return "End the other session of this user name: it takes the live data away."
    if code == NO_LINES:
        return "End other programs or watch windows of this login, or buy more data lines."
    return (
        f"Subscribe to {_SUBSCRIPTIONS[need.name]} for this user name, for use by the API, and "
        f"share it with the paper account where one is used."
    )
