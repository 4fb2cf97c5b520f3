"""Contracts are found as of a day: by number, by partial description, as chains."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from bot.domain.instruments import ConId, Option, Right
from bot.exchange.reference.conid import ContractClass, UnknownContractError
from bot.exchange.reference.listing import Listing
from bot.exchange.reference.query import CONTINUOUS, Query
from bot.exchange.reference.reference import Reference, UnknownRuleError
from bot.exchange.reference.underlyings import SPX_ID, SPY_ID, VIX_ID
from tests.support.paper_market import (
    CALM,
    STORM,
    STORM_DAY,
    future,
    option,
    scenario,
    sessions_of,
    spread_position,
)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference(scenario(), sessions_of())


def symbols(listings: list[Listing]) -> list[str]:
    return [getattr(each.instrument, "local_symbol", each.instrument.symbol) for each in listings]


def test_details_of_a_vix_call(reference: Reference) -> None:
    """What the broker's contract details say beside the instrument."""
    con_id = option(ContractClass.VIX, date(2018, 3, 21), "20")
    found = reference.by_id(con_id, STORM_DAY)
    assert found.instrument.con_id == con_id
    assert (found.series.sheet.sec_type, found.series.sheet.market_name) == ("OPT", "VIX")
    assert (found.last_trade_date, found.real_expiration_date) == ("20180320", "20180321")
    assert found.series.contract_month == "201803"
    assert found.min_tick == Decimal("0.01")
    assert len(found.valid_exchanges) == len(found.market_rule_ids)
    assert "SMART" in found.valid_exchanges
    rule = reference.rule(found.market_rule_ids[found.valid_exchanges.index("SMART")])
    assert rule.increment_at(Decimal(3)) == Decimal("0.05")
    assert (found.under_con_id, found.series.sheet.under_symbol) == (VIX_ID, "VIX")
    assert found.series.last_trade_text == "20180320 15:15:00 US/Central"


def test_details_of_an_index(reference: Reference) -> None:
    """An index has no dates and no underlying."""
    found = reference.by_id(SPX_ID, STORM_DAY)
    assert (found.last_trade_date, found.real_expiration_date) == ("", "")
    assert (found.series.last_trade_text, found.series.contract_month) == ("", "")
    assert (found.under_con_id, found.long_name) == (None, "S&P 500 Stock Index")


def test_details_of_a_future(reference: Reference) -> None:
    """A VX future's hours are the futures exchange's."""
    found = reference.by_id(future(date(2018, 2, 14)), STORM_DAY)
    assert (found.valid_exchanges, found.min_tick) == (("CFE",), Decimal("0.05"))
    assert found.series.hours.trading.startswith("20180204:1700-")
    assert found.series.last_trade_text == "20180214 08:00:00 US/Central"


@pytest.mark.parametrize(
    ("contract_class", "settlement", "text"),
    [
        (ContractClass.SPX, date(2018, 3, 16), "20180315 15:15:00 US/Central"),
        (ContractClass.SPXW, date(2018, 3, 16), "20180316 15:00:00 US/Central"),
        (ContractClass.VIXW, date(2018, 2, 21), "20180220 15:15:00 US/Central"),
    ],
)
def test_the_last_trade_has_an_hour_and_a_zone(
    reference: Reference, contract_class: ContractClass, settlement: date, text: str
) -> None:
    """AM options end with the session before they settle, PM options with the stocks."""
    strike = "20" if contract_class is ContractClass.VIXW else "2700"
    found = reference.by_id(option(contract_class, settlement, strike), STORM_DAY)
    assert found.series.last_trade_text == text


def test_an_expiring_spxw_ends_with_the_stocks_on_a_half_day(reference: Reference) -> None:
    """The Friday after Thanksgiving 2018 the stocks close at 13:00 in New York."""
    con_id = option(ContractClass.SPXW, date(2018, 11, 23), "2700")
    instrument = reference.instrument(con_id)
    assert isinstance(instrument, Option)
    assert instrument.settlement == datetime(2018, 11, 23, 18, 0, tzinfo=UTC)


