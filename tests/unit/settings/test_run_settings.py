"""Run settings: defaults in code, copies in config/, every fault named at once."""

from pathlib import Path

import pytest

from bot.domain.account import Mode
from bot.settings.problems import ConfigurationError
from bot.settings.run import BrokerSettings, ExchangeSettings, RunSettings, load_settings


def test_without_a_file_the_bot_runs_the_simulation() -> None:
    settings = load_settings(None)
    assert settings.mode is Mode.SIM
    assert settings.clock == "broker"
    assert settings.exchange.embedded


def test_the_shipped_presets_equal_the_defaults_in_code() -> None:
    assert load_settings(Path("config/sim.toml")) == RunSettings()
    assert load_settings(Path("config/paper.toml")) == RunSettings(
        mode=Mode.PAPER,
        broker=BrokerSettings(accounts=("DU0000000",)),
    )


def test_paper_follows_the_host_clock_unless_told_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "paper.toml"
    path.write_text('mode = "paper"\nclock = "broker"\n[broker]\naccounts = ["DU1"]\n')
    assert load_settings(path).clock == "broker"
    path.write_text('mode = "paper"\n[broker]\naccounts = ["DU1"]\n')
    assert load_settings(path).clock == "host"


def test_the_environment_overrides_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALVH_BROKER__PORT", "4100")
    monkeypatch.setenv("ALVH_EXCHANGE__SPEED", "60")
    settings = load_settings(Path("config/sim.toml"))
    assert settings.broker.port == 4100
    assert settings.broker.client_id == 7
    assert settings.exchange.speed == 60


def test_the_environment_may_name_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that is given no file reads the one that the service beside it reads."""
    named = tmp_path / "named.toml"
    named.write_text("[broker]\nport = 4100\n")
    monkeypatch.setenv("ALVH_CONFIG", str(named))
    assert load_settings(None).broker.port == 4100
    assert load_settings(Path("config/sim.toml")).broker.port == 4002
    monkeypatch.setenv("ALVH_CONFIG", "")
    assert load_settings(None) == RunSettings()
    monkeypatch.setenv("ALVH_CONFIG", str(tmp_path / "none.toml"))
    with pytest.raises(ConfigurationError, match="No such file"):
        load_settings(None)


def test_the_images_own_file_changes_nothing_but_that_the_account_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The journal follows the mode, so that a paper account never shares the simulation's."""
    image = Path("config/image.toml")
    kept = ExchangeSettings(state=Path("var/exchange.state"))
    assert load_settings(image) == RunSettings(exchange=kept)
    monkeypatch.setenv("ALVH_MODE", "paper")
    monkeypatch.setenv("ALVH_BROKER__ACCOUNTS", '["DU0000001"]')
    assert load_settings(image).journal == Path("var/paper.sqlite")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("x = [", [""]),
        ('mode = "live"', ["mode"]),
        ('mode = "paper"', ["broker.accounts"]),
        ('mode = "nonsense"', ["mode"]),
        (
            '[brokr]\nport = 3\n[broker]\nport = "abc"\nhots = "x"',
            ["broker.port", "broker.hots", "brokr"],
        ),
        ("[exchange]\nspeed = 0", ["exchange.speed"]),
        ('clock = "sundial"', ["clock"]),
    ],
)
def test_faults_are_named_with_their_places(tmp_path: Path, text: str, places: list[str]) -> None:
    path = tmp_path / "run.toml"
    path.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load_settings(path)
    assert [problem.place for problem in caught.value.problems] == places


def test_an_unknown_key_says_which_one_may_be_meant(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text('[broker]\nhots = "x"')
    with pytest.raises(ConfigurationError, match=r"broker\.hots: unknown key, did you mean 'host'"):
        load_settings(path)


def test_a_missing_file_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No such file"):
        load_settings(tmp_path / "none.toml")
