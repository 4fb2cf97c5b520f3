"""The console script as a whole: which commands there are, and what calling one loads."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from bot.cli.main import COMMANDS, command_line, main

HEAVY = ("pandas", "scipy", "talib", "ib_insync", "bot.app.engine", "bot.exchange")


def test_the_help_names_every_command() -> None:
    told = CliRunner().invoke(command_line([]), ["--help"])
    assert told.exit_code == 0
    assert "adaptive layered VIX hedge" in told.output
    for name in COMMANDS:
        assert f" {name} " in told.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    told = CliRunner().invoke(command_line([name]), [name, "--help"])
    assert told.exit_code == 0
    assert f"{name} [OPTIONS]" in told.output


def test_an_unknown_command_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["hedge"])
    assert ended.value.code == 2
    assert "No such command 'hedge'" in capsys.readouterr().err


def test_a_health_check_does_not_load_the_service() -> None:
    program = (
        "import sys; from bot.cli.main import command_line; command_line(['health']);"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout.strip() == "[]"
