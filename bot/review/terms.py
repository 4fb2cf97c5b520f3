"""What the readings are called when a person speaks of them.

A number has a name, a unit and the digits worth saying; a truth value has the sentence it makes
when true and when false. A reading that is not named here is called by its own name in words.
"""

from bot.domain.value import Value


class Term(Value):
    """How to speak of one reading; `yes` and `no` are whole clauses of a truth value."""

    name: str
    digits: int | None = None
    unit: str = ""
    signed: bool = False
    yes: str = ""
    no: str = ""


def _flag(name: str, yes: str, no: str) -> Term:
    return Term(name=name, yes=yes, no=no)


TERMS: dict[str, Term] = {
    "vix.level": Term(name="VIX", digits=2),
    "vix.change_1d": Term(name="the 1-day change of VIX", digits=2, unit=" points", signed=True),
    "vix.change_5d": Term(name="the 5-day change of VIX", digits=2, unit=" points", signed=True),
    "vix.spike": _flag("a VIX spike", "VIX had a spike", "VIX had no spike"),
    "vix.new_high": _flag("a new VIX high", "VIX was at a new high", "VIX was at no new high"),
    "vix.rsi": Term(name="VIX RSI", digits=1),
    "vix.rsi_previous": Term(name="VIX RSI of the session before", digits=1),
    "vix.rsi_rising": _flag("a rising VIX RSI", "VIX RSI was rising", "VIX RSI was not rising"),
    "curve.slope": Term(name="VX2 less VX1", digits=2, unit=" points", signed=True),
    "curve.slope_pct": Term(name="VX2 less VX1", digits=1, unit=" % of VX1", signed=True),
    "curve.front_premium": Term(name="VX1 less VX2", digits=2, unit=" points", signed=True),
    "curve.inverted": _flag(
        "an inverted curve", "the VX curve was inverted", "the VX curve was not inverted"
    ),
    "curve.tau_days": Term(name="the decay of futures against spot (tau)", digits=1, unit=" days"),
    "event.fomc_sessions": Term(name="the distance to the next FOMC decision", unit=" sessions"),
    "event.fomc_minutes_sessions": Term(
        name="the distance to the next FOMC minutes", unit=" sessions"
    ),
    "event.cpi_sessions": Term(name="the distance to the next CPI", unit=" sessions"),
    "event.ppi_sessions": Term(name="the distance to the next PPI", unit=" sessions"),
    "inflation.pressure": _flag(
        "inflation pressure", "inflation pressure was on", "inflation pressure was off"
    ),
    "wacc.rising": _flag(
        "a rising cost of capital",
        "the cost of capital was rising",
        "the cost of capital was not rising",
    ),
    "flow.unquoted_share": Term(name="the share of needed lines without a quote", digits=2),
    "flow.spread": Term(name="the spread over the middle of needed lines", digits=3),
    "flow.depth": Term(name="the depth of needed lines", unit=" contracts"),
    "flow.spread_multiple": Term(name="the spread against its median", digits=2, unit=" times"),
    "live condors": Term(name="the number of live condors"),
    "u": Term(name="the scale u", digits=2),
    "H*": Term(name="the hedge of a full ladder (H*)", digits=0, unit=" USD per VIX point"),
    "tau days": Term(name="tau", digits=1, unit=" days"),
    **{
        f"closes of stage {stage}": Term(name=f"the count of exit closes of stage {stage}")
        for stage in (1, 2, 3)
    },
    "move.level": Term(name="MOVE", digits=1),
    "move.z": Term(name="the z-score of MOVE", digits=2),
    "move.spike": _flag("a MOVE spike", "MOVE had a spike", "MOVE had no spike"),
    "breadth.z": Term(name="the z-score of the advance-decline line", digits=2),
    "breadth.divergence": _flag(
        "a divergence of the advance-decline line",
        "the advance-decline line diverged from SPX",
        "the advance-decline line did not diverge from SPX",
    ),
    **{
        f"divergence.{side}": _flag(
            f"a {side} RSI divergence",
            f"there was a {side} RSI divergence",
            f"there was no {side} RSI divergence",
        )
        for side in ("bearish", "bullish")
    },
    "condor notional": Term(name="the condors' notional", digits=0, unit=" USD"),
    "hedge notional": Term(name="the hedge notional", digits=0, unit=" USD"),
    "forward of S": Term(name="the forward of the S expiry", digits=2),
    "term.ratio": Term(name="VIX3M over VIX", digits=3),
    "flow.disturbed": _flag(
        "disturbed order flow", "order flow was disturbed", "order flow was not disturbed"
    ),
    **{
        f"{key}.{suffix}": term
        for key, name in (("vix", "VIX"), ("spx", "SPX"), ("front", "VX-front"))
        for suffix, term in {
            "macd": Term(name=f"the {name} MACD"),
            "macd_age": Term(name=f"the age of the {name} MACD", unit=" bars"),
            "macd_histogram": Term(name=f"the {name} MACD histogram", digits=3, signed=True),
            "macd_slope": Term(
                name=f"the slope of the {name} MACD histogram", digits=3, signed=True
            ),
            "macd_fresh": _flag(
                f"a fresh {name} MACD crossing",
                f"the {name} MACD crossing was fresh",
                f"the {name} MACD crossing was not fresh",
            ),
            "macd_inflection": _flag(
                f"an inflection of the {name} MACD",
                f"the {name} MACD turned",
                f"the {name} MACD did not turn",
            ),
        }.items()
    },
}


_STATES = ("on", "newly true")
"""How the name of a check ends that is true or false by itself."""


def term_of(name: str) -> Term:
    """Return how to speak of the reading or check called `name`."""
    known = TERMS.get(name)
    if known is not None:
        return known
    words = name.replace(".", " ").replace("_", " ") if " " not in name else name
    subject, state = _state_in(words)
    if state:
        return _flag(words, f"{subject} was {state}", f"{subject} was not {state}")
    return Term(name=words)


def _state_in(words: str) -> tuple[str, str]:
    """Split `stage 1 on` into what is spoken of and the state it may be in, if it names one."""
    for state in _STATES:
        if words.endswith(f" {state}"):
            return words.removesuffix(f" {state}"), state
    return words, ""
