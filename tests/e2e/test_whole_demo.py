"""`alvh demo` through a whole scenario: what it says and did, and what its journal can prove."""

import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot.adapters.journal.readonly import ReadOnlyJournal
from bot.domain.decision import Check, Decision
from bot.domain.events import (
    AccountProved,
    CommissionReceived,
    DecisionMade,
    FillReceived,
    OrderIntended,
)
from bot.domain.orders import Side
from bot.domain.sessions import NEW_YORK
from tests.support.processes import Demo, run

SESSIONS = 82
CYCLES_A_SESSION = 81
STAGE_RULES = {1: "R5", 2: "R7", 3: "R8"}


@pytest.fixture
def report(whole_demo: Demo) -> dict[str, Any]:
    return whole_demo.report


@pytest.fixture
def journal(whole_demo: Demo) -> Path:
    return Path(str(whole_demo.report["journal"]))


@pytest.fixture
def decisions(journal: Path) -> list[Decision]:
    stored = ReadOnlyJournal(journal).events(kinds=["decision_made"])
    return [one.event.decision for one in stored if isinstance(one.event, DecisionMade)]


def checks_of(decision: Decision, rule: str) -> dict[str, Check]:
    (result,) = (result for result in decision.rules if result.rule == rule)
    assert result.truth.fires
    return {check.what: check for check in result.checks}


class TestReport:
    def test_stdout_is_one_object_on_one_line(self, whole_demo: Demo) -> None:
        ended = whole_demo.ended
        assert ended.out.endswith("}\n")
        assert ended.out.count("\n") == 1
        assert "spring-2018" in ended.err
        assert whole_demo.report.keys() >= {
            "scenario", "seed", "sessions", "cycles", "decisions", "orders", "fills",
            "stages_reached", "rungs_opened", "breaks", "hedge_pnl_usd", "condor_pnl_usd",
            "decision_hash", "books", "wire", "journal",
        }  # fmt: skip
        assert (whole_demo.report["scenario"], whole_demo.report["seed"]) == ("spring-2018", 1)

    def test_every_cycle_of_every_session_left_a_decision(
        self, report: dict[str, Any], decisions: list[Decision]
    ) -> None:
        assert report["sessions"] == SESSIONS
        assert report["cycles"] == SESSIONS * CYCLES_A_SESSION
        assert report["decisions"] == len(decisions) == report["cycles"]
        assert len({decision.decision_id for decision in decisions}) == len(decisions)

    def test_the_wire_carried_what_the_bot_knows(self, report: dict[str, Any]) -> None:
        """Each cycle asks the time at least; thousands of quotes come unasked."""
        assert report["wire"]["received"] >= report["cycles"]
        assert report["wire"]["sent"] > 10 * report["cycles"]


class TestStages:
    def test_the_three_are_reached_on_the_fifth_in_order(
        self, report: dict[str, Any], decisions: list[Decision]
    ) -> None:
        assert report["stages_reached"] == [1, 2, 3]
        entries = [(d.at, stage) for d in decisions for stage in d.entered]
        assert [stage for _, stage in entries][:3] == [1, 2, 3]
        days = {f"{at.astimezone(NEW_YORK):%Y-%m-%d}" for at, _ in entries[:3]}
        assert days == {"2018-02-05"}

    def test_each_for_the_reasons_of_the_method(self, decisions: list[Decision]) -> None:
        first = {stage: next(d for d in decisions if stage in d.entered) for stage in STAGE_RULES}
        one, two, three = (checks_of(first[stage], rule) for stage, rule in STAGE_RULES.items())
        assert float(str(one["vix.level"].value)) > 18
        assert one["vix.macd"].value == "bullish"
        assert float(str(two["vix.level"].value)) >= 23
        spiked = three["vix.spike"].value is True
        assert spiked or float(str(three["vix.rsi"].value)) >= 80

    def test_rungs_of_all_three_tiers_are_bought(self, report: dict[str, Any]) -> None:
        assert {name[0] for name in report["rungs_opened"]} == {"S", "M", "D"}
        assert {"S1", "S4", "M1", "M4", "D1", "D2"} <= set(report["rungs_opened"])


