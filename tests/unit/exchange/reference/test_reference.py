"""Contracts are found as of a day: by number, by partial description, as chains."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.domain.instruments import ConId, Right
from bot.exchange.reference.conid import ContractClass, UnknownContractError
from bot.exchange.reference.listing import Listing
from bot.exchange.reference.query import Query
from bot.exchange.reference.reference import Reference, UnknownRuleError
from bot.exchange.reference.underlyings import SPX_ID, VIX_ID
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
    assert (found.sec_type, found.currency, found.market_name) == ("OPT", "USD", "VIX")
    assert (found.last_trade_date, found.real_expiration_date) == ("20180320", "20180321")
    assert found.contract_month == "201803"
    assert found.min_tick == Decimal("0.01")
    assert len(found.valid_exchanges) == len(found.market_rule_ids)
    assert "SMART" in found.valid_exchanges
    rule = reference.rule(found.market_rule_ids[found.valid_exchanges.index("SMART")])
    assert rule.increment_at(Decimal(3)) == Decimal("0.05")
    assert (found.under_con_id, found.under_symbol) == (VIX_ID, "VIX")
    assert found.time_zone_id == "US/Central"


def test_details_of_an_index(reference: Reference) -> None:
    """An index has no dates and no underlying."""
    found = reference.by_id(SPX_ID, STORM_DAY)
    assert (found.sec_type, found.last_trade_date, found.real_expiration_date) == ("IND", "", "")
    assert (found.under_con_id, found.under_symbol, found.long_name) == (
        None,
        "",
        "S&P 500 Stock Index",
    )


def test_details_of_a_future(reference: Reference) -> None:
    """A VX future's hours are the futures exchange's."""
    found = reference.by_id(future(date(2018, 2, 14)), STORM_DAY)
    assert (found.valid_exchanges, found.min_tick) == (("CFE",), Decimal("0.05"))
    assert found.trading_hours.startswith("20180204:1700-")


@pytest.mark.parametrize(
    "con_id",
    [
        ConId(7),
        future(date(2018, 2, 15)),  # not a settlement day
        future(date(2018, 12, 19)),  # not listed yet
        future(date(2015, 12, 16)),  # before the history
        future(date(2030, 1, 16)),  # beyond every table
        option(ContractClass.VIX, date(2018, 3, 21), "51"),  # not a listed strike
        option(ContractClass.VIX, date(2018, 8, 22), "20"),  # beyond six expiries
        option(ContractClass.SPX, date(2018, 3, 16), "5000"),  # beyond 30 per cent
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
    """Class, type and symbol find the listed months; includeExpired reaches back to 2016."""
    asked = Query(symbol="VIX", sec_type="FUT", trading_class="VX", exchange="CFE")
    listed = reference.find(asked, STORM_DAY)
    assert symbols(listed) == [*("VXG8", "VXH8", "VXJ8", "VXK8"), *("VXM8", "VXN8", "VXQ8", "VXU8")]
    with_expired = reference.find(
        Query(symbol="VIX", sec_type="FUT", include_expired=True), STORM_DAY
    )
    assert with_expired[0].real_expiration_date == "20160120"
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
    query = Query(symbol="SPX", sec_type="OPT", strike=Decimal(2650), right=Right.PUT)
    month = reference.find(query, STORM_DAY)
    assert {each.market_name for each in month} == {"SPX", "SPXW"}
    third_friday = [each for each in month if each.real_expiration_date == "20180216"]
    assert [each.last_trade_date for each in third_friday] == ["20180215", "20180216"]


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
        Query(symbol="VIX", sec_type="OPT", trading_class="VIXW"),
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
    """One chain on VIX, two on SPX, none on anything else; by symbol or by number."""
    (vix,) = reference.chains("VIX", STORM_DAY)
    assert vix.expirations[:2] == ("20180213", "20180320")
    assert len(vix.expirations) == 6
    assert (vix.trading_class, vix.multiplier, vix.underlying_con_id) == ("VIX", 100, VIX_ID)
    assert [chain.trading_class for chain in reference.chains(SPX_ID, STORM_DAY)] == ["SPX", "SPXW"]
    assert reference.chains("NDX", STORM_DAY) == []
    assert reference.chains(ConId(5), STORM_DAY) == []


def test_every_chain_entry_is_a_contract(reference: Reference) -> None:
    """What a chain names can be found."""
    (chain,) = reference.chains("VIX", STORM_DAY)
    found = reference.find(
        Query(symbol="VIX", sec_type="OPT", last_trade_date=chain.expirations[1]), STORM_DAY
    )
    assert len(found) == 2 * len(chain.strikes)


def test_strikes_know_nothing_of_the_day_itself(reference: Reference) -> None:
    """The listed range comes from the closes before: the next day's shows the fall."""
    spx = scenario().days
    first = spx[0].date
    assert reference.chains("SPX", first)[0].strikes[0] == int(spx[0].spx_open * 0.7 // 5) * 5
    today = reference.chains("SPX", STORM_DAY)[0].strikes
    cut = [day for day in spx if day.date < STORM_DAY][-60:]
    assert today[0] == int(min(day.spx_close for day in cut) * 0.7 // 5) * 5


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
