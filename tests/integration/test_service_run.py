"""`alvh run` as a process, and `status` and `health` that ask it from another."""

import itertools
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot.domain.events import (
    AccountProved,
    CycleMissed,
    DecisionMade,
    OrderIntended,
    OrderSent,
    RunEnded,
    RunStarted,
)
from bot.domain.rungs import Rung
from bot.domain.sessions import NEW_YORK
from tests.support import simulation as sim
from tests.support.processes import alvh, free_port, run, running

CADENCE_SECONDS = 300
PAPER_ACCOUNT = "DU0000042"


def health(journal: Path, folder: Path) -> tuple[int, dict[str, Any]]:
    ended = run("health", "--json", "--journal", journal, folder=folder)
    return ended.code, orjson.loads(ended.out) if ended.out else {"complaint": ended.err}


def test_it_lives_decides_on_schedule_and_ends_in_order(tmp_path: Path) -> None:
    journal = tmp_path / "j.sqlite"
    config = sim.settings_file(
        tmp_path, free_port(), exchange={"start": "2018-02-05T10:04", "speed": 30}
    )
    with sim.service(config) as process:
        process.until(lambda: sim.decided_after(journal, 2), "three decisions")
        code, answer = health(journal, tmp_path)
        assert (code, answer) == (0, {"healthy": True, "ills": []})
        state = sim.status(journal, tmp_path)
        live = previewed(journal, tmp_path)
        ended = process.terminate()
    assert ended.code == 0, ended.err
    assert_ladder(live, "the running bot")
    assert_ladder(previewed(journal, tmp_path), "the journal's last inputs")
    assert (state["mode"], state["account_id"], state["ready"]) == ("sim", "SIM0000001", True)
    assert state["decisions"] >= 3
    assert state["next_due"] > state["last"]["at"]
    assert_on_schedule(journal)
    (started,), (over,) = sim.told(journal, RunStarted), sim.told(journal, RunEnded)
    assert (over.run_id, over.reason) == (started.run_id, "stopped by a signal")
    assert sim.stored(journal)[-1].event == over
    assert sim.proof(journal, tmp_path)["decisions"] == len(sim.told(journal, DecisionMade))
    assert {path.name for path in tmp_path.glob("j.sqlite*")} == {"j.sqlite"}
    assert [orjson.loads(line)["event"] for line in lines(tmp_path / "bot.log")][-1] == "run_ended"
    code, answer = health(journal, tmp_path)
    assert code == 4
    assert "no bot answers" in answer["complaint"]


def previewed(journal: Path, folder: Path) -> dict[str, Any]:
    ended = run("preview", "--json", "--journal", journal, folder=folder)
    assert ended.code == 0, ended.err
    answer: dict[str, Any] = orjson.loads(ended.out)
    return answer


def assert_ladder(found: dict[str, Any], source: str) -> None:
    """The whole ladder of the moment is priced, and what carrying it costs is known."""
    assert found["source"] == source
    assert [row["rung"] for row in found["rungs"]] == [rung.value for rung in Rung]
    assert found["unbought"] == []
    premium = sum(row["contracts"] * float(row["limit"]) * 100 for row in found["rungs"])
    assert float(found["premium_usd"]) == pytest.approx(premium)
    assert found["yearly_cost_usd"] > 0


def assert_on_schedule(journal: Path) -> None:
    """Each slot from 10:05 on was decided once, within its grace of four minutes."""
    assert sim.told(journal, CycleMissed) == []
    slots = []
    for made in sim.told(journal, DecisionMade):
        late = timedelta(seconds=made.decision.at.timestamp() % CADENCE_SECONDS)
        assert late < timedelta(minutes=4)
        slots.append(made.decision.at - late)
    assert f"{slots[0].astimezone(NEW_YORK):%H:%M}" == "10:05"
    cadence = timedelta(seconds=CADENCE_SECONDS)
    assert [after - before for before, after in itertools.pairwise(slots)] == [cadence] * (
        len(slots) - 1
    )


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def paper_environment(market: sim.Market, journal: Path, account: str) -> dict[str, str]:
    """What a user sets who runs `config/paper.toml` against a paper exchange."""
    return {
        "ALVH_JOURNAL": str(journal),
        "ALVH_CLOCK": "broker",
        "ALVH_BROKER__PORT": str(market.port),
        "ALVH_BROKER__ACCOUNTS": f'["{account}"]',
    }


PAPER = Path(__file__).parents[2] / "config" / "paper.toml"


def test_mode_paper_decides_on_a_listed_account_and_refuses_another(tmp_path: Path) -> None:
    listed, foreign = tmp_path / "j.sqlite", tmp_path / "foreign.sqlite"
    arguments = ("--account", PAPER_ACCOUNT)
    with sim.exchange(tmp_path, *arguments, begin="2018-02-05T10:03") as market:
        refused = run(
            "run", "--config", PAPER, folder=tmp_path,
            environment=paper_environment(market, foreign, "DU9999999"),
        )  # fmt: skip
        environment = paper_environment(market, listed, PAPER_ACCOUNT)
        with running(alvh("run", "--config", PAPER), tmp_path, environment) as process:
            process.until(lambda: sim.decided_after(listed, 1), "two decisions")
            state = sim.status(listed, tmp_path)
            ended = process.terminate()
        market.kill()
        ledger = market.ledger(PAPER_ACCOUNT)
    assert refused.code == 3
    complaint = refused.err.splitlines()
    assert len(complaint) == 1
    assert "allow-list" in complaint[0]
    assert PAPER_ACCOUNT in complaint[0]
    for kind in (AccountProved, DecisionMade, OrderIntended, OrderSent):
        assert sim.told(foreign, kind) == []
    assert ended.code == 0, ended.err
    assert (state["mode"], state["account_id"]) == ("paper", PAPER_ACCOUNT)
    assert set(ledger.references) <= set(sim.intents(listed))


def test_a_host_clock_that_differs_from_the_brokers_is_refused(tmp_path: Path) -> None:
    """An exchange in 2018 is the strongest case of a clock that must not be traded by."""
    journal = tmp_path / "j.sqlite"
    with sim.exchange(tmp_path, "--account", PAPER_ACCOUNT, begin="2018-02-05T10:03") as market:
        environment = paper_environment(market, journal, PAPER_ACCOUNT) | {"ALVH_CLOCK": "host"}
        ended = run("run", "--config", PAPER, folder=tmp_path, environment=environment)
    assert ended.code == 3
    assert "clock" in ended.err
    assert sim.told(journal, DecisionMade) == []


@pytest.mark.parametrize("command", ["status", "health"])
def test_no_bot_is_not_reachable(tmp_path: Path, command: str) -> None:
    ended = run(command, "--journal", tmp_path / "j.sqlite", folder=tmp_path)
    assert ended.code == 4
    assert str(tmp_path / "j.sqlite.sock") in ended.err
