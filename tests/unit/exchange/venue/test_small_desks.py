"""Services a plain account lacks: each request is answered, and a start-up never hangs."""

from xml.etree import ElementTree as ET

import pytest

from bot.domain.instruments import Right
from bot.exchange.venue.holding import Holding
from bot.exchange.venue.scanner_desk import MAX_SCANS
from bot.exchange.wire import replies as tell
from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import WireContract
from tests.support.venue_rig import ACCOUNT, CALL_15, Rig, codes, only, spx_option

ANSWERS: list[tuple[ask.Request, tell.Reply]] = [
    (
        ask.RequestFamilyCodes(),
        tell.FamilyCodes(codes=(tell.FamilyCode(account=ACCOUNT, family_code=""),)),
    ),
    (ask.RequestSoftDollarTiers(request_id=3), tell.SoftDollarTiers(request_id=3, tiers=())),
    (ask.RequestUserInfo(request_id=3), tell.UserInfo(request_id=3, white_branding_id="")),
    (ask.RequestNewsProviders(), tell.NewsProviders(providers=())),
    (
        ask.RequestHistoricalNews(
            request_id=3, con_id=1, providers="BZ", start="", end="", total_results=9
        ),
        tell.HistoricalNewsEnd(request_id=3, has_more=False),
    ),
    (
        ask.QueryDisplayGroups(request_id=3),
        tell.DisplayGroups(request_id=3, groups=(1, 2, 3, 4, 5, 6, 7)),
    ),
    (
        ask.RequestSmartComponents(request_id=3, bbo_exchange="CBOE"),
        tell.SmartComponents(
            request_id=3,
            components=(tell.SmartComponent(bit_number=0, exchange="CBOE", letter="C"),),
        ),
    ),
    (
        ask.RequestSmartComponents(request_id=3, bbo_exchange="CFE"),
        tell.SmartComponents(request_id=3, components=()),
    ),
]
REFUSALS: list[tuple[ask.Request, int, int]] = [
    (ask.RequestAdvisorConfiguration(data_type=1), -1, 321),
    (ask.ReplaceAdvisorConfiguration(request_id=3, data_type=1, xml=""), 3, 321),
    (ask.RequestNewsArticle(request_id=3, provider="BZ", article_id="1"), 3, 10172),
    (
        ask.RequestFundamentalData(request_id=3, contract=WireContract(), report_type="snapshot"),
        3,
        430,
    ),
    (ask.RequestWshMetaData(request_id=3), 3, 10276),
    (ask.RequestWshEventData(request_id=3, con_id=1), 3, 10276),
    (ask.CancelScanner(request_id=3), 3, 365),
    (ask.SubscribeToDisplayGroup(request_id=3, group_id=8), 3, 321),
    (ask.UpdateDisplayGroup(request_id=3, contract_info="none"), 3, 321),
]
SILENT: list[ask.Request] = [
    ask.RequestNewsBulletins(all_messages=True),
    ask.CancelNewsBulletins(),
    ask.CancelFundamentalData(request_id=3),
    ask.CancelWshMetaData(request_id=3),
    ask.CancelWshEventData(request_id=3),
    ask.UnsubscribeFromDisplayGroup(request_id=3),
]


@pytest.mark.parametrize(("request_", "reply"), ANSWERS)
def test_a_question_has_its_answer(request_: ask.Request, reply: tell.Reply) -> None:
    rig = Rig()
    assert rig.say(rig.connect(), request_) == [reply]


@pytest.mark.parametrize(("request_", "request_id", "code"), REFUSALS)
def test_what_the_account_lacks_is_refused_as_the_broker_does(
    request_: ask.Request, request_id: int, code: int
) -> None:
    rig = Rig()
    (told,) = only(rig.say(rig.connect(), request_), tell.ErrorMessage)
    assert (told.request_id, told.code) == (request_id, code)


@pytest.mark.parametrize("request_", SILENT)
def test_what_has_no_answer_gets_none(request_: ask.Request) -> None:
    rig = Rig()
    assert rig.say(rig.connect(), request_) == []


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        (ask.VerifyRequest(api_name="a", api_version="1"), tell.VerifyCompleted),
        (ask.VerifyMessage(data="x"), tell.VerifyCompleted),
        (
            ask.VerifyAndAuthRequest(api_name="a", api_version="1", opaque_key="k"),
            tell.VerifyAndAuthCompleted,
        ),
        (ask.VerifyAndAuthMessage(data="x", response="y"), tell.VerifyAndAuthCompleted),
    ],
)
def test_a_proof_that_was_not_announced_fails(request_: ask.Request, kind: type) -> None:
    rig = Rig()
    (told,) = rig.say(rig.connect(), request_)
    assert isinstance(told, kind)
    assert isinstance(told, tell.VerifyCompleted | tell.VerifyAndAuthCompleted)
    assert not told.successful
    assert "Intent to authenticate" in told.error_text


