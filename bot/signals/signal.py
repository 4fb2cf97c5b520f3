"""What a signal of the method is: a definition, its outputs, and who reads them.

Each module of this room defines the `Signal` objects of its subject next to the code that computes
them; `bot.signals.catalog` collects them. A signal without `compute` is declared: it has its place
and its names, and says `MISSING` until it is written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from bot.domain.readings import Reading, ReadingState, Scalar
from bot.signals.context import SignalContext

Compute = Callable[[SignalContext], tuple[Reading, ...]]

DECLARED_NOTE = "declared, not in force"

TRUTH: tuple[Scalar, ...] = (True, False)
"""What a reading may say that is a truth value."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """One G of methodology.md section 2.

    `outputs` are the names of its readings; `readers` are the rules and figures that use it, as the
    method names them ("report" where no rule does); `source` are the articles it comes from.
    `answers` holds, for each output that is no number, all it may say.
    """

    id: str
    title: str
    outputs: tuple[str, ...]
    readers: tuple[str, ...]
    source: tuple[str, ...]
    answers: Mapping[str, tuple[Scalar, ...]] = field(default_factory=dict, hash=False)
    compute: Compute | None = None

    @property
    def in_force(self) -> bool:
        """Whether the signal is computed, not only declared."""
        return self.compute is not None

    def read(self, context: SignalContext) -> tuple[Reading, ...]:
        """Return one reading per output; those of a declared signal are `MISSING`."""
        if self.compute is not None:
            return self.compute(context)
        return _declared_readings(self.id, self.outputs)


@cache
def _declared_readings(signal: str, names: tuple[str, ...]) -> tuple[Reading, ...]:
    return tuple(
        Reading(signal=signal, name=name, state=ReadingState.MISSING, note=DECLARED_NOTE)
        for name in names
    )
