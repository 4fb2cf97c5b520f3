"""The coverage-guided fuzzer: `python -m tests.fuzz CORPUS [libFuzzer options]`.

It runs in an environment of its own (`make fuzz`), tries inputs that reach new code first, keeps
those in the corpus folder, and ends with the input that broke a promise, if there is one.
"""

import sys

import atheris

with atheris.instrument_imports(include=["bot.exchange.wire"]):
    from tests.fuzz.conversation import converse


def one_input(data: bytes) -> None:
    """Play one input."""
    converse(data)


if __name__ == "__main__":
    atheris.Setup([sys.argv[0], *sys.argv[1:]], one_input)
    atheris.Fuzz()
