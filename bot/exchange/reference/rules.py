"""Market rules: which prices are legal, by rule number (domain.md sections 1.1, 1.3, 1.4).

A contract names a rule for each of its exchanges, in a list parallel to them; the rule is asked for
by number.
"""

from bot.domain.money import PriceGrid, price_grid
from bot.exchange.reference.conid import ContractClass

INDEX_RULE = 26
VX_RULE = 635
VIX_RULE = 1170
VIXW_RULE = 2770
SPX_RULE = 109
VXM_RULE = 636
SP_FUTURE_RULE = 67
STOCK_RULE = 27

RULES: dict[int, PriceGrid] = {
    INDEX_RULE: price_grid(("0", "0.01")),
    VX_RULE: price_grid(("0", "0.05")),
    VIX_RULE: price_grid(("0", "0.01"), ("3", "0.05")),
    VIXW_RULE: price_grid(("0", "0.01")),
    SPX_RULE: price_grid(("0", "0.05"), ("3", "0.10")),
    VXM_RULE: price_grid(("0", "0.01")),
    SP_FUTURE_RULE: price_grid(("0", "0.25")),
    STOCK_RULE: price_grid(("0", "0.01")),
}

RULE_OF_CLASS: dict[ContractClass, int] = {
    ContractClass.VX: VX_RULE,
    ContractClass.VIX: VIX_RULE,
    ContractClass.SPX: SPX_RULE,
    ContractClass.SPXW: SPX_RULE,
    ContractClass.VIXW: VIXW_RULE,
    ContractClass.VXM: VXM_RULE,
    ContractClass.ES: SP_FUTURE_RULE,
    ContractClass.MES: SP_FUTURE_RULE,
}
