"""The engine and the image, each once; and what was measured, said at the end."""

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.container.containers import BUILD_SECONDS, IMAGE, docker

MEASURED = pytest.StashKey[dict[str, str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[MEASURED] = {}


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the figures for README.md's table."""
    for figure, value in config.stash[MEASURED].items():
        terminalreporter.write_line(f"{figure}: {value}")


@pytest.fixture(scope="session")
def measured(pytestconfig: pytest.Config) -> dict[str, str]:
    """Where a test leaves a figure."""
    return pytestconfig.stash[MEASURED]


@pytest.fixture(scope="session")
def engine() -> None:
    """An engine that answers."""
    reason = _why_no_engine()
    if not reason:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}; `make image-test` brings one up")
    pytest.skip(f"{reason}; `make image-test` brings one up")


@pytest.fixture(scope="session")
def image(engine: None) -> Iterator[str]:
    """The image, built from this tree as README.md says."""
    built = docker("build", f"--tag={IMAGE}", ".", seconds=BUILD_SECONDS)
    assert built.code == 0, built.out + built.err
    yield IMAGE
    docker("rmi", "--force", IMAGE)


def _why_no_engine() -> str:
    if shutil.which("docker") is None:
        return "there is no docker on the PATH"
    asked = docker("info")
    return "" if asked.code == 0 else "no container engine answers"
