"""Stretches of real market history that the paper exchange can live through."""
