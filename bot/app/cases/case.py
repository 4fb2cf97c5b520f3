"""What a case may say: one situation of market and account, written by hand as one JSON file.

Whatever a case leaves out is *missing*, never zero: signals without it are unknown, and so are the
rules that read them. Only `past` and `"market": "model"` fill anything in, and a case has to say
so. `alvh schema case` prints this definition as JSON schema.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from bot.domain.instruments import VIX3M
from bot.domain.readings import Scalar
from bot.domain.rungs import Rung
from bot.domain.state import StrategyState
from bot.domain.value import Value

Level = Annotated[float, Meta(gt=0.0, le=1e6)]
Figure = Annotated[float, Meta(ge=-1e6, le=1e6)]
Count = Annotated[int, Meta(ge=1, le=100_000)]
Days = Annotated[int, Meta(ge=1, le=400)]
Money = Annotated[float, Meta(ge=-1e12, le=1e12)]


class CaseError(ValueError):
    """A case does not hold together.

    Attributes:
        place: The key of the case that is wrong.
        text: What was expected there.
    """

    def __init__(self, place: str, text: str) -> None:
        super().__init__(f"{place}: {text}")
        self.place = place
        self.text = text


class PricedBy(StrEnum):
    """Where prices come from: only from `quotes` of the case, or from a model where it has none."""

    QUOTES = "quotes"
    MODEL = "model"


class CondorCase(Value):
    """An iron condor that is held: four SPXW strikes, ascending, and its last day."""

    strikes: Annotated[
        tuple[Level, Level, Level, Level],
        Meta(description="long put, short put, short call, long call, in points"),
    ]
    quantity: Count = 1
    expiry: Annotated[date | None, Meta(description="last trading day")] = None
    days: Annotated[
        Days | None, Meta(description="instead of expiry: days from the case's date")
    ] = None


class RungCase(Value):
    """VIX calls held in a rung; `expiry` is the settlement day, a Wednesday as a rule."""

    expiry: date
    strike: Level
    quantity: Count
    price: Annotated[Level, Meta(description="average price paid, points")] = 1.0
    rule: Annotated[str, Meta(description="the rule that bought them")] = "R5"


class AccountCase(Value):
    """Balances in USD."""

    nav: Money | None = None
    cash: Money | None = None


class PastCase(Value):
    """Levels about which the 512 sessions before the first close of `history` ran quietly.

    A model: a small known wave, so that RSI is near 50 and MACD near zero when the case begins.
    """

    vix: Level | None = None
    spx: Level | None = None
    indices: Annotated[dict[str, Level], Meta(description="the same of other indices")] = {}  # noqa: RUF012 - a struct copies its empty default


class HistoryCase(Value):
    """The last closes before the case's session, oldest first; null where one is not known."""

    vix: tuple[Level | None, ...] = ()
    spx: tuple[Level | None, ...] = ()
    indices: Annotated[
        dict[str, tuple[Figure | None, ...]],
        Meta(description="the same of other indices, such as VIX3M, MOVE and AD-NYSE"),
    ] = {}  # noqa: RUF012 - a struct copies its empty default


class Case(Value):
    """A situation; `at` is New York time, `2018-02-05` or `2018-02-05 15:30`, noon if not said."""

    at: str
    close: Annotated[
        bool, Meta(description="evaluate at the official close, where exits count")
    ] = False
    policy: Annotated[str, Meta(description="a preset or a policy file")] = "articles"
    vix: Level | None = None
    spx: Level | None = None
    vix3m: Level | None = None
    indices: Annotated[
        dict[str, Figure], Meta(description="other indices by symbol, such as MOVE and AD-NYSE")
    ] = {}  # noqa: RUF012 - a struct copies its empty default
    futures: Annotated[
        tuple[Level | None, ...], Meta(description="monthly VX futures, the nearest first, points")
    ] = ()
    market: PricedBy = PricedBy.QUOTES
    long_run: Annotated[
        Level, Meta(description="of the model: the level the VX curve reverts to, points")
    ] = 19.5
    quotes: Annotated[
        dict[str, tuple[Level, Level]],
        Meta(description='bid and ask by name: "VIX 2018-03-21 C20", "SPXW 2018-03-02 P2550"'),
    ] = {}  # noqa: RUF012 - as above
    past: PastCase = PastCase()
    history: HistoryCase = HistoryCase()
    readings: Annotated[
        dict[str, Scalar | None],
        Meta(description="readings by name, in place of what the signals say; null: missing"),
    ] = {}  # noqa: RUF012 - as above
    condors: tuple[CondorCase, ...] = ()
    rungs: dict[Rung, RungCase] = {}  # noqa: RUF012 - as above
    account: AccountCase = AccountCase()
    stage: Annotated[
        int, Meta(ge=0, le=3, description="the stage that is on, since the session before")
    ] = 0
    lasting: Annotated[
        bool, Meta(description="it has stood for as many evaluations as stage 1 waits for")
    ] = True
    memory: Annotated[
        StrategyState | None,
        Meta(description="the strategy's whole memory, in place of stage and lasting"),
    ] = None

    def other_indices(self) -> dict[str, float]:
        """Return the levels of the indices besides VIX and SPX that the case knows, by symbol."""
        quarter = {} if self.vix3m is None else {VIX3M: self.vix3m}
        return quarter | self.indices
