"""What the doctor makes of what it is told; `tests/integration` makes the faults themselves."""

from contextlib import AbstractAsyncContextManager
from datetime import date, timedelta

import pytest

from bot.app.doctor.data import Need, data_findings
from bot.app.doctor.events import calendar_findings
from bot.app.doctor.findings import Finding, Matter, Severity, fault, well, worst_matter
from bot.app.doctor.gateway import Probe, Reach, gateway_finding
from bot.app.doctor.login import Overheard, clock_finding, orders_finding
from bot.app.ports import BrokerTimeoutError, Greeting
from bot.app.tasks import beside
from bot.domain.broker import NoticeHeard
from bot.domain.calendar import Coverage, EventCalendar, EventKind
from bot.domain.quotes import DataType
from bot.domain.value import replace
from tests.support.app_world import AppWorld

SHORT_SECONDS = 0.1


@pytest.fixture
def overheard(app: AppWorld) -> Overheard:
    return Overheard(app.broker)


def listening(overheard: Overheard) -> AbstractAsyncContextManager[None]:
    return beside("listening", overheard.listen())


# ---------------------------------------------------------------- what faults amount to


@pytest.mark.parametrize(
    ("matters", "worst"),
    [
        ((), None),
        ((Matter.REACH,), Matter.REACH),
        ((Matter.REACH, Matter.CONFIGURATION), Matter.CONFIGURATION),
        ((Matter.CONFIGURATION, Matter.SAFETY, Matter.REACH), Matter.SAFETY),
    ],
)
def test_what_is_not_safe_stands_above_all(
    matters: tuple[Matter, ...], worst: Matter | None
) -> None:
    findings = [well("a", "fine"), *(fault(matter, "b", "seen", "fix") for matter in matters)]
    assert worst_matter(findings) is worst


def test_of_the_usual_ports_only_those_that_answer_are_told() -> None:
    absent = Probe(host="h", port=4002, reach=Reach.ABSENT, detail="refused")
    others = [
        Probe(host="h", port=4001, reach=Reach.ABSENT),
        Probe(host="h", port=7496, reach=Reach.SILENT),
        Probe(host="h", port=7497, reach=Reach.GREETED),
    ]
    found = gateway_finding(absent, others)
    assert "7496 (TWS, live), 7497 (TWS, paper)" in found.seen
    assert "4001" not in found.seen
    assert "broker.port = 7496" in found.fix
    assert "Start TWS or Gateway" in gateway_finding(absent, others[:1]).fix


# ---------------------------------------------------------------- clock and orders


@pytest.mark.parametrize(
    ("seconds", "severity"),
    [
        (0.0, Severity.OK),
        (-1.9, Severity.OK),
        (3.0, Severity.WARNING),
        (-5.0, Severity.WARNING),
        (6.0, Severity.FAULT),
        (-60.0, Severity.FAULT),
    ],
)
def test_clocks_may_differ_a_little(app: AppWorld, seconds: float, severity: Severity) -> None:
    told = app.clock.now() + timedelta(seconds=seconds)
    greeting = Greeting(accounts=(), server_time=told, server_version=176)
    assert clock_finding(greeting, app.clock, follows_broker=False).severity is severity
    assert clock_finding(greeting, app.clock, follows_broker=True).severity is Severity.OK


async def test_a_list_of_orders_that_does_not_come_is_a_fault(
    app: AppWorld, overheard: Overheard
) -> None:
    await app.broker.connect()
    app.broker.fail("open_orders", BrokerTimeoutError("no answer"))
    async with listening(overheard):
        found = await orders_finding(app.broker, overheard)
    assert (found.check, found.matter) == ("orders", Matter.REACH)
    assert "no answer" in found.seen


# ---------------------------------------------------------------- data


async def finding_of(
    app: AppWorld,
    overheard: Overheard,
    *,
    data_type: DataType | None = None,
    said: NoticeHeard | None = None,
    is_open: bool = True,
) -> Finding:
    """Return what is found of the VIX line when it shows data of a kind, or a notice comes."""
    await app.broker.connect()
    vix = await app.broker.index("VIX")
    if data_type is None:
        app.market.quotes.pop(vix.con_id, None)
    else:
        app.market.quotes[vix.con_id] = replace(app.market.quotes[vix.con_id], data_type=data_type)
    if said is not None:
        app.broker.say(replace(said, con_id=vix.con_id))
    need = Need(name="VIX", instrument=vix, is_vital=True)
    async with listening(overheard):
        (found,) = await data_findings(
            app.broker, overheard, [need], is_open=is_open, listen_seconds=SHORT_SECONDS
        )
    assert app.broker.watched == set()
    return found


@pytest.mark.parametrize(
    ("data_type", "is_open", "severity", "seen"),
    [
        (DataType.LIVE, True, Severity.OK, "live"),
        (DataType.LIVE, False, Severity.OK, "live"),
        (DataType.FROZEN, False, Severity.OK, "the market is closed"),
        (DataType.FROZEN, True, Severity.FAULT, "frozen instead of live"),
        (DataType.DELAYED, True, Severity.FAULT, "delayed instead of live"),
        (DataType.DELAYED_FROZEN, False, Severity.FAULT, "delayed frozen instead of live"),
        (None, True, Severity.WARNING, "said nothing, while the market is open"),
        (None, False, Severity.WARNING, "the market is closed"),
    ],
)
async def test_a_line_is_judged_by_the_kind_of_its_data(
    app: AppWorld,
    overheard: Overheard,
    data_type: DataType | None,
    is_open: bool,  # noqa: FBT001 - a column of the table
    severity: Severity,
    seen: str,
) -> None:
    found = await finding_of(app, overheard, data_type=data_type, is_open=is_open)
    assert (found.check, found.severity) == ("data VIX", severity)
    assert seen in found.seen
    assert bool(found.fix) is (severity is not Severity.OK)


@pytest.mark.parametrize(
    ("code", "fix"),
    [
        (354, "Subscribe to the Cboe indices"),
        (10089, "for use by the API"),
        (10186, "Subscribe to"),
        (10197, "End the other session"),
        (101, "data lines"),
    ],
)
async def test_a_refused_line_says_what_to_do(
    app: AppWorld, overheard: Overheard, code: int, fix: str
) -> None:
    found = await finding_of(app, overheard, said=NoticeHeard(code=code, text="words"))
    assert found.matter is Matter.CONFIGURATION
    assert f"{code}: words" in found.seen
    assert fix in found.fix


@pytest.mark.parametrize("code", [2104, 10090])
async def test_a_notice_beside_live_data_is_no_fault(
    app: AppWorld, overheard: Overheard, code: int
) -> None:
    notice = NoticeHeard(code=code, text="words")
    found = await finding_of(app, overheard, data_type=DataType.LIVE, said=notice)
    assert found.severity is Severity.OK


# ---------------------------------------------------------------- calendar


@pytest.mark.parametrize(
    ("last", "severity"),
    [
        (date(2018, 3, 22), Severity.OK),
        (date(2018, 3, 21), Severity.WARNING),
        (date(2018, 2, 4), Severity.WARNING),
    ],
)
def test_the_calendar_must_reach_45_days_ahead(last: date, severity: Severity) -> None:
    spans = [Coverage(kind=kind, first=date(2018, 1, 1), last=last) for kind in EventKind]
    findings = calendar_findings(EventCalendar(coverage=tuple(spans)), date(2018, 2, 5))
    assert [one.severity for one in findings] == [severity] * 3
    assert all("events" in one.fix for one in findings if one.fix)
