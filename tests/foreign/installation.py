"""Throw-away environments for other people's programs, outside the project's own."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.foreign.programs import Program

PYTHON = "3.11"
"""What the locks were made for: pandas 1 has no wheels for later versions."""
SECONDS = 600


class InstallationError(Exception):
    """A program could not be installed; the message tells why."""


def install(program: Program, folder: Path) -> Path:
    """Make an environment in `folder` and return the program's command.

    Raises:
        InstallationError: There is no Python 3.11, or its installer failed.
    """
    home = folder / "venv"
    _run([_python(), "-m", "venv", str(home)])
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-deps"]
    _run([*pip, "--require-hashes", "-r", str(program.lock)])
    return home / "bin" / program.name


def _python() -> str:
    found = sys.executable if sys.version_info[:2] == (3, 11) else shutil.which(f"python{PYTHON}")
    if found is None:
        raise InstallationError(f"the programs' locks need a python{PYTHON} on the PATH")
    return found


def _run(command: list[str]) -> None:
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise InstallationError(f"{command[1:4]} did not end in {SECONDS} s") from error
    if ended.returncode != 0:
        raise InstallationError(ended.stderr[-2000:])
