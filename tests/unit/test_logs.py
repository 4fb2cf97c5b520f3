"""Log lines: one JSON object each, the key facts only, no secrets, and never in the bot's way."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.journal.store import Journal
from bot.domain.account import Mode
from bot.domain.book import Break
from bot.domain.decision import DecisionId
from bot.domain.events import (
    BreakFound,
    ConnectionChanged,
    JournalEvent,
    NoticeReceived,
    OrderIntended,
)
from bot.domain.instruments import ConId
from bot.domain.value import replace
from bot.logs import Logs, RotatingFile, StandardOutput
from tests.support import story


class Memory:
    """A sink that keeps its lines, and fails while it is `full`."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.full = False
        self.closed = False

    def write(self, line: bytes) -> None:
        if self.full:
            raise OSError(28, "No space left on device")
        self.lines.append(line)

    def close(self) -> None:
        self.closed = True

    def read(self) -> list[dict[str, Any]]:
        assert all(line.endswith(b"\n") and line.count(b"\n") == 1 for line in self.lines)
        return [json.loads(line) for line in self.lines]


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def logs(memory: Memory) -> Iterator[Logs]:
    with Logs("run-1", memory, secrets=["hunter22", 'say "x"']) as one:
        yield one


def tell(logs: Logs, tmp_path: Path, *events: JournalEvent) -> None:
    with Journal.open(tmp_path / "journal.sqlite", [logs.read]) as journal:
        journal.append(events, story.STRESS)


class TestEvents:
    def test_every_event_of_a_day_is_one_line_in_order(
        self, logs: Logs, memory: Memory, tmp_path: Path
    ) -> None:
        with Journal.open(tmp_path / "journal.sqlite", [logs.read]) as journal:
            story.tell(journal)
        lines = memory.read()
        assert [line["sequence"] for line in lines] == list(range(1, 24))
        assert {line["run_id"] for line in lines} == {"run-1"}
        assert lines[2]["event"] == "inputs_taken"
        assert lines[2]["at"] == "2018-02-05T15:05:00Z"

    def test_a_decision_says_its_summary_and_not_its_body(
        self, logs: Logs, memory: Memory, tmp_path: Path
    ) -> None:
        tell(logs, tmp_path, story.decision_made(story.stress_decision()))
        (line,) = memory.read()
        assert line["summary"] == "stages 1, 2 and 3 entered; buy 1 S, 902 D"
        assert (line["stage_before"], line["stage"], line["entered"]) == (0, 3, [1, 2, 3])
        assert line["intents"][1] == "BUY 2 of 300002 at 1.10 for D1 by R8"
        assert line["blind"] == ["move.z: no source"]
        assert line["decision_id"] == "20180205-0100-stress"
        assert "readings" not in line
        assert "rules" not in line

    def test_inputs_are_a_short_line(self, logs: Logs, memory: Memory, tmp_path: Path) -> None:
        decision = story.stress_decision()
        key = story.decision_made(decision).link
        tell(logs, tmp_path, story.inputs_taken(decision, story.blobs(key, key)))
        (line,) = memory.read()
        assert (line["quotes"], line["positions"], line["farm"]) == (75, 1, "ok")
        assert len(memory.lines[0]) < 300

    def test_orders_fills_and_breaks_say_their_facts(
        self, logs: Logs, memory: Memory, tmp_path: Path
    ) -> None:
        broken = BreakFound(broken=Break(con_id=ConId(7), ours=2, brokers=1))
        tell(logs, tmp_path, *story.order_events(), broken)
        lines = memory.read()
        assert (lines[0]["level"], lines[0]["check"]) == ("warning", "contracts")
        assert lines[1]["intent"] == "BUY 1 of 300001 at 2.35 for S1 by R5"
        assert lines[3]["order_id"] == 11
        assert (lines[7]["exec_id"], lines[7]["price"]) == ("0001.01.01", "2.30")
        assert (lines[-1]["level"], lines[-1]["ours"], lines[-1]["brokers"]) == ("error", 2, 1)

    def test_a_roll_is_one_order_with_its_two_contracts(
        self, logs: Logs, memory: Memory, tmp_path: Path
    ) -> None:
        roll = replace(story.BUY_S, closes=ConId(300009), limit=Decimal("-0.15"), rule="R14")
        tell(logs, tmp_path, OrderIntended(intent=roll, decision_id=DecisionId("d-1")))
        (line,) = memory.read()
        assert line["intent"] == "ROLL 1 of 300009 into 300001 at -0.15 net for S1 by R14"

    def test_the_account_line_says_the_account_and_no_balance(
        self, logs: Logs, memory: Memory, tmp_path: Path
    ) -> None:
        tell(logs, tmp_path, story.account_proved())
        (line,) = memory.read()
        assert (line["account_id"], line["mode"]) == ("SIM000001", Mode.DEMO)
        assert b"1000250" not in memory.lines[0]

    def test_a_lost_connection_is_a_warning(
        self, logs: Logs, memory: Memory, tmp_path: Path
    ) -> None:
        tell(logs, tmp_path, ConnectionChanged(state="lost", detail="reset by peer"))
        (line,) = memory.read()
        assert (line["level"], line["detail"]) == ("warning", "reset by peer")
        assert "type" not in line