class TestBooks:
    def test_nothing_differs_from_the_exchange(self, report: dict[str, Any]) -> None:
        assert report["breaks"] == 0
        books = report["books"]
        assert books["equal"] is True
        assert books["bot"] == books["exchange"]
        assert books["bot"].keys() == {
            "cash_usd", "positions", "hedge_pnl_usd", "condor_pnl_usd"
        }  # fmt: skip
        assert report["hedge_pnl_usd"] == books["exchange"]["hedge_pnl_usd"]

    def test_cash_and_positions_follow_from_the_stored_fills(
        self, report: dict[str, Any], journal: Path
    ) -> None:
        """Added up here from what was stored, in another way than the program does."""
        events = [
            one.event
            for one in ReadOnlyJournal(journal).events(
                kinds=["account_proved", "fill_received", "commission_received"]
            )
        ]
        (opening,) = (event for event in events if isinstance(event, AccountProved))
        assert opening.opening.cash_usd is not None
        cash = opening.opening.cash_usd
        held = {str(p.con_id): p.quantity for p in opening.positions}
        for event in events:
            if isinstance(event, FillReceived):
                fill = event.fill
                signed = fill.quantity if fill.side is Side.BUY else -fill.quantity
                cash -= signed * 100 * fill.price
                held[str(fill.con_id)] = held.get(str(fill.con_id), 0) + signed
            elif isinstance(event, CommissionReceived):
                cash -= event.commission_usd
        assert Decimal(str(report["books"]["exchange"]["cash_usd"])) == cash
        exchange = report["books"]["exchange"]["positions"]
        assert exchange == {key: quantity for key, quantity in held.items() if quantity}

    def test_orders_and_fills_are_counted_once(self, report: dict[str, Any], journal: Path) -> None:
        events = list(ReadOnlyJournal(journal).events(kinds=["order_intended", "fill_received"]))
        intents = [o.event.intent for o in events if isinstance(o.event, OrderIntended)]
        fills = [o.event.fill for o in events if isinstance(o.event, FillReceived)]
        assert report["orders"] == len(intents) == len({i.intent_id for i in intents})
        assert report["fills"] == len(fills) == len({f.exec_id for f in fills})


class TestJournal:
    def test_it_is_one_file_that_needs_no_other(self, journal: Path) -> None:
        names = {path.name for path in journal.parent.iterdir()}
        assert journal.name in names
        assert not {f"{journal.name}-wal", f"{journal.name}-shm"} & names
        # the header says how the file is written: 1 is rollback mode, 2 would want a log beside it
        with journal.open("rb") as file:
            assert file.read(20)[18:20] == b"\x01\x01"
        address = f"file:{journal}?mode=ro&immutable=1"
        with sqlite3.connect(address, uri=True) as connection:
            assert connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        connection.close()

    def test_the_chain_holds_and_gives_the_same_decision_hash(
        self, report: dict[str, Any], journal: Path
    ) -> None:
        ended = run(
            "decisions", "verify", "--json", "--journal", journal,
            folder=journal.parent, measured=False,
        )  # fmt: skip
        assert ended.code == 0, ended.err
        proof = orjson.loads(ended.out)
        assert proof["holds"] is True
        assert proof["decision_hash"] == report["decision_hash"]
        assert proof["decisions"] == report["decisions"]

    def test_stage_three_is_explained_with_numbers_and_orders(self, journal: Path) -> None:
        ended = run(
            "decisions", "explain", "--stage", 3, "--journal", journal,
            folder=journal.parent, measured=False,
        )  # fmt: skip
        assert ended.code == 0, ended.err
        rule = next(line for line in ended.out.splitlines() if line.startswith("R8 "))
        assert "VIX RSI was" in rule
        assert "above 80" in rule
        assert "its 5-day change was +" in rule
        assert "points, above 8" in rule
        assert "R7 (Stage 2) fired: VIX was 2" in ended.out
        assert "above 23" in ended.out
        for rung in ("D1", "D2"):
            bought = next(
                line for line in ended.out.splitlines()
                if line.startswith("It wanted to buy") and f"for {rung} at" in line
            )  # fmt: skip
            assert "sent as order" in bought
            assert "filled at" in bought
