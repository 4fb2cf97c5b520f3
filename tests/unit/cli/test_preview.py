"""`alvh preview` shows the ladder of a running bot, or of a journal's last inputs."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner, Result

from bot.adapters.control import ControlError, Handler, serving, socket_path
from bot.adapters.journal.store import Journal
from bot.app.blobs import BlobStore
from bot.cli.main import command_line
from bot.domain.canonical import ContentHash
from bot.domain.decision import GENESIS
from bot.domain.events import DecisionMade, InputsTaken
from bot.domain.inputs import InputBlobs, Inputs
from bot.domain.state import StrategyState
from bot.domain.value import replace
from bot.strategy.decide import decide
from bot.strategy.preview import preview_ladder
from tests.support.strategy_world import future_id, inputs


def alvh(*arguments: str) -> Result:
    return CliRunner().invoke(command_line(["preview"]), ["preview", *arguments])


def stored(path: Path, taken: Inputs, *, blobs: bool = True) -> str:
    """Write a journal of one decision on `taken`; return its path."""
    with Journal.open(path) as journal:
        store = BlobStore(journal)
        keys = InputBlobs(
            history=store.keep(taken.history),
            calendar=store.keep(taken.calendar),
            sessions=store.keep(taken.sessions),
            universe=store.keep(taken.universe) if blobs else ContentHash("f" * 64),
            policy=store.keep(taken.policy),
        )
        taken = replace(taken, blobs=keys)
        decision, state = decide(taken, StrategyState())
        journal.append(
            [
                InputsTaken(
                    decision_id=decision.decision_id,
                    snapshot=taken.snapshot,
                    book=taken.book,
                    blobs=keys,
                ),
                DecisionMade(decision=decision, state=state, link=GENESIS),
            ],
            taken.snapshot.now,
        )
    return str(path)


@contextmanager
def bot(journal: Path, preview: Handler) -> Iterator[None]:
    """Answer at the control socket of a journal, on a loop of its own."""
    begun, ended = threading.Event(), threading.Event()

    async def serve() -> None:
        async with serving(socket_path(journal), {"preview": preview}):
            begun.set()
            await asyncio.to_thread(ended.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    begun.wait(timeout=30)
    try:
        yield
    finally:
        ended.set()
        thread.join()


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> str:
    return stored(tmp_path_factory.mktemp("preview") / "j.sqlite", inputs())


def ladder() -> Any:
    return msgspec.to_builtins(preview_ladder(inputs(), StrategyState()))


def test_the_running_bot_is_asked_first(journal: str) -> None:
    with bot(Path(journal), ladder):
        told = alvh("--journal", journal)
        as_json = json.loads(alvh("--journal", journal, "--json").output)
    assert told.exit_code == 0
    assert "2018-02-05 10:00:00 New York, from the running bot: policy articles" in told.output
    assert "D2" in told.output
    assert "of NAV)." in told.output
    assert as_json["source"] == "the running bot"
    assert len(as_json["rungs"]) == 10


def test_a_bot_that_refuses_is_heard(journal: str) -> None:
    def refuse() -> object:
        raise ControlError("nothing was evaluated since the bot started: ask again later")

    with bot(Path(journal), refuse):
        told = alvh("--journal", journal)
    assert told.exit_code == 2
    assert "ask again later" in told.stderr


def test_without_a_bot_the_last_inputs_of_a_named_journal_serve(journal: str) -> None:
    told = alvh("--journal", journal)
    assert "from the journal's last inputs" in told.output
    found = json.loads(alvh("--journal", journal, "--json").output)
    expected = ladder()
    assert found.pop("source") == "the journal's last inputs"
    for key in ("rungs", "unbought", "premium_usd", "yearly_cost_usd", "contracts"):
        assert found[key] == json.loads(msgspec.json.encode(expected[key]))


def test_what_is_unknown_or_cannot_be_bought_is_said(tmp_path: Path) -> None:
    thin = inputs(curve={"feb": 15.0, "mar": 15.0, "apr": 15.5}, without=[future_id("feb")])
    told = alvh("--journal", stored(tmp_path / "j.sqlite", thin)).output
    assert "D1: " in told
    assert "could not be bought now: no quoted strike" in told
    assert "unknown" in told
    assert "what it costs a year to carry is unknown." in told


def test_an_account_without_nav_leaves_its_share_out(tmp_path: Path) -> None:
    whole = inputs()
    account = replace(whole.snapshot.account, net_liquidation_usd=None)
    taken = replace(whole, snapshot=replace(whole.snapshot, account=account))
    told = alvh("--journal", stored(tmp_path / "j.sqlite", taken)).output
    assert "USD a year." in told


def test_no_ladder_says_why(tmp_path: Path) -> None:
    told = alvh("--journal", stored(tmp_path / "j.sqlite", inputs(positions=()))).output
    assert "No ladder: " in told
    assert "there is nothing to hedge" in told


def test_without_bot_and_journal_there_is_nobody_to_ask(tmp_path: Path) -> None:
    told = alvh("--journal", str(tmp_path / "none.sqlite"))
    assert told.exit_code == 4
    assert "no bot answers" in told.stderr


def test_a_journal_without_a_decision_says_so(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite"
    with Journal.open(path):
        pass
    told = alvh("--journal", str(path))
    assert told.exit_code == 2
    assert "holds no decision yet" in told.stderr


def test_inputs_that_are_not_whole_are_a_failed_verification(tmp_path: Path) -> None:
    path = stored(tmp_path / "j.sqlite", inputs(), blobs=False)
    told = alvh("--journal", path)
    assert told.exit_code == 5
    assert "the Universe ffffffffffff is not stored" in told.stderr
