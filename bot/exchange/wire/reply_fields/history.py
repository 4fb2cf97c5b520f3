"""Fields of the replies about prices of the past."""

from typing import Any

from bot.exchange.wire import replies as rp
from bot.exchange.wire.reply_fields.form import headed
from bot.exchange.wire.reply_plan import (
    FRACTIONAL_SIZES,
    ReplyField,
    decimal,
    integer,
    rows,
    size,
    text,
)

_DATED = (text("date"), decimal("open"), decimal("high"), decimal("low"), decimal("close"))
_COUNTED = (decimal("average"), integer("count"))
_OLD_VOLUME, _VOLUME = size("volume")

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
}