class TestSecrets:
    def test_they_are_struck_out_of_every_line(
        self, logs: Logs, memory: Memory, tmp_path: Path
    ) -> None:
        tell(logs, tmp_path, NoticeReceived(code=1, text="password hunter22 refused"))
        logging.getLogger("ib_insync.client").warning("with %s", 'say "x"')
        first, second = memory.read()
        assert first["text"] == "password *** refused"
        assert second["message"] == "with ***"

    def test_a_secret_within_another_leaves_nothing_standing(self, memory: Memory) -> None:
        with Logs("run-1", memory, secrets=["hunter22", "hunter22long"]):
            logging.getLogger("x").error("hunter22long")
        assert memory.read()[0]["message"] == "***"

    def test_one_too_short_to_strike_out_is_refused(self, memory: Memory) -> None:
        with pytest.raises(ValueError, match="at least 4"):
            Logs("run-1", memory, secrets=["abc"])


class TestForeign:
    @pytest.mark.usefixtures("logs")
    def test_warnings_come_through_and_talk_does_not(self, memory: Memory) -> None:
        foreign = logging.getLogger("ib_insync.wrapper")
        foreign.setLevel(logging.DEBUG)
        foreign.info("a whole trade")
        foreign.warning("a %s", "warning")
        foreign.setLevel(logging.NOTSET)
        (line,) = memory.read()
        assert (line["event"], line["level"]) == ("foreign", "warning")
        assert (line["logger"], line["message"]) == ("ib_insync.wrapper", "a warning")
        assert line["run_id"] == "run-1"

    @pytest.mark.usefixtures("logs")
    def test_an_exception_brings_its_trace_on_the_same_line(self, memory: Memory) -> None:
        try:
            int("in a job")
        except ValueError:
            logging.getLogger("apscheduler").exception("job failed")
        (line,) = memory.read()
        assert line["level"] == "error"
        assert "ValueError: invalid literal" in line["trace"]

    def test_after_the_run_nothing_is_heard(self, memory: Memory) -> None:
        with Logs("run-1", memory):
            pass
        logging.getLogger("apscheduler").warning("late")
        assert memory.lines == []
        assert memory.closed


class TestSinks:
    def test_a_full_disk_is_counted_and_said_later(
        self, logs: Logs, memory: Memory, tmp_path: Path
    ) -> None:
        notice = NoticeReceived(code=1, text="x")
        with Journal.open(tmp_path / "journal.sqlite", [logs.read]) as journal:
            memory.full = True
            journal.append([notice, notice], story.STRESS)
            memory.full = False
            journal.append([notice], story.STRESS + timedelta(seconds=1))
        lost, line = memory.read()
        assert (lost["event"], lost["lines"]) == ("log_lines_lost", 2)
        assert line["sequence"] == 3

    def test_a_file_is_set_aside_at_its_size(self, tmp_path: Path) -> None:
        path = tmp_path / "bot.log"
        sink = RotatingFile(path, max_bytes=10, kept=2)
        for number in range(7):
            sink.write(b"line%d\n" % number)
        sink.close()
        content = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
        assert content == {
            "bot.log": b"line6\n",
            "bot.log.1": b"line5\n",
            "bot.log.2": b"line4\n",
        }

    def test_a_file_is_continued_after_a_restart(self, tmp_path: Path) -> None:
        path = tmp_path / "bot.log"
        for number in range(3):
            sink = RotatingFile(path, max_bytes=12, kept=1)
            sink.write(b"line%d\n" % number)
            sink.close()
        assert path.read_bytes() == b"line2\n"
        assert path.with_name("bot.log.1").read_bytes() == b"line0\nline1\n"

    def test_without_kept_files_the_old_one_goes(self, tmp_path: Path) -> None:
        sink = RotatingFile(tmp_path / "bot.log", max_bytes=5, kept=0)
        sink.write(b"one\n")
        sink.write(b"two\n")
        sink.close()
        assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"two\n"]

    def test_a_closed_file_is_opened_again(self, tmp_path: Path) -> None:
        sink = RotatingFile(tmp_path / "bot.log")
        sink.close()
        sink.write(b"one\n")
        sink.close()
        assert (tmp_path / "bot.log").read_bytes() == b"one\n"

    def test_a_device_that_is_full_raises(self) -> None:
        sink = RotatingFile(Path("/dev/full"))
        with pytest.raises(OSError, match="No space"):
            sink.write(b"one\n")
        sink.close()

    def test_stdout_gets_the_lines(self, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        with Logs("run-1", StandardOutput()):
            logging.getLogger("x").warning("hello")
        out = capfdbinary.readouterr().out
        assert json.loads(out)["message"] == "hello"
