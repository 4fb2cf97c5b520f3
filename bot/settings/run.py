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

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from typing_extensions import override

from bot.domain.account import Mode
from bot.settings.problems import ConfigurationError, Problem, unknown_key

CONFIG_VARIABLE = "ALVH_CONFIG"
"""The variable that names the settings file where no option does."""

Port = Annotated[int, Field(ge=1, le=65535)]


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
    clock: Literal["host", "broker"] = "broker"
    """Whose time the bot follows; the host's in paper and live."""
    broker: BrokerSettings = BrokerSettings()
    exchange: ExchangeSettings = ExchangeSettings()
    log: LogSettings = LogSettings()
    risk: RiskSettings = RiskSettings()

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
    try:
        return RunSettings(**table)
    except ValidationError as error:
        problems = [_problem(item) for item in error.errors()]
        raise ConfigurationError(path or "the environment", problems) from error


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


def _problem(error: Any) -> Problem:
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return Problem(place=place, text=unknown_key(str(error["loc"][-1]), _keys(error["loc"])))
    if error["type"] == "value_error" and not place:
        place, _, text = str(error["ctx"]["error"]).partition(": ")
        return Problem(place=place, text=text)
    return Problem(place=place, text=f"{error['msg'].lower()}, got {error['input']!r}")


def _keys(place: tuple[str | int, ...]) -> list[str]:
    fields = RunSettings.model_fields
    for part in place[:-1]:
        fields = fields[str(part)].annotation.model_fields  # type: ignore[union-attr]
    return list(fields)
