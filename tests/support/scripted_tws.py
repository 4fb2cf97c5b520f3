"""A small TWS that says what a test tells it to, over a real loopback socket.

It knows no market and no matching: each kind of request has an answer, a test may replace any of
them, and pushes whatever else the broker should say. The bytes are those of the exchange's codec.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

from bot.exchange.wire import NEED_DATA, ProtocolViolation, ServerConnection
from bot.exchange.wire import replies as said
from bot.exchange.wire import requests as asked
from bot.exchange.wire.contract import WireContract, WireContractDetails

ACCOUNT = "DU1234567"
CLIENT_ID = 7
SERVER_TIME = datetime(2018, 2, 5, 15, 0, tzinfo=UTC)

Answer = Callable[[Any], Iterable[said.Reply]]
RequestT = TypeVar("RequestT")

VIX_INDEX = WireContractDetails(
    contract=WireContract(
        con_id=13455763, symbol="VIX", sec_type="IND", exchange="CBOE", currency="USD"
    ),
    min_tick=Decimal("0.01"),
    valid_exchanges="CBOE",
    market_rule_ids="1",
)

RULES = {
    109: (("0", "0.01"), ("3", "0.05")),
    110: (("0", "0.05"),),
    32: (("0", "0.05"), ("3", "0.1")),
}


def vix_call(con_id: int, strike: float, **changes: Any) -> WireContractDetails:
    """Describe a VIX call that settles on Wednesday 2018-02-14, as the broker does."""
    return option_details(
        con_id,
        symbol="VIX",
        trading_class="VIX",
        last_day="20180213",
        local_symbol=f"VIX   180214C{round(strike * 1000):08d}",
        strike=strike,
        rules="110,109",
        **changes,
    )


def option_details(
    con_id: int,
    *,
    symbol: str,
    trading_class: str,
    last_day: str,
    local_symbol: str,
    strike: float,
    rules: str,
    real_expiration: str = "",
    right: str = "C",
    exchanges: str = "CBOE,SMART",
) -> WireContractDetails:
    """Describe an option."""
    return WireContractDetails(
        contract=WireContract(
            con_id=con_id,
            symbol=symbol,
            sec_type="OPT",
            last_trade_date=last_day,
            strike=strike,
            right=right,
            multiplier="100",
            exchange="SMART",
            currency="USD",
            local_symbol=local_symbol,
            trading_class=trading_class,
        ),
        min_tick=Decimal("0.01"),
        valid_exchanges=exchanges,
        market_rule_ids=rules,
        real_expiration_date=real_expiration,
    )


def vix_future(con_id: int, day: str, **changes: Any) -> WireContractDetails:
    """Describe a VX future that trades until, and settles on, `day`."""
    fields: dict[str, Any] = {
        "symbol": "VIX",
        "sec_type": "FUT",
        "last_trade_date": day,
        "multiplier": "1000",
        "exchange": "CFE",
        "currency": "USD",
        "local_symbol": f"VX{day}",
        "trading_class": "VX",
    }
    return WireContractDetails(
        contract=WireContract(con_id=con_id, **(fields | changes)),
        min_tick=Decimal("0.01"),
        valid_exchanges="CFE",
        market_rule_ids="110",
        real_expiration_date=day,
    )


class ScriptedTws:
    """One listening server; `client` is the connection last accepted.

    Attributes:
        heard: All requests of all connections, in order.
        contracts: What contract searches look through.
    """

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.contracts: list[WireContractDetails] = [VIX_INDEX]
        self.accounts: tuple[str, ...] = (ACCOUNT,)
        self.next_id = 1
        self.greets = True
        self.port = 0
        self._answers: dict[type, Answer] = dict(_ANSWERS)
        self._silent: set[type] = set()
        self._writer: asyncio.StreamWriter | None = None
        self._connection = ServerConnection()
        self._arrived = asyncio.Condition()
        self._served = asyncio.Event()
        self._served.set()

    def answer(self, kind: type, replies: Answer) -> None:
        """Answer requests of `kind` in this way from now on."""
        self._answers[kind] = replies

    def fall_silent(self, *kinds: type) -> None:
        """Leave requests of these kinds without an answer; of none given, of every kind."""
        self._silent = set(kinds) or set(self._answers)

    def speak_again(self) -> None:
        """Answer again."""
        self._silent = set()

    def say(self, *replies: said.Reply) -> None:
        """Send replies in one packet."""
        assert self._writer is not None
        self._writer.write(self._connection.send_all(replies))

    def say_raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        assert self._writer is not None
        self._writer.write(data)

    def drop(self) -> None:
        """End the connection as a killed gateway does."""
        assert self._writer is not None
        self._writer.transport.abort()

    def all_of(self, kind: type[RequestT]) -> list[RequestT]:
        """Return the requests of `kind` heard so far."""
        return [request for request in self.heard if isinstance(request, kind)]

    async def wait_for(self, kind: type[RequestT], count: int = 1) -> list[RequestT]:
        """Wait until `count` requests of `kind` were heard and return them."""
        async with asyncio.timeout(5), self._arrived:
            await self._arrived.wait_for(lambda: len(self.all_of(kind)) >= count)
        return self.all_of(kind)

    def details(self, con_id: int) -> WireContractDetails:
        """Return the contract `con_id`."""
        return next(d for d in self.contracts if d.contract.con_id == con_id)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = ServerConnection()
        self._connection, self._writer = connection, writer
        self._served.clear()
        try:
            while data := await reader.read(65536):
                connection.receive_data(data)
                await self._drain(connection, writer)
        except ConnectionError:
            return
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
            self._served.set()

    async def _drain(self, connection: ServerConnection, writer: asyncio.StreamWriter) -> None:
        while (event := connection.next_event()) is not NEED_DATA:
            assert not isinstance(event, ProtocolViolation), event.reason
            self.heard.append(event)
            for reply in self._replies(event):
                writer.write(connection.send(reply))
            async with self._arrived:
                self._arrived.notify_all()

    def _replies(self, request: Any) -> Iterable[said.Reply]:
        match request:
            case asked.Handshake():
                return [said.Hello(connection_time="20180205 15:00:00 UTC")] if self.greets else []
            case asked.StartApi() if type(request) not in self._answers:
                return [
                    said.ManagedAccounts(accounts=self.accounts),
                    said.NextValidId(order_id=self.next_id),
                ]
            case asked.RequestContractDetails() if type(request) not in self._silent:
                return self._search(request)
        if type(request) in self._silent or type(request) not in self._answers:
            return []
        return self._answers[type(request)](request)

    def _search(self, request: asked.RequestContractDetails) -> Iterable[said.Reply]:
        found = [d for d in self.contracts if _matches(request.contract, d.contract)]
        if not found:
            text = "No security definition has been found for the request"
            return [said.ErrorMessage(request_id=request.request_id, code=200, text=text)]
        number = request.request_id
        rows: list[said.Reply] = [
            said.ContractDetails(request_id=number, details=details) for details in found
        ]
        return [*rows, said.ContractDetailsEnd(request_id=number)]


def _matches(pattern: WireContract, contract: WireContract) -> bool:
    if pattern.con_id:
        return pattern.con_id == contract.con_id
    names = ("symbol", "sec_type", "trading_class", "last_trade_date")
    return all(getattr(pattern, n) in {"", getattr(contract, n)} for n in names)


def _rule(request: asked.RequestMarketRule) -> Iterable[said.Reply]:
    rows = tuple(
        said.PriceIncrement(low_edge=Decimal(edge), increment=Decimal(step))
        for edge, step in RULES.get(request.rule_id, ())
    )
    return [said.MarketRule(rule_id=request.rule_id, increments=rows)]


def _summary(request: asked.RequestAccountSummary) -> Iterable[said.Reply]:
    values = {"NetLiquidation": "100000.25", "TotalCashValue": "90000", "AvailableFunds": "80000.5"}
    rows: list[said.Reply] = [
        said.AccountSummary(
            request_id=request.request_id, account=ACCOUNT, tag=tag, value=value, currency="USD"
        )
        for tag, value in values.items()
    ]
    return [*rows, said.AccountSummaryEnd(request_id=request.request_id)]


def bars(*rows: tuple[str, str]) -> Answer:
    """Return an answer of daily bars from (yyyymmdd, close)."""

    def reply(request: asked.RequestHistoricalData) -> Iterable[said.Reply]:
        made = tuple(
            said.WireBar(
                date=day,
                open=Decimal(close),
                high=Decimal(close),
                low=Decimal(close),
                close=Decimal(close),
                volume=Decimal(0),
                average=Decimal(close),
                count=1,
            )
            for day, close in rows
        )
        return [said.HistoricalData(request_id=request.request_id, start="", end="", bars=made)]

    return reply


_ANSWERS: dict[type, Answer] = {
    asked.RequestCurrentTime: lambda _: [
        said.CurrentTime(epoch_seconds=int(SERVER_TIME.timestamp()))
    ],
    asked.RequestPositions: lambda _: [said.PositionEnd()],
    asked.RequestOpenOrders: lambda _: [said.OpenOrderEnd()],
    asked.RequestAllOpenOrders: lambda _: [said.OpenOrderEnd()],
    asked.RequestCompletedOrders: lambda _: [said.CompletedOrdersEnd()],
    asked.RequestExecutions: lambda r: [said.ExecDetailsEnd(request_id=r.request_id)],
    asked.RequestMarketRule: _rule,
    asked.RequestAccountSummary: _summary,
    asked.RequestMarketData: lambda r: [said.MarketDataType(request_id=r.request_id, data_type=1)],
}


@asynccontextmanager
async def scripted_tws() -> AsyncIterator[ScriptedTws]:
    """Run a scripted TWS on a free port of the loopback."""
    tws = ScriptedTws()
    server = await asyncio.start_server(tws._serve, "127.0.0.1", 0)
    tws.port = server.sockets[0].getsockname()[1]
    try:
        yield tws
    finally:
        server.close()
        if tws._writer is not None:
            tws._writer.close()
        await tws._served.wait()
        await server.wait_closed()
