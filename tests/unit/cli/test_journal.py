"""Which journal a command reads that is given none."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.decisions import app


def listed(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["list", *arguments])


@pytest.fixture
def named(told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The journal that the settings of this place name."""
    path = Path(shutil.copy(told, tmp_path / "named.sqlite"))
    config = tmp_path / "bot.toml"
    config.write_text(f'journal = "{path}"\n')
    monkeypatch.setenv("ALVH_CONFIG", str(config))
    return path


def test_it_is_the_one_that_the_bot_of_this_place_writes(named: Path) -> None:
    assert named.exists()
    assert listed().exit_code == 0


def test_an_option_or_a_variable_names_another(
    named: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = listed("--journal", str(tmp_path / "other.sqlite"))
    assert (told.exit_code, "other.sqlite" in told.stderr) == (2, True)
    monkeypatch.setenv("ALVH_JOURNAL", str(tmp_path / "third.sqlite"))
    told = listed()
    assert (told.exit_code, "third.sqlite" in told.stderr) == (2, True)


def test_settings_that_cannot_be_read_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALVH_BROKER__PORT", "high")
    told = listed()
    assert told.exit_code == 2
    assert "broker.port" in told.stderr