def test_details_of_s_and_p_futures_and_minis(reference: Reference) -> None:
    """Quarterly on CME; the mini of VIX on CFE beside the big one, under its own symbol."""
    (march,) = reference.find(
        Query(symbol="ES", sec_type="FUT", last_trade_date="201803", exchange="CME"), STORM_DAY
    )
    assert symbols([march]) == ["ESH8"]
    assert march.series.last_trade_text == "20180316 08:30:00 US/Central"
    assert (march.min_tick, march.under_con_id) == (Decimal("0.25"), SPX_ID)
    micros = reference.find(Query(symbol="MES", sec_type="FUT"), STORM_DAY)
    assert symbols(micros) == ["MESH8", "MESM8", "MESU8", "MESZ8", "MESH9"]
    minis = reference.find(Query(symbol="VXM", sec_type="FUT", exchange="CFE"), STORM_DAY)
    assert symbols(minis)[:2] == ["VXMG8", "VXMH8"]
    assert minis[0].min_tick == Decimal("0.01")
    assert reference.find(Query(symbol="ES", sec_type="FUT", exchange="GLOBEX"), STORM_DAY) == []


@pytest.mark.parametrize(
    "query",
    [
        Query(symbol="SPY", sec_type="STK"),
        Query(symbol="SPY", sec_type="STK", exchange="SMART", primary_exchange="ARCA"),
        Query(symbol="SPY", sec_type="STK", exchange="ARCA", trading_class="SPY"),
        Query(local_symbol="SPY", sec_type="STK", multiplier="1"),
        Query(sec_type="STK", sec_id=("ISIN", "US78462F1030")),
    ],
)
def test_the_share_is_found(reference: Reference, query: Query) -> None:
    """By symbol, by exchange and primary exchange, by its international number."""
    (found,) = reference.find(query, STORM_DAY)
    assert (found.instrument.con_id, symbols([found])) == (SPY_ID, ["SPY"])
    assert found.series.sheet.stock_type == "ETF"
    assert found.series.hours.liquid.startswith("20180205:0930-20180205:1600")


def test_the_leading_future_is_the_next_to_expire(reference: Reference) -> None:
    """CONTFUT names one contract of a class; on its last day the next one leads."""
    leads = {
        symbol: [
            symbols(reference.find(Query(symbol=symbol, sec_type=CONTINUOUS), day))
            for day in (date(2018, 2, 13), date(2018, 2, 14))
        ]
        for symbol in ("VIX", "ES")
    }
    assert leads == {"VIX": [["VXG8"], ["VXH8"]], "ES": [["ESH8"], ["ESH8"]]}


@pytest.mark.parametrize(
    "con_id",
    [
        ConId(7),
        future(date(2018, 2, 15)),  # not a settlement day
        future(date(2018, 12, 19)),  # not listed yet
        future(date(2015, 12, 16)),  # before the history
        future(date(2030, 1, 16)),  # beyond every table
        option(ContractClass.VIX, date(2018, 3, 21), "51"),  # not a listed strike
        option(ContractClass.VIX, date(2019, 2, 13), "20"),  # beyond twelve expiries
        option(ContractClass.VIX, date(2018, 12, 19), "12.5"),  # the far months are sparse
        option(ContractClass.VIXW, date(2018, 3, 21), "20"),  # a monthly settles then
        option(ContractClass.SPX, date(2018, 3, 16), "5000"),  # beyond the strikes
    ],
)
def test_what_was_never_listed_is_unknown(reference: Reference, con_id: ConId) -> None:
    """Never guess a contract: error 200 is for the venue to send."""
    with pytest.raises(UnknownContractError):
        reference.by_id(con_id, STORM_DAY)


def test_an_expired_contract_is_still_known_by_its_number(reference: Reference) -> None:
    """The account may have held it to settlement."""
    expired = option(ContractClass.VIX, date(2018, 1, 17), "12")
    assert reference.by_id(expired, STORM_DAY).last_trade_date == "20180116"


def test_eight_vx_months_are_listed_and_expired_ones_on_request(reference: Reference) -> None:
    """Class, type and symbol find the listed months; includeExpired reaches two years back."""
    asked = Query(symbol="VIX", sec_type="FUT", trading_class="VX", exchange="CFE")
    listed = reference.find(asked, STORM_DAY)
    assert symbols(listed) == [*("VXG8", "VXH8", "VXJ8", "VXK8"), *("VXM8", "VXN8", "VXQ8", "VXU8")]
    with_expired = reference.find(
        Query(symbol="VIX", sec_type="FUT", include_expired=True), STORM_DAY
    )
    assert with_expired[0].real_expiration_date == "20160217"
    assert with_expired[-8:] == listed


