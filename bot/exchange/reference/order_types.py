"""Which order types, times in force and attributes contract details name for each kind of product.

The broker's words (`STPLMT` here is `STP LMT` in an order), only those that orders here may really
use: an order at the close needs a closing auction, which shares have; futures know no algorithm.
"""

_EVERYWHERE = ("DAY", "FOK", "GAT", "GTC", "GTD", "IOC", "LMT", "MKT", "OCA", "STP", "STPLMT")
_ORDER_TYPES = {
    "IND": (),
    "FUT": (*_EVERYWHERE, "AON", "WHATIF"),
    "OPT": (*_EVERYWHERE, "ALGO", "AON", "NGCOMB", "WHATIF"),
    "STK": (*_EVERYWHERE, "ALGO", "AON", "LOC", "MOC", "WHATIF"),
}


def order_types_of(sec_type: str) -> tuple[str, ...]:
    """Return the order types for a security type in alphabetical order; an index takes none."""
    return tuple(sorted(_ORDER_TYPES[sec_type]))
