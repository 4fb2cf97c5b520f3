"""The ladder a running bot would lay at this moment, without orders: a read model, no control.

The last evaluation's inputs with the quotes of now: the lines of a whole ladder are streamed all
the time, so nothing has to be asked of the broker.
"""

from bot.app.engine import Engine
from bot.app.ports import Broker, Clock
from bot.domain.value import replace
from bot.strategy.preview import Preview, preview_ladder


def preview_now(engine: Engine, broker: Broker, clock: Clock) -> Preview | None:
    """Return the ladder as of now, None before the first evaluation of this run."""
    inputs = engine.cycle.last_inputs
    if inputs is None:
        return None
    snapshot = replace(inputs.snapshot, now=clock.now(), farm=broker.farm(), quotes=broker.quotes())
    current = replace(inputs, snapshot=snapshot, book=engine.desk.book)
    return preview_ladder(current, engine.cycle.memory)
