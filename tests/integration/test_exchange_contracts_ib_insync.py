"""The real client library looks contracts up on the paper exchange over a real socket."""

from typing import Any

import pytest

from tests.support.client_library import api

VIX_CALL = "VIX   180214C00015000"
SPX_PUT = "SPX   180316P02700000"
SPXW_PUT = "SPXW  180316P02700000"


pytestmark = pytest.mark.usefixtures("everything_is_decoded")


def option(**fields: Any) -> api.Option:
    """Return a VIX call of February, with fields changed."""
    told: dict[str, Any] = {
        "symbol": "VIX",
        "lastTradeDateOrContractMonth": "20180213",
        "strike": 15,
        "right": "C",
        "exchange": "SMART",
    }
    return api.Option(**(told | fields))


def put(day: str, trading_class: str) -> api.Option:
    """Return an SPX put of March."""
    return option(
        symbol="SPX",
        lastTradeDateOrContractMonth=day,
        strike=2700,
        right="P",
        tradingClass=trading_class,
    )


def future(symbol: str, month: str, exchange: str, **fields: Any) -> api.Future:
    """Return a future by its month or day."""
    return api.Future(symbol, month, exchange, currency="USD", **fields)


@pytest.mark.parametrize(
    ("contract", "local_symbol"),
    [
        (option(), VIX_CALL),
        (option(right="CALL", multiplier="100", currency="USD", tradingClass="VIX"), VIX_CALL),
        (option(lastTradeDateOrContractMonth="20180214"), VIX_CALL),
        (option(lastTradeDateOrContractMonth="201802", tradingClass="VIX"), VIX_CALL),
        (option(exchange="CBOE"), VIX_CALL),
        (option(lastTradeDateOrContractMonth="20180220"), "VIXW  180221C00015000"),
        (
            api.Contract(secType="OPT", localSymbol=VIX_CALL, exchange="SMART"),
            VIX_CALL,
        ),
        (put("20180315", "SPX"), SPX_PUT),
        (put("20180316", "SPX"), SPX_PUT),
        (put("20180316", "SPXW"), SPXW_PUT),
        (future("VIX", "201803", "CFE", tradingClass="VX"), "VXH8"),
        (future("VIX", "20180321", "CFE"), "VXH8"),
        (future("VXM", "201803", "CFE", multiplier="100"), "VXMH8"),
        (future("ES", "201803", "CME"), "ESH8"),
        (future("MES", "20180615", "CME"), "MESM8"),
        (api.Contract(secType="FUT", localSymbol="VXG8", exchange="CFE"), "VXG8"),
        (future("VIX", "201702", "CFE", includeExpired=True), "VXG7"),
        (api.ContFuture("ES", "CME"), "ESH8"),
        (api.Index("VIX3M", "CBOE"), "VIX3M"),
        (api.Index("AD-NYSE", "NYSE"), "AD-NYSE"),
        (api.Stock("SPY", "SMART", "USD", primaryExchange="ARCA"), "SPY"),
        (api.Stock("SPY", "ARCA", "USD"), "SPY"),
        (
            api.Contract(secType="STK", secIdType="ISIN", secId="US78462F1030", exchange="SMART"),
            "SPY",
        ),
    ],
)
async def test_a_contract_is_qualified_however_it_is_said(
    ib: api.IB, contract: api.Contract, local_symbol: str
) -> None:
    """What comes back is the whole contract, and its number alone finds it again."""
    (found,) = await ib.qualifyContractsAsync(contract)
    assert found.localSymbol == local_symbol
    (again,) = await ib.qualifyContractsAsync(api.Contract(conId=found.conId))
    assert again.localSymbol == local_symbol
    assert again.exchange == ("SMART" if again.secType in {"OPT", "STK"} else found.exchange)


@pytest.mark.parametrize(
    ("contract", "text"),
    [
        (put("20180316", ""), "Ambiguous contract"),
        (option(exchange=""), "Ambiguous contract"),
        (option(right=""), "Ambiguous contract"),
        (future("ES", "201803", "GLOBEX"), "No security definition has been found"),
        (future("VIX", "201702", "CFE"), "No security definition has been found"),
        (option(strike=15.25), "No security definition has been found"),
        (api.Stock("SPY", "SMART", "EUR"), "No security definition has been found"),
    ],
)
async def test_what_cannot_be_qualified_says_why(
    ib: api.IB, caplog: pytest.LogCaptureFixture, contract: api.Contract, text: str
) -> None:
    """The library drops the contract, or has none in its place; the log tells the reason."""
    assert await ib.qualifyContractsAsync(contract) in ([], [None])
    assert text in caplog.text


