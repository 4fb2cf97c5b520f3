"""What an account may trade and what its presets refuse, as one value to configure."""

from decimal import Decimal

import msgspec


class AccountRules(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of one account.

    Attributes:
        may_trade: The kinds of contract it has permission for (460 for others).
        barred_symbols: What is not available to it (203).
        naked_calls: Whether it may be short of calls that no long call covers, at the margin that
            the rules ask. Off: whoever hedges with VIX calls means to own them, and a naked call
            has no worst case.
        largest_order: More contracts than this are refused whatever the funds (201).
        preset_size: The size limit of its order presets (383), None for none.
        preset_percent: How far a limit may lie on the wrong side of the market in per cent (163);
            an order may override it. None for no limit.
        master_client_id: The client that is told of everybody's orders, None for nobody (domain.md
            section 3.3).
        read_only: Whether programs may only look (321 for orders and what binds them).
    """

    may_trade: frozenset[str] = frozenset({"OPT", "FUT", "STK", "BAG"})
    barred_symbols: frozenset[str] = frozenset()
    naked_calls: bool = False
    largest_order: int = 10_000
    preset_size: int | None = None
    preset_percent: Decimal | None = None
    master_client_id: int | None = None
    read_only: bool = False
