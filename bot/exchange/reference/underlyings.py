"""Indices and stocks: what has a number of its own and no settlement.

VIX, SPX and SPY keep the numbers they have at the broker; the other indices, whose numbers were not
seen, have numbers below every packed one (`bot.exchange.reference.conid`).
"""

from bot.domain.instruments import ConId, Index
from bot.domain.money import price_grid
from bot.exchange.reference.products import Stock

VIX_ID = ConId(13455763)
SPX_ID = ConId(416904)
SPY_ID = ConId(756733)
VIX9D_ID = ConId(300_000_009)
VIX3M_ID = ConId(300_000_093)
VIX6M_ID = ConId(300_000_186)
VVIX_ID = ConId(300_000_100)
SKEW_ID = ConId(300_000_101)
VIXMO_ID = ConId(300_000_102)
AD_NYSE_ID = ConId(300_000_103)
TNX_ID = ConId(300_000_104)
IRX_ID = ConId(300_000_105)

_NAMES = {
    "VIX": (VIX_ID, "CBOE", "CBOE Volatility Index"),
    "SPX": (SPX_ID, "CBOE", "S&P 500 Stock Index"),
    "VIX9D": (VIX9D_ID, "CBOE", "CBOE 9-Day Volatility Index"),
    "VIX3M": (VIX3M_ID, "CBOE", "CBOE 3-Month Volatility Index"),
    "VIX6M": (VIX6M_ID, "CBOE", "CBOE 6-Month Volatility Index"),
    "VVIX": (VVIX_ID, "CBOE", "CBOE VIX Volatility Index"),
    "SKEW": (SKEW_ID, "CBOE", "CBOE SKEW Index"),
    "VIXMO": (VIXMO_ID, "CBOE", "CBOE Volatility Index by monthly options"),
    "AD-NYSE": (AD_NYSE_ID, "NYSE", "NYSE advances and declines"),
    "TNX": (TNX_ID, "CBOE", "CBOE 10-Year Treasury Yield Index"),
    "IRX": (IRX_ID, "CBOE", "CBOE 13-Week Treasury Bill Index"),
}

INDICES: dict[ConId, Index] = {
    con_id: Index(con_id=con_id, symbol=symbol, exchange=exchange)
    for symbol, (con_id, exchange, _) in _NAMES.items()
}
SPY = Stock(con_id=SPY_ID, symbol="SPY", exchange="ARCA", grid=price_grid(("0", "0.01")))
STOCKS: dict[ConId, Stock] = {SPY_ID: SPY}

LONG_NAMES: dict[str, str] = {symbol: name for symbol, (_, _, name) in _NAMES.items()} | {
    "SPY": "SPDR S&P 500 ETF TRUST"
}
