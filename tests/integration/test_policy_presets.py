"""Presets and what-ifs work from any folder: nothing of them hangs on the place of a checkout."""

import json
import subprocess
import sys
from pathlib import Path

from tests.support.cases import storm


def alvh(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program as it is installed, standing in `folder`."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_preset_is_known_by_name_wherever_one_stands(tmp_path: Path) -> None:
    shown = alvh(tmp_path, "policy", "show", "long-tenors")
    assert shown.returncode == 0, shown.stderr
    (tmp_path / "copy.toml").write_text(shown.stdout)
    ended = alvh(tmp_path, "policy", "diff", "long-tenors", "copy.toml", "--json")
    assert json.loads(ended.stdout)["changes"] == []


def test_a_case_is_decided_on_wherever_one_stands(tmp_path: Path) -> None:
    (tmp_path / "case.json").write_text(json.dumps(storm(policy="long-tenors")))
    ended = alvh(tmp_path, "evaluate", "case.json", "--vary", "vix=18:24:6", "--json")
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found["policy"] == "long-tenors"
    assert [row["stage"] for row in found["rows"]] == [0, 3]
    wrong = alvh(tmp_path, "evaluate", "none.json")
    assert wrong.returncode == 2
    assert "No such file" in wrong.stderr
