"""Contracts through the adapter: dates, settlements, grids, and the refusal to guess."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from bot.adapters.ib import IbBroker
from bot.app.ports import BrokerRefusedError, BrokerTimeoutError
from bot.domain.instruments import ConId, Future, Index, Option, Other, Right
from bot.domain.money import price_grid
from bot.exchange.wire import replies as said
from bot.exchange.wire import requests as asked
from bot.exchange.wire.contract import WireContractDetails
from tests.support.scripted_tws import (
    VIX_INDEX,
    ScriptedTws,
    option_details,
    vix_call,
    vix_future,
)

CALL = ConId(5001)
LAST_DAY = date(2018, 2, 13)


def changed(details: WireContractDetails, **changes: Any) -> WireContractDetails:
    """Return other details, with `contract` fields prefixed by `c_`."""
    inner = {name[2:]: value for name, value in changes.items() if name.startswith("c_")}
    outer = {name: value for name, value in changes.items() if not name.startswith("c_")}
    contract = msgspec.structs.replace(details.contract, **inner)
    return msgspec.structs.replace(details, contract=contract, **outer)


def spx(trading_class: str, last_day: str, occ: str, **changes: Any) -> WireContractDetails:
    fields: dict[str, Any] = {
        "symbol": "SPX",
        "local_symbol": f"{trading_class:<6}{occ}P02500000",
        "strike": 2500.0,
        "right": "P",
        "rules": "32,32",
    }
    return option_details(
        7001, trading_class=trading_class, last_day=last_day, **(fields | changes)
    )


async def test_an_index_is_found_by_symbol_once(broker: IbBroker, tws: ScriptedTws) -> None:
    vix = Index(con_id=ConId(13455763), symbol="VIX", exchange="CBOE")
    assert await broker.index("VIX") == vix
    assert await broker.index("VIX") == vix
    request = tws.all_of(asked.RequestContractDetails)
    assert len(request) == 1
    assert (request[0].contract.sec_type, request[0].contract.exchange) == ("IND", "CBOE")


async def test_breadth_indices_are_looked_up_at_nyse(broker: IbBroker, tws: ScriptedTws) -> None:
    tws.contracts.append(changed(VIX_INDEX, c_symbol="AD-NYSE", c_con_id=9, c_exchange="NYSE"))
    assert (await broker.index("AD-NYSE")).exchange == "NYSE"
    assert tws.all_of(asked.RequestContractDetails)[0].contract.exchange == "NYSE"


async def test_an_unknown_index_is_refused(broker: IbBroker) -> None:
    with pytest.raises(BrokerRefusedError, match="200") as caught:
        await broker.index("MOVE")
    assert caught.value.code == 200


async def test_an_ambiguous_index_is_refused(broker: IbBroker, tws: ScriptedTws) -> None:
    tws.contracts.append(changed(VIX_INDEX, c_con_id=2))
    with pytest.raises(BrokerRefusedError, match="2 contracts match"):
        await broker.index("VIX")


async def test_vix_futures_pair_by_settlement_in_order(broker: IbBroker, tws: ScriptedTws) -> None:
    tws.contracts += [vix_future(6002, "20180321"), vix_future(6001, "20180214")]
    futures = await broker.vix_futures(include_expired=True)
    assert futures[0] == Future(
        con_id=ConId(6001),
        symbol="VIX",
        trading_class="VX",
        exchange="CFE",
        multiplier=1000,
        last_trading_day=date(2018, 2, 14),
        settlement=datetime(2018, 2, 14, 14, 30, tzinfo=UTC),
        grid=price_grid(("0", "0.05")),
        local_symbol="VX20180214",
    )
    # Summer time has begun by the next expiry: 09:30 New York is an hour earlier.
    assert futures[1].settlement == datetime(2018, 3, 21, 13, 30, tzinfo=UTC)
    pattern = tws.all_of(asked.RequestContractDetails)[0].contract
    assert (pattern.trading_class, pattern.exchange) == ("VX", "CFE")
    assert pattern.include_expired is True
    assert len(tws.all_of(asked.RequestMarketRule)) == 1


async def test_a_vix_call_settles_where_its_future_does(broker: IbBroker, tws: ScriptedTws) -> None:
    """Their last trading days differ: Tuesday and Wednesday."""
    tws.contracts += [vix_future(6001, "20180214"), vix_call(CALL, 25)]
    call, future = await broker.instruments([CALL, ConId(6001)])
    assert isinstance(call, Option)
    assert isinstance(future, Future)
    assert call.last_trading_day == LAST_DAY
    assert call.last_trading_day != future.last_trading_day
    assert call.settlement == future.settlement


async def test_an_option_is_told_whole(broker: IbBroker, tws: ScriptedTws) -> None:
    tws.contracts.append(vix_call(CALL, 25.5, real_expiration="20180214"))
    assert await broker.instruments([CALL]) == (
        Option(
            con_id=CALL,
            symbol="VIX",
            trading_class="VIX",
            exchange="SMART",
            multiplier=100,
            right=Right.CALL,
            strike=Decimal("25.5"),
            last_trading_day=LAST_DAY,
            settlement=datetime(2018, 2, 14, 14, 30, tzinfo=UTC),
            grid=price_grid(("0", "0.01"), ("3", "0.05")),  # SMART's rule, not the first one
            local_symbol="VIX   180214C00025500",
        ),
    )


@pytest.mark.parametrize(
    ("details", "settlement"),
    [
        (spx("SPX", "20180215", "180216"), datetime(2018, 2, 16, 14, 30, tzinfo=UTC)),
        (spx("SPXW", "20180216", "180216"), datetime(2018, 2, 16, 21, 0, tzinfo=UTC)),
        (
            spx("SPX", "20180215", "180216", real_expiration="20180215"),
            datetime(2018, 2, 16, 14, 30, tzinfo=UTC),
        ),
    ],
    ids=["AM class", "PM class", "real expiration names the last trading day"],
)
async def test_settlement_follows_the_class(
    broker: IbBroker, tws: ScriptedTws, details: WireContractDetails, settlement: datetime
) -> None:
    """Both classes exist with the same strike on the same third Friday."""
    tws.contracts.append(details)
    option = (await broker.instruments([ConId(7001)]))[0]
    assert isinstance(option, Option)
    assert option.settlement == settlement


GOOD = vix_call(CALL, 25)
PM = spx("SPXW", "20181224", "181224")


@pytest.mark.parametrize(
    ("text", "zone", "hour"),
    [
        ("20181224 13:00:00 US/Eastern", "US/Eastern", 18),
        ("20181224 12:00 US/Central", "US/Central", 18),
        ("20181224-16:00-EST", "EST (Eastern Standard Time)", 21),
        ("20181224 15:00:00 US/Central", "US/Central", 21),
        ("20181224", "US/Central", 21),
        ("20181224", "", 21),
    ],
)
async def test_a_settlement_of_the_afternoon_comes_with_the_last_trade(
    broker: IbBroker, tws: ScriptedTws, text: str, zone: str, hour: int
) -> None:
    """On half days it is at 13:00 New York; a gateway that tells no hour leaves 16:00."""
    tws.contracts.append(changed(PM, expiry_text=text, time_zone_id=zone))
    option = (await broker.instruments([ConId(7001)]))[0]
    assert isinstance(option, Option)
    assert option.settlement == datetime(2018, 12, 24, hour, 0, tzinfo=UTC)


async def test_the_hour_of_the_last_trade_does_not_move_a_morning_settlement(
    broker: IbBroker, tws: ScriptedTws
) -> None:
    text = "20180213 15:15:00 US/Central"
    tws.contracts.append(changed(GOOD, expiry_text=text, time_zone_id="US/Central"))
    option = (await broker.instruments([CALL]))[0]
    assert isinstance(option, Option)
    assert option.settlement == datetime(2018, 2, 14, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        (changed(GOOD, c_local_symbol="VIX call"), "no settlement day"),
        (changed(GOOD, c_local_symbol="VIX   189914C00025000"), "no date"),
        (changed(GOOD, c_local_symbol="VIX   180321C00025000"), "settles 2018-03-21"),
        (changed(GOOD, c_local_symbol="VIX   180212C00025000"), "settles 2018-02-12"),
        (changed(GOOD, c_local_symbol="VIX   180213C00025000"), "is not known"),
        (changed(GOOD, c_last_trade_date="201802"), "'201802' is no date"),
        (changed(GOOD, real_expiration_date="20180221"), "contradicts"),
        (changed(GOOD, c_trading_class="NEW"), "class NEW"),
        (spx("SPXW", "20180215", "180216"), "class SPXW"),
        (changed(PM, expiry_text="20181224 1pm US/Eastern", time_zone_id="US/Eastern"), "'1pm'"),
        (changed(PM, expiry_text="20181224 13:00:00 JST", time_zone_id="JST"), "zone 'JST'"),
        (
            changed(PM, expiry_text="20181224 08:30:00 US/Central", time_zone_id="US/Central"),
            "not in the afternoon",
        ),
        (changed(GOOD, market_rule_ids="109"), "no market rule"),
        (changed(GOOD, market_rule_ids=""), "no market rule"),
        (changed(vix_future(7001, "20180214"), real_expiration_date=""), "'' is no date"),
        (changed(vix_future(7001, "20180214"), real_expiration_date="20180213"), "settles"),
        (
            changed(vix_future(7001, "20180214", exchange="SMART"), valid_exchanges="CME"),
            "no market rule for SMART",
        ),
    ],
)
async def test_facts_missing_or_at_odds_refuse_the_contract(
    broker: IbBroker, tws: ScriptedTws, details: WireContractDetails, reason: str
) -> None:
    tws.contracts.append(details)
    with pytest.raises(BrokerRefusedError, match=reason):
        await broker.instruments([ConId(details.contract.con_id)])


@pytest.mark.parametrize(
    ("details", "kind", "symbol"),
    [
        (changed(GOOD, c_sec_type="FOP"), "FOP", "VIX"),
        (changed(GOOD, c_sec_type="STK", c_symbol="SPY", market_rule_ids=""), "STK", "SPY"),
        (changed(GOOD, c_symbol="AAPL", c_local_symbol="AAPL"), "OPT", "AAPL"),
        (vix_future(7001, "20180214", symbol="ES"), "FUT", "ES"),
    ],
)
async def test_what_the_bot_has_no_business_with_is_named_and_not_refused(
    broker: IbBroker, tws: ScriptedTws, details: WireContractDetails, kind: str, symbol: str
) -> None:
    """A stock in the account must not keep the bot from comparing its books."""
    tws.contracts.append(details)
    (found,) = await broker.instruments([ConId(details.contract.con_id)])
    assert isinstance(found, Other)
    assert (found.kind, found.symbol) == (kind, symbol)


async def test_an_index_is_found_by_number(broker: IbBroker) -> None:
    vix = Index(con_id=ConId(13455763), symbol="VIX", exchange="CBOE")
    assert await broker.instruments([vix.con_id]) == (vix,)


async def test_an_unknown_number_is_refused(broker: IbBroker) -> None:
    with pytest.raises(BrokerRefusedError):
        await broker.instruments([ConId(42)])


async def test_an_answer_about_another_number_is_refused(
    broker: IbBroker, tws: ScriptedTws, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other(request: asked.RequestContractDetails) -> list[said.Reply]:
        number = request.request_id
        row = said.ContractDetails(request_id=number, details=GOOD)
        return [row, said.ContractDetailsEnd(request_id=number)]

    monkeypatch.setattr(tws, "_search", other)
    with pytest.raises(BrokerRefusedError, match="the broker names"):
        await broker.instruments([ConId(42)])


async def test_a_contract_is_asked_for_once(broker: IbBroker, tws: ScriptedTws) -> None:
    tws.contracts.append(GOOD)
    first = await broker.instruments([CALL])
    assert (await broker.instruments([CALL]))[0] is first[0]
    assert len(tws.all_of(asked.RequestContractDetails)) == 1


async def test_a_contract_listed_per_exchange_is_taken_at_smart(
    broker: IbBroker, tws: ScriptedTws
) -> None:
    elsewhere = changed(GOOD, c_exchange="CBOE", valid_exchanges="CBOE", market_rule_ids="110")
    tws.contracts += [elsewhere, GOOD]
    option = (await broker.instruments([CALL]))[0]
    assert isinstance(option, Option)
    assert option.exchange == "SMART"


async def test_the_days_of_a_class_are_its_last_trading_days_ascending(
    broker: IbBroker, tws: ScriptedTws
) -> None:
    def reply(request: asked.RequestOptionParameters) -> list[said.Reply]:
        assert (request.symbol, request.sec_type, request.con_id) == ("VIX", "IND", 13455763)
        rows: list[said.Reply] = [
            said.OptionParameters(
                request_id=request.request_id,
                exchange=exchange,
                under_con_id=13455763,
                trading_class=name,
                multiplier="100",
                expirations=days,
                strikes=(10.0, 15.0),
            )
            for exchange, name, days in [
                ("CBOE", "VIX", ("20180213", "20990101")),
                ("SMART", "VIX", ("20180320", "20180213")),
                ("SMART", "VIXW", ("20180206",)),
                ("CBOE", "VIXX", ("20180301",)),
            ]
        ]
        return [*rows, said.OptionParametersEnd(request_id=request.request_id)]

    tws.answer(asked.RequestOptionParameters, reply)
    assert await broker.option_days("VIX", "VIX") == (date(2018, 2, 13), date(2018, 3, 20))
    assert await broker.option_days("VIX", "VIXX") == (date(2018, 3, 1),)
    with pytest.raises(BrokerRefusedError, match="none are listed"):
        await broker.option_days("VIX", "VXX")


async def test_a_chain_is_one_expiry_of_one_class_by_strike(
    broker: IbBroker, tws: ScriptedTws
) -> None:
    put = changed(
        vix_call(5003, 25), c_right="P", c_local_symbol="VIX   180214P00025000", c_con_id=5003
    )
    tws.contracts += [vix_call(5002, 30), put, vix_call(CALL, 25)]
    options = await broker.options("VIX", "VIX", LAST_DAY)
    assert [(o.strike, o.right) for o in options] == [
        (Decimal(25), Right.CALL),
        (Decimal(25), Right.PUT),
        (Decimal(30), Right.CALL),
    ]
    pattern = tws.all_of(asked.RequestContractDetails)[0].contract
    assert (pattern.exchange, pattern.multiplier) == ("SMART", "100")
    assert len(tws.all_of(asked.RequestMarketRule)) == 1


@pytest.mark.parametrize(
    "stranger",
    [
        changed(GOOD, c_trading_class="VIXW", c_con_id=8),
        changed(
            GOOD,
            c_last_trade_date="20180220",
            c_local_symbol="VIX   180221C00025000",
            c_con_id=8,
        ),
    ],
    ids=["another class", "the expiry shifted"],
)
async def test_a_chain_with_a_stranger_in_it_is_refused(
    broker: IbBroker,
    tws: ScriptedTws,
    stranger: WireContractDetails,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def reply(request: asked.RequestContractDetails) -> list[said.Reply]:
        number = request.request_id
        rows = [said.ContractDetails(request_id=number, details=d) for d in (GOOD, stranger)]
        return [*rows, said.ContractDetailsEnd(request_id=number)]

    monkeypatch.setattr(tws, "_search", reply)
    with pytest.raises(BrokerRefusedError, match="of another kind"):
        await broker.options("VIX", "VIX", LAST_DAY)


async def test_options_on_futures_never_pass_for_options_on_the_index(
    broker: IbBroker, tws: ScriptedTws, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reply(request: asked.RequestContractDetails) -> list[said.Reply]:
        number = request.request_id
        row = said.ContractDetails(request_id=number, details=changed(GOOD, c_sec_type="FOP"))
        return [row, said.ContractDetailsEnd(request_id=number)]

    monkeypatch.setattr(tws, "_search", reply)
    with pytest.raises(BrokerRefusedError, match="0 found"):
        await broker.options("VIX", "VIX", LAST_DAY)


async def test_weekly_futures_among_the_monthly_are_refused(
    broker: IbBroker, tws: ScriptedTws, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reply(request: asked.RequestContractDetails) -> list[said.Reply]:
        number = request.request_id
        weekly = vix_future(6009, "20180207", trading_class="VX06")
        row = said.ContractDetails(request_id=number, details=weekly)
        return [row, said.ContractDetailsEnd(request_id=number)]

    monkeypatch.setattr(tws, "_search", reply)
    with pytest.raises(BrokerRefusedError, match="other classes"):
        await broker.vix_futures(include_expired=False)


async def test_a_market_rule_that_is_not_answered_is_unknown(
    broker: IbBroker, tws: ScriptedTws
) -> None:
    tws.contracts.append(GOOD)
    tws.fall_silent(asked.RequestMarketRule)
    with pytest.raises(BrokerTimeoutError, match="market rule"):
        await broker.instruments([CALL])
    tws.speak_again()
    assert (await broker.instruments([CALL]))[0].con_id == CALL
