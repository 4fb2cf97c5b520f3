"""The script of forty steps: what any program on the broker's socket interface may want of us."""

from tests.compat import (
    account_steps,
    connection_steps,
    data_steps,
    order_steps,
    reference_steps,
)
from tests.compat.step import Step

STEPS: list[Step] = [
    *reference_steps.steps.all,
    *data_steps.steps.all,
    *account_steps.steps.all,
    *order_steps.steps.all,
    *connection_steps.steps.all,
]
