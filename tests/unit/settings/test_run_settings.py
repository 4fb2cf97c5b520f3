"""Run settings: defaults in code, copies in config/, every fault named at once."""

from pathlib import Path

import pytest

from bot.domain.account import Mode
from bot.settings.problems import ConfigurationError
from bot.settings.run import (
    BrokerSettings,
    ExchangeSettings,
    MqttSettings,
    RunSettings,
    load_settings,
)


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


def test_a_fault_of_the_environment_names_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.toml"
    path.write_text("[exchange]\nspeed = 0\n")
    monkeypatch.setenv("ALVH_BROKER__PORT", "high")
    with pytest.raises(ConfigurationError) as caught:
        load_settings(path)
    places = [problem.place for problem in caught.value.problems]
    assert places == ["broker.port (ALVH_BROKER__PORT)", "exchange.speed"]


def test_an_unknown_key_says_which_one_may_be_meant(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text('[broker]\nhots = "x"')
    with pytest.raises(ConfigurationError, match=r"broker\.hots: unknown key, did you mean 'host'"):
        load_settings(path)


def test_a_missing_file_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No such file"):
        load_settings(tmp_path / "none.toml")


CANARY = "zqx-canary-of-a-secret"


def test_nothing_is_published_unless_asked_for() -> None:
    assert not load_settings(None).mqtt.enabled
    assert load_settings(None).mqtt.secret() is None


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('prefix = "a/#"', ["mqtt.prefix"]),
        ('prefix = "/a"', ["mqtt.prefix"]),
        ('prefix = "a/"', ["mqtt.prefix"]),
        ('prefix = ""', ["mqtt.prefix"]),
        ('password_file = "secret"', ["mqtt.username"]),
        ('ca_file = "ca.pem"', ["mqtt.ca_file"]),
        ('tls = true\nkey_file = "key.pem"', ["mqtt.cert_file"]),
        ("outbox = 0\nkeepalive_seconds = 1", ["mqtt.keepalive_seconds", "mqtt.outbox"]),
        (f'username = "u"\npassword = "{CANARY}"\nport = 0', ["mqtt.password", "mqtt.port"]),
    ],
)
def test_faults_of_mqtt_are_named(tmp_path: Path, text: str, places: list[str]) -> None:
    path = tmp_path / "run.toml"
    path.write_text(f"[mqtt]\n{text}")
    with pytest.raises(ConfigurationError) as caught:
        load_settings(path)
    assert [problem.place for problem in caught.value.problems] == places
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    "environment",
    [
        {"ALVH_MQTT__PASSWORD": CANARY},
        {"ALVH_MQTT__PASSWORD": CANARY, "ALVH_MQTT__PORT": "none"},
        {"ALVH_MQTT__PASSWORD": CANARY[:3]},
        {"ALVH_MQTT": '{"password": "' + CANARY},
        {"ALVH_MQTT": '{"password": ["' + CANARY + '"]}'},
        {
            "ALVH_MQTT__PASSWORD": CANARY,
            "ALVH_MQTT__USERNAME": "u",
            "ALVH_MQTT__PASSWORD_FILE": "f",
        },
    ],
)
def test_a_password_is_shown_in_no_error(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as caught:
        load_settings(None)
    assert CANARY[:3] not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_password_comes_from_the_environment_and_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ALVH_MQTT__USERNAME", "alvh")
    monkeypatch.setenv("ALVH_MQTT__PASSWORD", CANARY)
    settings = load_settings(None)
    assert settings.mqtt.secret() == CANARY
    assert CANARY not in repr(settings) + str(settings.model_dump()) + settings.model_dump_json()


def test_a_password_comes_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(f"{CANARY}\n")
    monkeypatch.setenv("ALVH_MQTT__USERNAME", "alvh")
    monkeypatch.setenv("ALVH_MQTT__PASSWORD_FILE", str(path))
    assert load_settings(None).mqtt.secret() == CANARY


@pytest.mark.parametrize(
    ("content", "expected"),
    [(None, "No such file"), (b"abc\n", "at least 4"), (b"\xff\xfe\xff\xfe", "not hold text")],
)
def test_a_password_file_of_no_use_is_named(
    tmp_path: Path, content: bytes | None, expected: str
) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    settings = MqttSettings(username="alvh", password_file=path)
    with pytest.raises(ConfigurationError, match=expected) as caught:
        settings.secret()
    assert caught.value.problems[0].place == "mqtt.password_file"
