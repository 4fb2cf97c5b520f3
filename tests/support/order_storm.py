"""Random orders against a random market, with the promises of the books checked as they go.

One seed is one story: orders of every kind, changes, cancellations and market steps, by two
clients. It is no strategy: it knows nothing of what is sensible, so it finds what nobody thought
of.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random

import msgspec

from bot.domain.instruments import ConId, Right
from bot.exchange.market.quote import MarketQuote
from bot.exchange.reference.conid import ContractClass, ContractKey, con_id_of
from bot.exchange.reference.underlyings import SPX_ID, SPY_ID, VIX_ID, VVIX_ID
from bot.exchange.venue.account_rules import AccountRules
from bot.exchange.venue.contracts import BAG_CON_ID
from bot.exchange.venue.floor import Outbox, SessionId
from bot.exchange.venue.matching import far_side
from bot.exchange.venue.orders import BookedOrder, OrderType, Side, Status
from bot.exchange.venue.records import Execution, FillBooked, OrderBooked
from bot.exchange.wire import requests as ask
from bot.exchange.wire.contract import ComboLeg, TagValue, WireContract
from bot.exchange.wire.order import WireOrder
from tests.support.venue_rig import (
    FEBRUARY,
    Rig,
    at,
    place,
    product,
    spx_option,
    vix_option,
)

VX_ID = con_id_of(ContractKey(ContractClass.VX, FEBRUARY))
# contract, where its price starts in cents, the tick of its quotes in cents
_TRADED: dict[ConId, tuple[int, int]] = {
    vix_option("15"): (120, 1),
    vix_option("20"): (60, 1),
    vix_option("15", Right.PUT): (250, 1),
    spx_option("2700", Right.PUT): (2000, 10),
    spx_option("2650", Right.PUT): (1500, 10),
    VX_ID: (1300, 5),
    SPY_ID: (27800, 1),
}
CROWD = 30
"""As many orders work at a time; more would only be slow."""
START = "2018-01-16T09:31"
CASH = Decimal(2_000_000)
_LEVELS = {VIX_ID: "11.50", SPX_ID: "2780.00", VVIX_ID: "92.00"}
_PAIRS = (
    (vix_option("15"), vix_option("20")),
    (spx_option("2700", Right.PUT), spx_option("2650", Right.PUT)),
)
_TYPES = ("LMT", "LMT", "LMT", "MKT", "STP", "STP LMT")
_TIFS = ("DAY", "DAY", "GTC", "IOC", "FOK", "GTD", "")


class Storm:
    """One seeded story; `run` lives it and raises where a promise breaks."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._prices = {con_id: start for con_id, (start, _) in _TRADED.items()}
        self.rig = Rig(START, lines=self._levels(), rules=_rules(self._random), cash=CASH)
        self._show()
        self.rig.step("2018-01-16T09:32")
        self._sessions = [self.rig.connect(1), self.rig.connect(2)]
        self.rejected = 0

    def run(self, orders: int) -> None:
        """Live until that many orders were sent, a change or a step after about each second."""
        acts: list[Callable[[], None]] = [self._change, self._cancel, self._step, self._step]
        for _ in range(orders):
            self._place()
            if self._random.random() < 0.6:
                self._random.choice(acts)()
            while len(self.rig.books.open_orders()) > CROWD:
                self._cancel()

    # -- acts

    def _place(self) -> None:
        session = self._random.choice(self._sessions)
        number = self._next_id(session)
        is_combo = self._random.random() < 0.2
        contract = self._combo() if is_combo else self._single()
        wire = msgspec.structs.replace(
            self._order(number, contract), **self._extras(number, contract)
        )
        self._say(session, place(wire, contract=contract))

    def _change(self) -> None:
        """Say an order again with another price and size."""
        order = self._any_open()
        if order is None:
            return
        contract = self.rig.floor.contract_of(order, order.con_id)
        wire = self._wire_of(order)
        price = self._price(contract)
        changed = msgspec.structs.replace(
            wire,
            total_quantity=Decimal(self._random.randint(1, 12)),
            lmt_price=price if order.order_type.has_limit else None,
        )
        self._say(self._session_of(order), place(changed, contract=contract))

    def _cancel(self) -> None:
        order = self._any_open()
        if order is not None:
            self._say(self._session_of(order), ask.CancelOrder(order_id=order.order_id))

    def _step(self) -> None:
        """Move the market, now and then by hours, so that days end and nights pass."""
        far = self._random.random() < 0.01
        seconds = self._random.randint(3600, 40_000) if far else self._random.randint(1, 120)
        now = self.rig.venue.now + timedelta(seconds=seconds)
        if now > at("2018-02-09T12:00"):
            return
        for con_id, (_, tick) in _TRADED.items():
            self._prices[con_id] += tick * self._random.randint(-4, 4)
            self._prices[con_id] = max(self._prices[con_id], 2 * tick)
        self._show()
        self._check(self.rig.keep(self.rig.venue.advance(now)))

    # -- what is said

    def _order(self, number: int, contract: WireContract) -> WireOrder:
        roll = self._random
        at_close = contract.con_id == SPY_ID and roll.random() < 0.4
        kind = roll.choice(("MOC", "LOC")) if at_close else roll.choice(_TYPES)
        price = self._price(contract)
        tif = "DAY" if at_close else roll.choice(_TIFS)
        later = self.rig.venue.now + timedelta(hours=roll.randint(1, 48))
        return WireOrder(
            order_id=number,
            action=roll.choice(("BUY", "SELL")),
            total_quantity=Decimal(roll.randint(1, 12)),
            order_type=kind,
            lmt_price=price if OrderType(kind).has_limit else None,
            aux_price=abs(price) or Decimal(1) if OrderType(kind).has_stop else None,
            tif=tif,
            good_till_date=f"{later:%Y%m%d-%H:%M:%S}" if tif == "GTD" else "",
            outside_rth=roll.random() < 0.3,
            transmit=roll.random() < 0.9,
            order_ref=f"storm-{number}",
        )

    def _extras(self, number: int, contract: WireContract) -> dict[str, object]:
        roll = self._random.random()
        if roll < 0.15:
            group = f"g{number // 20}"
            return {"oca_group": group, "oca_type": self._random.randint(0, 3)}
        if roll < 0.3:
            return {"parent_id": max(1, number - self._random.randint(1, 3))}
        if roll < 0.4:
            pace = self._random.choice(("Urgent", "Normal", "Patient"))
            return {
                "order_type": "LMT",
                "lmt_price": self._price(contract),
                "aux_price": None,
                "outside_rth": False,
                "algo_strategy": "Adaptive",
                "algo_params": (TagValue(tag="adaptivePriority", value=pace),),
            }
        if roll < 0.45:
            return {"all_or_none": True}
        if roll < 0.6 and contract.combo_legs:
            return {"smart_combo_params": (TagValue(tag="NonGuaranteed", value="1"),)}
        return {}

    def _single(self) -> WireContract:
        con_id = self._random.choice(list(_TRADED))
        return WireContract(con_id=con_id, exchange="CFE" if con_id == VX_ID else "SMART")

    def _combo(self) -> WireContract:
        near, far = self._random.choice(_PAIRS)
        actions = self._random.choice((("BUY", "SELL"), ("SELL", "BUY")))
        return WireContract(
            sec_type="BAG",
            symbol=product(near).symbol,
            exchange="SMART",
            combo_legs=tuple(
                ComboLeg(con_id=con_id, ratio=1, action=action)
                for con_id, action in zip((near, far), actions, strict=True)
            ),
        )

    def _price(self, contract: WireContract) -> Decimal:
        """Return a price near the market; now and then one off the grid."""
        cents = sum(
            (1 if leg.action == "BUY" else -1) * self._prices[ConId(leg.con_id)]
            for leg in contract.combo_legs
        )
        step = 5
        if not contract.combo_legs:
            cents, step = self._prices[ConId(contract.con_id)], _TRADED[ConId(contract.con_id)][1]
        price = Decimal(cents + step * self._random.randint(-6, 6)) / 100
        return price if self._random.random() < 0.98 else price + Decimal("0.003")

    def _wire_of(self, order: BookedOrder) -> WireOrder:
        return WireOrder(
            order_id=order.order_id,
            action=order.side.value,
            total_quantity=Decimal(order.quantity),
            order_type=order.order_type.value,
            lmt_price=order.limit,
            aux_price=order.stop,
            tif=order.tif.value,
            good_till_date=order.good_till_date,
            outside_rth=order.outside_rth,
            order_ref=order.order_ref,
            oca_group=order.group,
            oca_type=order.oca_type,
            parent_id=order.parent_id,
            all_or_none=order.all_or_none,
            smart_combo_params=()
            if order.guaranteed
            else (TagValue(tag="NonGuaranteed", value="1"),),
            algo_strategy="Adaptive" if order.priority else "",
            algo_params=(TagValue(tag="adaptivePriority", value=order.priority.value),)
            if order.priority
            else (),
        )

    # -- what must hold

    def _check(self, outbox: Outbox) -> None:
        """Check the records of one act against the book that is shown."""
        taken: dict[tuple[ConId, Side], int] = {}
        for record in outbox.records:
            if isinstance(record, OrderBooked):
                assert 0 <= record.order.filled <= record.order.quantity
                self.rejected += record.order.status is Status.INACTIVE
            if isinstance(record, FillBooked):
                self._check_fill(record, taken)
        self._check_books()

    def _check_fill(self, record: FillBooked, taken: dict[tuple[ConId, Side], int]) -> None:
        order = record.order
        if order.limit is not None and order.guaranteed:
            done = record.whole or record.trades[0]
            gain = order.side.sign * (order.limit - done.price)
            assert gain >= 0, "worse than its limit"
        for done in record.trades:
            if order.order_type.is_closing:
                continue  # the closing auction has no displayed size
            far = far_side(done.side, self.rig.floor.board.quote(done.con_id))
            assert far is not None, "nobody stood there"
            assert done.side.sign * (done.price - far.price) >= 0, "better than the book"
            key = done.con_id, done.side
            taken[key] = taken.get(key, 0) + done.quantity
            assert taken[key] <= far.size, "more than was shown"

    def _check_books(self) -> None:
        books = self.rig.books
        for order in books.open_orders():
            assert order.good_until > self.rig.venue.now
            assert not (order.waits_for_parent and order.status is Status.SUBMITTED)

    # -- the market and the people

    def _show(self) -> None:
        for con_id, (_, tick) in _TRADED.items():
            bid = self._prices[con_id]
            ask_ = bid + tick * self._random.randint(1, 5)
            self.rig.market.show(self._line(con_id, bid, ask_))

    def _line(self, con_id: ConId, bid: int, ask_: int) -> MarketQuote:
        empty = self._random.random() < 0.03
        return MarketQuote(
            con_id=con_id,
            bid=None if empty else Decimal(bid) / 100,
            ask=Decimal(ask_) / 100,
            bid_size=0 if empty else self._random.randint(1, 15),
            ask_size=self._random.randint(1, 15),
            last=Decimal(bid) / 100,
        )

    def _levels(self) -> list[MarketQuote]:
        return [MarketQuote(con_id=con_id, last=Decimal(last)) for con_id, last in _LEVELS.items()]

    def _say(self, session: SessionId, request: ask.Request) -> None:
        self._check(self.rig.keep(self.rig.venue.handle(session, request)))

    def _any_open(self) -> BookedOrder | None:
        found = self.rig.books.open_orders()
        return self._random.choice(found) if found else None

    def _session_of(self, order: BookedOrder) -> SessionId:
        return self._sessions[order.client_id - 1]

    def _next_id(self, session: SessionId) -> int:
        return self.rig.books.next_order_id(self.rig.floor.clients[session].client_id)


def _rules(random: Random) -> AccountRules:
    return AccountRules(naked_calls=random.random() < 0.5)


def balance(executions: list[Execution]) -> Decimal:
    """Return what the fills of contracts that are paid in full took from cash, in USD."""
    moved = (e for e in executions if e.con_id not in (BAG_CON_ID, VX_ID))
    return sum((e.side.sign * e.quantity * e.price * e.multiplier for e in moved), Decimal(0))
