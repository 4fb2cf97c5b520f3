"""Other people's complete programs trade on the exchange, each on one of its own: `make foreign`.

Exits with 0 only if each of them started, read account and option chains, and placed an option
order that was filled. How a program ends is told but does not count: one that leaves an order at
work may call that a failure, and the order is filled when it has gone.
"""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from tests.foreign.evidence import Evidence, option_fills, read_trace
from tests.foreign.installation import InstallationError, install
from tests.foreign.programs import ACCOUNT, PROGRAMS, Program
from tests.support.simulation import Market

SPEED = 120
PATIENCE_SECONDS = 240.0
"""Wall seconds a program may take."""
RESTING_SECONDS = 90.0
"""Wall seconds for which its orders may rest after it has ended."""


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def play(program: Program, command: Path, folder: Path) -> Evidence:
    """Run a program on an exchange of its own until its order is filled and it has ended."""
    trace = folder / "trace.jsonl"
    market = Market(folder, "--account", ACCOUNT, "--trace", trace, *program.market(), speed=SPEED)
    try:
        market.start()
        fills = await trade(program, command, folder, market.port)
    finally:
        market.kill()
    return msgspec.structs.replace(read_trace(trace, program.client_id), fills=fills)


async def trade(program: Program, command: Path, folder: Path, port: int) -> tuple[str, ...]:
    """Let a program trade to its end, and return its fills."""
    environment = os.environ | {"IB_PORT": str(port), "IB_ACCOUNT": ACCOUNT}
    with (folder / "said.txt").open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            str(command),
            *program.arguments(port),
            cwd=folder,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )
        try:
            code = await asyncio.wait_for(process.wait(), PATIENCE_SECONDS)
            say(f"  ended by itself with code {code}")
        except TimeoutError:
            process.kill()
            say(f"  was ended after {PATIENCE_SECONDS:.0f} s with code {await process.wait()}")
    return await _fills(program, port)


async def _fills(program: Program, port: int) -> tuple[str, ...]:
    """Return what was filled, as soon as something was."""
    deadline = time.monotonic() + RESTING_SECONDS
    while not (fills := await option_fills(port, program.client_id)):
        if time.monotonic() > deadline:
            return ()
        await asyncio.sleep(1)
    return fills


async def examine(program: Program, folder: Path) -> list[str]:
    """Install and run a program, tell what the exchange saw of it, return what is missing."""
    say(f"{program.name}: {program.says}")
    began = time.monotonic()
    command = await asyncio.to_thread(install, program, folder)
    say(f"  installed in {time.monotonic() - began:.0f} s")
    evidence = await play(program, command, folder)
    say(f"  connected as client {program.client_id} at version {evidence.version}")
    say(f"  read {', '.join(evidence.account)} and {evidence.chains} blocks of option chains")
    for fill in evidence.fills:
        say(f"  filled: {fill}")
    if evidence.faults:
        say((folder / "said.txt").read_text(encoding="utf-8", errors="replace")[-4000:])
    return evidence.faults


async def main() -> int:
    """Examine all programs; tell at the end which of them failed and why."""
    failed = 0
    with tempfile.TemporaryDirectory(prefix="alvh-foreign-") as home:
        for program in PROGRAMS:
            folder = Path(home) / program.name
            folder.mkdir()
            try:
                faults = await examine(program, folder)
            except InstallationError as error:
                faults = [f"not installed: {error}"]
            failed += bool(faults)
            say(f"  {'; '.join(faults) or 'it traded'}")
    say(f"{len(PROGRAMS) - failed} of {len(PROGRAMS)} programs traded")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
