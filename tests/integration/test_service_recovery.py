"""Whatever dies, and whenever: nothing is sent twice and no fill is lost.

The exchange is killed while an order of the bot rests there, and again when it has filled one and
not told. The bot is killed between storing an intent and sending it, and right after sending it.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.events import (
    BreakFound,
    ConnectionChanged,
    FillReceived,
    OrderChanged,
    OrderIntended,
)
from bot.domain.orders import OrderState
from tests.support import simulation as sim
from tests.support.processes import run, running
from tests.support.relay import Relay

TICK_PRICE, ASK = "1", "2"
MARKET_DATA, PLACE_ORDER = "1", "3"
ORDER_STATUS, EXECUTION = "3", "11"
MARGIN = Decimal("0.03")
HOLD_SECONDS = 25.0


class LateOrders:
    """A slow line: the first order arrives when the market has left its limit, and so it rests.

    What happens then is stopped dead, so that a test may look at it: the exchange is suspended when
    it has said that the order rests; and, once `lose_fills` is set, killed as soon as it says that
    an order filled, with that word lost.
    """

    def __init__(self, market: sim.Market) -> None:
        self._market = market
        self._lines: dict[str, str] = {}
        self._asks: dict[str, Decimal] = {}
        self._moved = threading.Condition()
        self._held: set[str] = set()
        self.rests = threading.Event()
        self.lose_fills = threading.Event()
        self.lost_a_fill = threading.Event()

    def asked(self, fields: list[str]) -> None:
        if fields[0] == MARKET_DATA:
            self._lines[fields[2]] = fields[3]
        elif fields[0] == PLACE_ORDER and not self._held:
            order_id, con_id, limit = fields[1], fields[2], self._limit(fields)
            self._held.add(order_id)
            with self._moved:
                self._moved.wait_for(
                    lambda: self._asks.get(con_id, limit) >= limit + MARGIN, HOLD_SECONDS
                )

    def answered(self, fields: list[str]) -> bool:
        if fields[0] == TICK_PRICE and fields[3] == ASK:
            with self._moved:
                self._asks[self._lines[fields[2]]] = Decimal(fields[4])
                self._moved.notify_all()
        if fields[0] == ORDER_STATUS and fields[1] in self._held and not self.rests.is_set():
            os.kill(self._exchange(), signal.SIGSTOP)
            self.rests.set()
        if fields[0] == EXECUTION and self.lose_fills.is_set() and not self.lost_a_fill.is_set():
            os.kill(self._exchange(), signal.SIGKILL)
            self.lost_a_fill.set()
            return False
        return True

    def _exchange(self) -> int:
        assert self._market.process is not None
        return self._market.process.pid

    @staticmethod
    def _limit(fields: list[str]) -> Decimal:
        return Decimal(fields[fields.index("LMT") + 1])


@pytest.fixture
def market(tmp_path: Path) -> Iterator[sim.Market]:
    with sim.exchange(tmp_path, begin="2018-02-05T10:01") as market:
        yield market


def test_the_exchange_dies_twice_and_the_bot_goes_on(tmp_path: Path, market: sim.Market) -> None:
    journal, policy = tmp_path / "j.sqlite", tmp_path / "stages.toml"
    # the first order is a stage's, for in the storm the market does leave its limit
    policy.write_text("[initial]\nshare_min = 0.0\nshare_max = 0.0\n", encoding="utf-8")
    line = LateOrders(market)
    with Relay(market.port, line) as relay:
        config = sim.settings_file(tmp_path, relay.port, policy, exchange={"embedded": False})
        with sim.service(config) as process:
            process.until(line.rests.is_set, "an order rests at the exchange")
            process.until(lambda: sim.told(journal, OrderChanged), "the bot knows that it works")
            (resting, *_) = sim.told(journal, OrderChanged)
            market.kill()
            before = market.ledger()
            process.until(lambda: is_cut_off(journal), "the bot sees that the line is dead")
            health = run("health", "--journal", journal, folder=tmp_path)
            line.lose_fills.set()
            market.start()
            # it fills when the market comes back to it, or when the bot is back and moves it
            process.until(line.lost_a_fill.is_set, "an order fills")
            heard = fills(journal)
            market.kill()
            unheard = {execution.exec_id for execution in market.ledger().executions} - heard
            market.start()
            process.until(lambda: unheard <= fills(journal), "the bot learns of the lost fill")
            count = len(sim.stored(journal, "decision_made"))
            process.until(lambda: sim.decided_after(journal, count), "it goes on deciding")
            state = sim.status(journal, tmp_path)
            ended = process.terminate()
    market.kill()
    assert resting.state is OrderState.WORKING
    (order,) = (o for o in before.orders.values() if o.order_ref == resting.intent_id)
    assert (order.is_open, order.filled) == (True, 0)
    assert health.code == 4
    assert "not connected" in health.out
    assert heard == set()
    assert unheard
    assert ended.code == 0, ended.err
    # the second time it may die before the bot has taken up its work again
    assert reconciled(journal) >= 2
    assert state["reconnects"] in {1, 2}
    assert (state["ready"], state["breaks"]) == (True, [])
    assert_each_intent_was_sent_once(journal, market.ledger())
    assert sim.told(journal, BreakFound) == []
    sim.proof(journal, tmp_path)


def is_cut_off(journal: Path) -> bool:
    return any(event.state == "lost" for event in sim.told(journal, ConnectionChanged))


def reconciled(journal: Path) -> int:
    return sum(event.state == "reconciled" for event in sim.told(journal, ConnectionChanged))


def fills(journal: Path) -> set[str]:
    return {event.fill.exec_id for event in sim.told(journal, FillReceived)}


def assert_each_intent_was_sent_once(journal: Path, ledger: sim.Ledger) -> None:
    """One order per reference, each known to the bot, and every execution known to both.

    What was filled after the bot had ended comes last, and is heard at its next start.
    """
    assert len(ledger.references) == len(set(ledger.references)) > 0
    assert set(ledger.references) <= set(sim.intents(journal))
    heard = sorted(fills(journal))
    assert heard == sorted(execution.exec_id for execution in ledger.executions)[: len(heard)]


def killed_at(kind: str, config: Path) -> int:
    """Run the bot until it dies of having stored a kind of event; return how it ended."""
    command = [sys.executable, "-m", "tests.support.dying_bot", str(config), kind]
    with running(command, config.parent, measured=False) as process:
        return process.wait().code


def test_an_intent_that_was_not_sent_is_abandoned(tmp_path: Path, market: sim.Market) -> None:
    journal = tmp_path / "j.sqlite"
    config = sim.settings_file(tmp_path, market.port, exchange={"embedded": False})
    assert killed_at("order_intended", config) == -signal.SIGKILL
    assert sim.stored(journal, "order_sent") == []
    stillborn = sim.intents(journal)
    assert stillborn
    with sim.service(config) as process:
        process.until(lambda: set(abandoned(journal)) == set(stillborn), "the intents are given up")
        count = len(sim.stored(journal, "decision_made"))
        process.until(lambda: sim.decided_after(journal, count), "the bot decides again")
        assert process.terminate().code == 0
    market.kill()
    ledger = market.ledger()
    assert set(ledger.references).isdisjoint(stillborn)
    assert len(ledger.references) == len(set(ledger.references))
    assert sim.told(journal, BreakFound) == []
    sim.proof(journal, tmp_path)


def abandoned(journal: Path) -> list[str]:
    return [
        event.intent_id
        for event in sim.told(journal, OrderChanged)
        if event.state is OrderState.ABANDONED
    ]


@pytest.mark.parametrize("kind", ["order_sent", "fill_received"])
def test_what_was_sent_is_found_again_and_not_repeated(
    tmp_path: Path, market: sim.Market, kind: str
) -> None:
    journal = tmp_path / "j.sqlite"
    config = sim.settings_file(tmp_path, market.port, exchange={"embedded": False})
    assert killed_at(kind, config) == -signal.SIGKILL
    left_alone = {event.intent.intent_id for event in sim.told(journal, OrderIntended)}
    count = len(sim.stored(journal, "decision_made"))
    with sim.service(config) as process:
        process.until(lambda: sim.decided_after(journal, count), "the bot decides again")
        state = sim.status(journal, tmp_path)
        assert process.terminate().code == 0
    market.kill()
    assert state["breaks"] == []
    ledger = market.ledger()
    assert left_alone & set(ledger.references)
    assert_each_intent_was_sent_once(journal, ledger)
    assert sim.told(journal, BreakFound) == []
    sim.proof(journal, tmp_path)
