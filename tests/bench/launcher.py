"""Starts a program, waits for its end and says on standard error what it used.

A process of its own, and a small one: the peak memory the system tells of a child begins with that
of the process it was started from, so a large parent would be measured instead of the child.
"""

import json
import os
import subprocess
import sys


def main() -> int:
    """Run the command given; return how it ended."""
    child = subprocess.Popen(sys.argv[1:], stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    used = {"cpu_seconds": usage.ru_utime + usage.ru_stime, "peak_mb": usage.ru_maxrss / 1024}
    sys.stderr.write(json.dumps(used))
    return child.returncode


if __name__ == "__main__":
    sys.exit(main())
