"""The demo as a user runs it: sessions a minute and peak memory of the process."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.bench.processes import Finished, run_to_end
from tests.bench.settings import Settings
from tests.bench.table import Row

BARE = "the exchange alone with a bare ib_insync subscriber"


def measure(settings: Settings) -> Iterable[Row]:
    """Yield pace and memory of the demo beside the exchange with a bare subscriber."""
    start = ["--from", settings.start] if settings.start else []
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "demo.sqlite"
        demo = run_to_end("bot", "demo", "--json", "--journal", journal, *start)
    bare = run_to_end("tests.bench.bare_demo", settings.start)
    label = f"demo, {demo.said['sessions']} sessions at 5-minute cycles"
    yield Row(
        f"{label}: sessions a minute (aim 33)",
        f"{_pace(demo):.1f}",
        f"{_pace(bare):.1f}, {BARE}",
        _pace(demo) / _pace(bare),
    )
    yield Row(
        f"{label}: processor time",
        f"{demo.cpu_seconds:.1f} s",
        f"{bare.cpu_seconds:.1f} s, {BARE}",
        demo.cpu_seconds / bare.cpu_seconds,
    )
    yield Row(
        f"{label}: peak memory (aim 300 MB)",
        f"{demo.peak_mb:.0f} MB",
        f"{bare.peak_mb:.0f} MB, {BARE}",
        demo.peak_mb / bare.peak_mb,
    )


def _pace(run: Finished) -> float:
    """Return sessions a minute, the start of the process included."""
    return float(run.said["sessions"]) / run.seconds * 60.0
