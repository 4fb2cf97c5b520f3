"""What a process pays at its start for a long journal: time and memory.

About 20,000 events are five months of five-minute cycles; two of a cycle's events, inputs and
decision, are nearly all of its bytes.
"""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from bot.adapters.journal.store import Journal
from bot.domain.canonical import ContentHash
from bot.domain.decision import DecisionId
from bot.domain.events import (
    CommissionReceived,
    FillReceived,
    InputsTaken,
    JournalEvent,
    OrderIntended,
    OrderSent,
)
from bot.domain.orders import ExecId, Intent, IntentId, OrderState, Side
from bot.domain.value import replace
from tests.bench.processes import Finished, run_to_end
from tests.bench.settings import Settings
from tests.bench.table import Row
from tests.support import story

CYCLES_AN_ORDER = 10
"""As in the demo: an order in every tenth cycle, bought and sold in turn."""

BARE = "reading every event of it into memory"


def measure(settings: Settings) -> Iterable[Row]:
    """Yield time and memory of recalling a journal beside those of holding it whole."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.sqlite"
        written = _write(path, settings.events)
        megabytes = path.stat().st_size / 1e6
        recalled, whole = (_run(path, how) for how in ("recall", "whole"))
    label = f"start on a journal of {written:,} events, {megabytes:.0f} MB"
    seconds = [float(run.said["seconds"]) for run in (recalled, whole)]
    yield Row(
        f"{label}: time",
        f"{seconds[0]:.2f} s",
        f"{seconds[1]:.2f} s, {BARE}",
        seconds[0] / seconds[1],
    )
    yield Row(
        f"{label}: peak memory of the process",
        f"{recalled.peak_mb:.0f} MB",
        f"{whole.peak_mb:.0f} MB, {BARE}",
        recalled.peak_mb / whole.peak_mb,
    )


def _run(path: Path, how: str) -> Finished:
    return run_to_end("tests.bench.start_up_process", path, how)


def _write(path: Path, events: int) -> int:
    """Write a journal of at least so many events and return how many they are."""
    written = 0
    with Journal.open(path) as journal:
        named = story.blobs(journal.put_blob(b"universe"), journal.put_blob(b"all else"))
        written += len(journal.append([story.run_started()], story.MORNING))
        for number, batch in enumerate(_cycles(named.universe, named.history)):
            at = story.MORNING + timedelta(minutes=5 * number)
            written += len(journal.append(batch, at))
            if written >= events:
                return written
    raise AssertionError("cycles never end")


def _cycles(universe: ContentHash, other: ContentHash) -> Iterator[list[JournalEvent]]:
    named = story.blobs(universe, other)
    number = 0
    while True:
        decision = story.quiet_decision(story.MORNING + timedelta(minutes=5 * number), number)
        taken: InputsTaken = story.inputs_taken(decision, named)
        cycle: list[JournalEvent] = [taken, story.decision_made(decision)]
        if number % CYCLES_AN_ORDER == 0:
            cycle += _order(number // CYCLES_AN_ORDER, decision.decision_id)
        yield cycle
        number += 1


def _order(number: int, decision_id: DecisionId) -> list[JournalEvent]:
    """Return the life of an order: even ones buy a contract, odd ones sell it again."""
    intent: Intent = replace(
        story.BUY_S,
        intent_id=IntentId(f"{decision_id}/{number}"),
        side=Side.SELL if number % 2 else Side.BUY,
    )
    fill = replace(
        story.fill(intent, f"{number:08}.01.01", 1, "2.30"),
        side=intent.side,
        executed_at=story.MORNING + timedelta(minutes=number),
    )
    return [
        OrderIntended(intent=intent, decision_id=decision_id),
        OrderSent(intent_id=intent.intent_id, order_id=number + 1),
        story.changed(intent, OrderState.WORKING, 0),
        FillReceived(fill=fill),
        story.changed(intent, OrderState.FILLED, 1),
        CommissionReceived(exec_id=ExecId(fill.exec_id), commission_usd=Decimal("0.65")),
    ]
