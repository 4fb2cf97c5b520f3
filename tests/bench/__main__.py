"""`python -m tests.bench [NAME...] [--quick]`: measurements, each beside a baseline of this run.

Nothing is asserted: machines differ, ratios say more than seconds. Prints a Markdown table.
"""

import argparse
import sys
from collections.abc import Callable, Iterable

from tests.bench import (
    crowd,
    decision,
    demo,
    lines,
    order_path,
    publishing,
    refresh,
    start_up,
    throughput,
)
from tests.bench.settings import FULL, QUICK, Settings
from tests.bench.table import Row, rows_of

BENCHMARKS: dict[str, Callable[[Settings], Iterable[Row]]] = {
    "decision": decision.measure,
    "order": order_path.measure,
    "publishing": publishing.measure,
    "lines": lines.measure,
    "refresh": refresh.measure,
    "throughput": throughput.measure,
    "crowd": crowd.measure,
    "start": start_up.measure,
    "demo": demo.measure,
}


def main() -> None:
    """Run the chosen benchmarks, or all, and print each one's rows as soon as it is done."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}")
    parser.add_argument("--quick", action="store_true", help="shorter runs, rougher figures")
    parser.add_argument("--seconds", type=int, help="how long the lines are updated")
    parser.add_argument("--from", dest="start", help="New York date at which the demo begins")
    chosen = parser.parse_args()
    unknown = set(chosen.names) - BENCHMARKS.keys()
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}")
    settings = QUICK if chosen.quick else FULL
    if chosen.seconds is not None:
        settings = settings._replace(seconds=chosen.seconds)
    if chosen.start is not None:
        settings = settings._replace(start=chosen.start)
    for number, name in enumerate(chosen.names or BENCHMARKS):
        for line in rows_of(number == 0, BENCHMARKS[name](settings)):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