def test_a_smart_quote_may_come_from_all_who_have_a_letter() -> None:
    """Shares and options share one table, whose bits count from zero."""
    rig = Rig()
    request = ask.RequestSmartComponents(request_id=3, bbo_exchange="SMART")
    (told,) = only(rig.say(rig.connect(), request), tell.SmartComponents)
    letters = {one.exchange: one.letter for one in told.components}
    assert (letters["ARCA"], letters["CBOE"], letters["NYSE"]) == ("P", "C", "N")
    assert [one.bit_number for one in told.components] == list(range(len(letters)))


def test_every_kind_with_a_book_is_told() -> None:
    rig = Rig()
    (told,) = only(
        rig.say(rig.connect(), ask.RequestMarketDepthExchanges()), tell.MarketDepthExchanges
    )
    found = {(one.exchange, one.sec_type) for one in told.exchanges}
    assert {("ARCA", "STK"), ("ISLAND", "STK"), ("NYSE", "STK")} < found
    assert {each for each in found if each[1] != "STK"} == {
        ("CBOE", "OPT"),
        ("CFE", "FUT"),
        ("CME", "FUT"),
    }


# -- scans


def scan(request_id: int) -> ask.RequestScanner:
    return ask.RequestScanner(
        request_id=request_id,
        row_count=None,
        instrument="STK",
        location="STK.US",
        scan_code="TOP_PERC_GAIN",
        bounds=("",) * 17,
    )


def test_scan_parameters_are_well_formed() -> None:
    rig = Rig()
    (told,) = only(rig.say(rig.connect(), ask.RequestScannerParameters()), tell.ScannerParameters)
    root = ET.fromstring(told.xml.encode())
    assert root.tag == "ScanParameterResponse"
    assert [one.text for one in root.iter("type")] == ["STK", "FUT.US", "IND.US"]


def test_a_scan_finds_nothing_and_its_end_is_confirmed() -> None:
    rig = Rig()
    session = rig.connect()
    assert rig.say(session, scan(3)) == [tell.ScannerData(request_id=3)]
    assert codes(rig.say(session, scan(3))) == [102]
    assert codes(rig.say(session, ask.CancelScanner(request_id=3))) == [162]
    assert rig.say(session, scan(3)) == [tell.ScannerData(request_id=3)]


def test_scans_are_limited() -> None:
    rig = Rig()
    session = rig.connect()
    for request_id in range(MAX_SCANS):
        rig.say(session, scan(request_id))
    assert codes(rig.say(session, scan(MAX_SCANS))) == [162]


# -- display groups


def test_all_subscribers_of_a_group_see_the_same_contract() -> None:
    rig = Rig()
    one, two, other = rig.connect(1), rig.connect(2), rig.connect(3)
    nothing = tell.DisplayGroupUpdated(request_id=5, contract_info="none")
    assert rig.say(one, ask.SubscribeToDisplayGroup(request_id=5, group_id=1)) == [nothing]
    rig.say(two, ask.SubscribeToDisplayGroup(request_id=6, group_id=1))
    rig.say(other, ask.SubscribeToDisplayGroup(request_id=7, group_id=2))
    update = ask.UpdateDisplayGroup(request_id=5, contract_info="8314@ARCA")
    told = rig.keep(rig.venue.handle(one, update)).replies
    assert told == {
        one: [tell.DisplayGroupUpdated(request_id=5, contract_info="8314@ARCA")],
        two: [tell.DisplayGroupUpdated(request_id=6, contract_info="8314@ARCA")],
    }
    rig.say(two, ask.UnsubscribeFromDisplayGroup(request_id=6))
    assert list(rig.venue.handle(one, update).replies) == [one]
    late = rig.say(two, ask.SubscribeToDisplayGroup(request_id=8, group_id=1))
    assert late == [tell.DisplayGroupUpdated(request_id=8, contract_info="8314@ARCA")]


# -- exercise


def exercise(contract: WireContract, *, action: int = 1, quantity: int = 1) -> ask.ExerciseOptions:
    return ask.ExerciseOptions(
        request_id=3, contract=contract, action=action, quantity=quantity, account="", override=0
    )


HELD = WireContract(con_id=CALL_15, exchange="SMART")


@pytest.mark.parametrize(
    ("request_", "code", "reason"),
    [
        (exercise(HELD), 321, "European"),
        (exercise(HELD, action=2), 321, "European"),
        (exercise(HELD, action=3), 321, "action 3"),
        (exercise(HELD, quantity=3), 321, "No long position of 3"),
        (exercise(HELD, quantity=0), 321, "No long position of 0"),
        (
            exercise(WireContract(con_id=spx_option("2500", Right.PUT), exchange="SMART")),
            321,
            "No long position",
        ),
        (
            exercise(WireContract(symbol="VIX", sec_type="IND", exchange="CBOE")),
            321,
            "Only options",
        ),
        (exercise(WireContract(con_id=5, exchange="SMART")), 200, "No security definition"),
    ],
)
def test_a_wish_to_exercise_is_refused_with_its_reason(
    request_: ask.ExerciseOptions, code: int, reason: str
) -> None:
    holding = Holding(con_id=CALL_15, multiplier=100, quantity=2)
    rig = Rig(holdings=[holding])
    (told,) = only(rig.say(rig.connect(), request_), tell.ErrorMessage)
    assert (told.request_id, told.code) == (3, code)
    assert reason in told.text
