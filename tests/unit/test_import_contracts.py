"""Each import contract catches a violation: a rule that cannot break guards nothing."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

VIOLATIONS = {
    "Rooms stand in layers and import downwards only": ("domain/money.py", "bot.pricing.black76"),
    "The exchange is opened by the composition root and its own command only": (
        "app/lines.py",
        "bot.exchange.clock",
    ),
    "The exchange knows no other room": ("exchange/clock.py", "bot.signals.beta"),
    "Of the domain the exchange knows instruments, money, quotes and sessions only": (
        "exchange/clock.py",
        "bot.domain.orders",
    ),
    "Risk never reaches the strategy": ("risk/limits.py", "bot.strategy.triggers"),
    "Strategy, execution and risk do not know one another": (
        "strategy/triggers.py",
        "bot.execution.book",
    ),
    "Review never reaches control": ("review/terms.py", "bot.adapters.control"),
    "Adapters do not know one another": ("adapters/clock.py", "bot.adapters.control"),
    "The broker library lives in adapters.ib": ("app/desk.py", "ib_insync"),
    "The MQTT library lives in adapters.mqtt": ("logs.py", "asyncio_mqtt"),
    "The scheduler library lives in adapters.scheduler": ("app/service.py", "apscheduler"),
    "structlog lives in logs": ("app/cycle.py", "structlog"),
    "pandas lives in the calendar": ("app/history.py", "pandas"),
    "The chart library lives in review.drawing": ("review/study.py", "altair"),
    "The Parquet library lives in adapters.tables.parquet": ("review/tables.py", "pyarrow"),
    "The database library lives in adapters.journal": ("app/blobs.py", "sqlalchemy"),
    "TA-Lib lives in one module": ("signals/front.py", "talib"),
    "The core knows no loop, system, file, time, chance or log": ("pricing/curve.py", "asyncio"),
}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the import linter says of a copy of the tree with one violation per contract."""
    place = tmp_path_factory.mktemp("tree")
    shutil.copytree(ROOT / "bot", place / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", place)
    for module, imported in VIOLATIONS.values():
        path = place / "bot" / module
        path.write_text(f"import {imported}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"],
        cwd=place,
        env={"PYTHONPATH": str(place), "PATH": str(linter.parent)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1, done.stderr
    return done.stdout


def test_a_violation_is_named_for_every_contract() -> None:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = table["tool"]["importlinter"]["contracts"]
    assert {contract["name"] for contract in contracts} == VIOLATIONS.keys()


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_the_violation_breaks_its_contract(contract: str, verdicts: str) -> None:
    assert f"{contract} BROKEN" in verdicts.replace("\n", " ")
