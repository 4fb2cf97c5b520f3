"""Fields of the replies about display groups."""

from typing import Any

from bot.exchange.wire import replies as rp
from bot.exchange.wire.field_reader import FieldReader
from bot.exchange.wire.reply_fields.form import headed
from bot.exchange.wire.reply_plan import (
    ReplyField,
    Values,
    block,
    text,
)


def _spell_groups(reply: rp.DisplayGroups) -> str:
    return "|".join(map(str, reply.groups))


def _take_groups(reader: FieldReader, values: Values) -> None:
    groups = reader.text().split("|")
    values["groups"] = [FieldReader([group]).integer() for group in groups]


TABLE: dict[type[Any], tuple[ReplyField, ...]] = {
    rp.DisplayGroups: (*headed(67), block(_spell_groups, _take_groups)),
    rp.DisplayGroupUpdated: (*headed(68), text("contract_info")),
}
