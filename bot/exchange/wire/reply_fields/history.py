"""Fields of the replies about prices of the past."""

from collections.abc import Callable
from typing import Any

from bot.exchange.wire import replies as rp
from bot.exchange.wire.reply_fields.form import headed
from bot.exchange.wire.reply_plan import (
    FRACTIONAL_SIZES,
    ReplyField,
    Spell,
    block,
    decimal,
    flag,
    integer,
    join,
    size,
    spell_decimal,
    spell_text,
    spell_whole,
    text,
)


def _spell_bar(bar: rp.WireBar, volume: str) -> str:
    prices = map(spell_decimal, (bar.open, bar.high, bar.low, bar.close))
    return join((spell_text(bar.date), *prices, volume, spell_decimal(bar.average), str(bar.count)))


def _spell_bars(reply: rp.HistoricalData) -> str:
    bars = (_spell_bar(bar, spell_decimal(bar.volume)) for bar in reply.bars)
    return join([str(len(reply.bars)), *bars])


def _spell_old_bars(reply: rp.HistoricalData) -> str:
    bars = (_spell_bar(bar, spell_whole(bar.volume)) for bar in reply.bars)
    return join([str(len(reply.bars)), *bars])


def _spell_sessions(reply: rp.HistoricalSchedule) -> str:
    parts = (part for one in reply.sessions for part in (one.start, one.end, one.day))
    return join([str(len(reply.sessions)), *map(spell_text, parts)])


def _spell_histogram(reply: rp.HistogramData) -> str:
    parts = (part for one in reply.items for part in (spell_decimal(one.price), str(one.count)))
    return join([str(len(reply.items)), *parts])


def _ticks(spell: Callable[[Any, Spell], str]) -> tuple[ReplyField, ReplyField]:
    """Write the ticks with their number, with whole sizes for the clients that know no others."""

    def write(spell_size: Spell) -> Spell:
        return lambda reply: join(
            [str(len(reply.ticks)), *(spell(tick, spell_size) for tick in reply.ticks)]
        )

    return (
        block(write(spell_whole), until=FRACTIONAL_SIZES),
        block(write(spell_decimal), since=FRACTIONAL_SIZES),
    )


def _spell_past_tick(tick: rp.PastTick, spell_size: Spell) -> str:
    return join((str(tick.time), "0", spell_decimal(tick.price), spell_size(tick.size)))


def _spell_past_quote(tick: rp.PastBidAsk, spell_size: Spell) -> str:
    prices, sizes = (tick.bid, tick.ask), (tick.bid_size, tick.ask_size)
    numbers = (*map(spell_decimal, prices), *map(spell_size, sizes))
    return join((str(tick.time), str(tick.attributes), *numbers))


def _spell_past_trade(tick: rp.PastTrade, spell_size: Spell) -> str:
    numbers = (spell_decimal(tick.price), spell_size(tick.size))
    texts = (spell_text(tick.exchange), spell_text(tick.conditions))
    return join((str(tick.time), str(tick.attributes), *numbers, *texts))


TABLE: dict[type[Any], tuple[ReplyField, ...]] = {
    rp.HistoricalData: (
        *headed(17, old_version=None),
        text("start"),
        text("end"),
        block(_spell_old_bars, until=FRACTIONAL_SIZES),
        block(_spell_bars, since=FRACTIONAL_SIZES),
    ),
    rp.HeadTimestamp: (*headed(88, old_version=None), text("timestamp")),
    rp.HistoricalDataUpdate: (
        *headed(90, old_version=None),
        integer("bar.count"),
        text("bar.date"),
        decimal("bar.open"),
        decimal("bar.close"),
        decimal("bar.high"),
        decimal("bar.low"),
        decimal("bar.average"),
        *size("bar.volume"),
    ),
    rp.HistogramData: (*headed(89, old_version=None), block(_spell_histogram)),
    rp.HistoricalTicks: (
        *headed(96, old_version=None),
        *_ticks(_spell_past_tick),
        flag("done"),
    ),
    rp.HistoricalTicksBidAsk: (
        *headed(97, old_version=None),
        *_ticks(_spell_past_quote),
        flag("done"),
    ),
    rp.HistoricalTicksLast: (
        *headed(98, old_version=None),
        *_ticks(_spell_past_trade),
        flag("done"),
    ),
    rp.HistoricalSchedule: (
        *headed(106, old_version=None),
        text("start"),
        text("end"),
        text("time_zone"),
        block(_spell_sessions),
    ),
}
