"""All signals of the method, found in the modules of this room.

There is no list to keep: a `Signal` at the top level of a module here is in the catalog. Policy
conditions are checked against `OUTPUTS`; `read_signals` evaluates everything once per evaluation.
"""

import pkgutil
from importlib import import_module

import bot.signals
from bot.domain.inputs import Inputs
from bot.domain.readings import Readings, Scalar
from bot.domain.state import StrategyState
from bot.signals.context import look
from bot.signals.signal import Signal


def _collect() -> tuple[Signal, ...]:
    """Return the signals of all modules of this room, G1 first."""
    names = sorted(module.name for module in pkgutil.iter_modules(bot.signals.__path__))
    modules = [import_module(f"bot.signals.{name}") for name in names if name != "catalog"]
    found = {value for m in modules for value in vars(m).values() if isinstance(value, Signal)}
    return tuple(sorted(found, key=lambda signal: int(signal.id.removeprefix("G"))))


SIGNALS: tuple[Signal, ...] = _collect()
"""Every signal of the method, in the order of its table."""

OUTPUTS: tuple[str, ...] = tuple(name for signal in SIGNALS for name in signal.outputs)
"""The names of all readings; nothing else can be named by a trigger."""

ANSWERS: dict[str, tuple[Scalar, ...]] = {
    name: tuple(signal.answers.get(name, ())) for signal in SIGNALS for name in signal.outputs
}
"""All that each reading may say, empty for a number: what a trigger may compare it with."""


def read_signals(inputs: Inputs, state: StrategyState) -> Readings:
    """Evaluate every signal on one evaluation's inputs; each name of `OUTPUTS` is answered."""
    context = look(inputs, state)
    readings = (reading for signal in SIGNALS for reading in signal.read(context))
    return Readings(by_name={reading.name: reading for reading in readings})
