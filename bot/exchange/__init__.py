"""The paper exchange: a market and a broker that speak the TWS socket protocol."""
