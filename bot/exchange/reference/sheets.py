"""What contract details say of a product as a whole, whatever its expiry and strike.

One sheet per trading class, index and share. Names, exchanges and categories are the broker's;
market rules are in `bot.exchange.reference.rules`. Time zones are written as the broker writes
them: what Cboe, CFE and CME list runs on Chicago's clock, what NYSE lists on New York's.
"""

from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from bot.domain.instruments import ConId, Future, Index, Option
from bot.exchange.reference.conid import VIX_FUTURE_CLASSES, ContractClass
from bot.exchange.reference.exchanges import INDEX_OPTION_EXCHANGES, SHARE_EXCHANGES, SMART
from bot.exchange.reference.products import Product
from bot.exchange.reference.rules import INDEX_RULE, RULE_OF_CLASS, RULES, STOCK_RULE
from bot.exchange.reference.underlyings import INDICES, LONG_NAMES, SPX_ID, SPY_ID, VIX_ID

CHICAGO = "US/Central"
NEW_YORK = "US/Eastern"
ZONES = {CHICAGO: ZoneInfo("America/Chicago"), NEW_YORK: ZoneInfo("America/New_York")}

NO_GROUP = 2147483647
"""The broker's aggregation group of what SMART does not route."""

_OPTION_GROUP, _STOCK_GROUP = 2, 1
_UNDERLYING_IDS = {"VIX": VIX_ID, "SPX": SPX_ID}
_BROAD, _VOLATILITY, _ALL = "Broad Range Equity Index", "Volatility Index", "*"
_CATEGORIES = {
    **dict.fromkeys(("VIX", "VIX9D", "VIX3M", "VIX6M", "VVIX", "VIXMO"), _VOLATILITY),
    **dict.fromkeys(("SPX", "SKEW", "AD-NYSE"), _BROAD),
    **dict.fromkeys(("TNX", "IRX"), "Interest Rate Index"),
}


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One product's part of the contract details.

    `exchanges` are where it is quoted or traded, the default first; `primary_exchange` is told for
    shares alone. `rule_id` holds at each of them. Sizes are in contracts or shares.
    """

    sec_type: str
    market_name: str
    long_name: str
    exchanges: tuple[str, ...]
    rule_id: int
    zone: str = CHICAGO
    primary_exchange: str = ""
    industry: str = ""
    category: str = ""
    subcategory: str = ""
    stock_type: str = ""
    agg_group: int = NO_GROUP
    under_con_id: ConId | None = None
    under_symbol: str = ""
    sec_ids: tuple[tuple[str, str], ...] = ()
    min_size: Decimal = Decimal(1)
    size_increment: Decimal = Decimal(1)
    suggested_size_increment: Decimal = Decimal(1)

    @property
    def min_tick(self) -> Decimal:
        """The smallest increment at any price: never the whole grid (domain.md section 1.1)."""
        return min(step.increment for step in RULES[self.rule_id].steps)


def sheet_of(product: Product) -> Sheet:
    """Return the sheet of a product."""
    if isinstance(product, Option | Future):
        return SHEETS[product.trading_class]
    return _UNDATED[product.con_id]


def _index(index: Index) -> Sheet:
    return Sheet(
        sec_type="IND",
        market_name=index.symbol,
        long_name=LONG_NAMES[index.symbol],
        exchanges=(index.exchange,),
        rule_id=INDEX_RULE,
        zone=NEW_YORK if index.exchange == "NYSE" else CHICAGO,
        industry="Indices",
        category=_CATEGORIES[index.symbol],
        subcategory=_ALL,
    )


def _option(contract_class: ContractClass) -> Sheet:
    symbol = contract_class.underlying
    return Sheet(
        sec_type="OPT",
        market_name=contract_class.label,
        long_name=LONG_NAMES[symbol],
        exchanges=(SMART, *INDEX_OPTION_EXCHANGES),
        rule_id=RULE_OF_CLASS[contract_class],
        industry="Indices",
        category=_CATEGORIES[symbol],
        subcategory=_ALL,
        agg_group=_OPTION_GROUP,
        under_con_id=_UNDERLYING_IDS[symbol],
        under_symbol=symbol,
    )


def _future(contract_class: ContractClass, long_name: str) -> Sheet:
    symbol = contract_class.underlying
    return Sheet(
        sec_type="FUT",
        market_name=contract_class.label,
        long_name=long_name,
        exchanges=("CFE" if contract_class in VIX_FUTURE_CLASSES else "CME",),
        rule_id=RULE_OF_CLASS[contract_class],
        industry="Indices",
        category=_CATEGORIES[symbol],
        subcategory=_ALL,
        under_con_id=_UNDERLYING_IDS[symbol],
        under_symbol=symbol,
    )


SHEETS: dict[str, Sheet] = {
    **{each.label: _option(each) for each in ContractClass if not each.is_future},
    "VX": _future(ContractClass.VX, "CBOE Volatility Index"),
    "VXM": _future(ContractClass.VXM, "Mini CBOE Volatility Index"),
    "ES": _future(ContractClass.ES, "E-mini S&P 500"),
    "MES": _future(ContractClass.MES, "Micro E-Mini S&P 500 Stock Price Index"),
}
"""The sheet of each trading class."""

_SPY = Sheet(
    sec_type="STK",
    market_name="SPY",
    long_name=LONG_NAMES["SPY"],
    exchanges=(SMART, *SHARE_EXCHANGES),
    rule_id=STOCK_RULE,
    zone=NEW_YORK,
    primary_exchange="ARCA",
    stock_type="ETF",
    agg_group=_STOCK_GROUP,
    sec_ids=(("ISIN", "US78462F1030"),),
    suggested_size_increment=Decimal(100),
)
_UNDATED: dict[ConId, Sheet] = {SPY_ID: _SPY} | {
    con_id: _index(index) for con_id, index in INDICES.items()
}
