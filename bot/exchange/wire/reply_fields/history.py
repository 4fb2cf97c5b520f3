"""Fields of the replies about prices of the past."""

from typing import Any

from bot.exchange.wire import replies as rp
from bot.exchange.wire.reply_fields.form import headed
from bot.exchange.wire.reply_plan import (
    FRACTIONAL_SIZES,
    ReplyField,
    decimal,
    fixed,
    flag,
    integer,
    rows,
    size,
    text,
)

_DATED = (text("date"), decimal("open"), decimal("high"), decimal("low"), decimal("close"))
_COUNTED = (decimal("average"), integer("count"))
_OLD_VOLUME, _VOLUME = size("volume")


def _ticks(
    before: tuple[ReplyField, ...],
    *sizes: tuple[ReplyField, ReplyField],
    after: tuple[ReplyField, ...] = (),
) -> tuple[ReplyField, ReplyField]:
    """Write ticks, their sizes whole for the clients that know no fractions."""
    old, new = ([each[at] for each in sizes] for at in range(2))
    return (
        rows("ticks", *before, *old, *after, until=FRACTIONAL_SIZES),
        rows("ticks", *before, *new, *after, since=FRACTIONAL_SIZES),
    )


TABLE: dict[type[Any], tuple[ReplyField, ...]] = {
    rp.HistoricalData: (
        *headed(17, old_version=None),
        text("start"),
        text("end"),
        rows("bars", *_DATED, _OLD_VOLUME, *_COUNTED, until=FRACTIONAL_SIZES),
        rows("bars", *_DATED, _VOLUME, *_COUNTED, since=FRACTIONAL_SIZES),
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
    rp.HistogramData: (
        *headed(89, old_version=None),
        rows("items", decimal("price"), integer("count")),
    ),
    rp.HistoricalTicks: (
        *headed(96, old_version=None),
        *_ticks((integer("time"), fixed("0"), decimal("price")), size("size")),
        flag("done"),
    ),
    rp.HistoricalTicksBidAsk: (
        *headed(97, old_version=None),
        *_ticks(
            (integer("time"), integer("attributes"), decimal("bid"), decimal("ask")),
            size("bid_size"),
            size("ask_size"),
        ),
        flag("done"),
    ),
    rp.HistoricalTicksLast: (
        *headed(98, old_version=None),
        *_ticks(
            (integer("time"), integer("attributes"), decimal("price")),
            size("size"),
            after=(text("exchange"), text("conditions")),
        ),
        flag("done"),
    ),
    rp.HistoricalSchedule: (
        *headed(106, old_version=None),
        text("start"),
        text("end"),
        text("time_zone"),
        rows("sessions", text("start"), text("end"), text("day")),
    ),
}