def test_a_month_finds_its_contract(reference: Reference) -> None:
    """YYYYMM and YYYYMMDD both name the VX future; a wrong day names nothing."""
    for text, count in (("201803", 1), ("20180321", 1), ("20180320", 0), ("2018", 0)):
        query = Query(symbol="VIX", sec_type="FUT", last_trade_date=text)
        assert len(reference.find(query, STORM_DAY)) == count


def test_a_full_description_finds_one_option(reference: Reference) -> None:
    """Last trading day, strike and right pin a VIX call; the OCC symbol does too."""
    query = Query(
        symbol="VIX",
        sec_type="OPT",
        last_trade_date="20180320",
        strike=Decimal(20),
        right=Right.CALL,
        exchange="SMART",
    )
    found = reference.find(query, STORM_DAY)
    assert symbols(found) == ["VIX   180321C00020000"]
    by_symbol = reference.find(Query(local_symbol="VIX   180321C00020000"), STORM_DAY)
    assert by_symbol == found


def test_spx_on_the_third_friday_is_ambiguous_without_class(reference: Reference) -> None:
    """AM and PM contracts of one strike differ by a day and by class (domain.md section 1.4)."""
    query = Query(
        symbol="SPX",
        sec_type="OPT",
        last_trade_date="20180216",
        strike=Decimal(2650),
        right=Right.PUT,
    )
    both = reference.find(query, STORM_DAY)
    assert [each.series.sheet.market_name for each in both] == ["SPX", "SPXW"]
    assert [each.last_trade_date for each in both] == ["20180215", "20180216"]
    alone = msgspec.structs.replace(query, trading_class="SPX")
    assert reference.find(alone, STORM_DAY) == both[:1]


def test_an_expiry_is_found_by_either_of_its_days(reference: Reference) -> None:
    """The last trading day and the settlement day name the same VIX option, the month too."""
    for text in ("20180320", "20180321", "201803"):
        query = Query(
            symbol="VIX",
            sec_type="OPT",
            trading_class="VIX",
            last_trade_date=text,
            strike=Decimal(20),
            right=Right.CALL,
        )
        assert symbols(reference.find(query, STORM_DAY)) == ["VIX   180321C00020000"]


def test_a_weekly_that_settles_on_the_first_belongs_to_that_month(reference: Reference) -> None:
    """Its last trading day lies in the month before, the contract month is the settlement's."""
    day = date(2017, 10, 16)
    query = Query(symbol="VIX", sec_type="OPT", trading_class="VIXW", last_trade_date="201711")
    found = reference.find(query, day)
    assert (found[0].last_trade_date, found[0].real_expiration_date) == ("20171031", "20171101")
    assert found[0].series.contract_month == "201711"


def test_an_index_is_found_and_not_confused_with_its_derivatives(reference: Reference) -> None:
    """IND finds the index alone; an expiry or right rules it out."""
    assert symbols(reference.find(Query(symbol="VIX", sec_type="IND"), STORM_DAY)) == ["VIX"]
    assert not reference.find(Query(symbol="VIX", sec_type="IND", right=Right.CALL), STORM_DAY)
    assert not reference.find(
        Query(symbol="VIX", sec_type="IND", last_trade_date="201803"), STORM_DAY
    )


@pytest.mark.parametrize(
    "query",
    [
        Query(symbol="NDX"),
        Query(symbol="VIX", sec_type="FOP"),
        Query(symbol="VIX", sec_type="OPT", exchange="CFE"),
        Query(symbol="VIX", sec_type="OPT", trading_class="SPXW"),
        Query(symbol="SPY", sec_type="STK", primary_exchange="NYSE"),
        Query(symbol="SPY", sec_type="STK", sec_id=("ISIN", "US0378331005")),
        Query(symbol="SPY", sec_type="IND"),
        Query(symbol="VIX", sec_type="IND", trading_class="VIX"),
        Query(symbol="AD-NYSE", sec_type="IND", exchange="CBOE"),
        Query(symbol="VIX", sec_type="FUT", multiplier="100"),
        Query(local_symbol="VXG9"),
        Query(local_symbol="NDX   180321C00020000"),
        Query(local_symbol="VIX   180231C00020000"),
        Query(local_symbol="VIX   180321C00020000", right=Right.PUT),
        Query(local_symbol="VIX   180321C00020000", trading_class="VIXW"),
        Query(local_symbol="VIX   180321C00020000", last_trade_date="20180220"),
        Query(local_symbol="VIX   180321C00020000", strike=Decimal(21)),
        Query(symbol="VIX", sec_type="FUT", right=Right.CALL),
        Query(symbol="VIX", sec_type="OPT", strike=Decimal("20.25")),
    ],
)
def test_what_does_not_exist_is_not_found(reference: Reference, query: Query) -> None:
    """An empty answer, never a near miss."""
    assert reference.find(query, STORM_DAY) == []


