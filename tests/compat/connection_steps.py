"""Steps 39 and 40: more than one client, and coming back."""

import contextlib

from tests.compat.order_steps import CANCELLED, filled, limit, status
from tests.compat.session import CLIENT_ID, Session
from tests.compat.step import Steps

steps = Steps()

IN_USE = 326
OTHER_ID = CLIENT_ID + 1


@steps(39, "a second client at the same time, and one with an id in use", IN_USE)
async def two_clients(session: Session) -> None:
    other = session.new_client()
    await session.connect(other, OTHER_ID)
    assert await other.reqCurrentTimeAsync() == session.server.now
    assert {p.contract.conId for p in other.positions()} == {
        p.contract.conId for p in session.ib.positions()
    }
    assert other.client.serverVersion() == session.version
    intruder, codes = session.new_client(), []
    intruder.errorEvent += lambda _id, code, *_: codes.append(code)
    with contextlib.suppress(TimeoutError, ConnectionError):
        await intruder.connectAsync(
            "127.0.0.1", session.server.port, clientId=CLIENT_ID, timeout=0.5
        )
    assert codes == [IN_USE]
    assert not intruder.isConnected()
    intruder.disconnect()
    other.disconnect()
    await session.flush()
    session.complaints.texts = [
        text for text in session.complaints.texts if not text.startswith(_REFUSED)
    ]


_REFUSED = ("Peer closed connection.", "API connection failed: TimeoutError()")
"""What the libraries log of a connection that was refused."""


@steps(40, "the same client comes back to its orders and executions", CANCELLED)
async def come_back(session: Session) -> None:
    contract = session.contracts["call 20"]
    ticker = await session.quote(contract)
    resting = session.ib.placeOrder(contract, limit("BUY", 1, ticker.bid - 0.2, "waits"))
    await status(session, resting, "Submitted")
    next_id, perm_id = session.ib.client.getReqId(), resting.order.permId
    await session.close()
    assert not session.ib.isConnected()
    session.ib = session.new_client()
    session.streaming.clear()
    await session.connect(session.ib, CLIENT_ID)
    (trade,) = session.ib.openTrades()
    assert (trade.order.orderRef, trade.order.permId) == ("waits", perm_id)
    assert "fills" in {fill.execution.orderRef for fill in session.ib.fills()}
    assert session.ib.client.getReqId() > resting.order.orderId
    trade.order.lmtPrice = round(ticker.ask * 1.2, 1)
    session.ib.placeOrder(contract, trade.order)
    await filled(session, trade)
    assert next_id > 0
