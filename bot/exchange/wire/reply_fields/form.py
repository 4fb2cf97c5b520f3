"""The fields that most replies begin with."""

from bot.exchange.wire.reply_plan import ReplyField, fixed, integer


def headed(message_id: int, *, old_version: str | None = "1") -> tuple[ReplyField, ...]:
    """Message id, the message's own old version if it has one, and request id."""
    version = () if old_version is None else (fixed(old_version),)
    return (fixed(str(message_id)), *version, integer("request_id"))