@pytest.mark.parametrize(
    ("contract", "text"),
    [
        (api.Contract(symbol="VIX", exchange="CBOE"), "enter a valid security type"),
        (api.Bag(symbol="VIX", exchange="SMART"), "'BAG' isn't supported"),
    ],
)
async def test_a_kind_that_has_no_details_says_why(
    ib: api.IB, contract: api.Contract, text: str
) -> None:
    """Code 321 ends no request of ib_async, which takes it for a warning: so it is asked bare."""
    said: list[tuple[int, int, str]] = []
    ib.errorEvent += lambda number, code, words, _: said.append((number, code, words))
    number = ib.client.getReqId()
    ib.client.reqContractDetails(number, contract)
    await ib.reqCurrentTimeAsync()
    ((about, code, words),) = [one for one in said if one[0] == number]
    assert (about, code) == (number, 321)
    assert text in words


@pytest.mark.parametrize(
    ("contract", "last_day", "last_time", "zone", "expiration"),
    [
        (option(), "20180213", "15:15:00", "US/Central", "20180214"),
        (put("20180315", "SPX"), "20180315", "15:15:00", "US/Central", "20180316"),
        (put("20180316", "SPXW"), "20180316", "15:00:00", "US/Central", "20180316"),
        (future("VIX", "201802", "CFE"), "20180214", "08:00:00", "US/Central", "20180214"),
        (future("ES", "201803", "CME"), "20180316", "08:30:00", "US/Central", "20180316"),
        (api.Index("SPX", "CBOE"), "", "", "US/Central", ""),
        (api.Stock("SPY", "SMART", "USD"), "", "", "US/Eastern", ""),
    ],
)
async def test_details_tell_dates_and_hours(
    ib: api.IB,
    contract: api.Contract,
    last_day: str,
    last_time: str,
    zone: str,
    expiration: str,
) -> None:
    """The library splits the last trade into day and time; hours hold sessions it can read."""
    (details,) = await ib.reqContractDetailsAsync(contract)
    assert details.contract is not None
    assert details.contract.lastTradeDateOrContractMonth == last_day
    assert (details.lastTradeTime, details.timeZoneId) == (last_time, zone)
    assert details.realExpirationDate == expiration
    assert len(details.marketRuleIds.split(",")) == len(details.validExchanges.split(","))
    regular = details.liquidSessions()
    assert all(session.start < session.end for session in regular)
    assert {session.start.strftime("%Y%m%d") for session in regular} >= {"20180116", "20180117"}
    assert (details.priceMagnifier, details.minSize) == (1, 1.0)


async def test_chains_of_vix_and_spx_cover_their_options(ib: api.IB) -> None:
    """Each chain's first expiry has contracts; shares and futures have no chain here."""
    for symbol, number in (("VIX", 13455763), ("SPX", 416904)):
        chains = await ib.reqSecDefOptParamsAsync(symbol, "", "IND", number)
        assert {chain.exchange for chain in chains} == {"SMART", "CBOE", "IBUSOPT"}
        for chain in chains:
            assert chain.expirations == sorted(chain.expirations)
            asked = api.Option(
                symbol,
                chain.expirations[0],
                exchange=chain.exchange,
                tradingClass=chain.tradingClass,
            )
            found = await ib.reqContractDetailsAsync(asked)
            strikes = {each.contract.strike for each in found if each.contract is not None}
            assert strikes <= set(chain.strikes)
            assert len(found) == 2 * len(strikes) > 0
    assert await ib.reqSecDefOptParamsAsync("SPY", "", "STK", 756733) == []
    assert await ib.reqSecDefOptParamsAsync("ES", "CME", "FUT", 1) == []


async def test_symbols_are_searched_by_prefix_and_name(ib: api.IB) -> None:
    """Contracts with what is listed on them."""
    found = await ib.reqMatchingSymbolsAsync("SP")
    assert found is not None
    told = {each.contract.symbol: each for each in found if each.contract is not None}
    assert list(told) == ["SPX", "SPY"]
    assert told["SPX"].derivativeSecTypes == ["FUT", "OPT", "BAG"]
    assert told["SPY"].contract is not None
    assert told["SPY"].contract.secType == "STK"
    assert await ib.reqMatchingSymbolsAsync("treasury bill")
