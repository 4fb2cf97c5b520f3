"""Calls a stranger buys are left alone until the user gives them to a rung; a lost journal too.

The bot and the exchange are processes; the stranger is the real client library on its own line.
"""

import asyncio
from pathlib import Path
from typing import Any

import orjson

from bot.adapters.control import NotRunningError, ask, socket_path
from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.app.summary import summarise
from bot.domain.adoption import Adoption
from bot.domain.events import Adopted, BreakFound, OrderIntended
from bot.domain.orders import Side
from bot.exchange.venue.books import Books
from tests.support import simulation as sim
from tests.support.client_library import api
from tests.support.ib_client import connected, until, vix_call
from tests.support.processes import Ended, run

STRIKE = 25.0
FOREIGN = 3


async def bought(port: int) -> int:
    """Buy February calls, which stop trading the day after; return their number."""
    async with connected(port, client_id=31) as ib:
        call = await vix_call(ib, STRIKE)
        trade = ib.placeOrder(call, api.MarketOrder("BUY", FOREIGN))
        await until(trade.isDone)
        assert trade.orderStatus.status == "Filled"
        return int(call.conId)


async def positions(port: int) -> dict[int, int]:
    """Return the account's VIX positions."""
    async with connected(port, client_id=32) as ib:
        held = {p.contract.conId: int(p.position) for p in ib.positions() if is_vix(p.contract)}
    return {con_id: quantity for con_id, quantity in held.items() if quantity}


def is_vix(contract: api.Contract) -> bool:
    return bool(contract.symbol == "VIX")


def told(journal: Path, command: str) -> dict[str, Any]:
    """Ask the running bot over its socket, without a process of its own."""
    try:
        answer = asyncio.run(ask(socket_path(journal), command, {}))
    except NotRunningError:
        return {}
    assert isinstance(answer, dict)
    return answer


def adopt(journal: Path, *arguments: object) -> Ended:
    return run("adopt", *arguments, "--journal", journal, folder=journal.parent)


def adopted(journal: Path, *arguments: object) -> dict[str, Any]:
    ended = adopt(journal, *arguments, "--json")
    assert ended.code == 0, ended.err
    answer: dict[str, Any] = orjson.loads(ended.out)
    return answer


def sells(journal: Path, con_id: int) -> int:
    """Return the contracts the bot wanted to sell of one call."""
    return sum(
        event.intent.quantity
        for event in sim.told(journal, OrderIntended)
        if event.intent.side is Side.SELL and event.intent.con_id == con_id
    )


def is_ready(journal: Path) -> bool:
    return bool(told(journal, "status").get("ready"))


def test_a_strangers_calls_and_a_lost_journal(tmp_path: Path) -> None:
    """On 12 February the February calls are closed for good: what was adopted, and no more.

    Then the journal is thrown away, and what the account holds is adopted: rungs equal positions,
    and the bot goes on trading them.
    """
    journal = tmp_path / "j.sqlite"
    with sim.exchange(tmp_path, begin="2018-02-12T10:01") as market:
        config = sim.settings_file(tmp_path, market.port, exchange={"embedded": False})
        with sim.service(config) as process:
            process.until(lambda: is_ready(journal), "the bot is ready")
            call = asyncio.run(bought(market.port))
            process.until(
                lambda: call in told(journal, "status").get("unadopted", ()), "it is seen"
            )
            listed = told(journal, "adopt")
            part = adopted(journal, call, "--rung", "D2", "--quantity", 2, "--label", "R8")
            again = adopt(journal, call, "--rung", "D2", "--quantity", 2)
            process.until(lambda: sells(journal, call), "the final close")
            process.until(lambda: is_at_rest(journal, call), "rungs of its own, at rest")
            assert process.terminate().code == 0
        before = asyncio.run(positions(market.port))
        assert_listed(listed, call)
        assert (part["nobodys"][0]["quantity"], len(part["done"])) == (1, 1)
        assert (again.code, again.out) == (2, "")
        assert "1 of it can be adopted, not 2" in again.err
        assert (sells(journal, call), before[call]) == (2, 1)
        assert sim.told(journal, BreakFound) == []
        sim.proof(journal, tmp_path)

        journal.unlink()
        with sim.service(config) as process:
            process.until(lambda: is_ready(journal), "the bot is ready, and knows nothing")
            shown = adopted(journal, "--all")
            process.until(lambda: sells(journal, call), "the final close of the last one")
            process.until(lambda: is_at_rest(journal, call), "it is sold, and no order works")
            state, book = told(journal, "status"), run("book", "--config", config, folder=tmp_path)
            assert process.terminate().code == 0
        market.kill()
        assert (book.code, "cover ratio" in book.out) == (0, True)
        assert_books_are_equal(journal, market)
        given = [event.adoption for event in sim.told(journal, Adopted)]
        assert len(shown["done"]) == len(given)
        assert {x.con_id: sum_of(given, x.con_id) for x in given} == before
        assert len({(x.rung) for x in given}) == len(given)
        assert (state["breaks"], state["unadopted"]) == ([], [])
        assert sim.told(journal, BreakFound) == []
        sim.proof(journal, tmp_path)


def held(journal: Path) -> dict[int, int]:
    """Return the contracts of the rungs, by number, as `alvh book` shows them."""
    found: dict[int, int] = {}
    for rung in told(journal, "book").get("rungs", ()):
        found[rung["con_id"]] = found.get(rung["con_id"], 0) + rung["quantity"]
    return found


def is_at_rest(journal: Path, foreign: int) -> bool:
    """Tell whether the bot holds what it bought itself, nothing else, and no order works."""
    rungs, status = held(journal), told(journal, "status")
    return bool(rungs) and foreign not in rungs and status.get("working_orders") == 0


def assert_books_are_equal(journal: Path, market: sim.Market) -> None:
    """To the cent: what was adopted was paid for before the bot's first look at the cash."""
    own = summarise(ReadOnlyJournal(journal).events()).books
    theirs = Books()
    for record in market.records():
        theirs.apply(record)
    assert own is not None
    assert own.cash_usd == theirs.cash_usd
    assert own.positions == {h.con_id: h.quantity for h in theirs.positions()}


def sum_of(given: list[Adoption], con_id: int) -> int:
    return sum(adoption.quantity for adoption in given if adoption.con_id == con_id)


def assert_listed(listed: dict[str, Any], call: int) -> None:
    (row,) = listed["nobodys"]
    assert (row["con_id"], row["quantity"], row["dte"]) == (call, FOREIGN, 2)
    assert row["symbol"].startswith("VIX")
    assert 0 < row["delta"] < 1
    assert listed["done"] == []
