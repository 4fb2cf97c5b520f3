"""Option values, greeks, implied volatility, forwards and smiles, vectorised on numpy."""
