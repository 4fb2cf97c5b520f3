"""Situations written by hand, and what the very same `decide` would do in them."""
