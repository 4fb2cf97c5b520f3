"""The shell scripts, read by a checker."""

import os
import shutil
import subprocess

import pytest

from tests.support.processes import ROOT

SCRIPTS = (".ci/run", ".ci/packages", "tests/container/engine.sh")


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_has_no_known_mistake(script: str) -> None:
    checker = shutil.which("shellcheck")
    if checker is None:
        assert os.environ.get("CI") != "true", "shellcheck is not installed"
        pytest.skip("shellcheck is not installed")
    told = subprocess.run(
        [checker, script], check=False, cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert told.returncode == 0, told.stdout
