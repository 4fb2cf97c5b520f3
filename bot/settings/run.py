"""The settings of a run: where the broker is, which account, where the journal goes.

Read from one TOML file, each key overridable by an environment variable (`ALVH_BROKER__PORT=4001`).
Where no file is named, `ALVH_CONFIG` may name it, so that all commands in one place agree.
Defaults depend on the mode and live here; `config/` holds a commented copy per mode. What is wrong
is said all at once, with the key and what was expected.
"""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)
from typing_extensions import override

from bot.domain.account import Mode
from bot.settings.problems import ConfigurationError, Problem, unknown_key

CONFIG_VARIABLE = "ALVH_CONFIG"
"""The variable that names the settings file where no option does."""

Port = Annotated[int, Field(ge=1, le=65535)]

MIN_SECRET_LENGTH = 4
"""A shorter password could not be struck out of log lines without spoiling them."""


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class BrokerSettings(_Group):
    """Where the broker answers and how it is spoken to."""

    host: str = "127.0.0.1"
    """Address of TWS, Gateway or the paper exchange."""
    port: Port = 4002
    """Port of the same; 4002 is the Gateway's default for paper accounts."""
    client_id: int = Field(default=7, ge=1, le=999_999)
    """API client id; orders belong to it, so never change it with orders open."""
    accounts: tuple[str, ...] = ()
    """Accounts this bot may trade (allow-list); must name the one the broker reports."""
    timeout_seconds: float = Field(default=10.0, gt=0, le=120)
    """How long an answer of the broker may take, wall seconds."""
    max_lines: int = Field(default=90, ge=20, le=1000)
    """Market data lines the bot may use; a login has 100 by default."""


class ExchangeSettings(_Group):
    """The paper exchange of mode `sim`."""

    embedded: bool = True
    """Start the exchange inside the bot; false: connect to one at broker.host and port."""
    scenario: str = "volmageddon-2018"
    """Which market is played."""
    start: str = ""
    """New York time to start at, as 2018-02-05T09:34; empty: the scenario's first session.

    Where `state` was kept beyond it, the exchange goes on from there.
    """
    seed: int = Field(default=1, ge=0)
    """Seed of the intraday path."""
    speed: float = Field(default=1.0, gt=0, le=1000)
    """Exchange seconds per wall second."""
    state: Path | None = None
    """File that keeps the exchange's account and orders over a restart."""


class LogSettings(_Group):
    """Where the JSON log lines go."""

    file: Path | None = None
    """Log file, rotated by size; none: standard output."""
    max_megabytes: int = Field(default=50, ge=1, le=10_000)
    """Size at which the file is rotated."""
    keep: int = Field(default=5, ge=1, le=1000)
    """How many rotated files are kept."""


class RiskSettings(_Group):
    """Limits of the pre-trade checks; they stand apart from the policy."""

    max_contracts_per_order: int = Field(default=20, ge=1, le=10_000)
    """A larger order is refused."""


class MqttSettings(_Group):
    """Whether and where the journal is published over MQTT.

    The password comes from `ALVH_MQTT__PASSWORD` or from a file, never from the settings file.
    """

    enabled: bool = False
    """Publish; off by default."""
    host: str = Field(default="127.0.0.1", min_length=1)
    """Address of the MQTT broker."""
    port: Port = 1883
    """Port of the same; 8883 is usual with TLS."""
    username: str | None = Field(default=None, min_length=1)
    """User name at the broker."""
    password: Annotated[SecretStr, Field(min_length=MIN_SECRET_LENGTH)] | None = None
    """Password at the broker; only from the environment."""
    password_file: Path | None = None
    """File that holds the password instead, as a secret mounted into a container."""
    tls: bool = False
    """Encrypt, and prove the broker by its certificate."""
    ca_file: Path | None = None
    """Authority that signed the broker's certificate; none: those the system trusts."""
    cert_file: Path | None = None
    """Our own certificate, where the broker wants one."""
    key_file: Path | None = None
    """Its key, without a pass phrase; none: in `cert_file` too."""
    prefix: str = Field(default="alvh", min_length=1, max_length=200)
    """Begins every topic; the account comes next."""
    client_id: str = Field(default="", max_length=100)
    """Our name at the broker, which must be the only one; empty: `alvh-` and the account."""
    keepalive_seconds: int = Field(default=30, ge=5, le=3600)
    """After so long without a word the broker takes us for gone and we the broker."""
    outbox: int = Field(default=1000, ge=10, le=1_000_000)
    """Events kept in memory while the broker is away; older ones are read from the journal."""

    @model_validator(mode="after")
    def _check_prefix(self) -> "MqttSettings":
        edges, inside = "/$", "+#\x00"
        if self.prefix[0] in edges or self.prefix[-1] == "/" or set(self.prefix) & set(inside):
            raise ValueError(
                f"prefix: a topic without + and #, not begun with / or $, not ended with /, "
                f"got {self.prefix!r}"
            )
        return self

    @model_validator(mode="after")
    def _check_what_belongs_together(self) -> "MqttSettings":
        if self.password is not None and self.password_file is not None:
            raise ValueError("password: given twice, by the environment and by password_file")
        secret = self.password is not None or self.password_file is not None
        if secret and self.username is None:
            raise ValueError("username: a password needs one")
        files = {"ca_file": self.ca_file, "cert_file": self.cert_file, "key_file": self.key_file}
        given = [name for name, path in files.items() if path is not None]
        if given and not self.tls:
            raise ValueError(f"{given[0]}: has no effect without tls = true")
        if self.key_file is not None and self.cert_file is None:
            raise ValueError("cert_file: a key needs its certificate")
        return self

    def secret(self) -> str | None:
        """Return the password, read from its file where one is named.

        Raises:
            ConfigurationError: the file cannot be read, or what it holds is no password.
        """
        if self.password_file is None:
            return None if self.password is None else self.password.get_secret_value()
        try:
            found = self.password_file.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            text = getattr(error, "strerror", None) or "it does not hold text"
            raise self._unusable(text) from None
        if len(found) < MIN_SECRET_LENGTH:
            raise self._unusable(f"a password needs at least {MIN_SECRET_LENGTH} characters")
        return found

    def _unusable(self, text: str) -> ConfigurationError:
        problem = Problem(place="mqtt.password_file", text=text)
        return ConfigurationError(str(self.password_file), [problem])


