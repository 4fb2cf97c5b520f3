"""Fields of the replies about opening, errors and small talk of a connection."""

from typing import Any

from bot.exchange.wire import replies as rp
from bot.exchange.wire.field_reader import FieldReader
from bot.exchange.wire.reply_fields.form import headed
from bot.exchange.wire.reply_plan import (
    ReplyField,
    Values,
    block,
    fixed,
    flag,
    integer,
    spell_text,
    text,
)


def _spell_accounts(reply: rp.ManagedAccounts) -> str:
    return ",".join(map(spell_text, reply.accounts))


def _take_accounts(reader: FieldReader, values: Values) -> None:
    values["accounts"] = [account for account in reader.text().split(",") if account]


TABLE: dict[type[Any], tuple[ReplyField, ...]] = {
    rp.ErrorMessage: (
        *headed(4, old_version="2"),
        integer("code"),
        text("text"),
        text("advanced_reject_json", since=166),
    ),
    rp.NextValidId: (fixed("9"), fixed("1"), integer("order_id")),
    rp.ManagedAccounts: (fixed("15"), fixed("1"), block(_spell_accounts, _take_accounts)),
    rp.CurrentTime: (fixed("49"), fixed("1"), integer("epoch_seconds")),
    rp.VerifyCompleted: (fixed("66"), fixed("1"), flag("successful"), text("error_text")),
    rp.VerifyAndAuthCompleted: (fixed("70"), fixed("1"), flag("successful"), text("error_text")),
    rp.UserInfo: (*headed(107, old_version=None), text("white_branding_id")),
}
