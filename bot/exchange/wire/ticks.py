"""The hot path: market-data ticks, written out by hand instead of by table.

Some ninety option lines with greeks may be refreshed dozens of times a second in one process, so
each of these is one format string whose fixed parts (ids, old versions, separators) are constants
of the code.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bot.exchange.wire.errors import SendError
from bot.exchange.wire.framing import frame
from bot.exchange.wire.replies import (
    TickGeneric,
    TickOptionComputation,
    TickPrice,
    TickSize,
    TickString,
)
from bot.exchange.wire.reply_plan import (
    FRACTIONAL_SIZES,
    ReplyField,
    decimal,
    fixed,
    flag,
    floating,
    integer,
    optional_decimal,
    optional_floating,
    spell_decimal,
    spell_float,
    spell_text,
    spell_whole,
    text,
)

# What the broker's software says where it has no number: -1 for what cannot be negative, -2 for
# what can.
_NO_PRICE = "-1"
_NO_GREEK = "-2"
_TICK_VERSION = fixed("6")

# The same messages as tables, for the way back.
TICK_TABLES: dict[type[Any], tuple[ReplyField, ...]] = {
    TickPrice: (
        fixed("1"),
        _TICK_VERSION,
        integer("request_id"),
        integer("tick_type"),
        optional_decimal("price", unset=_NO_PRICE),
        decimal("size"),
        integer("attributes"),
    ),
    TickSize: (
        fixed("2"),
        _TICK_VERSION,
        integer("request_id"),
        integer("tick_type"),
        decimal("size"),
    ),
    TickOptionComputation: (
        fixed("21"),
        integer("request_id"),
        integer("tick_type"),
        flag("price_based"),
        optional_floating("implied_volatility", unset=_NO_PRICE),
        optional_floating("delta", unset=_NO_GREEK),
        optional_floating("option_price", unset=_NO_PRICE),
        optional_floating("pv_dividend", unset=_NO_PRICE),
        optional_floating("gamma", unset=_NO_GREEK),
        optional_floating("vega", unset=_NO_GREEK),
        optional_floating("theta", unset=_NO_GREEK),
        optional_floating("underlying_price", unset=_NO_PRICE),
    ),
    TickGeneric: (
        fixed("45"),
        _TICK_VERSION,
        integer("request_id"),
        integer("tick_type"),
        floating("value"),
    ),
    TickString: (
        fixed("46"),
        _TICK_VERSION,
        integer("request_id"),
        integer("tick_type"),
        text("value"),
    ),
}


def tick_encoders(version: int) -> dict[type[Any], Callable[[Any], bytes]]:
    """Return the encoder of each hot message, which yields the whole frame."""
    spell_size = spell_decimal if version >= FRACTIONAL_SIZES else spell_whole

    def price(tick: TickPrice) -> bytes:
        return _frame_price(tick, spell_size)

    def size(tick: TickSize) -> bytes:
        return frame(
            f"2\x006\x00{tick.request_id}\x00{tick.tick_type}\x00{spell_size(tick.size)}\x00".encode(),
        )

    return {
        TickPrice: price,
        TickSize: size,
        TickString: _frame_string,
        TickGeneric: _frame_generic,
        TickOptionComputation: _frame_computation,
    }


def _frame_price(tick: TickPrice, spell_size: Callable[[Decimal], str]) -> bytes:
    price = _NO_PRICE if tick.price is None else spell_decimal(tick.price)
    return frame(
        f"1\x006\x00{tick.request_id}\x00{tick.tick_type}\x00{price}\x00{spell_size(tick.size)}"
        f"\x00{tick.attributes}\x00".encode(),
    )


def _frame_string(tick: TickString) -> bytes:
    value = spell_text(tick.value)
    return frame(f"46\x006\x00{tick.request_id}\x00{tick.tick_type}\x00{value}\x00".encode())


def _frame_generic(tick: TickGeneric) -> bytes:
    value = spell_float(tick.value)
    return frame(f"45\x006\x00{tick.request_id}\x00{tick.tick_type}\x00{value}\x00".encode())


def _frame_computation(tick: TickOptionComputation) -> bytes:
    # The one message with eight floats: they are checked once, in the text they make together.
    volatility = _NO_PRICE if tick.implied_volatility is None else repr(tick.implied_volatility)
    delta = _NO_GREEK if tick.delta is None else repr(tick.delta)
    price = _NO_PRICE if tick.option_price is None else repr(tick.option_price)
    dividend = _NO_PRICE if tick.pv_dividend is None else repr(tick.pv_dividend)
    gamma = _NO_GREEK if tick.gamma is None else repr(tick.gamma)
    vega = _NO_GREEK if tick.vega is None else repr(tick.vega)
    theta = _NO_GREEK if tick.theta is None else repr(tick.theta)
    underlying = _NO_PRICE if tick.underlying_price is None else repr(tick.underlying_price)
    text = (
        f"21\x00{tick.request_id}\x00{tick.tick_type}\x00{'1' if tick.price_based else '0'}"
        f"\x00{volatility}\x00{delta}\x00{price}\x00{dividend}\x00{gamma}\x00{vega}\x00{theta}"
        f"\x00{underlying}\x00"
    )
    if "n" in text:
        raise SendError(f"not a finite number in {tick}")
    return frame(text.encode())
