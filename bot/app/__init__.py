"""Ports, market freezing, the cycle and the trading session."""
