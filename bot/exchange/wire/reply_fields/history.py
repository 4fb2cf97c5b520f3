"""Fields of the replies about prices of the past."""

from typing import Any

from bot.exchange.wire import replies as rp
from bot.exchange.wire.reply_fields.form import headed
from bot.exchange.wire.reply_plan import (
    FRACTIONAL_SIZES,
    ReplyField,
    block,
    decimal,
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
}
