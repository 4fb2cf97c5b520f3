"""Contracts, chains, market rules and trading hours of the paper exchange."""
