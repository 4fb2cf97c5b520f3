"""What a decision saw, in sentences with ages, and what it could not see."""

from bot.domain.decision import CondorView, Decision
from bot.domain.policy import Policy
from bot.domain.readings import Reading, ReadingState
from bot.review.phrases import age, capitalised, fact, listed, said
from bot.review.terms import term_of

_TOLD_FIRST = (
    "vix.level",
    "vix.change_1d",
    "vix.change_5d",
    "vix.spike",
    "vix.rsi",
    "vix.rsi_rising",
    "vix.macd",
    "vix.macd_age",
    "vix.macd_fresh",
    "curve.slope",
    "curve.inverted",
)


def what_was_seen(decision: Decision) -> tuple[str, ...]:
    """Return the readings that could be used, the important ones first, and the condors."""
    usable = {one.name: one for one in decision.readings if one.state is ReadingState.OK}
    main = [_vix(usable), _rsi(usable), _macd(usable), _curve(usable)]
    sentences = [
        f"{capitalised(words)}{_age_of(decision, usable[name])}." for words, name in main if words
    ]
    lines = [" ".join(sentences)] if sentences else []
    rest = [
        fact(one.name, one.value)
        for one in usable.values()
        if one.name not in _TOLD_FIRST and one.value is not None
    ]
    if rest:
        lines.append(f"Besides: {listed(rest)}.")
    return (*lines, *(_condor(one) for one in decision.condors))


def _vix(usable: dict[str, Reading]) -> tuple[str, str]:
    if "vix.level" not in usable:
        return "", ""
    parts = [
        f"{_number(usable, name)} over {span}"
        for name, span in (("vix.change_1d", "one day"), ("vix.change_5d", "five sessions"))
        if name in usable
    ]
    changes = f", having moved {listed(parts)}" if parts else ""
    return f"VIX stood at {_number(usable, 'vix.level')}{changes}", "vix.level"


def _rsi(usable: dict[str, Reading]) -> tuple[str, str]:
    if "vix.rsi" not in usable:
        return "", ""
    rising = usable.get("vix.rsi_rising")
    trend = "" if rising is None else f" and {'rising' if rising.value is True else 'not rising'}"
    return f"its RSI was {_number(usable, 'vix.rsi')}{trend}", "vix.rsi"


def _macd(usable: dict[str, Reading]) -> tuple[str, str]:
    if "vix.macd" not in usable:
        return "", ""
    since = usable.get("vix.macd_age")
    bars = "" if since is None else f" for {since.value} bars"
    return f"its MACD had been {usable['vix.macd'].value}{bars}", "vix.macd"


def _curve(usable: dict[str, Reading]) -> tuple[str, str]:
    slope = usable.get("curve.slope")
    if slope is None or not isinstance(slope.value, int | float):
        return "", ""
    side = "below" if slope.value < 0 else "above"
    shape = "inverted" if slope.value < 0 else "not inverted"
    words = f"VX2 stood {abs(slope.value):.2f} points {side} VX1, so the curve was {shape}"
    return words, "curve.slope"


def _number(usable: dict[str, Reading], name: str) -> str:
    value = usable[name].value
    assert value is not None  # an ok reading has one
    return said(value, term_of(name))


def _age_of(decision: Decision, reading: Reading) -> str:
    if reading.as_of is None:
        return ""
    return f" ({age((decision.at - reading.as_of).total_seconds())} old)"


def _condor(condor: CondorView) -> str:
    strikes = "/".join(f"{strike:f}" for strike in condor.strikes)
    vega = "of unknown vega" if condor.vega_usd is None else f"of {condor.vega_usd:,.0f} USD vega"
    count = f"{condor.quantity} condor{'' if condor.quantity == 1 else 's'}"
    return f"It found {count} {strikes} expiring {condor.expiry}, {vega}."


def spike_detail(decision: Decision, policy: Policy | None) -> str:
    """Return the change and threshold behind the spike flag, to stand after it in brackets."""
    change = next((one for one in decision.readings if one.name == "vix.change_5d"), None)
    if change is None or not isinstance(change.usable, int | float):
        return ""
    moved = f"its 5-day change was {said(change.usable, term_of(change.name))}"
    if policy is None:
        return f" ({moved})"
    threshold = policy.signals.spike_points
    side = "above" if change.usable > threshold else "not above"
    return f" ({moved}, {side} {threshold:g})"


def could_not_see(decision: Decision) -> tuple[str, ...]:
    """Return what was stale or had no source, and what the rules were blind for."""
    stale = [_stale(decision, one) for one in decision.readings if one.state is ReadingState.STALE]
    missing: dict[str, list[str]] = {}
    for one in decision.readings:
        if one.state is ReadingState.MISSING:
            missing.setdefault(one.note or "no source", []).append(term_of(one.name).name)
    gone = [f"{capitalised(listed(names))}: {note}." for note, names in missing.items()]
    blind = [f"Blind for {listed(decision.blind)}."] if decision.blind else []
    strange = [f"Positions it could not explain: {listed(decision.unexplained)}."]
    return (*stale, *gone, *blind, *(strange if decision.unexplained else []))


def _stale(decision: Decision, reading: Reading) -> str:
    note = f": {reading.note}" if reading.note else ""
    if reading.value is None:
        return f"{capitalised(term_of(reading.name).name)} was stale{note}."
    last = fact(reading.name, reading.value)
    return f"What it last knew was stale: {last}{_age_of(decision, reading)}{note}."