def test_an_expired_option_is_not_found(reference: Reference) -> None:
    """Options leave the search after their last trading day, futures after their settlement."""
    query = Query(symbol="VIX", sec_type="OPT", last_trade_date="20180116", include_expired=True)
    assert reference.find(query, date(2018, 1, 17)) == []


def test_chains_name_last_trading_days_and_strikes(reference: Reference) -> None:
    """A row for each class at each exchange; on VIX and SPX alone; by symbol or by number."""
    on_vix = reference.chains("VIX", STORM_DAY)
    rows = [(chain.exchange, chain.trading_class) for chain in on_vix]
    assert rows == [
        *(("SMART", "VIX"), ("CBOE", "VIX"), ("IBUSOPT", "VIX")),
        *(("SMART", "VIXW"), ("CBOE", "VIXW"), ("IBUSOPT", "VIXW")),
    ]
    monthly = on_vix[0]
    assert monthly.expirations[:2] == ("20180213", "20180320")
    assert len(monthly.expirations) == 12
    assert (monthly.multiplier, monthly.underlying_con_id) == (100, VIX_ID)
    assert {chain.trading_class for chain in reference.chains(SPX_ID, STORM_DAY)} == {"SPX", "SPXW"}
    assert reference.chains("NDX", STORM_DAY) == []
    assert reference.chains(ConId(5), STORM_DAY) == []
    assert reference.chains(SPY_ID, STORM_DAY) == []


@pytest.mark.parametrize("symbol", ["VIX", "SPX"])
def test_a_chain_is_the_union_of_its_expiries(reference: Reference, symbol: str) -> None:
    """Every day a chain names has contracts, and together they have the strikes it names."""
    for chain in reference.chains(symbol, STORM_DAY):
        strikes: set[Decimal] = set()
        for day in chain.expirations:
            query = Query(
                symbol=symbol,
                sec_type="OPT",
                trading_class=chain.trading_class,
                last_trade_date=day,
                exchange=chain.exchange,
            )
            found = reference.find(query, STORM_DAY)
            assert found
            assert {each.last_trade_date for each in found} == {day}
            strikes |= {
                each.instrument.strike for each in found if isinstance(each.instrument, Option)
            }
        assert tuple(sorted(strikes)) == chain.strikes


def test_every_listed_contract_is_known_by_its_number(reference: Reference) -> None:
    """What a search finds, its number finds too: all of VIX, futures, indices and the share."""
    for query in (
        *(Query(symbol=symbol) for symbol in ("VIX", "VXM", "ES", "MES", "SPY", "AD-NYSE")),
        Query(symbol="SPX", last_trade_date="201803"),
    ):
        found = reference.find(query, STORM_DAY)
        assert found
        for each in found:
            assert reference.by_id(each.instrument.con_id, STORM_DAY) == each


@pytest.mark.parametrize("name", [STORM, CALM])
def test_the_condors_of_the_account_are_listed_throughout(name: str) -> None:
    """Each leg is found on the first and on the last session."""
    reference = Reference(scenario(name), sessions_of(name))
    for con_id, _, _ in spread_position(name):
        for day in (scenario(name).first_session, scenario(name).last_session):
            found = reference.by_id(con_id, day)
            assert found.last_trade_date > f"{scenario(name).last_session:%Y%m%d}"
            again = Query(local_symbol=found.instrument.local_symbol)  # type: ignore[union-attr]
            assert [each.instrument.con_id for each in reference.find(again, day)] == [con_id]


def test_the_same_contract_keeps_its_number_over_days(reference: Reference) -> None:
    """Listings come and go; a number stays with its contract."""
    query = Query(local_symbol="VXJ8")
    days = [STORM_DAY + timedelta(days=ahead) for ahead in (0, 1, 20)]
    assert len({reference.find(query, day)[0].instrument.con_id for day in days}) == 1


def test_an_unknown_rule_is_refused(reference: Reference) -> None:
    """The error names the rules there are."""
    with pytest.raises(UnknownRuleError, match="known: \\[26, 27"):
        reference.rule(3)
