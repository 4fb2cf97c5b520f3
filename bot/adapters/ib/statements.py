"""What the broker states about the account: balances, positions, orders, executions.

Each is asked for afresh and awaited to its end; the library's caches are never read. An answer that
does not come in time, or cannot be held in our terms, is an error and never an empty list.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from bot.adapters.ib.client_library import ExecutionFilter
from bot.adapters.ib.conversation import Conversation
from bot.adapters.ib.listener import COMPLETED_ORDERS, OPEN_ORDERS, POSITIONS
from bot.adapters.ib.numbers import exact, whole
from bot.adapters.ib.orders import Listed, Progress, TicketBook, broker_order, execution_of
from bot.app.ports import BrokerError, Clock
from bot.domain.account import Account, AccountId, Position
from bot.domain.broker import BrokerOrder, BrokerStatus, ExecutionHeard
from bot.domain.instruments import ConId

_NET_LIQUIDATION = "NetLiquidation"
_CASH = "TotalCashValue"
_AVAILABLE = "AvailableFunds"
_ENDED = frozenset({BrokerStatus.CANCELLED, BrokerStatus.FILLED})


async def ask_account(talk: Conversation, account: AccountId, clock: Clock) -> Account:
    """Ask for the balances of `account`; one in another currency than USD counts as unreported."""
    number = talk.next_number()
    tags = f"{_NET_LIQUIDATION},{_CASH},{_AVAILABLE}"
    try:
        rows = await talk.ask(
            lambda client, number: client.reqAccountSummary(number, "All", tags),
            talk.limits.answer,
            number=number,
        )
    finally:
        _end_quietly(talk, number)
    values = {
        tag: Decimal(value)
        for owner, tag, value, currency in rows
        if owner == account and currency == "USD" and value
    }
    return Account(
        account_id=account,
        as_of=clock.now(),
        net_liquidation_usd=values.get(_NET_LIQUIDATION),
        cash_usd=values.get(_CASH),
        available_funds_usd=values.get(_AVAILABLE),
    )


def _end_quietly(talk: Conversation, number: int) -> None:
    """End a summary, of which the broker allows two at a time; a dead connection has none."""
    if talk.client.isConnected():
        talk.tell(lambda client: client.cancelAccountSummary(number))


async def ask_positions(talk: Conversation, account: AccountId) -> tuple[Position, ...]:
    """Ask for all positions of `account`, by contract number; fractions of stocks are left out."""
    rows = await talk.ask_by_word(POSITIONS, lambda client: client.reqPositions())
    talk.tell(lambda client: client.cancelPositions())
    # a fraction can be held of stocks and funds only, which are not read here
    held = {
        contract.conId: (quantity, cost)
        for owner, contract, quantity, cost in rows
        if owner == account and (contract.secType != "STK" or quantity == int(quantity))
    }
    return tuple(
        _position(ConId(con_id), quantity, cost)
        for con_id, (quantity, cost) in sorted(held.items())
        if quantity
    )


def _position(con_id: ConId, quantity: float, cost: float) -> Position:
    try:
        return Position(
            con_id=con_id,
            quantity=whole(quantity, f"the position in contract {con_id}"),
            average_cost_usd=exact(cost),
        )
    except ValueError as error:
        raise BrokerError(f"a position cannot be read: {error}") from error


async def ask_open_orders(talk: Conversation) -> tuple[BrokerOrder, ...]:
    """Ask for the open orders, first our own, which binds their news to us, then everybody's.

    News of an order that ends meanwhile come between the rows: the last word on each counts.
    """
    rows = await talk.ask_by_word(
        OPEN_ORDERS,
        lambda client: client.reqOpenOrders(),
        lambda client: client.reqAllOpenOrders(),
    )
    listed = {row.key: row for row in rows if isinstance(row, Listed)}
    progress = {row.key: row for row in rows if isinstance(row, Progress)}
    orders = [_open_order(listed[key], progress.get(key)) for key in sorted(listed)]
    return tuple(order for order in orders if order.status not in _ENDED)


def _open_order(row: Listed, progress: Progress | None) -> BrokerOrder:
    if progress is None:
        raise BrokerError(f"order {row.order.permId} was listed without its status")
    return _readable(row, progress, row.order.orderId)


async def ask_completed_orders(talk: Conversation, tickets: TicketBook) -> tuple[BrokerOrder, ...]:
    """Ask for the day's completed orders; the broker leaves their order numbers out.

    Raises `BrokerTimeoutError` on a read-only login, where the broker may never answer.
    """
    rows = await talk.ask_by_word(
        COMPLETED_ORDERS, lambda client: client.reqCompletedOrders(apiOnly=False)
    )
    return tuple(
        _readable(
            row,
            Progress(row.key, row.state.status, row.order.filledQuantity),
            tickets.order_id_of(row.order.orderRef),
        )
        for row in rows
    )


def _readable(row: Listed, progress: Progress, order_id: int) -> BrokerOrder:
    try:
        return broker_order(row, progress, order_id)
    except ValueError as error:
        raise BrokerError(f"an order cannot be read: {error}") from error


async def ask_executions(talk: Conversation, account: AccountId) -> tuple[ExecutionHeard, ...]:
    """Ask for the day's executions of `account` by any client, in order of time."""
    rows = await talk.ask(
        lambda client, number: client.reqExecutions(number, ExecutionFilter()),
        talk.limits.answer,
    )
    try:
        heard = _translated(rows, account)
    except ValueError as error:
        raise BrokerError(f"an execution cannot be read: {error}") from error
    return tuple(sorted(heard, key=lambda execution: (execution.executed_at, execution.exec_id)))


def _translated(rows: Iterable[tuple[Any, Any]], account: AccountId) -> list[ExecutionHeard]:
    found = [
        execution_of(contract, execution)
        for contract, execution in rows
        if execution.acctNumber == account
    ]
    return [heard for heard in found if heard is not None]
