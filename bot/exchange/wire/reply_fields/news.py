"""Fields of the replies about news."""

from typing import Any

from bot.exchange.wire import replies as rp
from bot.exchange.wire.reply_fields.form import headed
from bot.exchange.wire.reply_plan import ReplyField, block, fixed, flag, join, spell_text


def _spell_providers(reply: rp.NewsProviders) -> str:
    texts = (spell_text(part) for one in reply.providers for part in (one.code, one.name))
    return join([str(len(reply.providers)), *texts])


TABLE: dict[type[Any], tuple[ReplyField, ...]] = {
    rp.NewsProviders: (fixed("85"), block(_spell_providers)),
    rp.HistoricalNewsEnd: (*headed(87, old_version=None), flag("has_more")),
}
