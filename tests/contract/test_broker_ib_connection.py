"""The adapter's connection: the greeting, its refusals, and every way it can end."""

import asyncio

import pytest

from bot.adapters.ib import Address, IbBroker, Limits
from bot.app.ports import BrokerTimeoutError, BrokerUnreachableError
from bot.domain.broker import LinkChanged, NoticeHeard
from bot.domain.inputs import Farm
from bot.exchange.wire import replies as said
from bot.exchange.wire import requests as asked
from tests.contract.conftest import CLIENT_ID, StandingClock
from tests.support.scripted_tws import ACCOUNT, SERVER_TIME, ScriptedTws


async def test_the_greeting_tells_accounts_and_the_brokers_time(unconnected: IbBroker) -> None:
    greeting = await unconnected.connect()
    assert greeting.accounts == (ACCOUNT,)
    assert greeting.server_time == SERVER_TIME
    assert greeting.server_version == 176
    assert await unconnected.next_event() == LinkChanged(what="socket", up=True)
