"""Fields of the replies about display groups."""

from typing import Any

from bot.exchange.wire import replies as rp
from bot.exchange.wire.reply_fields.form import headed
from bot.exchange.wire.reply_plan import ReplyField, block, text


def _spell_groups(reply: rp.DisplayGroups) -> str:
    return "|".join(map(str, reply.groups))


TABLE: dict[type[Any], tuple[ReplyField, ...]] = {
    rp.DisplayGroups: (*headed(67), block(_spell_groups)),
    rp.DisplayGroupUpdated: (*headed(68), text("contract_info")),
}
