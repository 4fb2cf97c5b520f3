"""Steps 1 to 11: connect, and find out what can be traded."""

from datetime import UTC, datetime

from tests.compat.session import ACCOUNT, CLIENT_ID, Session
from tests.compat.step import Steps
from tests.support.client_library import api

steps = Steps()

VIX_ID, SPX_ID = 13455763, 416904
EXPIRY = "20180320"
"""Last trading day of the March options on VIX, a Tuesday."""


def call(strike: float = 0.0, **fields: str) -> api.Contract:
    """Describe a March call on VIX; without a strike, all of them."""
    return api.Option("VIX", EXPIRY, strike, "C", "SMART", tradingClass="VIX", **fields)


@steps(1, "connect at the wanted version")
async def connect(session: Session) -> None:
    await session.connect(session.ib, CLIENT_ID)
    assert session.ib.isConnected()
    assert session.ib.client.serverVersion() == session.version
    assert {2104, 2106, 2158} <= {one.code for one in session.said}


@steps(2, "the server's time")
async def server_time(session: Session) -> None:
    told = await session.ib.reqCurrentTimeAsync()
    assert told == session.server.now
    await session.pass_time(90)
    assert (await session.ib.reqCurrentTimeAsync() - told).total_seconds() == 90
    assert told > datetime(2018, 2, 1, tzinfo=UTC)


@steps(3, "the account")
async def accounts(session: Session) -> None:
    assert session.ib.managedAccounts() == [ACCOUNT]
    assert session.ib.client.getAccounts() == [ACCOUNT]


@steps(4, "details of an index")
async def index_details(session: Session) -> None:
    for symbol, con_id in (("VIX", VIX_ID), ("SPX", SPX_ID)):
        (details,) = await session.ib.reqContractDetailsAsync(api.Index(symbol, "CBOE", "USD"))
        assert details.contract is not None
        assert (details.contract.conId, details.contract.secType) == (con_id, "IND")
        assert details.longName
        assert details.timeZoneId
        session.contracts[symbol] = details.contract


@steps(5, "details of a stock")
async def stock_details(session: Session) -> None:
    (details,) = await session.ib.reqContractDetailsAsync(api.Stock("SPY", "SMART", "USD"))
    assert details.contract is not None
    session.contracts["SPY"] = details.contract
    assert details.contract.primaryExchange == "ARCA"
    assert "SMART" in details.validExchanges.split(",")
    assert details.minTick == 0.01


@steps(6, "details of a future: many by symbol, one by its day")
async def future_details(session: Session) -> None:
    many = await session.ib.reqContractDetailsAsync(api.Future("VIX", exchange="CFE"))
    monthly = [each for each in many if each.contract and each.contract.tradingClass == "VX"]
    assert len(monthly) >= 4
    wanted = api.Future("VIX", "20180321", "CFE", tradingClass="VX")
    (details,) = await session.ib.reqContractDetailsAsync(wanted)
    assert details.contract is not None
    assert details.contract.multiplier == "1000"
    assert details.contract.lastTradeDateOrContractMonth == "20180321"
    assert (details.minTick, details.underSymbol) == (0.05, "VIX")
    session.contracts["VX"] = details.contract


@steps(7, "details of options: many in part, one in full, one by number")
async def option_details(session: Session) -> None:
    many = await session.ib.reqContractDetailsAsync(call())
    strikes = [each.contract.strike for each in many if each.contract]
    assert len(strikes) == len(set(strikes)) > 20
    (one,) = await session.ib.reqContractDetailsAsync(call(20.0))
    assert one.contract is not None
    assert one.contract.localSymbol == "VIX   180321C00020000"
    assert one.realExpirationDate == "20180321"
    (same,) = await session.ib.reqContractDetailsAsync(api.Contract(conId=one.contract.conId))
    assert same.contract is not None
    assert (same.contract.localSymbol, same.underConId) == (one.contract.localSymbol, VIX_ID)
    session.market_rule = int(one.marketRuleIds.split(",")[0])


@steps(8, "qualify contracts")
async def qualify(session: Session) -> None:
    wanted = [call(strike) for strike in (18.0, 20.0, 25.0)]
    assert await session.ib.qualifyContractsAsync(*wanted) == wanted
    assert len({contract.conId for contract in wanted} - {0}) == 3
    session.contracts |= {f"call {contract.strike:g}": contract for contract in wanted}


@steps(9, "parameters of the option chain")
async def chain_parameters(session: Session) -> None:
    chains = await session.ib.reqSecDefOptParamsAsync("VIX", "", "IND", VIX_ID)
    monthly = [chain for chain in chains if chain.tradingClass == "VIX"]
    assert {chain.exchange for chain in monthly} >= {"SMART", "CBOE"}
    for chain in monthly:
        assert EXPIRY in chain.expirations
        assert {18.0, 20.0, 25.0} <= set(chain.strikes)
        assert (chain.multiplier, int(chain.underlyingConId)) == ("100", VIX_ID)


@steps(10, "matching symbols")
async def matching_symbols(session: Session) -> None:
    matches = await session.ib.reqMatchingSymbolsAsync("VIX")
    assert matches
    by_number = {match.contract.conId: match for match in matches if match.contract}
    assert "OPT" in by_number[VIX_ID].derivativeSecTypes


@steps(11, "the price grid of a market rule")
async def market_rule(session: Session) -> None:
    rule = await session.ib.reqMarketRuleAsync(session.market_rule)
    assert rule is not None
    grid = [(row.lowEdge, row.increment) for row in rule]
    assert grid == [(0.0, 0.01), (3.0, 0.05)]