class RunSettings(BaseSettings):
    """Everything a run needs to know that is not the method's business."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix="ALVH_",
        env_nested_delimiter="__",
        use_attribute_docstrings=True,
    )

    mode: Mode = Mode.SIM
    """How orders and quotes are connected: sim or paper."""
    journal: Path = Path("var/sim.sqlite")
    """The journal file; made if absent."""
    policy: Path | None = None
    """Policy file; none: the method's defaults."""
    events: Path | None = None
    """File of FOMC, CPI and PPI dates with how far they are complete; a scenario has its own."""
    clock: Literal["host", "broker"] = "broker"
    """Whose time the bot follows; the host's in paper and live."""
    broker: BrokerSettings = BrokerSettings()
    exchange: ExchangeSettings = ExchangeSettings()
    log: LogSettings = LogSettings()
    risk: RiskSettings = RiskSettings()
    mqtt: MqttSettings = MqttSettings()

    runnable: ClassVar[frozenset[Mode]] = frozenset({Mode.SIM, Mode.PAPER})

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment override the file; read no other place."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings

    @model_validator(mode="before")
    @classmethod
    def _fill_in_mode_defaults(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("mode") == Mode.PAPER:
            return {"clock": "host", "journal": "var/paper.sqlite"} | data
        return data

    @model_validator(mode="after")
    def _check_the_mode(self) -> "RunSettings":
        if self.mode not in self.runnable:
            wanted = " or ".join(sorted(self.runnable))
            raise ValueError(f"mode: `run` knows {wanted}, got {self.mode.value}")
        if self.mode is Mode.PAPER and not self.broker.accounts:
            raise ValueError("broker.accounts: mode paper needs the account it may trade")
        return self


def load_settings(path: Path | None) -> RunSettings:
    """Read the settings file at `path`; None: the one that `ALVH_CONFIG` names, else defaults.

    The environment overrides either.

    Raises:
        ConfigurationError: it cannot be read, or anything in it is wrong; all faults are named.
    """
    path = path or _named_by_environment()
    table = {} if path is None else _read(path)
    problems = _secrets_in(table)
    try:
        settings = RunSettings(**table)
    except ValidationError as error:
        problems += [_problem(item) for item in error.errors()]
    except SettingsError as error:  # its cause may quote the value
        problems.append(Problem(place="", text=str(error)))
    else:
        if not problems:
            return settings
    raise ConfigurationError(path or "the environment", problems) from None


def _named_by_environment() -> Path | None:
    named = os.environ.get(CONFIG_VARIABLE, "")
    return Path(named) if named else None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(path, [Problem(place="", text=f"not TOML: {error}")]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(path, [Problem(place="", text=str(error))]) from error


def _secrets_in(table: dict[str, Any]) -> list[Problem]:
    """Take secrets out of the file's table: settings files are shown, copied and committed."""
    group = table.get("mqtt")
    if not isinstance(group, dict) or group.pop("password", None) is None:
        return []
    text = "no secret belongs into this file: set ALVH_MQTT__PASSWORD, or name mqtt.password_file"
    return [Problem(place="mqtt.password", text=text)]


def _problem(error: Any) -> Problem:
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return Problem(place=place, text=unknown_key(str(error["loc"][-1]), _keys(error["loc"])))
    if error["type"] == "value_error" and place in {"", "mqtt"}:
        key, _, text = str(error["ctx"]["error"]).partition(": ")
        return Problem(place=f"{place}.{key}" if place else key, text=text)
    got = "" if place.endswith("password") else f", got {error['input']!r}"
    return Problem(place=_with_variable(place, error["loc"]), text=f"{error['msg'].lower()}{got}")


def _with_variable(place: str, keys: tuple[str | int, ...]) -> str:
    """Return `place`, with the variable that set it: no file needs mending then."""
    variable = "ALVH_" + "__".join(str(key) for key in keys).upper()
    return f"{place} ({variable})" if variable in os.environ else place


def _keys(place: tuple[str | int, ...]) -> list[str]:
    fields = RunSettings.model_fields
    for part in place[:-1]:
        fields = fields[str(part)].annotation.model_fields  # type: ignore[union-attr]
    return list(fields)
